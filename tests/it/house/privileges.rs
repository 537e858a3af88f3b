//! The second wall: the service works as a role that owns nothing, reads and writes rows, and cannot touch what is written
//! once. Read from the catalogue of PostgreSQL, so that a new table is covered without anyone adding it here.
use crate::support::{Database, Town, migrated};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// What may be less than read and written, and what is left of it.
const LESS: &[(&str, &str)] = &[
    ("__diesel_schema_migrations", "SELECT"),
    ("audit_chain", "INSERT,SELECT"),
    ("audit_checkpoints", "INSERT,SELECT"),
    ("audit_erasures", "SELECT"),
    ("audit_floors", "INSERT,SELECT"),
    ("audit_log", "INSERT,SELECT"),
    ("audit_months", "SELECT"),
    ("audit_sealing", "SELECT,UPDATE"),
    ("board_figures", "SELECT"),
    ("case_milestones", "SELECT"),
    // a trigger lets nothing be changed but what an erasure empties
    ("consents", "INSERT,SELECT,UPDATE"),
    ("current_segment_members", "SELECT"),
    ("duplicate_candidates", "SELECT"),
    ("effective_consents", "SELECT"),
    ("event_log", "SELECT"),
    ("forecast_figures", "SELECT"),
    ("milestones", "SELECT"),
];
/// The months of the trail are reached through it alone.
const MONTH: &str = "audit_log_";
const PLAIN: &str = "DELETE,INSERT,SELECT,UPDATE";

#[test]
fn the_role_owns_nothing_and_has_no_more_than_it_needs() {
    let db = migrated();
    let attributes =
        "SELECT concat_ws(',', rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication)
        FROM pg_roles WHERE rolname = 'guanxi_app'";
    assert_eq!(db.text(attributes), "f,f,f,f,f,f");
    let owned = "SELECT relname FROM pg_class WHERE relowner = 'guanxi_app'::regrole UNION ALL
        SELECT datname FROM pg_database WHERE datdba = 'guanxi_app'::regrole UNION ALL
        SELECT proname FROM pg_proc WHERE proowner = 'guanxi_app'::regrole UNION ALL
        SELECT nspname FROM pg_namespace WHERE nspowner = 'guanxi_app'::regrole";
    assert_eq!(db.column(owned), Vec::<String>::new());
    assert_eq!(db.text("SELECT has_schema_privilege('guanxi_app', 'public', 'CREATE')"), "false");
    assert_eq!(db.text("SELECT count(*) FROM pg_auth_members WHERE member = 'guanxi_app'::regrole"), "0");
    let held = db.column(
        "SELECT c.relname || ' ' || coalesce(string_agg(a.privilege_type, ',' ORDER BY a.privilege_type), '') FROM pg_class c
         LEFT JOIN LATERAL aclexplode(c.relacl) a ON a.grantee = 'guanxi_app'::regrole
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') GROUP BY c.relname ORDER BY 1",
    );
    assert!(held.len() > 25, "{held:#?}");
    for line in held {
        let (table, privileges) = line.split_once(' ').unwrap();
        let wanted = LESS.iter().find(|(less, _)| *less == table).map_or(PLAIN, |(_, left)| left);
        let wanted = if table.starts_with(MONTH) { "" } else { wanted };
        assert_eq!(privileges, wanted, "{table}");
    }
    let columns = "SELECT c.relname || '.' || attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND (attacl::text LIKE '%guanxi_app=%' OR attacl::text ~ '[{,]=')";
    assert_eq!(db.column(columns), Vec::<String>::new(), "columns that it may do more with");
}

/// What works as the owner of what it works on is listed here: two leave their word in the ledger, one changes no row, two
/// make room for rows, and two take away what lies below a floor.
#[test]
fn functions_that_work_as_their_owner_are_listed() {
    let db = migrated();
    let definers = "SELECT proname || ' ' || coalesce(array_to_string(proconfig, ','), '') FROM pg_proc p
        WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1";
    let wanted = [
        "analyze_grown search_path=pg_catalog, pg_temp",
        "audit_close_months search_path=pg_catalog, pg_temp,lock_timeout=1s",
        "audit_drop_links search_path=pg_catalog, pg_temp,lock_timeout=1s",
        "audit_drop_month search_path=pg_catalog, pg_temp,lock_timeout=1s",
        "audit_open_months search_path=pg_catalog, pg_temp,lock_timeout=1s",
        "erase_audit_data search_path=pg_catalog, pg_temp",
        "erase_audit_details search_path=pg_catalog, pg_temp",
    ];
    assert_eq!(db.column(definers), wanted);
    let everybodys = "SELECT proname::text FROM pg_proc p WHERE prosecdef AND pronamespace = 'public'::regnamespace
        AND has_function_privilege('public', p.oid, 'EXECUTE')";
    assert_eq!(db.column(everybodys), Vec::<String>::new());
}

