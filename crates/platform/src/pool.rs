//! Connections that are asked whether they live only after they have idled: no hidden round trip on the hot path.
use diesel::PgConnection;
use diesel::connection::{CacheSize, Connection as _};
use diesel::r2d2::{ConnectionManager, Error, ManageConnection};
use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

pub type Pool = diesel::r2d2::Pool<Manager>;
pub type Connection = diesel::r2d2::PooledConnection<Manager>;

pub struct Manager {
    inner: ConnectionManager<PgConnection>,
    trust: Duration,
    cache: bool,
}

impl Manager {
    /// A connection idle for longer than `trust` is asked whether it lives. `cache`: whether statements stay prepared.
    pub fn new(url: &str, trust: Duration, cache: bool) -> Self {
        Self { inner: ConnectionManager::new(url), trust, cache }
    }
}

impl ManageConnection for Manager {
    type Connection = Timed;
    type Error = Error;

    fn connect(&self) -> Result<Timed, Error> {
        let mut conn = self.inner.connect()?;
        if !self.cache {
            conn.set_prepared_statement_cache_size(CacheSize::Disabled);
        }
        Ok(Timed { conn, last: now() })
    }
    fn is_valid(&self, timed: &mut Timed) -> Result<(), Error> {
        if timed.last.elapsed() < self.trust { Ok(()) } else { self.inner.is_valid(&mut timed.conn) }
    }
    fn has_broken(&self, timed: &mut Timed) -> bool {
        self.inner.has_broken(&mut timed.conn)
    }
}

pub struct Timed {
    conn: PgConnection,
    last: Instant,
}

impl Deref for Timed {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.conn
    }
}

impl DerefMut for Timed {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.last = now();
        &mut self.conn
    }
}

#[allow(clippy::disallowed_methods)] // an interval, not a time of day
fn now() -> Instant {
    Instant::now()
}
