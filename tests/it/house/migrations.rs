//! Up, down, up: the schema is the same, to the last constraint. The program migrates by itself, once, whoever starts.
use crate::support::{Database, empty};
use diesel_migrations::MigrationHarness;
use platform::migrate::MIGRATIONS;

/// All that a dump would tell, as text in order.
fn dump(db: &Database) -> Vec<String> {
    let queries = [
        "SELECT 'column ' || c.relname || ' ' || row_number() OVER (PARTITION BY attrelid ORDER BY attnum)
            || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull
            || ' ' || attgenerated::text || ' ' || coalesce(pg_get_expr(adbin, adrelid), '') FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
            LEFT JOIN pg_attrdef d ON (adrelid, adnum) = (attrelid, attnum) WHERE c.relnamespace = 'public'::regnamespace
            AND relkind IN ('r', 'p', 'v', 'm') AND attnum > 0 AND NOT attisdropped",
        "SELECT 'index ' || pg_get_indexdef(indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = indrelid
            WHERE c.relnamespace = 'public'::regnamespace",
        "SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace",
        "SELECT 'function ' || proname || ' ' || md5(prosrc) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')",
        "SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT 'view ' || viewname || ' ' || definition FROM pg_views WHERE schemaname = 'public'",
        "SELECT 'extension ' || extname FROM pg_extension",
        "SELECT 'type ' || typname FROM pg_type t WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')",
        "SELECT 'sequence ' || relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace",
    ];
    let mut all: Vec<String> = queries.iter().flat_map(|query| db.column(query)).collect();
    all.retain(|line| !line.contains("__diesel_schema_migrations"));
    all.sort();
    all
}

#[test]
fn down_takes_back_what_up_made() {
    let db = empty();
    let nothing = dump(&db);
    let mut conn = db.conn();
    conn.run_pending_migrations(MIGRATIONS).unwrap();
    let first = dump(&db);
    assert!(first.len() > 200, "the dump tells nothing: {first:#?}");
    conn.revert_all_migrations(MIGRATIONS).unwrap();
    assert_eq!(dump(&db), nothing);
    conn.run_pending_migrations(MIGRATIONS).unwrap();
    assert_eq!(dump(&db), first);
}

/// One step down and up again, at each place.
#[test]
fn every_migration_can_be_taken_back_alone() {
    let db = empty();
    let mut conn = db.conn();
    let mut before = dump(&db);
    while conn.has_pending_migration(MIGRATIONS).unwrap() {
        let name = conn.run_next_migration(MIGRATIONS).unwrap().to_string();
        let after = dump(&db);
        conn.revert_last_migration(MIGRATIONS).unwrap();
        assert_eq!(dump(&db), before, "{name} down");
        conn.run_next_migration(MIGRATIONS).unwrap();
        assert_eq!(dump(&db), after, "{name} up again");
        before = after;
    }
}

#[test]
fn of_many_who_start_one_migrates() {
    let db = empty();
    let ran: Vec<usize> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| platform::migrate::up(&db.url).unwrap().len())).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(ran.iter().filter(|count| **count > 0).count(), 1, "{ran:?}");
    assert!(platform::migrate::pending(&db.url).unwrap().is_empty());
    let versions = db.count("SELECT count(*) FROM __diesel_schema_migrations");
    assert_eq!(usize::try_from(versions).unwrap(), ran.iter().sum::<usize>());
}

#[test]
fn every_migration_has_both_ways() {
    let files = crate::support::files::below("migrations");
    let folders: std::collections::BTreeSet<&str> =
        files.iter().filter_map(|file| file.path.split('/').nth(1)).filter(|folder| folder.starts_with("20")).collect();
    assert!(!folders.is_empty());
    for folder in folders {
        for way in ["up", "down"] {
            let path = format!("migrations/{folder}/{way}.sql");
            assert!(files.iter().any(|file| file.path == path && !file.text.trim().is_empty()), "{path} is missing");
        }
    }
}
