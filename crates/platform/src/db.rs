//! The one door to the database. It opens for a [`Permit`] and for nothing else.
//!
//! - `read`: one cached statement, no transaction.   - `write`: one transaction.
//! - `change`: a write that is a single statement ([`crate::record::Recorded`]), so that it needs no transaction.
//! - `load`: a record by id, batched with whatever else is waiting (see [`crate::load`]).
//!
//! Nothing opens it without a permit, and a permit to look opens nothing that changes:
//! ```compile_fail
//! # use platform::Db;
//! async fn nameless(db: Db) { db.read(|conn, ctx| Ok(())).await.ok(); }
//! ```
//! ```compile_fail
//! # use platform::Db; use kernel::{Noun, Permit, Read};
//! async fn meddling<N: Noun>(db: Db, can: Permit<Read<N>>) { db.write(can, |_, _| Ok(())).await.ok(); }
//! ```
//! ```no_run
//! # use platform::Db; use kernel::{Create, Noun, Permit};
//! async fn proper<N: Noun>(db: Db, can: Permit<Create<N>>) { db.write(can, |_, _| Ok(())).await.ok(); }
//! ```
use crate::load::{Batch, Queues};
use crate::pool::{Connection, Manager, Pool};
use crate::role;
use crate::{event, once};
use diesel::Connection as _;
use kernel::{Changes, Ctx, Error, Looks, Permit, Read, Result, error};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub type Conn = diesel::PgConnection;

const IDLE_TRUST: Duration = Duration::from_secs(5);
const CHECKOUT: Duration = Duration::from_secs(1);
/// Who waits for a seat holds neither a thread nor a connection, and so may wait longer.
const SEAT: Duration = Duration::from_secs(5);
/// Requests that may wait for a connection; one more is told to come back.
const QUEUE: usize = 512;
/// Deadlocks and serialization failures are nobody's fault: the transaction is tried again.
const TRIES: u32 = 3;

/// What a pool is for.
#[derive(Clone, Debug)]
pub struct Settings {
    pub connections: u32,
    /// the longest that one statement may run
    pub statement_timeout: Duration,
    /// `false` behind a pooler that mixes up the names of prepared statements, or refuses start-up options
    pub sessions: bool,
}

impl Settings {
    pub fn requests(connections: u32, sessions: bool) -> Self {
        Self { connections, statement_timeout: Duration::from_secs(5), sessions }
    }

    pub fn jobs(connections: u32, sessions: bool) -> Self {
        Self { connections, statement_timeout: Duration::from_secs(300), sessions }
    }
}

#[derive(Clone)]
pub struct Db {
    pool: Pool,
    queue: Arc<Semaphore>,
    loads: Arc<Queues>,
    /// for requests that hold a connection until they are answered: three quarters of all, so that the others go on
    seats: Arc<Semaphore>,
}

impl Db {
    /// Fails where the database cannot be reached.
    pub fn open(url: &str, settings: &Settings) -> Result<Self> {
        let url = match settings.sessions {
            true => with_limits(url, settings.statement_timeout, role::standing(url)?.role()),
            false => url.to_owned(),
        };
        let pool = Pool::builder()
            .max_size(settings.connections)
            .min_idle(Some(1))
            .test_on_check_out(true) // asks nothing of a connection that was busy a moment ago: see `pool`
            .connection_timeout(CHECKOUT)
            .build(Manager::new(&url, IDLE_TRUST, settings.sessions))
            .map_err(Error::internal)?;
        let others = (settings.connections / 4).max(1);
        let seats = usize::try_from(settings.connections.saturating_sub(others)).unwrap_or_default().max(1);
        Ok(Self {
            pool,
            queue: Arc::new(Semaphore::new(QUEUE)),
            loads: Arc::default(),
            seats: Arc::new(Semaphore::new(seats)),
        })
    }

