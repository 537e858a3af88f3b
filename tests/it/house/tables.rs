//! The tables that the code declares are the tables that are there: names, types, and what may be null.
use crate::support::{Database, files, migrated};
use std::collections::BTreeMap;

/// Table → column → its diesel type, as a `table!` says it.
fn declared() -> Vec<(String, String, BTreeMap<String, String>)> {
    let mut all = Vec::new();
    // demo data is copied in by tables of its own, where every value is given
    for file in files::rust().into_iter().filter(|file| !file.path.contains("/command/seed/")) {
        let code = file.code();
        for block in code.split("table! {").skip(1) {
            let block = block.split("\n}\n").next().unwrap_or_default();
            let mut lines = block.lines().map(str::trim).filter(|line| !line.starts_with("use ") && !line.is_empty());
            let Some(name) = lines.next().and_then(|head| head.split([' ', '(']).next()) else { continue };
            let column = |line: &str| {
                let (name, kind) = line.trim_end_matches(',').split_once(" -> ")?;
                Some((name.trim_start_matches("r#").to_owned(), kind.to_owned()))
            };
            let columns: BTreeMap<String, String> = lines.filter_map(column).collect();
            if !columns.is_empty() {
                all.push((file.path.clone(), name.to_owned(), columns));
            }
        }
    }
    all
}

/// Columns that no `table!` has: a tenant's id is called so twice, a table of diesel has 32, where a record has gone that
/// became one with another is asked of all nouns alike, how a quote came to its end is read as a milestone, and some are
/// there for the version before this one alone.
const APART: &[(&str, &str)] = &[
    ("tenants", "id"),
    ("accounts", "search"),
    ("accounts", "person_id"),
    ("accounts", "is_person"),
    ("accounts", "phone_text"),
    ("opportunities", "search"),
    ("opportunities", "rots_at"),
    ("opportunities", "is_rotten"),
    ("opportunities", "rotting_told_at"),
    ("quotes", "search"),
    ("quotes", "decision"),
    ("quotes", "decided_at"),
    ("quotes", "approval_status"),
    ("quotes", "approval_requested_by"),
    ("quotes", "approval_requested_at"),
    ("quotes", "approval_decided_by"),
    ("quotes", "approval_decided_at"),
    ("quotes", "approval_reason"),
    ("accounts", "merged_into_id"),
    ("contacts", "merged_into_id"),
    ("cases", "merged_into_id"),
    ("cases", "search"),
    ("cases", "order_id"),
    ("cases", "product_id"),
    ("cases", "follows_id"),
    ("cases", "root_cause"),
    ("cases", "auto_replied_at"),
    ("leads", "search"),
    ("leads", "opportunity_id"),
    ("leads", "pool_id"),
    ("leads", "pooled_at"),
    ("leads", "is_masked"),
    ("leads", "phone_text"),
    ("leads", "industry"),
    ("leads", "country"),
    ("leads", "region"),
    ("leads", "city"),
    ("assignment_rules", "owner_id"),
];

/// The columns of a table as diesel would call them.
fn there(db: &Database, table: &str) -> BTreeMap<String, String> {
    let rows = db.column(&format!(
        "SELECT attname || '|' || attnotnull || '|' || format_type(atttypid, NULL) FROM pg_attribute
         WHERE attrelid = to_regclass('public.{table}') AND attnum > 0 AND NOT attisdropped"
    ));
    rows.iter()
        .map(|row| {
            let parts: Vec<&str> = row.split('|').collect();
            let kind = match parts[2] {
                "uuid" => "Uuid",
                "text" => "Text",
                "integer" => "Int4",
                "bigint" => "Int8",
                "smallint" => "Int2",
                "boolean" => "Bool",
                "numeric" => "Numeric",
                "date" => "Date",
                "timestamp with time zone" => "Timestamptz",
                "tsvector" => "Tsvector",
                "jsonb" => "Jsonb",
                "bytea" => "Bytea",
                "bytea[]" => "Array<Bytea>",
                "text[]" => "Array<Text>",
                "uuid[]" => "Array<Uuid>",
                other => panic!("{table}.{} is {other}, for which this test knows no name", parts[0]),
            };
            let kind = if parts[1] == "true" { kind.to_owned() } else { format!("Nullable<{kind}>") };
            (parts[0].to_owned(), kind)
        })
        .collect()
}

/// Of whose columns PostgreSQL does not know what may be null.
const VIEWS: [&str; 7] = [
    "board_figures",
    "case_milestones",
    "duplicate_candidates",
    "effective_consents",
    "event_log",
    "forecast_figures",
    "milestones",
];

fn bare(kind: &str) -> &str {
    kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>')).unwrap_or(kind)
}

fn plain(kind: &str) -> String {
    kind.replace("Integer", "Int4")
        .replace("BigInt", "Int8")
        .replace("Binary", "Bytea")
        .replace("Array<Nullable<Text>>", "Array<Text>")
}

#[test]
fn declared_tables_are_as_they_are_there() {
    let db = migrated();
    let declared = declared();
    assert!(declared.len() >= 15, "only {} tables are declared", declared.len());
    for (file, table, columns) in &declared {
        let real = there(&db, table);
        assert!(!real.is_empty(), "{file}: there is no table {table}");
        for (name, kind) in columns {
            let real = real.get(name).map(|real| if VIEWS.contains(&table.as_str()) { bare(real) } else { real });
            let kind = plain(kind);
            let kind = if VIEWS.contains(&table.as_str()) { bare(&kind) } else { &kind };
            assert_eq!(real, Some(kind), "{file}: {table}.{name}");
        }
        // a narrow projection of another wing's table leaves columns out; a table of the wing itself does not
        let owner = declared.iter().filter(|(_, other, _)| other == table).map(|(.., columns)| columns.len()).max();
        if owner == Some(columns.len()) {
            let names: Vec<&String> = real.keys().filter(|name| !columns.contains_key(*name)).collect();
            assert!(
                names.iter().all(|name| APART.contains(&(table.as_str(), name.as_str()))),
                "{file}: {table} lacks {names:?}"
            );
        }
    }
}

/// A join with a foreign table must not see more than its owner would show.
#[test]
fn a_projection_carries_what_decides_who_sees_it() {
    let declared = declared();
    for (file, table, columns) in &declared {
        let widest = declared.iter().filter(|(_, other, _)| other == table).max_by_key(|(.., columns)| columns.len());
        let Some((_, _, whole)) = widest else { continue };
        for needed in ["tenant_id", "owner_id", "team_id"].iter().filter(|name| whole.contains_key(**name)) {
            assert!(columns.contains_key(*needed), "{file}: the projection of {table} lacks {needed}");
        }
    }
}
