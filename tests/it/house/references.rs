//! What points at records that may become one with others is known: a table that does, and is in no list of its wing,
//! would be left behind by a merge.
use crate::support::migrated;
use platform::merge::Way;

/// Says of an id what stays said of it, whatever becomes of the record.
const LEFT: &[&str] = &[
    "custom_uniques.record_id", // what `custom_settle` keeps of the record itself
    "erasures.record_id",       // who was erased
];

fn known() -> Vec<String> {
    let mut all: Vec<String> =
        api::house::references().iter().map(|one| format!("{}.{}", one.table, one.column)).collect();
    all.extend(LEFT.iter().map(|one| (*one).to_owned()));
    all
}

#[test]
fn whatever_points_at_what_may_become_one_is_known() {
    let db = migrated();
    let mut there = db.column(
        "SELECT c.relname || '.' || a.attname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[array_length(k.conkey, 1)]
         WHERE k.contype = 'f' AND k.confrelid IN ('contacts'::regclass, 'accounts'::regclass)",
    );
    there.extend(db.column(
        "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname IN ('record_id', 'other_id', 'subject_id')",
    ));
    let known = known();
    let lacking: Vec<&String> = there.iter().filter(|one| !known.contains(one)).collect();
    assert!(lacking.is_empty(), "a line in `REFERENCES` of its wing says what becomes of it: {lacking:#?}");
}

/// What a record has once is said, so that a merge keeps the winner's; what is taken out can be put in again.
#[test]
fn what_a_record_has_once_is_known() {
    let db = migrated();
    let mut wrong = Vec::new();
    for one in api::house::references() {
        let (table, column) = (one.table, one.column);
        let listed = matches!(one.way, Way::Listed { .. });
        if one.way == Way::Stays || listed {
            continue;
        }
        let once = one.once.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
        let uniques = format!(
            "SELECT i.indexrelid::regclass::text FROM pg_index i WHERE i.indrelid = '{table}'::regclass AND i.indisunique
             AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) AND a.attname = '{column}')
             AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) AND a.attname = 'id')
             AND NOT (SELECT array_agg(a.attname::text ORDER BY 1) FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                      AND a.attname NOT IN ('tenant_id', '{column}', '{}')) = (SELECT coalesce(array_agg(x ORDER BY 1), '{{}}') FROM unnest(ARRAY[{once}]::text[]) x)
             AND coalesce(pg_get_expr(i.indpred, i.indrelid), '') NOT LIKE 'is\\_%'",
            one.kind
        );
        wrong.extend(db.column(&uniques).into_iter().map(|index| format!("{table}.{column}: {index}")));
        let key = one.key.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
        let columns = format!(
            "SELECT count(*) FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attname IN ({key}, '{column}')"
        );
        assert_eq!(db.count(&columns), i64::try_from(one.key.len() + 1).unwrap(), "{table}");
        if one.way == Way::MovesOrGoes {
            let made = format!(
                "SELECT count(*) FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attgenerated <> ''"
            );
            assert_eq!(db.count(&made), 0, "{table}: what PostgreSQL makes cannot be put in again");
            let held =
                format!("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND confrelid = '{table}'::regclass");
            assert_eq!(db.count(&held), 0, "{table}: what refers to it would go with it");
        }
    }
    assert!(wrong.is_empty(), "say `.once(…)`: {wrong:#?}");
}
