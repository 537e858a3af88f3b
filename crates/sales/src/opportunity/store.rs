//! The queries of an opportunity. `scope` is the only way in.
use super::schema::{opportunities, opportunities_beside};
use super::settle::Settled;
use super::{Key, NewOpportunity, Opportunity, OpportunityPatch};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{AccountId, Action, Ctx, OpportunityId, Page, PipelineId, Result, StageId, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record, Visible, visible};
use rust_decimal::Decimal;

/// The opportunities of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
pub(crate) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<opportunities::table> = visible::rows(ctx, action);
    opportunities::table.filter(opportunities::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: OpportunityId) -> Result<Opportunity> {
    Ok(scope(ctx, Action::Read)
        .filter(opportunities::deleted_at.is_null())
        .filter(opportunities::id.eq(id))
        .select(Opportunity::as_select())
        .first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<opportunities::table>) -> Result<Page<Opportunity>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Opportunity::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(opportunities::id),
        |opportunity| &opportunity.name,
    )
}

/// The living opportunities among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[OpportunityId]) -> Result<Vec<Opportunity>> {
    Ok(scope(ctx, Action::Read)
        .filter(opportunities::deleted_at.is_null())
        .filter(opportunities::id.eq_any(ids))
        .select(Opportunity::as_select())
        .load(conn)?)
}

/// The living opportunities with this key.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Opportunity>> {
    let Key::External { source_system, external_id } = key;
    let living = scope(ctx, Action::Read).filter(opportunities::deleted_at.is_null()).select(Opportunity::as_select());
    Ok(match platform::external::find::<Opportunity>(conn, ctx, source_system, external_id)? {
        Some(id) => living.filter(opportunities::id.eq(id)).load(conn)?,
        None => Vec::new(),
    })
}

/// Living opportunities of this name with this account; few are enough to know.
pub(super) fn alike(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &str,
    account: Option<AccountId>,
) -> QueryResult<Vec<Opportunity>> {
    scope(ctx, Action::Read)
        .filter(opportunities::deleted_at.is_null())
        .filter(opportunities::name.eq(name))
        .filter(opportunities::account_id.is_not_distinct_from(account))
        .limit(20)
        .select(Opportunity::as_select())
        .load(conn)
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewOpportunity,
    settled: &Settled,
    words: Vec<String>,
) -> QueryResult<Opportunity> {
    let given = (
        opportunities::tenant_id.eq(ctx.tenant),
        opportunities::id.eq(new.id.unwrap_or_else(OpportunityId::new)),
        opportunities::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        opportunities::created_at.eq(ctx.now),
        opportunities::updated_at.eq(ctx.now),
        opportunities::created_by.eq(ctx.actor.user),
        opportunities::updated_by.eq(ctx.actor.user),
        opportunities_beside::search.eq(array_to_tsvector(words)),
        opportunities_beside::rots_at.eq(settled.rots_at),
    );
    diesel::insert_into(opportunities::table)
        .values((given, follows(settled), new))
        .returning(Opportunity::as_returning())
        .recorded::<Opportunity>(ctx, Verb::Created)
        .get_result(conn)
}

/// Of one that is locked. Nothing comes back where it may not be changed.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OpportunityId,
    patch: &OpportunityPatch,
    settled: &Settled,
    verb: Verb,
) -> QueryResult<Option<Opportunity>> {
    let moved = (
        opportunities::version.eq(opportunities::version + 1),
        opportunities::updated_at.eq(ctx.now),
        opportunities::updated_by.eq(ctx.actor.user),
    );
    let clock = (
        opportunities_beside::rots_at.eq(settled.rots_at),
        opportunities_beside::is_rotten.eq(settled.is_rotten),
        settled.enters.then(|| opportunities_beside::rotting_told_at.eq(None::<DateTime<Utc>>)),
    );
    diesel::update(scope(ctx, Action::Update).filter(opportunities::id.eq(id)))
        .set((patch, follows(settled), clock, moved))
        .returning(Opportunity::as_returning())
        .recorded::<Opportunity>(ctx, verb)
        .get_result(conn)
        .optional()
}

