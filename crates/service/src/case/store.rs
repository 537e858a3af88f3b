//! The queries of a case. `scope` is the only way in.
use super::schema::{cases, cases_beside};
use super::standing::Moved;
use super::{CATALOGUE, Case, CasePatch, Key, NewCase};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{AccountId, Action, CaseId, Ctx, Page, Result, TenantId, UserId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record, Visible, merge, visible};
use std::collections::BTreeSet;

/// The cases of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
pub(crate) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<cases::table> = visible::rows(ctx, action);
    cases::table.filter(cases::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Case> {
    let living = scope(ctx, Action::Read).filter(cases::deleted_at.is_null());
    let found = living.filter(cases::id.eq(id)).select(Case::as_select()).first(conn).optional()?;
    found.ok_or_else(|| merge::instead(conn, ctx, &CATALOGUE, id.0))
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<cases::table>) -> Result<Page<Case>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Case::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(cases::id),
        |case| &case.subject,
    )
}

/// The living cases among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[CaseId]) -> Result<Vec<Case>> {
    Ok(scope(ctx, Action::Read)
        .filter(cases::deleted_at.is_null())
        .filter(cases::id.eq_any(ids))
        .select(Case::as_select())
        .load(conn)?)
}

/// The living cases with this key.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Case>> {
    let living = scope(ctx, Action::Read).filter(cases::deleted_at.is_null()).select(Case::as_select());
    Ok(match key {
        Key::Number(number) => living.filter(cases::number.eq(number)).load(conn)?,
        Key::External { source_system, external_id } => {
            match platform::external::find::<Case>(conn, ctx, source_system, external_id)? {
                Some(id) => living.filter(cases::id.eq(id)).load(conn)?,
                None => Vec::new(),
            }
        }
    })
}

/// What a new case is beside what was sent.
pub(super) struct Made<'a> {
    pub number: &'a str,
    pub account: Option<AccountId>,
    pub follows: Option<CaseId>,
    pub moved: Moved,
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewCase, made: &Made, words: Vec<String>) -> QueryResult<Case> {
    let given = (
        cases::tenant_id.eq(ctx.tenant),
        cases::id.eq(new.id.unwrap_or_else(CaseId::new)),
        cases::owner_id.eq(new.owner_id.or(new.queue_id).unwrap_or(ctx.actor.user)),
        cases::number.eq(made.number),
        cases::account_id.eq(made.account),
        cases::case_type.eq(new.case_type.as_deref().unwrap_or("inquiry")),
        cases::priority.eq(new.priority.as_deref().unwrap_or("normal")),
        cases::channel.eq(new.channel.as_deref().unwrap_or("api")),
        (cases::status.eq(made.moved.status), cases::resolved_at.eq(made.moved.resolved_at)),
        cases::closed_at.eq(made.moved.closed_at),
        (cases_beside::order_id.eq(new.order_id), cases_beside::product_id.eq(new.product_id)),
        (cases_beside::follows_id.eq(made.follows), cases_beside::root_cause.eq(&new.root_cause)),
        (cases::created_at.eq(ctx.now), cases::updated_at.eq(ctx.now)),
        (cases::created_by.eq(ctx.actor.user), cases::updated_by.eq(ctx.actor.user)),
        cases_beside::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(cases::table)
        .values((given, new))
        .returning(Case::as_returning())
        .recorded::<Case>(ctx, Verb::Created)
        .get_result(conn)
}

/// What every change moves.
#[auto_type]
pub(crate) fn touched(ctx: &Ctx) -> _ {
    let (now, user): (DateTime<Utc>, UserId) = (ctx.now, ctx.actor.user);
    (cases::version.eq(cases::version + 1_i32), cases::updated_at.eq(now), cases::updated_by.eq(user))
}

/// The columns of another status.
#[auto_type]
pub(crate) fn standing(moved: Moved) -> _ {
    let (resolved, closed): (Option<DateTime<Utc>>, Option<DateTime<Utc>>) = (moved.resolved_at, moved.closed_at);
    let (status, reopened): (&'static str, i32) = (moved.status, moved.reopened);
    (
        cases::status.eq(status),
        cases::resolved_at.eq(resolved),
        cases::closed_at.eq(closed),
        cases::reopened_count.eq(cases::reopened_count + reopened),
    )
}

/// Of one that is locked. Nothing comes back where it may not be changed.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CaseId,
    patch: &CasePatch,
    moved: Option<Moved>,
    verb: Verb,
) -> QueryResult<Option<Case>> {
    let beside = (
        patch.order_id.map(|id| cases_beside::order_id.eq(id)),
        patch.product_id.map(|id| cases_beside::product_id.eq(id)),
        patch.root_cause.as_ref().map(|text| cases_beside::root_cause.eq(text)),
    );
    diesel::update(scope(ctx, Action::Update).filter(cases::id.eq(id)))
        .set((patch, beside, moved.map(standing), touched(ctx)))
        .returning(Case::as_returning())
        .recorded::<Case>(ctx, verb)
        .get_result(conn)
        .optional()
}

/// What is searched follows every change; who changed it may see it no longer.
pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: CaseId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(cases::table.find((ctx.tenant, id)))
        .set(cases_beside::search.eq(array_to_tsvector(words)))
        .execute(conn)
}