fn refused(conn: &mut PgConnection, sql: &str) {
    let error = conn.batch_execute(sql).expect_err(sql).to_string();
    assert!(error.contains("permission denied") || error.contains("must be owner"), "{sql}: {error}");
}

const TAMPERING: [&str; 24] = [
    "UPDATE audit_log SET action = 'x'",
    "UPDATE audit_log SET details = NULL",
    "UPDATE audit_log SET data = NULL",
    "UPDATE event_log SET data = '{}'",
    "DELETE FROM event_log",
    "DELETE FROM audit_log",
    "TRUNCATE audit_log",
    "UPDATE audit_chain SET seq = 1",
    "DELETE FROM audit_chain",
    "TRUNCATE audit_chain",
    "UPDATE audit_checkpoints SET seq = 1",
    "DELETE FROM audit_checkpoints",
    "DELETE FROM audit_erasures",
    "UPDATE audit_floors SET seq = 1",
    "DELETE FROM audit_floors",
    "DELETE FROM audit_log_first",
    "UPDATE audit_log_rest SET action = 'x'",
    "TRUNCATE audit_log_first",
    "INSERT INTO audit_erasures SELECT * FROM audit_erasures",
    "INSERT INTO event_log SELECT * FROM event_log",
    "DELETE FROM __diesel_schema_migrations",
    "ALTER TABLE audit_log ADD COLUMN x int",
    "CREATE TABLE mine (x int)",
    "DROP TABLE audit_log",
];

#[test]
fn the_service_cannot_touch_the_trail() {
    let db = migrated();
    let mut conn = db.conn();
    conn.batch_execute("SET ROLE guanxi_app").unwrap();
    TAMPERING.iter().for_each(|sql| refused(&mut conn, sql));
}

/// The connections of the running server are the role's.
#[test]
fn the_running_service_is_that_role() {
    let town = Town::start();
    town.database.run("CREATE TABLE probe (tenant_id uuid PRIMARY KEY); GRANT INSERT ON probe TO guanxi_app; \
        ALTER TABLE probe ADD COLUMN who text DEFAULT current_user; \
        CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO probe VALUES (gen_random_uuid()); RETURN NULL; END $$; \
        CREATE TRIGGER tell AFTER INSERT ON contacts FOR EACH ROW EXECUTE FUNCTION tell()");
    crate::support::make::contact(&town.owner(), crate::support::json!({}));
    assert_eq!(town.database.column("SELECT who FROM probe"), ["guanxi_app"]);
}

/// An ordinary owner, who may make no role: the program migrates and serves, and the trail is closed to it all the same.
#[test]
fn an_owner_who_may_make_no_role_is_bound_too() {
    let server = migrated();
    let name = format!("plain_{}", std::process::id());
    server.run(&format!("DROP ROLE IF EXISTS {name}; CREATE ROLE {name} LOGIN"));
    let db = crate::support::empty();
    server.run(&format!("ALTER DATABASE {} OWNER TO {name}", db.name));
    let url = as_user(&db, &name);
    // btree_gin is trusted: the owner of a database may install it
    platform::migrate::up(&url).unwrap();
    platform::migrate::up(&url).unwrap();
    let standing = platform::role::standing(&url).unwrap();
    assert!(standing.role().is_none() && standing.is_bound && standing.is_owner, "{standing:?}");
    let mut conn = PgConnection::establish(&url).unwrap();
    // what the functions that erase work by is the owner's
    let own = ["TABLE", "details", "data", "INSERT"];
    for sql in TAMPERING.iter().filter(|sql| sql.contains("audit_") && !own.iter().any(|word| sql.contains(word))) {
        refused(&mut conn, sql);
    }
    let town = Town::on(Database { name: String::new(), url: url.clone() });
    town.anonymous().get("/readyz").ok();
    drop(town);
    drop(conn);
    server.run(&format!("DROP DATABASE {} WITH (FORCE)", db.name));
    server.run(&format!("DROP ROLE {name}"));
}

fn as_user(db: &Database, name: &str) -> String {
    db.url.replacen("postgres@", &format!("{name}@"), 1)
}