/// The columns that follow from the stage and the amount.
#[auto_type]
fn follows(settled: &Settled) -> _ {
    let (pipeline, stage): (PipelineId, StageId) = (settled.pipeline_id, settled.stage_id);
    let (currency, base_currency): (String, String) = (settled.currency.clone(), settled.base_currency.clone());
    let (amount, base_amount): (Option<Decimal>, Option<Decimal>) = (settled.amount, settled.base_amount);
    let (rate, expected): (Option<Decimal>, Option<Decimal>) = (settled.exchange_rate, settled.expected_amount);
    let (probability, category): (i32, String) = (settled.probability, settled.forecast_category.clone());
    let (closed_at, entered_at): (Option<DateTime<Utc>>, DateTime<Utc>) = (settled.closed_at, settled.stage_entered_at);
    let rank: i64 = settled.rank;
    (
        opportunities::pipeline_id.eq(pipeline),
        opportunities::stage_id.eq(stage),
        opportunities::currency.eq(currency),
        opportunities::amount.eq(amount),
        opportunities::base_amount.eq(base_amount),
        opportunities::base_currency.eq(base_currency),
        opportunities::exchange_rate.eq(rate),
        opportunities::probability.eq(probability),
        opportunities::expected_amount.eq(expected),
        opportunities::forecast_category.eq(category),
        opportunities::closed_at.eq(closed_at),
        opportunities::stage_entered_at.eq(entered_at),
        opportunities::rank.eq(rank),
    )
}

/// What is searched follows every change; who changed it may see it no longer.
pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: OpportunityId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(opportunities::table.find((ctx.tenant, id)))
        .set(opportunities_beside::search.eq(array_to_tsvector(words)))
        .execute(conn)
}

/// Locks the opportunity, if the actor may change it. Whoever only refers to it does not wait.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: OpportunityId) -> QueryResult<Option<Opportunity>> {
    scope(ctx, Action::Update)
        .filter(opportunities::deleted_at.is_null())
        .filter(opportunities::id.eq(id))
        .for_no_key_update()
        .select(Opportunity::as_select())
        .first(conn)
        .optional()
}

/// Archives a living opportunity, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OpportunityId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Opportunity>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(opportunities::deleted_at.is_null().eq(archived))
        .filter(opportunities::id.eq(id))
        .filter(opportunities::version.between(oldest, newest));
    let moved = (
        opportunities::deleted_at.eq(at),
        opportunities::version.eq(opportunities::version + 1),
        opportunities::updated_at.eq(ctx.now),
        opportunities::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Opportunity::as_returning())
        .recorded::<Opportunity>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: OpportunityId) -> QueryResult<Option<Opportunity>> {
    diesel::delete(scope(ctx, Action::Purge).filter(opportunities::id.eq(id)))
        .returning(Opportunity::as_returning())
        .recorded::<Opportunity>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The opportunity whether living or archived, as far as the caller may see it.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: OpportunityId) -> QueryResult<Opportunity> {
    scope(ctx, Action::Read).filter(opportunities::id.eq(id)).select(Opportunity::as_select()).first(conn)
}

/// The opportunities in a stage that the actor may change, living or archived, in the order of their ids.
pub(super) fn within(conn: &mut Conn, ctx: &Ctx, stage: StageId) -> QueryResult<Vec<(OpportunityId, bool)>> {
    scope(ctx, Action::Update)
        .filter(opportunities::stage_id.eq(stage))
        .order(opportunities::id)
        .select((opportunities::id, opportunities::deleted_at.is_not_null()))
        .load(conn)
}

/// What is archived is in another stage when it comes back, where another stay begins.
pub(super) fn shift(conn: &mut Conn, ctx: &Ctx, id: OpportunityId, to: StageId) -> QueryResult<Opportunity> {
    let moved = (
        opportunities::stage_id.eq(to),
        opportunities_beside::rotting_told_at.eq(None::<DateTime<Utc>>),
        opportunities::version.eq(opportunities::version + 1),
        opportunities::updated_at.eq(ctx.now),
        opportunities::updated_by.eq(ctx.actor.user),
    );
    diesel::update(scope(ctx, Action::Update).filter(opportunities::id.eq(id)))
        .set(moved)
        .returning(Opportunity::as_returning())
        .recorded::<Opportunity>(ctx, Verb::Updated)
        .get_result(conn)
}

impl Batch for Opportunity {
    fn find(conn: &mut Conn, ctx: &Ctx, id: OpportunityId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[OpportunityId]) -> Result<Vec<Self>> {
        Ok(opportunities::table
            .filter(opportunities::tenant_id.eq(tenant))
            .filter(opportunities::deleted_at.is_null())
            .filter(opportunities::id.eq_any(ids))
            .select(Opportunity::as_select())
            .load(conn)?)
    }
}
