//! Whoever is meant, and all rows that are theirs: their record, its parts and what refers to it, what is kept of either
//! elsewhere, and what texts speak of them.
use super::plan::{Edge, HISTORY, Laid, Plan};
use super::statement::{Bind, Row, Statement};
use crate::Conn;
use diesel::result::QueryResult;
use kernel::{Result, TenantId};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The record that is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    pub tenant: TenantId,
    pub table: &'static str,
    pub id: Uuid,
}

/// All ids that are theirs, by table, and the words that they are known by.
#[derive(Clone, Debug)]
pub struct Circle {
    pub subject: Subject,
    ids: BTreeMap<&'static str, BTreeSet<Uuid>>,
    /// texts that are theirs alone, in lower case and as they stand
    pub words: Vec<String>,
}

impl Circle {
    /// `words` that are known already are looked for too: after an erasure nothing tells them any more.
    pub fn find(conn: &mut Conn, plan: &Plan, subject: Subject, words: &[String]) -> Result<Self> {
        let ids = BTreeMap::from([(subject.table, BTreeSet::from([subject.id]))]);
        let mut circle = Self { subject, ids, words: words.to_vec() };
        circle.grow(conn, plan)?;
        circle.gone(conn, plan)?;
        let words = super::words::of(conn, plan, &circle)?;
        circle.words.extend(words);
        circle.words.push(subject.id.to_string());
        circle.words.sort_unstable();
        circle.words.dedup();
        circle.grow(conn, plan)?;
        Ok(circle)
    }

    pub fn of(&self, table: &str) -> Option<&BTreeSet<Uuid>> {
        self.ids.get(table)
    }

    pub fn all(&self) -> Vec<Uuid> {
        self.ids.values().flatten().copied().collect()
    }

    pub fn tables(&self) -> impl Iterator<Item = (&'static str, &BTreeSet<Uuid>)> {
        self.ids.iter().map(|(table, ids)| (*table, ids))
    }

    pub fn add(&mut self, table: &'static str, ids: impl IntoIterator<Item = Uuid>) -> bool {
        let known = self.ids.entry(table).or_default();
        let before = known.len();
        known.extend(ids);
        known.len() > before
    }

    /// From parents to parts, until nothing more is found.
    fn grow(&mut self, conn: &mut Conn, plan: &Plan) -> QueryResult<()> {
        let mut more = true;
        while more {
            more = false;
            for table in plan.tables.iter().filter(|table| table.has_id() && table.name != HISTORY) {
                let mut statement = Statement::new("SELECT id FROM ");
                statement.name(table.name);
                if self.place(plan, table, &mut statement) {
                    let found = statement.load_ids(conn)?;
                    more |= self.add(table.name, found);
                }
            }
        }
        self.ids.retain(|_, ids| !ids.is_empty());
        Ok(())
    }

    /// What is no longer there and left events that name whose it was.
    fn gone(&mut self, conn: &mut Conn, plan: &Plan) -> Result<()> {
        let edges: Vec<(&Edge, Vec<String>)> =
            plan.edges.iter().filter_map(|edge| Some((edge, self.named(edge)?))).collect();
        if edges.is_empty() || plan.table(HISTORY).is_none() {
            return Ok(());
        }
        let mut statement = Statement::new(
            "SELECT DISTINCT object_id AS id, to_jsonb(split_part(name, '.', 1)) AS data FROM event_log WHERE tenant_id = ",
        );
        statement.id(self.subject.tenant).sql(" AND (FALSE");
        let columns: BTreeMap<&'static str, BTreeSet<String>> =
            edges.iter().fold(BTreeMap::new(), |mut all, (edge, ids)| {
                all.entry(edge.column).or_insert_with(BTreeSet::new).extend(ids.iter().cloned());
                all
            });
        for (column, ids) in columns {
            let ids: Vec<String> = ids.into_iter().collect();
            statement.sql(" OR data->>").word(column).sql(" = ANY (").texts(&ids).sql(")");
        }
        statement.sql(")");
        for Row { id, data } in statement.load::<Row>(conn)? {
            let noun = data.as_str().unwrap_or_default();
            let table = edges
                .iter()
                .map(|(edge, _)| edge.child)
                .find(|child| plan.table(child).is_some_and(|table| table.noun() == noun));
            if let (Some(id), Some(table)) = (id, table) {
                self.add(table, [id]);
            }
        }
        Ok(())
    }

    fn named(&self, edge: &Edge) -> Option<Vec<String>> {
        let ids = self.ids.get(edge.parent).filter(|ids| !ids.is_empty())?;
        Some(ids.iter().map(Uuid::to_string).collect())
    }

    /// ` WHERE …` the rows of a table that are theirs; `false` where none can be.
    pub fn place(&self, plan: &Plan, table: &Laid, statement: &mut Statement) -> bool {
        let mut ways = 0;
        statement.sql(" WHERE tenant_id = ").id(self.subject.tenant).sql(" AND (");
        let mut or = |statement: &mut Statement| {
            statement.sql(if ways == 0 { "" } else { " OR " });
            ways += 1;
        };
        if let Some(ids) =
            self.ids.get(table.name).filter(|ids| !ids.is_empty() && table.has_id() && !is_history(table))
        {
            or(statement);
            statement.sql("id = ANY (").ids(ids).sql(")");
        }
        for edge in plan.edges_of(table.name) {
            if let Some(ids) = self.ids.get(edge.parent).filter(|ids| !ids.is_empty()) {
                or(statement);
                statement.name(edge.column).sql(" = ANY (").ids(ids).sql(")");
            }
        }
        for column in table.leads() {
            or(statement);
            let all = self.all();
            match column.kind.as_str() {
                "uuid" => statement.name(column.name).sql(" = ANY (").ids(&all).sql(")"),
                _ => statement.name(column.name).sql(" && ").ids(&all),
            };
        }
        // what is written of them by a record's own events is found by the record
        for column in table.speaks().filter(|_| !is_history(table) && !self.words.is_empty()) {
            or(statement);
            self.mentioned(column.name, &column.kind, statement);
        }
        statement.sql(")");
        ways > 0
    }

    fn mentioned(&self, column: &'static str, kind: &str, statement: &mut Statement) {
        statement.sql("EXISTS (SELECT 1 FROM unnest(").texts(&self.words).sql(") AS w (word) WHERE ");
        match kind {
            "bytea" => statement.sql("position(convert_to(w.word, 'UTF8') IN ").name(column).sql(") > 0)"),
            _ => statement.sql("strpos(lower(").name(column).sql("::text), lower(w.word)) > 0)"),
        };
    }

    /// Binds one more value than the place: for what is counted.
    pub fn count(&self, conn: &mut Conn, plan: &Plan, table: &Laid) -> QueryResult<i64> {
        let mut statement = Statement::new("SELECT count(*) AS n FROM ");
        statement.name(table.name);
        match self.place(plan, table, &mut statement) {
            true => statement.number(conn),
            false => Ok(0),
        }
    }
}

fn is_history(table: &Laid) -> bool {
    table.name == HISTORY
}

/// Whether the record is there, whoever may see it; archived ones too.
pub fn is_there(conn: &mut Conn, subject: Subject, lock: bool) -> QueryResult<bool> {
    let mut statement = Statement::new("SELECT id FROM ");
    statement.name(subject.table).sql(" WHERE tenant_id = ").bind(Bind::Id(subject.tenant.0));
    statement.sql(" AND id = ").id(subject.id).sql(if lock { " FOR UPDATE" } else { "" });
    Ok(!statement.load_ids(conn)?.is_empty())
}
