//! Once and no more: a request that names itself by an `Idempotency-Key` is carried out once, however often it is sent.
//!
//! All that such a request does goes through one transaction, which stays open until its answer is written down beside
//! it: both are kept or neither. The first call of [`crate::Db`] opens it, so that the caller is known and permitted by
//! then, and looks whether the key was used before; what is found ends the request. Only successes are kept: whatever
//! was refused has left nothing behind, and may be tried again by the same key.
//!
//! The request is known by a task-local, so no room, deed or door has to know of this. Where no key is sent, there is
//! none, and nothing is different.
mod answer;
mod store;

pub use answer::Answer;
pub use store::{clear, forget};

use crate::db::{Conn, Db, checkout};
use crate::pool::Connection;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Code, Ctx, Error, Kind, Result, error, text};
use sha2::Sha256;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{Found, Row};
use tokio::sync::OwnedSemaphorePermit;

pub const IN_PROGRESS: Code = Code::new(
    "idempotency_in_progress",
    Kind::Conflict,
    "A request with this Idempotency-Key is still being carried out; come back after `Retry-After` seconds.",
);
pub const KEY_REUSED: Code = Code::new(
    "idempotency_key_reused",
    Kind::Invalid,
    "This Idempotency-Key was sent with another request: another method, path, query or body.",
);
pub const ANSWER_GONE: Code = Code::new(
    "idempotency_answer_gone",
    Kind::Conflict,
    "The request was carried out before; its answer holds a secret, or was erased since, and is not given again.",
);
pub const CODES: &[Code] = &[IN_PROGRESS, KEY_REUSED, ANSWER_GONE];

/// How long answers are kept at least.
pub const KEPT: chrono::Duration = chrono::Duration::hours(72);
const LONGEST: usize = 255;

tokio::task_local! {
    static REQUEST: Arc<Once>;
}

/// A request that is to be carried out once.
pub struct Once {
    /// none where it is no key
    key: Option<String>,
    seen: Mutex<Hmac<Sha256>>,
    state: Mutex<State>,
    after: Mutex<Vec<Box<dyn FnOnce() + Send>>>,
}

#[derive(Default)]
struct State {
    open: Option<Open>,
    verdict: Option<Verdict>,
}

/// The transaction of the request. Dropped, it is as if it had never been: a connection that is in one is closed.
struct Open {
    conn: Connection,
    row: Row,
    _seat: OwnedSemaphorePermit,
}

/// What ends a request before it begins.
#[derive(Clone)]
enum Verdict {
    Refused(Code),
    Replayed(Answer),
}

/// What became of a request.
pub enum Outcome {
    /// the answer goes out as it is
    Done,
    /// refused before it began: this is the answer
    Refused(Error),
    /// carried out before: this was the answer
    Replayed(Answer),
}

/// The request under way, if it is to be carried out once.
pub(crate) fn current() -> Option<Arc<Once>> {
    REQUEST.try_with(Arc::clone).ok()
}

/// What must not happen unless the request is kept: done when it is, or at once where there is no such request. Dropped
/// where the request is undone.
pub fn afterwards(work: impl FnOnce() + Send + 'static) {
    match current() {
        Some(once) => lock(&once.after).push(Box::new(work)),
        None => work(),
    }
}

/// Part of what tells this request from another, where its bytes do not: a form is the same whatever its boundary.
pub fn note(part: &[u8]) {
    if let Some(once) = current() {
        once.saw(part);
    }
}