/// Locks the case, if the actor may do that.
pub(crate) fn lock(conn: &mut Conn, ctx: &Ctx, action: Action, id: CaseId) -> QueryResult<Option<Case>> {
    scope(ctx, action)
        .filter(cases::deleted_at.is_null())
        .filter(cases::id.eq(id))
        .for_update()
        .select(Case::as_select())
        .first(conn)
        .optional()
}

/// Locks those that the actor may change, in the order of their ids.
pub(super) fn lock_all(conn: &mut Conn, ctx: &Ctx, ids: &[CaseId]) -> QueryResult<Vec<Case>> {
    scope(ctx, Action::Update)
        .filter(cases::deleted_at.is_null())
        .filter(cases::id.eq_any(ids))
        .order(cases::id)
        .for_update()
        .select(Case::as_select())
        .load(conn)
}

/// Archives a living case, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CaseId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Case>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(cases::deleted_at.is_null().eq(archived))
        .filter(cases::id.eq(id))
        .filter(cases::version.between(oldest, newest));
    diesel::update(target)
        .set((cases::deleted_at.eq(at), touched(ctx)))
        .returning(Case::as_returning())
        .recorded::<Case>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> QueryResult<Option<Case>> {
    diesel::delete(scope(ctx, Action::Purge).filter(cases::id.eq(id)))
        .returning(Case::as_returning())
        .recorded::<Case>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The case whether living or archived, as far as the caller may see it.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> QueryResult<Case> {
    scope(ctx, Action::Read).filter(cases::id.eq(id)).select(Case::as_select()).first(conn)
}

/// Whether a living case has this number, whoever may see it.
pub(super) fn is_taken(conn: &mut Conn, ctx: &Ctx, number: &str) -> QueryResult<bool> {
    let same = cases::table
        .filter(cases::tenant_id.eq(ctx.tenant))
        .filter(cases::deleted_at.is_null())
        .filter(cases::number.eq(number));
    diesel::select(diesel::dsl::exists(same)).get_result(conn)
}

/// Which case one is a part of, whoever may see it.
pub(super) fn above(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> QueryResult<Option<CaseId>> {
    let found: Option<Option<CaseId>> =
        cases::table.find((ctx.tenant, id)).select(cases::parent_id).first(conn).optional()?;
    Ok(found.flatten())
}

/// Those that are a part of a case, at whatever depth, are not over, and may be changed by the actor: locked.
pub(super) fn open_below(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> QueryResult<Vec<Case>> {
    let (mut all, mut above, mut met) = (Vec::new(), vec![id], BTreeSet::from([id]));
    while !above.is_empty() {
        let below: Vec<Case> = scope(ctx, Action::Update)
            .filter(cases::deleted_at.is_null())
            .filter(cases::parent_id.eq_any(&above))
            .order(cases::id)
            .for_update()
            .select(Case::as_select())
            .load(conn)?;
        above = below.iter().map(|case| case.id).filter(|id| met.insert(*id)).collect();
        all.extend(below.into_iter().filter(|case| above.contains(&case.id) && case.closed_at.is_none()));
    }
    Ok(all)
}

impl Batch for Case {
    fn find(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[CaseId]) -> Result<Vec<Self>> {
        Ok(cases::table
            .filter(cases::tenant_id.eq(tenant))
            .filter(cases::deleted_at.is_null())
            .filter(cases::id.eq_any(ids))
            .select(Case::as_select())
            .load(conn)?)
    }
}
