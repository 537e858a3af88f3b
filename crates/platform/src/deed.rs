//! What the deeds of all rooms have in common.
use crate::privacy::restriction;
use crate::{Conn, external, history};
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, OptionalExtension, RunQueryDsl};
use kernel::existing::conflict;
use kernel::{Action, Ctx, Error, Existing, Noun, Reach, Record, Result, UserId, error, text};
use serde::Serialize;

/// What is done about a record that is probably there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    #[default]
    Reject,
    Allow,
}

/// Why a change touched nothing: the record is not there for the caller, has moved on, or may not be changed.
pub fn untouched<R: Record + Serialize>(
    conn: &mut Conn,
    ctx: &Ctx,
    find: impl FnOnce(&mut Conn, &Ctx, R::Id) -> Result<R>,
    id: R::Id,
    base: Option<i32>,
) -> Error {
    match find(conn, ctx, id) {
        Err(error) => error,
        Ok(current) => match base {
            Some(version) if version != current.version() => stale(conn, ctx, &current, version),
            _ if restriction::restricted(conn, ctx, id).unwrap_or_default() => restriction::RESTRICTED.into(),
            _ => error::FORBIDDEN.into(),
        },
    }
}

/// The record as it was and as it is, as far as the caller sees it: the door adds what they wanted, field by field.
fn stale<R: Record + Serialize>(conn: &mut Conn, ctx: &Ctx, current: &R, version: i32) -> Error {
    let mut base = history::at(conn, ctx, R::NAME, current.id().into(), version).ok().flatten();
    let mut now = serde_json::to_value(current).unwrap_or_default();
    base.iter_mut().chain([&mut now]).for_each(|record| ctx.grants.trim(R::NAME, record));
    Error::from(error::STALE)
        .detail(text!("it is at version {version} by now", version = current.version()))
        .member("base", base.unwrap_or_default())
        .member("current", now)
}

/// Takes a record away for good, archived or not, if it is still at version `base`, and with it all that refers to it by
/// its id alone. It is compared as it is found, for who comes late is told what has changed; and once more as it goes, for
/// somebody may have been quicker: then it stays.
pub fn purge<R: Record + Serialize, E, F>(
    conn: &mut Conn,
    ctx: &Ctx,
    id: R::Id,
    base: Option<i32>,
    find: impl FnOnce(&mut Conn, &Ctx, R::Id) -> std::result::Result<R, E>,
    delete: impl FnOnce(&mut Conn, &Ctx, R::Id) -> std::result::Result<Option<R>, F>,
) -> Result<()>
where
    Error: From<E> + From<F>,
{
    conn.transaction(|conn| {
        let found = find(conn, ctx, id)?;
        unmoved(conn, ctx, &found, base)?;
        let gone = delete(conn, ctx, id)?.ok_or(error::FORBIDDEN)?;
        unmoved(conn, ctx, &gone, base)?;
        external::forget(conn, ctx, &[id.into()])?;
        Ok(())
    })
}

/// Refused where the record is not at the version that the caller knows.
pub fn unmoved<R: Record + Serialize>(conn: &mut Conn, ctx: &Ctx, current: &R, base: Option<i32>) -> Result<()> {
    match base {
        Some(version) if version != current.version() => Err(stale(conn, ctx, current, version)),
        _ => Ok(()),
    }
}

/// To make or keep a record for somebody else is a permission of its own.
pub fn may_own<N: Noun>(ctx: &Ctx, owner: Option<UserId>) -> Result<()> {
    let other = owner.is_some_and(|owner| owner != ctx.actor.user);
    if other && ctx.reach::<N>(Action::Assign) == Reach::None {
        return Err(Error::from(error::FORBIDDEN).detail(text!("the owner may be set by those who may assign")));
    }
    Ok(())
}

/// A statement whose failure is asked about afterwards. In the transaction of a request ([`crate::once`]) it gets a
/// savepoint, for a transaction that failed can be asked nothing more. Alone it costs what it costs.
pub fn attempt<R, E: From<diesel::result::Error>>(
    conn: &mut Conn,
    statement: impl FnOnce(&mut Conn) -> std::result::Result<R, E>,
) -> std::result::Result<R, E> {
    let depth = AnsiTransactionManager::transaction_manager_status_mut(conn).transaction_depth();
    if depth.ok().flatten().is_some() { conn.transaction(statement) } else { statement(conn) }
}

/// What an upsert may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    #[default]
    Upsert,
    CreateOnly,
    UpdateOnly,
}

