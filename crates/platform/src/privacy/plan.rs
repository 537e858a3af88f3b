//! The registry laid over the tables that are there: of every column its tag and its type, and how a row is found by whom
//! it tells of.
//!
//! Nothing has to be written for that. A column that is tagged as an id, of somebody who may be erased, leads to its
//! owner: by its foreign key, or by its name (`contact_id`, `account_id`, `lead_id`, `user_id`). What is tagged as an id of anyone's
//! (`audit_log.object_id`) leads to any record. Who made or owns a record is no way to it: only `user_id` leads to users.
use super::statement::Statement;
use super::{Data, Erasure, Registry, Tag, Whose};
use crate::Conn;
use diesel::QueryableByName;
use diesel::sql_types as sql;
use kernel::Result;
use std::collections::BTreeMap;

/// The subjects, as columns and callers name them, and where they stand.
pub const ROOTS: [(&str, &str, &str); 4] = [
    ("contact", "contact_id", "contacts"),
    ("account", "account_id", "accounts"),
    ("lead", "lead_id", "leads"),
    ("user", "user_id", "users"),
];

/// What happened and who did it: `erase::history` alone changes it.
pub const HISTORY: &str = "audit_log";

/// A column with its tag.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: &'static str,
    pub tag: Tag,
    /// as PostgreSQL calls its type
    pub kind: String,
}

/// A table as it lies there.
#[derive(Clone, Debug)]
pub struct Laid {
    pub name: &'static str,
    pub columns: Vec<Column>,
}

/// Rows of `child` belong to whom the row of `parent` belongs to that stands in `column`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    pub child: &'static str,
    pub column: &'static str,
    pub parent: &'static str,
}

#[derive(Clone, Debug)]
pub struct Plan {
    pub tables: Vec<Laid>,
    pub edges: Vec<Edge>,
}

#[derive(QueryableByName)]
struct There {
    #[diesel(sql_type = sql::Text)]
    table: String,
    #[diesel(sql_type = sql::Text)]
    name: String,
    #[diesel(sql_type = sql::Text)]
    kind: String,
}

#[derive(QueryableByName)]
struct Key {
    #[diesel(sql_type = sql::Text)]
    child: String,
    #[diesel(sql_type = sql::Text)]
    name: String,
    #[diesel(sql_type = sql::Text)]
    parent: String,
}

const COLUMNS: &str = "SELECT c.relname::text AS table, attname::text AS name, format_type(atttypid, NULL) AS kind \
     FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE c.relnamespace = 'public'::regnamespace \
     AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped ORDER BY c.relname, attnum";
const KEYS: &str = "SELECT c.relname::text AS child, a.attname::text AS name, p.relname::text AS parent \
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid \
     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[array_length(k.conkey, 1)] \
     JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = k.confkey[array_length(k.confkey, 1)] \
     WHERE k.contype = 'f' AND c.relnamespace = 'public'::regnamespace AND f.attname = 'id'";

impl Plan {
    /// As the tables are now.
    pub fn read(conn: &mut Conn, registry: &Registry) -> Result<Self> {
        let there: Vec<There> = Statement::new(COLUMNS).load(conn)?;
        let keys: Vec<Key> = Statement::new(KEYS).load(conn)?;
        let tags: BTreeMap<(&str, &str), (&'static str, &'static str, &Tag)> =
            registry.columns().map(|(table, name, tag)| ((table, name), (table, name, tag))).collect();
        let mut tables: BTreeMap<&'static str, Laid> = BTreeMap::new();
        for column in &there {
            if let Some((table, name, tag)) = tags.get(&(column.table.as_str(), column.name.as_str())) {
                let laid = tables.entry(table).or_insert_with(|| Laid { name: table, columns: Vec::new() });
                laid.columns.push(Column { name, tag: **tag, kind: column.kind.clone() });
            }
        }
        // without a tenant it is nobody's row
        let tables: Vec<Laid> = tables.into_values().filter(|table| table.has("tenant_id")).collect();
        let edges = tables.iter().flat_map(|table| edges(table, &tables, &keys)).collect();
        Ok(Self { tables, edges })
    }

    pub fn table(&self, name: &str) -> Option<&Laid> {
        self.tables.iter().find(|table| table.name == name)
    }

    pub fn edges_of(&self, child: &str) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(move |edge| edge.child == child)
    }

    /// How far a table stands below `root`: what is deepest goes first.
    pub fn depth(&self, table: &str, root: &str) -> usize {
        let (mut level, mut above) = (0, vec![table]);
        while level < self.tables.len() && !above.is_empty() && !above.contains(&root) {
            above = above.iter().flat_map(|name| self.edges_of(name).map(|edge| edge.parent)).collect();
            level += 1;
        }
        level
    }
}

fn edges(table: &Laid, all: &[Laid], keys: &[Key]) -> Vec<Edge> {
    let mut found = Vec::new();
    for column in table.columns.iter().filter(|column| column.tag.data == Data::Identifier && column.kind == "uuid") {
        let key = keys.iter().find(|key| key.child == table.name && key.name == column.name);
        let keyed = key.and_then(|key| all.iter().find(|other| other.name == key.parent)).map(|other| other.name);
        let named = ROOTS.iter().find(|(_, name, _)| *name == column.name).map(|(.., root)| *root);
        let parent = keyed.filter(|parent| *parent != "users" || column.name == "user_id").or(named);
        if let Some(parent) = parent.filter(|parent| *parent != table.name) {
            found.push(Edge { child: table.name, column: column.name, parent });
        }
    }
    found
}

impl Laid {
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|one| one.name == column)
    }

    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|one| one.name == name)
    }

    /// Whether its rows are known by an id.
    pub fn has_id(&self) -> bool {
        self.column("id").is_some_and(|column| column.kind == "uuid")
    }

    /// Whether its rows go as a whole.
    pub fn goes(&self) -> bool {
        self.columns.iter().any(|column| column.tag.erasure == Erasure::Row)
    }

    /// The columns that lead to any record.
    pub fn leads(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| {
            column.tag.data == Data::Identifier
                && column.tag.whose == Whose::Anyone
                && ["uuid", "uuid[]"].contains(&column.kind.as_str())
        })
    }

    /// The columns whose texts may speak of anybody.
    pub fn speaks(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| {
            column.tag.whose == Whose::Anyone && [Data::Personal, Data::Sensitive].contains(&column.tag.data)
        })
    }

    /// The first half of the names of its events: `contact` of `contacts`.
    pub fn noun(&self) -> String {
        noun(self.name)
    }
}

fn noun(table: &str) -> String {
    match table.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => table.strip_suffix('s').unwrap_or(table).to_owned(),
    }
}

impl Column {
    /// Whether it tells of whoever is erased, where the row is theirs.
    pub fn tells_of(&self, root: &str) -> bool {
        match self.tag.whose {
            Whose::Nobody => false,
            Whose::Anyone => true,
            Whose::User => root == "users",
            Whose::Contact | Whose::Account | Whose::Lead => root != "users",
        }
    }
}