    /// One statement that looks.
    pub async fn read<P: Looks, R: Send + 'static>(
        &self,
        permit: Permit<P>,
        query: impl FnOnce(&mut Conn, &Ctx) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        self.permitted(permit, query).await
    }

    /// Several statements that must agree: one transaction, tried again where the database asks for it.
    pub async fn write<P: Changes, R: Send + 'static>(
        &self,
        permit: Permit<P>,
        deed: impl Fn(&mut Conn, &Ctx) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        let done = self.permitted(permit, move |conn, ctx| {
            let mut tries = 1;
            loop {
                match conn.transaction(|conn| deed(conn, ctx)) {
                    Err(error) if tries < TRIES && again(&error) => tries += 1,
                    done => return done,
                }
            }
        });
        written(done.await)
    }

    /// One statement that changes a record, with its event and its audit row.
    pub async fn change<P: Changes, R: Send + 'static>(
        &self,
        permit: Permit<P>,
        change: impl FnOnce(&mut Conn, &Ctx) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        written(self.permitted(permit, change).await)
    }

    /// The record with this id, asked for together with whatever else is being asked for.
    pub async fn load<T: Batch>(&self, permit: Permit<Read<T>>, id: T::Id) -> Result<T> {
        if once::current().is_some() {
            return self.permitted(permit, move |conn, ctx| T::find(conn, ctx, id)).await;
        }
        let _turn = self.turn()?;
        self.loads.queue::<T>().load(&self.pool, permit, id).await
    }

    /// For those who work before there can be a permit: authentication, start-up and the worker's queue. A house test
    /// holds the list of files that call it.
    pub async fn unpermitted<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        self.run(work).await
    }

    /// In the transaction of the request, where it has one (see [`crate::once`]).
    async fn permitted<P: 'static, R: Send + 'static>(
        &self,
        permit: Permit<P>,
        work: impl FnOnce(&mut Conn, &Ctx) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        match once::current() {
            None => self.run(move |conn| work(conn, permit.ctx())).await,
            Some(once) => {
                let _turn = self.turn()?;
                let ctx = permit.ctx().clone();
                once.run(self, &ctx, move |conn| work(conn, permit.ctx())).await
            }
        }
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// A place among those who hold a connection for longer than a statement.
    pub(crate) async fn seat(&self) -> Result<OwnedSemaphorePermit> {
        let seat = tokio::time::timeout(SEAT, Arc::clone(&self.seats).acquire_owned());
        seat.await.map_err(|_| Error::from(error::BUSY))?.map_err(Error::internal)
    }

    async fn run<R: Send + 'static>(&self, work: impl FnOnce(&mut Conn) -> Result<R> + Send + 'static) -> Result<R> {
        let _turn = self.turn()?;
        let pool = self.pool.clone();
        tokio::task::spawn_blocking(move || work(&mut *checkout(&pool)?)).await.map_err(Error::internal)?
    }

    fn turn(&self) -> Result<tokio::sync::SemaphorePermit<'_>> {
        self.queue.try_acquire().map_err(|_| error::BUSY.into())
    }
}

pub(crate) fn checkout(pool: &Pool) -> Result<Connection> {
    pool.get().map_err(|e| Error::from(error::BUSY).source(e))
}

/// Limits, and the role, that hold from the first moment of a connection, so that none has to be set later.
fn with_limits(url: &str, statement: Duration, role: Option<&str>) -> String {
    let role = role.map(|name| format!("%20-c%20role%3D{name}")).unwrap_or_default();
    let options = format!(
        "-c%20statement_timeout%3D{}%20-c%20lock_timeout%3D2000%20-c%20idle_in_transaction_session_timeout%3D60000{role}",
        statement.as_millis()
    );
    let join = if url.contains('?') { '&' } else { '?' };
    let keepalive =
        "connect_timeout=5&keepalives_idle=5&keepalives_interval=2&keepalives_count=2&tcp_user_timeout=5000";
    format!("{url}{join}options={options}&{keepalive}&application_name=guanxi")
}

/// Whoever seals what was written need not wait for its next look.
fn written<R>(done: Result<R>) -> Result<R> {
    if done.is_ok() {
        once::afterwards(event::written);
    }
    done
}

fn again(error: &Error) -> bool {
    let cause = error.source.as_ref().and_then(|source| source.downcast_ref::<diesel::result::Error>());
    match cause {
        Some(diesel::result::Error::DatabaseError(kind, info)) => {
            matches!(kind, diesel::result::DatabaseErrorKind::SerializationFailure)
                || info.message().contains("deadlock detected")
        }
        _ => false,
    }
}
