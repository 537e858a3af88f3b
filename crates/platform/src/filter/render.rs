//! Tree → pieces of SQL, for one caller at one moment.
use super::sql::Part;
use super::tree::{Atom, Hop, Op, Operand, Tree, Value};
use super::{time, visible};
use crate::custom::moment;
use kernel::Ctx;
use kernel::catalogue::{Catalogue, Catalogues, Link};

/// Rows that hops open, by depth. There are more than hops.
static ALIASES: [&str; 10] = ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9"];

/// The row that stands between two records.
static BETWEEN: &str = "b";

pub fn tree(tree: &Tree, base: &'static Catalogue, catalogues: &'static Catalogues, ctx: &Ctx) -> Vec<Part> {
    let mut render = Render::new(base, catalogues, ctx);
    render.tree(tree, true);
    render.parts
}

pub struct Render<'a> {
    pub parts: Vec<Part>,
    pub catalogues: &'static Catalogues,
    pub ctx: &'a Ctx,
    base: &'static str,
}

impl<'a> Render<'a> {
    pub fn new(base: &'static Catalogue, catalogues: &'static Catalogues, ctx: &'a Ctx) -> Self {
        Self { parts: Vec::new(), catalogues, ctx, base: base.table }
    }

    /// Over a row that a statement calls so, in place of the listed table.
    pub fn of_row(mut self, row: &'static str) -> Self {
        self.base = row;
        self
    }

    /// Negation goes down to the atoms, so `IS NOT TRUE` stands only where NULL can be.
    pub fn tree(&mut self, tree: &Tree, holds: bool) {
        match tree {
            Tree::Const(b) => self.sql(if *b == holds { "TRUE" } else { "FALSE" }),
            Tree::Not(inner) => self.tree(inner, !holds),
            Tree::And(all) => self.joined(all, if holds { " AND " } else { " OR " }, holds),
            Tree::Or(all) => self.joined(all, if holds { " OR " } else { " AND " }, holds),
            Tree::Some { hop, body } => {
                self.sql(if holds { "EXISTS (SELECT 1" } else { "NOT EXISTS (SELECT 1" });
                self.rows(hop);
                self.sql(" AND ");
                self.tree(body, true);
                self.sql(")");
            }
            Tree::Atom(atom) if holds => self.atom(atom),
            Tree::Atom(atom) => {
                self.sql(if atom.nullable() { "(" } else { "NOT (" });
                self.atom(atom);
                self.sql(if atom.nullable() { ") IS NOT TRUE" } else { ")" });
            }
        }
    }

    fn joined(&mut self, all: &[Tree], with: &'static str, holds: bool) {
        self.sql("(");
        for (i, tree) in all.iter().enumerate() {
            if i > 0 {
                self.sql(with);
            }
            self.tree(tree, holds);
        }
        self.sql(")");
    }

    /// ` FROM x AS t1 WHERE …`: the tenant's rows over there that hang together with ours and that the caller may see.
    pub fn rows(&mut self, hop: &Hop) {
        let (alias, from) = (self.alias(hop.to), self.alias(hop.from));
        match hop.link {
            Link::One { column } => {
                self.open(hop.target.table, alias);
                self.sql(" AND ");
                self.equal((alias, "id"), (from, column));
            }
            Link::Many { column } => {
                self.open(hop.target.table, alias);
                self.sql(" AND ");
                self.equal((alias, column), (from, "id"));
            }
            // side by side: of a condition inside of another PostgreSQL makes no join
            Link::Through { table, ours, theirs, resource } => {
                self.sql(" FROM ");
                self.named(table, BETWEEN);
                self.sql(", ");
                self.named(hop.target.table, alias);
                self.sql(" WHERE ");
                self.tenants(BETWEEN);
                self.sql(" AND ");
                self.tenants(alias);
                self.sql(" AND ");
                self.equal((BETWEEN, ours), (from, "id"));
                self.sql(" AND ");
                self.equal((BETWEEN, theirs), (alias, "id"));
                self.sql(" AND ");
                self.column(BETWEEN, "resource");
                self.sql(" = ");
                self.bind(Value::Text(resource.to_owned()));
            }
        }
        visible::beside(self, hop, alias);
        if let Some(archived) = hop.target.field("deleted_at") {
            // what is archived is out of sight from elsewhere too
            self.sql(" AND ");
            self.column(alias, archived.column);
            self.sql(" IS NULL");
        }
    }