/// An upsert: the record in both its forms, for whether it is there shows only later.
#[derive(Clone, Debug)]
pub struct Upsert<N, P> {
    pub mode: Mode,
    /// the version that the caller expects
    pub base: Option<i32>,
    /// the faults, where the body is not good enough for a new record
    pub new: std::result::Result<N, Vec<kernel::Fault>>,
    pub patch: P,
}

/// What came of it.
#[derive(Debug)]
pub enum Upserted<R> {
    Created(R),
    Updated(R),
}

impl<R> Upserted<R> {
    pub fn into_inner(self) -> R {
        match self {
            Self::Created(record) | Self::Updated(record) => record,
        }
    }
}

/// Somebody else may make the record between the look and the write: then it is looked for again.
const LOOKS: usize = 3;

diesel::define_sql_function! { fn pg_advisory_xact_lock(key: BigInt); }
diesel::define_sql_function! { fn hashtextextended(text: Text, seed: BigInt) -> BigInt; }

/// In a transaction: whoever asks for the same name waits for its end.
pub fn in_turn(conn: &mut Conn, name: &str) -> Result<()> {
    diesel::select(pg_advisory_xact_lock(hashtextextended(name, 0))).execute(conn)?;
    Ok(())
}

/// A key by which a record is asked for.
pub trait Called: std::fmt::Debug {
    /// the source system and what it calls the record, if the key is such a name
    fn called(&self) -> Option<(&str, &str)>;
}

/// The name that a record is asked for by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByName(pub String);

impl Called for ByName {
    fn called(&self) -> Option<(&str, &str)> {
        None
    }
}

/// Changes the one record that `find` finds, or makes one, which the other system then calls so. In a transaction:
/// whoever asks for the same `key` waits for its end, so that a key that is not unique by itself does not come to be there
/// twice. `find` knows the living, `find_any` the archived too.
pub fn upsert<R: Record, K: Called, N, P>(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &K,
    ask: &Upsert<N, P>,
    (find, find_any): (
        impl Fn(&mut Conn, &Ctx, &K) -> Result<Vec<R>>,
        impl Fn(&mut Conn, &Ctx, R::Id) -> QueryResult<R>,
    ),
    create: impl Fn(&mut Conn, &N) -> Result<R>,
    update: impl Fn(&mut Conn, R, &P) -> Result<R>,
) -> Result<Upserted<R>> {
    in_turn(conn, &format!("{} {} {key:?}", ctx.tenant, R::NAME))?;
    let mut looks = 1;
    loop {
        let mut found = find(conn, ctx, key)?;
        if found.len() > 1 {
            let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id(), "key", 100)).collect();
            return Err(conflict(error::AMBIGUOUS, &existing));
        }
        match (found.pop(), ask.mode) {
            (Some(one), Mode::CreateOnly) => {
                return Err(conflict(error::ALREADY_EXISTS, &[Existing::new(one.id(), "key", 100)]));
            }
            (Some(one), _) => return update(conn, one, &ask.patch).map(Upserted::Updated),
            (None, Mode::UpdateOnly) => return Err(error::NOT_FOUND.into()),
            (None, _) => {}
        }
        let new = ask.new.as_ref().map_err(|faults| Error::from(error::INVALID).faults(faults.clone()))?;
        let made: Result<R> = conn.transaction(|conn| {
            let made = create(conn, new)?;
            call(conn, ctx, key, &made, &find_any)?;
            Ok(made)
        });
        match made {
            Err(error) if error.kind() == kernel::Kind::Conflict && looks < LOOKS => looks += 1,
            done => return done.map(Upserted::Created),
        }
    }
}

/// Gives a new record the name that it was asked for by. Where that stands for one that is not among the living, the caller
/// is told which it is, if they may see it: it is theirs to restore.
fn call<R: Record>(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &impl Called,
    made: &R,
    find_any: impl Fn(&mut Conn, &Ctx, R::Id) -> QueryResult<R>,
) -> Result<()> {
    let Some((source_system, external_id)) = key.called() else { return Ok(()) };
    if external::put::<R>(conn, ctx, made.id().into(), source_system, external_id)? {
        return Ok(());
    }
    let holder = external::find::<R>(conn, ctx, source_system, external_id)?;
    let seen = holder.and_then(|id| find_any(conn, ctx, id.into()).optional().transpose()).transpose()?;
    let Some(archived) = seen else { return Err(conflict(external::EXTERNAL_ID_TAKEN, &[])) };
    let existing = [Existing::new(archived.id(), "external_id", 100)];
    let id: uuid::Uuid = archived.id().into();
    Err(conflict(external::EXTERNAL_ID_TAKEN, &existing)
        .detail(text!("the record that is called so is archived: POST …/{id}/restore brings it back", id)))
}
