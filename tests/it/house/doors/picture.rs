//! All that a town keeps, as hashes: of every table whatever it is called, and of the files. Two that are equal were taken
//! of the same state.
use crate::support::{Town, files};
use std::collections::BTreeMap;

/// What asking changes by itself, in no one's favour. This list may only shrink.
const COUNTS: &[(&str, &str)] = &[
    ("api_keys", "last_used_at"), // noted beside whatever is asked, refused or not
];

/// That somebody was refused is noted, and is all that a refusal may leave.
const NOTED: (&str, &str) = ("audit_log", "action <> 'request.refused'");

/// The months of the trail are shown as the trail.
const ALL: &str = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    AND NOT relispartition ORDER BY 1";

#[derive(Debug, PartialEq, Eq)]
pub struct Picture(BTreeMap<String, String>);

impl Picture {
    pub fn of(town: &Town) -> Self {
        let tables = town.database.column(ALL);
        let hashes: Vec<String> = tables.iter().map(|table| hash(table)).collect();
        let hashes = town.database.column(&hashes.join(" UNION ALL "));
        let named = hashes.iter().map(|one| one.split_once('=').unwrap());
        let mut all: BTreeMap<String, String> = named.map(|(table, hash)| (table.into(), hash.into())).collect();
        assert!(all.len() > 20, "only {} tables", all.len());
        all.insert("files".into(), files::names(town.data_dir.path()).join("\n"));
        Self(all)
    }

    /// What is not the same in the other.
    pub fn differs(&self, other: &Self) -> Vec<&str> {
        let other = |name: &String| other.0.get(name);
        self.0.iter().filter(|(name, hash)| other(name) != Some(*hash)).map(|(name, _)| name.as_str()).collect()
    }
}

/// A part of one question about all tables, which are answered in any order: `contacts=` and a hash of all its rows.
fn hash(table: &str) -> String {
    let left_out = COUNTS.iter().filter(|(name, _)| *name == table).map(|(_, column)| *column);
    let left_out = left_out.collect::<Vec<_>>().join(",");
    let row = format!("(to_jsonb(t) - '{{{left_out}}}'::text[])::text");
    let seen = if NOTED.0 == table { NOTED.1 } else { "TRUE" };
    format!(
        "(SELECT '{table}=' || coalesce(md5(string_agg({row}, chr(10) ORDER BY {row})), '') FROM \"{table}\" AS t \
        WHERE {seen})"
    )
}

/// The picture shows what changes, and nothing else.
#[test]
fn a_change_is_seen() {
    let town = Town::idle();
    let before = Picture::of(&town);
    town.owner().get("/v1/contacts").ok();
    assert_eq!(before.differs(&Picture::of(&town)), Vec::<&str>::new());
    crate::support::make::contact(&town.owner(), crate::support::json!({}));
    let changed = Picture::of(&town);
    let tables = before.differs(&changed);
    assert!(["audit_log", "contacts"].iter().all(|table| tables.contains(table)), "{tables:?}");
    std::fs::write(town.data_dir.path().join("x"), "x").unwrap();
    assert_eq!(changed.differs(&Picture::of(&town)), ["files"]);
}
