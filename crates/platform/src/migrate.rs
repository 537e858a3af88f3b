//! The schema, carried by the program: whoever starts first migrates, the others wait. With it goes what the service may
//! do with it (`migrate/grants.sql`).
use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use kernel::{Error, Result};

pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

const GRANTS: &str = include_str!("migrate/grants.sql");

/// One at a time, over all processes: any number that nobody else uses.
const TURN: i64 = 0x6775_616e_7869;

diesel::define_sql_function! { fn pg_advisory_lock(key: diesel::sql_types::BigInt); }
diesel::define_sql_function! { fn pg_advisory_unlock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool; }

/// Brings the schema up to date and says what it ran. Takes a connection of its own, straight to the server: the lock
/// belongs to the session.
pub fn up(url: &str) -> Result<Vec<String>> {
    let mut conn = PgConnection::establish(url).map_err(Error::internal)?;
    diesel::select(pg_advisory_lock(TURN)).execute(&mut conn)?;
    let ran = run(&mut conn);
    diesel::select(pg_advisory_unlock(TURN)).execute(&mut conn)?;
    ran
}

fn run(conn: &mut PgConnection) -> Result<Vec<String>> {
    let ran = conn.run_pending_migrations(MIGRATIONS).map_err(Error::internal)?;
    let ran = ran.iter().map(ToString::to_string).collect();
    conn.transaction(|conn| conn.batch_execute(GRANTS))?;
    // the worker tries again, and there are months ahead
    if let Err(error) = crate::audit::open_months(conn, kernel::clock::now()) {
        tracing::warn!(%error, "the next months of the audit trail could not be made");
    }
    Ok(ran)
}

/// The migrations that have not run.
pub fn pending(url: &str) -> Result<Vec<String>> {
    let mut conn = PgConnection::establish(url).map_err(Error::internal)?;
    let pending = conn.pending_migrations(MIGRATIONS).map_err(Error::internal)?;
    Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
}

/// The name of the newest migration: what the schema is called.
pub fn newest() -> String {
    let all = MigrationSource::<Pg>::migrations(&MIGRATIONS).unwrap_or_default();
    all.iter().map(|migration| migration.name().to_string()).max().unwrap_or_default()
}

/// Whether the database answers at all.
pub fn answers(conn: &mut crate::Conn) -> Result<()> {
    diesel::select(1.into_sql::<diesel::sql_types::Integer>()).execute(conn)?;
    Ok(())
}
