//! The PostgreSQL of a run: started by `embedded` with durable settings, one database a size, and read access to its log.
//! A seeded database is kept untouched as a template; cells work on copies of it.

use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};

use crate::statements::{self, Statement};
use crate::{Result, sql};

/// A running server and a connection to its database `postgres`.
pub struct Cluster {
    pg: embedded::Pg,
    admin: PgConnection,
    /// The main process.
    pub postmaster: u32,
    log: Option<PathBuf>,
}

impl Cluster {
    /// Starts, or attaches to, the server whose data are in `dir`.
    pub fn start(dir: &Path) -> Result<Self> {
        let pg = embedded::start(&embedded::Config::app(dir.to_owned()))?;
        let mut admin = PgConnection::establish(&pg.url("postgres"))?;
        let pid = text(&mut admin, "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS value")?;
        let postmaster = pid.trim().parse()?;
        // wherever the server's errors go: when that is a file, it can be read back
        let log = fs::read_link(format!("/proc/{postmaster}/fd/2")).ok().filter(|path| path.is_file());
        Ok(Self { pg, admin, postmaster, log })
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        self.pg.url(database)
    }

    /// The server's version, for the report.
    pub fn version(&mut self) -> Result<String> {
        text(&mut self.admin, "SELECT current_setting('server_version') AS value")
    }

    /// pgbench, from beside the server or from the path.
    pub fn pgbench(&self) -> Option<PathBuf> {
        let beside = Path::new(self.pg.bin_dir().as_os_str()).join("pgbench");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let all = std::iter::once(beside).chain(std::env::split_paths(&path).map(|dir| dir.join("pgbench")));
        all.into_iter().find(|program| program.is_file())
    }

    /// What a database is a seed of, if it is one.
    pub fn mark(&mut self, database: &str) -> Result<String> {
        let sql = format!(
            "SELECT coalesce((SELECT shobj_description(oid, 'pg_database') FROM pg_database \
             WHERE datname = '{database}'), '') AS value"
        );
        text(&mut self.admin, &sql)
    }

    /// Says that a database is a finished seed, and leaves it tidy: statistics fresh, pages written.
    pub fn finish(&mut self, database: &str, mark: &str) -> Result<()> {
        PgConnection::establish(&self.url(database))?.batch_execute("VACUUM (ANALYZE)")?;
        self.run("CHECKPOINT")?;
        self.run(&format!("COMMENT ON DATABASE {database} IS '{mark}'"))
    }

    /// Drops and makes an empty database.
    pub fn create(&mut self, database: &str) -> Result<()> {
        self.remove(database)?;
        self.run(&format!("CREATE DATABASE {database}"))
    }

    /// Drops and makes a copy of another.
    pub fn copy(&mut self, database: &str, template: &str) -> Result<()> {
        self.remove(database)?;
        self.run(&format!("CREATE DATABASE {database} TEMPLATE {template} STRATEGY FILE_COPY"))
    }

    /// Drops a database, its users notwithstanding.
    pub fn remove(&mut self, database: &str) -> Result<()> {
        self.run(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"))
    }

    /// The statements that the server logs while `work` runs; nothing where its log cannot be read.
    pub fn listen<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<(T, Vec<Statement>)> {
        let Some(path) = &self.log else { return Ok((work()?, Vec::new())) };
        let mut file = fs::File::open(path)?;
        file.seek(SeekFrom::End(0))?;
        let done = work()?;
        // what a request leaves to be written after its answer belongs to it
        std::thread::sleep(Duration::from_millis(15));
        let mut log = Vec::new();
        file.read_to_end(&mut log)?;
        Ok((done, statements::read(&String::from_utf8_lossy(&log))))
    }

    /// Logs every statement with its parameters, or none.
    pub fn log_statements(&mut self, on: bool) -> Result<()> {
        let (verb, to) = if on { ("SET", " TO 'all'") } else { ("RESET", "") };
        self.run(&format!("ALTER SYSTEM {verb} log_statement{to}"))?;
        self.run(if on { "ALTER SYSTEM SET lc_messages TO 'C'" } else { "ALTER SYSTEM RESET lc_messages" })?;
        self.run("SELECT pg_reload_conf()")?;
        std::thread::sleep(Duration::from_millis(300));
        Ok(())
    }

    /// The types of a statement's parameters as the database infers them; none where it cannot. A function of any
    /// array tells no type, so that those of arrays are read off their values.
    pub fn parameter_types(&self, database: &str, statement: &Statement) -> Vec<String> {
        let known: Vec<&str> = statement.params.iter().map(|value| array_type(value.as_deref())).collect();
        let infer = || -> Result<Vec<String>> {
            let mut connection = PgConnection::establish(&self.url(database))?;
            connection.batch_execute(&format!("PREPARE probe ({}) AS {}", known.join(", "), statement.text))?;
            let types = "SELECT array_to_json(parameter_types::text[])::text AS value \
                         FROM pg_prepared_statements WHERE name = 'probe'";
            Ok(serde_json::from_str(&text(&mut connection, types)?)?)
        };
        infer().unwrap_or_default()
    }

    /// Rows inserted and updated in a database so far.
    pub fn written(&self, database: &str) -> Result<f64> {
        let sql = "SELECT coalesce(sum(n_tup_ins + n_tup_upd), 0)::text AS value FROM pg_stat_user_tables";
        Ok(text(&mut PgConnection::establish(&self.url(database))?, sql)?.parse()?)
    }

    fn run(&mut self, sql: &str) -> Result<()> {
        Ok(self.admin.batch_execute(sql)?)
    }
}

fn array_type(value: Option<&str>) -> &'static str {
    match value.and_then(sql::items).and_then(|items| items.split(',').next()) {
        // an empty one shows no type, and PostgreSQL infers it from what it is compared with
        None | Some("") => "unknown",
        Some("t" | "f") => "boolean[]",
        Some(item) if sql::uuids(item).contains(&item) => "uuid[]",
        Some(_) => "text[]",
    }
}

/// A connection for measurements that speak SQL themselves.
pub fn connect(url: &str) -> Result<PgConnection> {
    Ok(PgConnection::establish(url)?)
}

/// The one text a query answers, named `value`.
pub fn text(connection: &mut PgConnection, sql: &str) -> Result<String> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        value: String,
    }
    Ok(diesel::sql_query(sql).get_result::<Row>(connection)?.value)
}
