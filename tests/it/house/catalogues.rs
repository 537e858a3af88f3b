//! The catalogues fit together and to the tables: what can be asked for is there, and is what it is said to be.
use crate::support::{document, migrated};
use kernel::catalogue::{Field, Kind, Link, Owned, RESERVED};
use std::collections::BTreeMap;

#[test]
fn the_catalogues_fit_together() {
    let all = api::house::catalogues().unwrap();
    assert_eq!(all.check(), Vec::<String>::new());
    assert!(all.all().count() >= 9);
}

#[test]
fn no_name_is_a_word_of_the_filter_language() {
    for catalogue in api::house::catalogues().unwrap().all() {
        for name in catalogue
            .fields
            .iter()
            .map(|field| field.name)
            .chain(catalogue.relations.iter().map(|relation| relation.name))
        {
            assert!(!RESERVED.contains(&name), "{}.{name}", catalogue.noun);
        }
    }
}

#[test]
fn every_field_stands_on_a_column_of_its_kind() {
    let db = migrated();
    let rows = db.column(
        "SELECT c.relname || '.' || attname || '|' || format_type(atttypid, NULL) || '|' || attnotnull FROM pg_attribute
         JOIN pg_class c ON c.oid = attrelid WHERE c.relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') AND attnum > 0",
    );
    let columns: BTreeMap<String, (String, bool)> = rows
        .iter()
        .map(|row| {
            let parts: Vec<&str> = row.split('|').collect();
            (parts[0].to_owned(), (parts[1].to_owned(), parts[2] == "true"))
        })
        .collect();
    let all = api::house::catalogues().unwrap();
    for catalogue in all.all() {
        let column = |name: &str| {
            let place = format!("{}.{name}", catalogue.table);
            columns.get(&place).unwrap_or_else(|| panic!("{}: there is no column {place}", catalogue.noun)).clone()
        };
        for field in catalogue.fields {
            let (kind, not_null) = column(field.column);
            // what is shown and never asked for may be anything
            let asked = field.filterable || field.sortable;
            assert!(!asked || types(field).contains(&kind.as_str()), "{}.{} is {kind}", catalogue.noun, field.name);
            // PostgreSQL does not know it of the columns of a view
            let is_view = ["duplicate_candidates", "effective_consents"].contains(&catalogue.table);
            assert!(is_view || field.nullable != not_null, "{}.{}: whether it may be null", catalogue.noun, field.name);
            if let Kind::Money { currency } = field.kind {
                assert_eq!(column(currency).0, "text", "{}.{}", catalogue.noun, field.name);
            }
        }
        column("tenant_id");
        match catalogue.owned {
            Owned::Rows { owner, team } => assert!(!column(owner).0.is_empty() && !column(team).0.is_empty()),
            Owned::Part { of, column: parent } => {
                let is_there = column(parent).1 || catalogue.table == "effective_consents";
                assert!(is_there && all.get(of).is_some(), "{}", catalogue.noun)
            }
            Owned::Shared => {}
        }
        for relation in all.relations(catalogue.noun) {
            let target = all.get(relation.target).unwrap();
            let place = match relation.link {
                Link::One { column } => format!("{}.{column}", catalogue.table),
                Link::Many { column } => format!("{}.{column}", target.table),
                Link::Through { table, ours, theirs, .. } => {
                    [ours, "resource"]
                        .iter()
                        .for_each(|name| assert!(columns.contains_key(&format!("{table}.{name}"))));
                    format!("{table}.{theirs}")
                }
            };
            assert_eq!(
                columns.get(&place).map(|(kind, _)| kind.as_str()),
                Some("uuid"),
                "{}.{}",
                catalogue.noun,
                relation.name
            );
        }
    }
}

fn types(field: &Field) -> &'static [&'static str] {
    match field.kind {
        Kind::Text | Kind::Choice(_) => &["text"],
        Kind::Int => &["integer", "bigint", "smallint"],
        Kind::Decimal | Kind::Money { .. } => &["numeric"],
        Kind::Bool => &["boolean"],
        Kind::Date => &["date"],
        Kind::Instant => &["timestamp with time zone"],
        Kind::Id => &["uuid"],
        Kind::Tags => &["text[]"],
    }
}

/// What is answered can be asked for, but for what is put together or secret.
#[test]
fn every_member_of_a_record_is_in_its_catalogue() {
    let apart: &[(&str, &[&str])] = &[
        ("role", &["permissions", "fields"]),
        ("import", &["mapping", "error"]),
        ("job", &["payload", "progress", "error"]),
    ];
    for catalogue in api::house::catalogues().unwrap().all() {
        let name: String = catalogue.noun.split('_').map(|part| part[..1].to_uppercase() + &part[1..]).collect();
        let schema = &document()["components"]["schemas"][&name]["properties"];
        let Some(members) = schema.as_object() else { continue };
        let apart = apart.iter().find(|(noun, _)| *noun == catalogue.noun).map_or(&[][..], |(_, names)| names);
        let unknown: Vec<&String> = members
            .keys()
            .filter(|member| catalogue.field(member).is_none() && !apart.contains(&member.as_str()))
            .filter(|member| catalogue.custom != Some(member.as_str()))
            .collect();
        assert!(unknown.is_empty(), "{}: {unknown:?} cannot be asked for", catalogue.noun);
        let silent: Vec<&str> =
            catalogue.fields.iter().map(|field| field.name).filter(|name| !members.contains_key(*name)).collect();
        assert!(silent.is_empty(), "{}: {silent:?} can be asked for and are never answered", catalogue.noun);
    }
}
