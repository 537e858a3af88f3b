//! What holds for every table, read from the catalogue of PostgreSQL: a tenant's rows lie together and can be moved or
//! erased whole, references are indexed, time has a zone, money is exact.
use crate::support::{Database, migrated};

/// What has no tenant, and why.
const WITHOUT_TENANT: &[&str] = &[
    "server_secrets",             // the server's own, before there is a tenant
    "login_failures",             // a login names no tenant
    "audit_sealing",              // how far the trails of all are sealed
    "__diesel_schema_migrations", // which migrations have run
];
/// Indexes that look over all tenants, and why.
const ACROSS_TENANTS: &[&str] = &[
    "users_login_idx",                // a login names no tenant
    "report_schedules_due_idx",       // the clock looks over all tenants
    "jobs_due_idx",                   // workers look for work of all tenants
    "jobs_held_idx",                  // and for what others have let fall
    "job_schedules_due_idx",          // and put down what is due of all
    "notifications_mail_idx",         // and for letters that are due
    "notifications_push_idx",         // and for messages to devices
    "notifications_created_idx",      // and clear away what is old of all
    "inbound_deliveries_old_idx",     // the same
    "files_unfinished_idx",           // and what never came to its end
    "merges_unsettled_idx",           // and look after merges of all
    "merges_undo_idx",                // the same, when they are over
    "task_reminders_due_idx",         // and remind whoever is to be reminded
    "quotes_expiring_idx",            // and end what has run out
    "opportunities_rotting_idx",      // and tell what lies too long
    "contracts_beginning_idx",        // and begin and end what has its day
    "contracts_ending_idx",           // the same
    "contracts_expiring_idx",         // and tell what is about to end
    "installments_coming_idx",        // and say what is due
    "installments_overdue_idx",       // and what is overdue
    "case_slas_next_idx",             // and look for promises of cases that come due
    "case_turns_due_idx",             // and for cases that nobody has answered
    "leads_response_idx",             // and look for promises that were kept or broken
    "connections_door_idx",           // a sender names no tenant
    "forms_door_idx",                 // nor does a visitor
    "audit_log_xact_idx",             // one seals for all
    "idempotency_keys_created_idx",   // and clear away what is old of all
    "kb_article_versions_coming_idx", // and publish what has its moment
    "kb_article_versions_ending_idx", // and archive what has run out
    "kb_portals_door_idx",            // a visitor names no tenant
    "survey_responses_due_idx",       // and ask whose time has come
];

fn none(db: &Database, law: &str, query: &str) {
    let broken = db.column(query);
    assert!(broken.is_empty(), "{law}: {broken:#?}");
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_tenant_leads_every_key_and_index() {
    let db = migrated();
    let first = "SELECT i.indexrelid::regclass::text, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]";
    let query = format!(
        "SELECT f.name FROM ({first} WHERE NOT c.relispartition AND c.relname NOT IN ({})) f (name, leads) WHERE leads IS DISTINCT FROM 'tenant_id' AND f.name NOT IN ({})",
        list(WITHOUT_TENANT),
        list(ACROSS_TENANTS)
    );
    none(&db, "an index that tenant_id does not lead", &query);
    for name in ACROSS_TENANTS {
        assert_eq!(
            db.count(&format!("SELECT count(*) FROM pg_class WHERE relname = '{name}'")),
            1,
            "{name} is no exception any more"
        );
    }
    let query = format!(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace AND nspname = 'public' WHERE relkind IN ('r', 'p')
         AND relname NOT IN ({}) AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'tenant_id'
         AND attnotnull AND atttypid = 'uuid'::regtype)",
        list(WITHOUT_TENANT)
    );
    none(&db, "a table without tenant_id", &query);
    let query = "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace AND nspname = 'public' WHERE relkind IN ('r', 'p')
         AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary)";
    none(&db, "a table without a primary key", query);
}

#[test]
fn references_stay_inside_the_tenant() {
    let query = "SELECT conname FROM pg_constraint k WHERE contype = 'f' AND NOT EXISTS (
        SELECT FROM pg_attribute a JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = k.confkey[1]
        WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1] AND a.attname = 'tenant_id' AND f.attname = 'tenant_id')";
    none(&migrated(), "a foreign key that tenant_id does not lead", query);
}

