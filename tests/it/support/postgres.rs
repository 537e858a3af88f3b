//! One PostgreSQL for all tests, and a database of its own for each: a copy of a template that is migrated once.
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use embedded::Pg;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A database that goes with the test; one whose test fails stays, and says where it is.
pub struct Database {
    pub name: String,
    pub url: String,
}

impl Database {
    pub fn conn(&self) -> PgConnection {
        PgConnection::establish(&self.url).unwrap()
    }

    pub fn run(&self, sql: &str) {
        self.conn().batch_execute(sql).unwrap();
    }

    /// The only number that a query gives.
    pub fn count(&self, sql: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let row: Row =
            diesel::sql_query(format!("SELECT n::bigint FROM ({sql}) AS q (n)")).get_result(&mut self.conn()).unwrap();
        row.n
    }

    /// The only column that a query gives, as text; null is "".
    pub fn column(&self, sql: &str) -> Vec<String> {
        let rows: Vec<Row> = diesel::sql_query(format!("SELECT coalesce(t::text, '') AS t FROM ({sql}) AS q (t)"))
            .load(&mut self.conn())
            .unwrap();
        rows.into_iter().map(|row| row.t).collect()
    }

    pub fn text(&self, sql: &str) -> String {
        self.column(sql).into_iter().next().unwrap_or_default()
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    t: String,
}

impl Database {
    /// The database itself, in another hand.
    pub fn take(&mut self) -> Self {
        Self { name: std::mem::take(&mut self.name), url: std::mem::take(&mut self.url) }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.name.is_empty() {
            return;
        }
        if std::thread::panicking() {
            eprintln!("the database is kept for a look: {}", self.url);
        } else {
            let _ = admin().batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

/// A database with nothing in it.
pub fn empty() -> Database {
    copy_of("template0")
}

/// A database with the schema of the program and nothing else.
pub fn migrated() -> Database {
    copy_of(template())
}

pub fn copy_of(template: &str) -> Database {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("t_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    create(&name, template);
    Database { url: server().url(&name), name }
}

/// Makes a template of what a database holds now: nobody may be connected any more.
pub fn freeze(name: &str) {
    let sql = format!(
        "ALTER DATABASE {name} WITH is_template true allow_connections false;
         SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    admin().batch_execute(&sql).unwrap();
}

/// Takes away the templates that processes have left behind which are no more.
pub fn sweep(prefix: &str) {
    let sql = format!("SELECT datname::text AS t FROM pg_database WHERE datname LIKE '{prefix}%'");
    let mut admin = admin();
    let names: Vec<Row> = diesel::sql_query(sql).load(&mut admin).unwrap();
    for Row { t: name } in names {
        let lives = std::path::Path::new("/proc").join(name.trim_start_matches(prefix)).exists();
        if !lives {
            // another process may be sweeping too
            let _ = admin.batch_execute(&format!("ALTER DATABASE {name} WITH is_template false"));
            let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// The database that a hash of the migrations names; whoever comes first makes it, others wait.
fn template() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let name = format!("template_{:016x}", hash());
        let mut admin = admin();
        admin.batch_execute("SELECT pg_advisory_lock(20261121)").unwrap();
        let there = format!("SELECT datname::text AS t FROM pg_database WHERE datistemplate AND datname = '{name}'");
        let there: Vec<Row> = diesel::sql_query(there).load(&mut admin).unwrap();
        if there.is_empty() {
            admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
            create(&name, "template0");
            platform::migrate::up(&server().url(&name)).unwrap();
            freeze(&name);
        }
        name
    })
}

/// Of the texts, so that a migration that is still being written makes a new template each time (FNV-1a).
fn hash() -> u64 {
    let texts = super::files::below("migrations").into_iter().chain(super::files::below("crates/platform/src/migrate"));
    let texts = texts.flat_map(|file| (file.path + &file.text).into_bytes());
    texts.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn create(name: &str, template: &str) {
    // the copy of files is quick where nothing has to reach a disk; two at once disturb each other
    let sql = format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY");
    let mut admin = admin();
    for _ in 0..50 {
        match admin.batch_execute(&sql) {
            Ok(()) => return,
            Err(e) if e.to_string().contains("being accessed") => {
                std::thread::sleep(std::time::Duration::from_millis(50))
            }
            Err(e) => panic!("{sql}: {e}"),
        }
    }
    panic!("{template} is in use");
}

fn admin() -> PgConnection {
    PgConnection::establish(&server().url("postgres")).unwrap()
}

pub fn server() -> &'static Pg {
    static SERVER: OnceLock<Pg> = OnceLock::new();
    SERVER.get_or_init(|| embedded::start(&embedded::Config::test("guanxi")).unwrap())
}

pub fn rename(name: &str, new: &str) {
    let gone = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    let mut admin = admin();
    for _ in 0..50 {
        admin.batch_execute(&gone).unwrap();
        if admin.batch_execute(&format!("ALTER DATABASE {name} RENAME TO {new}")).is_ok() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("{name} is in use");
}

/// What the server has written down up to now.
pub fn log() -> String {
    let home = embedded::Config::test("guanxi").home;
    let bytes = std::fs::read(home.join("postgres.log")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