impl Once {
    /// `target` is the path with its query. What is no key is refused when its caller is known.
    pub fn new(key: Option<&str>, method: &str, target: &str) -> Arc<Self> {
        let key = key.filter(|key| (1..=LONGEST).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()));
        let seen = Hmac::new_from_slice(key.unwrap_or_default().as_bytes());
        let seen = seen.unwrap_or_else(|_| unreachable!("a key of HMAC may have any length"));
        let once = Self {
            key: key.map(str::to_owned),
            seen: Mutex::new(seen),
            state: Mutex::default(),
            after: Mutex::default(),
        };
        [method, "\0", target, "\0"].iter().for_each(|part| once.saw(part.as_bytes()));
        Arc::new(once)
    }

    /// Bytes of the body, as they are read.
    pub fn saw(&self, bytes: &[u8]) {
        lock(&self.seen).update(bytes);
    }

    /// Whatever `work` does with the database is part of this request.
    pub async fn carry<F: Future>(self: Arc<Self>, work: F) -> F::Output {
        REQUEST.scope(self, work).await
    }

    /// Does a part of the request in its transaction.
    pub(crate) async fn run<R: Send + 'static>(
        self: Arc<Self>,
        db: &Db,
        ctx: &Ctx,
        work: impl FnOnce(&mut Conn) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        let seat = if self.is_open() { None } else { Some(db.seat().await?) };
        let (db, ctx) = (db.clone(), ctx.clone());
        let part = move || {
            let mut state = lock(&self.state);
            if let Some(seat) = seat {
                self.begin(&mut state, &db, &ctx, seat)?;
            }
            let open = state.open.as_mut().ok_or_else(|| Error::internal("the request has ended"))?;
            work(&mut open.conn)
        };
        tokio::task::spawn_blocking(part).await.map_err(Error::internal)?
    }

    fn is_open(&self) -> bool {
        lock(&self.state).open.is_some()
    }

    fn begin(&self, state: &mut State, db: &Db, ctx: &Ctx, seat: OwnedSemaphorePermit) -> Result<()> {
        if state.verdict.is_none() && state.open.is_none() {
            match self.look(db, ctx)? {
                Ok((conn, row)) => state.open = Some(Open { conn, row, _seat: seat }),
                Err(verdict) => state.verdict = Some(verdict),
            }
        }
        match &state.verdict {
            None => Ok(()),
            Some(Verdict::Refused(code)) => Err((*code).into()),
            // the caller of the handler knows better
            Some(Verdict::Replayed(_)) => Err(IN_PROGRESS.into()),
        }
    }

    /// Opens the transaction, unless there is a reason not to.
    fn look(&self, db: &Db, ctx: &Ctx) -> Result<std::result::Result<(Connection, Row), Verdict>> {
        let Some(key) = &self.key else { return Ok(Err(Verdict::Refused(error::MALFORMED))) };
        let request = lock(&self.seen).clone().finalize().into_bytes();
        let row = Row::new(ctx, key, &request);
        let mut conn = checkout(db.pool())?;
        store::begin(&mut conn)?;
        let verdict = match store::claim(&mut conn, &row) {
            Ok(Found::Nothing) => return Ok(Ok((conn, row))),
            Ok(Found::Running) => Ok(Verdict::Refused(IN_PROGRESS)),
            Ok(Found::Kept { request, .. }) if request != row.request_hash => Ok(Verdict::Refused(KEY_REUSED)),
            Ok(Found::Kept { answer: None, .. }) => Ok(Verdict::Refused(ANSWER_GONE)),
            Ok(Found::Kept { answer: Some(answer), .. }) => Ok(Verdict::Replayed(answer)),
            Err(error) => Err(error),
        };
        store::undo(&mut conn);
        verdict.map(Err)
    }

    /// Ends the request: what it did is kept together with its answer, or undone where there is none.
    pub async fn end(self: Arc<Self>, answer: Option<Answer>) -> Result<Outcome> {
        let (open, verdict) = {
            let mut state = lock(&self.state);
            (state.open.take(), state.verdict.take())
        };
        match (open, verdict) {
            (_, Some(Verdict::Replayed(answer))) => Ok(Outcome::Replayed(answer)),
            (_, Some(Verdict::Refused(code))) => Ok(Outcome::Refused(refusal(code))),
            (None, None) => {
                self.settle();
                Ok(Outcome::Done)
            }
            (Some(open), None) => {
                let ended = tokio::task::spawn_blocking(move || self.close(open, answer));
                ended.await.map_err(Error::internal)?.map(|()| Outcome::Done)
            }
        }
    }

    fn close(&self, mut open: Open, answer: Option<Answer>) -> Result<()> {
        let Some(answer) = answer else {
            store::undo(&mut open.conn);
            return Ok(());
        };
        crate::crash::point("before_commit");
        store::keep(&mut open.conn, &open.row, &answer)?;
        let kept = store::commit(&mut open.conn);
        // a commit that nobody confirmed may have happened
        self.settle();
        crate::crash::point("after_commit");
        kept
    }

    fn settle(&self) {
        std::mem::take(&mut *lock(&self.after)).into_iter().for_each(|work| work());
    }
}

fn refusal(code: Code) -> Error {
    match code {
        IN_PROGRESS => Error::from(code).member("retry_after", 1),
        error::MALFORMED => Error::from(code)
            .detail(text!("Idempotency-Key takes 1 to {most} visible ASCII characters", most = LONGEST)),
        _ => code.into(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