#[test]
fn every_reference_has_an_index() {
    let query = "SELECT conrelid::regclass || '.' || conname FROM pg_constraint k WHERE contype = 'f' AND NOT EXISTS (
        SELECT FROM pg_index i WHERE i.indrelid = k.conrelid
        AND (i.indkey::int2[])[0:array_length(k.conkey, 1) - 1] @> k.conkey
        AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) LIKE '(' ||
            (SELECT attname FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = k.conkey[array_length(k.conkey, 1)]) || ' IS NOT NULL)'))";
    none(&migrated(), "a foreign key without an index that begins with its columns", query);
}

#[test]
fn time_has_a_zone_and_amounts_are_exact() {
    let db = migrated();
    let of = |types: &str| {
        format!("SELECT c.relname || '.' || attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
            WHERE nspname = 'public' AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
            AND relname <> '__diesel_schema_migrations' AND atttypid IN ({types})")
    };
    none(&db, "a time without a zone", &of("'timestamp'::regtype, 'time'::regtype, 'timetz'::regtype"));
    none(&db, "an amount that is not exact", &of("'money'::regtype, 'float4'::regtype, 'float8'::regtype"));
    none(&db, "text of a bounded type, or json as text", &of("'varchar'::regtype, 'bpchar'::regtype, 'json'::regtype"));
    let unbounded = format!("{} AND atttypmod = -1", of("'numeric'::regtype"));
    none(&db, "a number without bounds", &unbounded);
}

#[test]
fn names_say_what_columns_hold() {
    let db = migrated();
    let named = |pattern: &str, wanted: &str| {
        format!("SELECT c.relname || '.' || attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
            WHERE nspname = 'public' AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped AND attname ~ '{pattern}' AND {wanted}")
    };
    none(&db, "*_at is no moment", &named("_at$", "atttypid <> 'timestamptz'::regtype"));
    none(
        &db,
        "*_on is no date",
        &named("_on$", "atttypid <> 'date'::regtype AND relname <> '__diesel_schema_migrations'"),
    );
    none(
        &db,
        "*_id is no id",
        &named(
            "_id$",
            "atttypid <> 'uuid'::regtype AND attname NOT IN ('external_id', 'external_message_id', 'client_id')",
        ),
    );
    none(&db, "is_* is not true or false", &named("^(is|has)_", "atttypid <> 'bool'::regtype"));
    none(
        &db,
        "a moment that is not called *_at",
        &named(
            "^",
            "atttypid = 'timestamptz'::regtype AND attname !~ '_(at|until)$'
        AND relname <> '__diesel_schema_migrations'",
        ),
    );
}

/// Else a single writer waits for the merge of a large pending list.
#[test]
fn search_indexes_keep_their_pending_list_short() {
    let query = "SELECT c.relname FROM pg_class c JOIN pg_am m ON m.oid = c.relam AND amname = 'gin'
        WHERE NOT coalesce(c.reloptions @> ARRAY['gin_pending_list_limit=256'], false)";
    none(&migrated(), "a search index with an unbounded pending list", query);
}

#[test]
fn records_know_who_made_them_and_when() {
    let query = "SELECT c.relname || ' has no ' || wanted FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace AND nspname = 'public',
        unnest(ARRAY['version', 'created_at', 'updated_at', 'created_by', 'updated_by', 'search']) wanted
        WHERE relkind = 'r' AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'deleted_at')
        AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = wanted AND attnotnull)
        AND NOT (relname IN ('exports', 'imports', 'jobs') AND wanted = 'updated_by')"; // it is the worker that goes on with them
    none(&migrated(), "what can be archived", query);
    let query =
        "SELECT i.indexrelid::regclass::text FROM pg_index i WHERE indisunique AND NOT indisprimary AND indpred IS NULL
        AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = i.indrelid AND attname = 'deleted_at')
        -- a built-in role cannot be archived; a mail that was archived and is sent again is the same;
        -- the token of a form is good once
        AND i.indexrelid::regclass::text NOT IN ('roles_builtin_key', 'email_messages_message_key', 'form_submissions_token_key')";
    none(&migrated(), "a unique index that counts archived records", query);
}

/// The names of constraints are what rooms turn into codes.
#[test]
fn no_constraint_is_there_twice() {
    let query = "SELECT pg_get_indexdef(indexrelid) FROM pg_index i WHERE EXISTS (SELECT FROM pg_index j WHERE j.indrelid = i.indrelid
        AND j.indexrelid <> i.indexrelid AND j.indkey::text = i.indkey::text AND j.indclass::text = i.indclass::text
        AND coalesce(pg_get_expr(j.indpred, j.indrelid), '') = coalesce(pg_get_expr(i.indpred, i.indrelid), ''))";
    none(&migrated(), "two indexes of the same columns", query);
}