    fn equal(&mut self, one: (&'static str, &'static str), other: (&'static str, &'static str)) {
        self.column(one.0, one.1);
        self.sql(" = ");
        self.column(other.0, other.1);
    }

    /// Every table is opened here, so none goes without its tenant.
    pub fn open(&mut self, table: &'static str, alias: &'static str) {
        self.sql(" FROM ");
        self.named(table, alias);
        self.sql(" WHERE ");
        self.tenants(alias);
    }

    fn named(&mut self, table: &'static str, alias: &'static str) {
        self.parts.push(Part::Name(table));
        self.sql(" AS ");
        self.parts.push(Part::Name(alias));
    }

    fn tenants(&mut self, alias: &'static str) {
        self.column(alias, "tenant_id");
        self.sql(" = ");
        self.bind(Value::Id(self.ctx.tenant.into()));
    }

    fn atom(&mut self, atom: &Atom) {
        match atom {
            Atom::Compare { left, op, right } => {
                let as_text = left.stored_as_text() || right.stored_as_text();
                self.operand(left, as_text);
                self.sql(sign(*op));
                self.operand(right, as_text);
            }
            Atom::OneOf { left, list } => {
                self.operand(left, false);
                self.sql(" = ANY (");
                self.value(list, left.stored_as_text());
                self.sql(")");
            }
            Atom::Like { left, pattern, fold } => {
                self.operand(left, false);
                self.sql(if *fold { " ILIKE " } else { " LIKE " });
                self.value(pattern, false);
            }
            Atom::Tagged { tags: tags @ Operand::Custom { .. }, tag } => {
                self.operand(tags, false);
                self.sql(" @> to_jsonb(CAST(");
                self.value(tag, false);
                self.sql(" AS text))");
            }
            Atom::Tagged { tags, tag } => {
                self.operand(tags, false);
                self.sql(" @> ARRAY[");
                self.value(tag, false);
                self.sql("]");
            }
            Atom::True(operand) => self.operand(operand, false),
            Atom::Present(operand) => {
                self.operand(operand, false);
                self.sql(" IS NOT NULL");
            }
        }
    }

    /// A value as it is now, and as it is stored.
    pub fn value(&mut self, value: &Value, as_text: bool) {
        let settled = match value {
            Value::Me => Value::Id(self.ctx.actor.user.into()),
            value => time::settle(value, self.ctx.now).unwrap_or_else(|| value.clone()),
        };
        self.bind(match settled {
            Value::Date(d) if as_text => Value::Text(d.to_string()),
            Value::Instant(at) if as_text => Value::Text(moment(at)),
            Value::Instants(list) if as_text => Value::Texts(list.iter().map(|at| moment(*at)).collect()),
            Value::Id(id) if as_text => Value::Text(id.to_string()),
            Value::Ids(list) if as_text => Value::Texts(list.iter().map(ToString::to_string).collect()),
            Value::Dates(list) if as_text => Value::Texts(list.iter().map(ToString::to_string).collect()),
            other => other,
        });
    }

    pub fn sql(&mut self, text: &'static str) {
        self.parts.push(Part::Sql(text));
    }

    pub fn bind(&mut self, value: Value) {
        self.parts.push(Part::Bind(value));
    }

    pub fn column(&mut self, alias: &'static str, column: &'static str) {
        self.parts.push(Part::Name(alias));
        self.sql(".");
        self.parts.push(Part::Name(column));
    }

    /// The listed table goes by its own name. `MAX_HOPS` keeps depths within the aliases; past them a name that no
    /// query opens makes an error, never another row's column.
    pub fn alias(&self, depth: usize) -> &'static str {
        match depth {
            0 => self.base,
            depth => ALIASES.get(depth).copied().unwrap_or("t0"),
        }
    }
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::Eq => " = ",
        Op::Lt => " < ",
        Op::Le => " <= ",
        Op::Gt => " > ",
        Op::Ge => " >= ",
    }
}
