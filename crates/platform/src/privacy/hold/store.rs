//! The queries of a legal hold. `scope` is the only way in for callers; an erasure asks past it.
use super::{HELD, LegalHold, LegalHoldPatch, NewLegalHold, RELEASED};
use crate::deed::untouched;
use crate::privacy::circle::{self, Subject};
use crate::privacy::plan::ROOTS;
use crate::privacy::twin;
use crate::schema::legal_holds;
use crate::search::{Words, array_to_tsvector};
use crate::{Batch, Conn, Listing, Record as _};
use chrono::{DateTime, Utc};
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::{Action, Ctx, Error, Fault, LegalHoldId, Page, Reach, Result, TenantId, UserId, error, text};
use uuid::Uuid;

/// The legal holds of the tenant, for an actor who may do `action`.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let open: AsExprOf<bool, Bool> =
        (ctx.reach::<LegalHold>(Action::Read).min(ctx.reach::<LegalHold>(action)) > Reach::None).into_sql::<Bool>();
    legal_holds::table.filter(legal_holds::tenant_id.eq(tenant)).filter(open)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: LegalHoldId) -> Result<LegalHold> {
    Ok(scope(ctx, Action::Read).filter(legal_holds::id.eq(id)).select(LegalHold::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<legal_holds::table>) -> Result<Page<LegalHold>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((LegalHold::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(legal_holds::id),
        |hold| &hold.reason,
    )
}

/// Holds from now on: an erasure that is under way is waited for.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewLegalHold) -> Result<LegalHold> {
    conn.transaction(|conn| {
        known(conn, ctx, &new.subject_kind, new.subject_id)?;
        let row = (
            legal_holds::tenant_id.eq(ctx.tenant),
            legal_holds::id.eq(new.id.unwrap_or_else(LegalHoldId::new)),
            legal_holds::subject_kind.eq(&new.subject_kind),
            legal_holds::subject_id.eq(new.subject_id),
            legal_holds::reason.eq(&new.reason),
            (legal_holds::created_at.eq(ctx.now), legal_holds::updated_at.eq(ctx.now)),
            (legal_holds::created_by.eq(ctx.actor.user), legal_holds::updated_by.eq(ctx.actor.user)),
            legal_holds::search.eq(array_to_tsvector(words(&new.reason))),
        );
        let insert = diesel::insert_into(legal_holds::table).values(row).returning(LegalHold::as_returning());
        Ok(insert.recorded::<LegalHold>(ctx, Verb::Created).get_result(conn)?)
    })
}

pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: LegalHoldId,
    base: Option<i32>,
    patch: &LegalHoldPatch,
) -> Result<LegalHold> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target =
        scope(ctx, Action::Update).filter(legal_holds::id.eq(id)).filter(legal_holds::version.between(oldest, newest));
    let search = patch.reason.as_deref().map(|reason| legal_holds::search.eq(array_to_tsvector(words(reason))));
    let update = diesel::update(target).set((patch, search, moved(ctx))).returning(LegalHold::as_returning());
    match update.recorded::<LegalHold>(ctx, Verb::Updated).get_result(conn).optional()? {
        Some(hold) => Ok(hold),
        None => Err(untouched(conn, ctx, find, id, base)),
    }
}

/// From now on it holds nothing.
pub fn release(conn: &mut Conn, ctx: &Ctx, id: LegalHoldId) -> Result<LegalHold> {
    let target = scope(ctx, Action::Update).filter(legal_holds::id.eq(id)).filter(legal_holds::released_at.is_null());
    let released = (legal_holds::released_at.eq(ctx.now), legal_holds::released_by.eq(ctx.actor.user));
    let update = diesel::update(target).set((released, moved(ctx))).returning(LegalHold::as_returning());
    match update.recorded::<LegalHold>(ctx, Verb::Released).get_result(conn).optional()? {
        Some(hold) => Ok(hold),
        None => find(conn, ctx, id).and(Err(RELEASED.into())),
    }
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: DateTime<Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (
        legal_holds::version.eq(legal_holds::version + 1_i32),
        legal_holds::updated_at.eq(now),
        legal_holds::updated_by.eq(user),
    )
}

fn words(reason: &str) -> Vec<String> {
    Words::new().text(reason).lexemes()
}

/// What holds somebody now, by whichever of their records.
pub fn on(conn: &mut Conn, subject: Subject) -> QueryResult<Vec<LegalHoldId>> {
    let all: Vec<Uuid> = twin::all(conn, subject)?.into_iter().map(|one| one.id).collect();
    legal_holds::table
        .filter(legal_holds::tenant_id.eq(subject.tenant))
        .filter(legal_holds::subject_id.eq_any(all))
        .filter(legal_holds::released_at.is_null())
        .order(legal_holds::id)
        .select(legal_holds::id)
        .load(conn)
}

/// Refuses where somebody is held.
pub fn refuse(conn: &mut Conn, subject: Subject) -> Result<()> {
    let holds = on(conn, subject)?;
    if holds.is_empty() {
        return Ok(());
    }
    let existing: Vec<_> = holds.into_iter().map(|id| kernel::Existing::new(id, "legal_hold", 100)).collect();
    Err(kernel::existing::conflict(HELD, &existing))
}

/// The subject of this kind and id, locked; archived ones too, whoever may see them.
pub(in crate::privacy) fn known(conn: &mut Conn, ctx: &Ctx, kind: &str, id: Uuid) -> Result<Subject> {
    let subject = subject(ctx.tenant, kind, id).ok_or(error::NOT_FOUND)?;
    match circle::is_there(conn, subject, true)? {
        true => Ok(subject),
        false => Err(Error::from(error::UNKNOWN_REFERENCE).fault(Fault::new(
            "/subject_id",
            "unknown_reference",
            text!("there is no such record"),
        ))),
    }
}

/// Who is meant by a kind and an id.
pub fn subject(tenant: TenantId, kind: &str, id: Uuid) -> Option<Subject> {
    let table = ROOTS.iter().find(|(noun, ..)| *noun == kind).map(|(.., table)| *table)?;
    Some(Subject { tenant, table, id })
}

impl Batch for LegalHold {
    fn find(conn: &mut Conn, ctx: &Ctx, id: LegalHoldId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[LegalHoldId]) -> Result<Vec<Self>> {
        Ok(legal_holds::table
            .filter(legal_holds::tenant_id.eq(tenant))
            .filter(legal_holds::id.eq_any(ids))
            .select(LegalHold::as_select())
            .load(conn)?)
    }
}
