//! Coalesced loads: while one query runs, the ids that arrive meanwhile wait together and go in the next one.
//! Nothing is delayed; under load a statement answers many requests. Only callers whose reach is `All` are batched,
//! so a row needs no other check than its tenant; for the others the scoped query of the room decides.
use crate::db::{Conn, checkout};
use crate::pool::Pool;
use crate::visible::veil;
use kernel::{Action, Ctx, Error, Permit, Reach, Read, Record, Result, TenantId, error};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use tokio::sync::oneshot;

/// A record that can be loaded by id, alone or with others.
pub trait Batch: Record + Clone + Send + Sync {
    fn find(conn: &mut Conn, ctx: &Ctx, id: Self::Id) -> Result<Self>;
    /// The living records of the tenant among `ids`; asked only for callers who may see all of them.
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[Self::Id]) -> Result<Vec<Self>>;
}

/// More at once means smaller batches: one is measurably best.
const AT_ONCE: usize = 1;
const LARGEST: usize = 128;

/// One queue a noun, made when first asked for. The queues own neither threads nor connections.
#[derive(Default)]
pub struct Queues(RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Queues {
    pub fn queue<T: Batch>(&self) -> Arc<Queue<T>> {
        let key = TypeId::of::<T>();
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let queue = known.unwrap_or_else(|| {
            let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
            all.entry(key).or_insert_with(|| Arc::new(Queue::<T>::default())).clone()
        });
        queue.downcast().unwrap_or_else(|_| unreachable!("filed under its own type"))
    }
}

pub struct Queue<T: Batch>(Mutex<Waiting<T>>);

struct Waiting<T: Batch> {
    asks: Vec<Ask<T>>,
    running: usize,
}

struct Ask<T: Batch> {
    tenant: TenantId,
    id: T::Id,
    answer: oneshot::Sender<Result<T>>,
}

impl<T: Batch> Default for Queue<T> {
    fn default() -> Self {
        Self(Mutex::new(Waiting { asks: Vec::new(), running: 0 }))
    }
}

impl<T: Batch> Queue<T> {
    pub async fn load(self: Arc<Self>, pool: &Pool, permit: Permit<Read<T>>, id: T::Id) -> Result<T> {
        let (pool, again) = (pool.clone(), pool.clone());
        if permit.ctx().reach::<T>(Action::Read) != Reach::All || veil::is_down_over(permit.ctx(), T::NAME) {
            let alone = move || T::find(&mut *checkout(&pool)?, permit.ctx(), id);
            return tokio::task::spawn_blocking(alone).await.map_err(Error::internal)?;
        }
        let (answer, received) = oneshot::channel();
        if self.ask(Ask { tenant: permit.ctx().tenant, id, answer }) {
            tokio::task::spawn_blocking(move || self.drain(&pool));
        }
        match received.await.map_err(Error::internal)? {
            // its room knows whether it went somewhere
            Err(error) if error.code == error::NOT_FOUND => {
                let alone = move || T::find(&mut *checkout(&again)?, permit.ctx(), id);
                tokio::task::spawn_blocking(alone).await.map_err(Error::internal)?
            }
            loaded => loaded,
        }
    }

    /// Joins the queue; true when the caller must start somebody to serve it.
    fn ask(&self, ask: Ask<T>) -> bool {
        let mut waiting = self.lock();
        waiting.asks.push(ask);
        let start = waiting.running < AT_ONCE;
        waiting.running += usize::from(start);
        start
    }

    fn drain(&self, pool: &Pool) {
        while let Some(asks) = self.take() {
            let mut by_tenant: HashMap<TenantId, Vec<Ask<T>>> = HashMap::new();
            for ask in asks {
                by_tenant.entry(ask.tenant).or_default().push(ask);
            }
            for (tenant, asks) in by_tenant {
                answer(pool, tenant, asks);
            }
        }
    }

    fn take(&self) -> Option<Vec<Ask<T>>> {
        let mut waiting = self.lock();
        let many = waiting.asks.len().min(LARGEST);
        if many == 0 {
            waiting.running -= 1;
            return None;
        }
        Some(waiting.asks.drain(..many).collect())
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn answer<T: Batch>(pool: &Pool, tenant: TenantId, asks: Vec<Ask<T>>) {
    let ids: Vec<T::Id> = asks.iter().map(|ask| ask.id).collect();
    let found = checkout(pool).and_then(|mut conn| T::batch(&mut conn, tenant, &ids));
    let rows: std::result::Result<HashMap<T::Id, T>, kernel::Code> = match found {
        Ok(rows) => Ok(rows.into_iter().map(|row| (row.id(), row)).collect()),
        Err(error) => {
            tracing::warn!(%error, "a batch of loads failed");
            Err(error.code)
        }
    };
    for ask in asks {
        let row = match &rows {
            Ok(rows) => rows.get(&ask.id).cloned().ok_or_else(|| error::NOT_FOUND.into()),
            Err(code) => Err(Error::from(*code)),
        };
        let _ = ask.answer.send(row); // a caller that went away is no fault
    }
}
