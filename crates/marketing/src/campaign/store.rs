//! The queries of a campaign. `scope` is the only way in.
use super::{Campaign, CampaignPatch, Key, NewCampaign};
use crate::schema::campaigns;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, CampaignId, Ctx, Money, Page, Result, TenantId, UserId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record, Visible, visible};
use rust_decimal::Decimal;

/// The campaigns of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
pub(crate) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<campaigns::table> = visible::rows(ctx, action);
    campaigns::table.filter(campaigns::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: CampaignId) -> Result<Campaign> {
    Ok(scope(ctx, Action::Read)
        .filter(campaigns::deleted_at.is_null())
        .filter(campaigns::id.eq(id))
        .select(Campaign::as_select())
        .first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<campaigns::table>) -> Result<Page<Campaign>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Campaign::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(campaigns::id),
        |campaign| &campaign.name,
    )
}

/// The living campaigns among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[CampaignId]) -> Result<Vec<Campaign>> {
    Ok(scope(ctx, Action::Read)
        .filter(campaigns::deleted_at.is_null())
        .filter(campaigns::id.eq_any(ids))
        .select(Campaign::as_select())
        .load(conn)?)
}

/// The living campaigns with this key.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Campaign>> {
    let living = scope(ctx, Action::Read).filter(campaigns::deleted_at.is_null()).select(Campaign::as_select());
    Ok(match key {
        Key::External { source_system, external_id } => {
            match platform::external::find::<Campaign>(conn, ctx, source_system, external_id)? {
                Some(id) => living.filter(campaigns::id.eq(id)).load(conn)?,
                None => Vec::new(),
            }
        }
    })
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewCampaign, words: Vec<String>) -> QueryResult<Campaign> {
    let given = (
        campaigns::tenant_id.eq(ctx.tenant),
        campaigns::id.eq(new.id.unwrap_or_else(CampaignId::new)),
        campaigns::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        campaigns::status.eq("planned"),
        campaigns::budget_amount.eq(amount(new.budget.as_ref())),
        campaigns::expected_cost_amount.eq(amount(new.expected_cost.as_ref())),
        campaigns::actual_cost_amount.eq(amount(new.actual_cost.as_ref())),
        campaigns::expected_revenue_amount.eq(amount(new.expected_revenue.as_ref())),
        campaigns::actual_revenue_amount.eq(amount(new.actual_revenue.as_ref())),
        campaigns::created_at.eq(ctx.now),
        campaigns::updated_at.eq(ctx.now),
        campaigns::created_by.eq(ctx.actor.user),
        campaigns::updated_by.eq(ctx.actor.user),
        campaigns::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(campaigns::table)
        .values((given, new))
        .returning(Campaign::as_returning())
        .recorded::<Campaign>(ctx, Verb::Created)
        .get_result(conn)
}

/// What every change moves.
#[auto_type]
pub(super) fn touched(ctx: &Ctx) -> _ {
    let (now, user): (DateTime<Utc>, UserId) = (ctx.now, ctx.actor.user);
    (campaigns::version.eq(campaigns::version + 1_i32), campaigns::updated_at.eq(now), campaigns::updated_by.eq(user))
}

/// Of one that is locked. Nothing comes back where it may not be changed.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CampaignId,
    patch: &CampaignPatch,
) -> QueryResult<Option<Campaign>> {
    let said = |sum: &Option<Option<Money>>| sum.as_ref().map(|sum| amount(sum.as_ref()));
    let sums = (
        said(&patch.budget).map(|sum| campaigns::budget_amount.eq(sum)),
        said(&patch.expected_cost).map(|sum| campaigns::expected_cost_amount.eq(sum)),
        said(&patch.actual_cost).map(|sum| campaigns::actual_cost_amount.eq(sum)),
        said(&patch.expected_revenue).map(|sum| campaigns::expected_revenue_amount.eq(sum)),
        said(&patch.actual_revenue).map(|sum| campaigns::actual_revenue_amount.eq(sum)),
    );
    diesel::update(scope(ctx, Action::Update).filter(campaigns::id.eq(id)))
        .set((patch, sums, touched(ctx)))
        .returning(Campaign::as_returning())
        .recorded::<Campaign>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Of one that is locked.
pub(super) fn set_status(conn: &mut Conn, ctx: &Ctx, id: CampaignId, status: &str) -> QueryResult<Option<Campaign>> {
    diesel::update(scope(ctx, Action::Update).filter(campaigns::id.eq(id)))
        .set((campaigns::status.eq(status), touched(ctx)))
        .returning(Campaign::as_returning())
        .recorded::<Campaign>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// What stands above a campaign, whoever may see it; archived ones too.
pub(super) fn parent_of(conn: &mut Conn, ctx: &Ctx, id: CampaignId) -> QueryResult<Option<CampaignId>> {
    campaigns::table.find((ctx.tenant, id)).select(campaigns::parent_id).first(conn)
}

/// The status of a campaign, whoever may see it; that of an archived one is `cancelled`.
pub(crate) fn status_of(conn: &mut Conn, tenant: TenantId, id: CampaignId) -> QueryResult<String> {
    let (status, archived): (String, Option<DateTime<Utc>>) =
        campaigns::table.find((tenant, id)).select((campaigns::status, campaigns::deleted_at)).first(conn)?;
    Ok(if archived.is_some() { "cancelled".to_owned() } else { status })
}

/// Whether living campaigns stand below it, whoever may see them.
pub(super) fn has_children(conn: &mut Conn, ctx: &Ctx, id: CampaignId) -> QueryResult<bool> {
    let below = campaigns::table
        .filter(campaigns::tenant_id.eq(ctx.tenant))
        .filter(campaigns::deleted_at.is_null())
        .filter(campaigns::parent_id.eq(id));
    diesel::select(diesel::dsl::exists(below)).get_result(conn)
}

fn amount(sum: Option<&Money>) -> Option<Decimal> {
    sum.map(|sum| sum.amount)
}

/// What is searched follows every change; who changed it may see it no longer.
pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: CampaignId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(campaigns::table.find((ctx.tenant, id)))
        .set(campaigns::search.eq(array_to_tsvector(words)))
        .execute(conn)
}

/// Locks the campaign, if the actor may do that.
pub(crate) fn lock(conn: &mut Conn, ctx: &Ctx, action: Action, id: CampaignId) -> QueryResult<Option<Campaign>> {
    scope(ctx, action)
        .filter(campaigns::deleted_at.is_null())
        .filter(campaigns::id.eq(id))
        .for_update()
        .select(Campaign::as_select())
        .first(conn)
        .optional()
}

/// Archives a living campaign, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CampaignId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Campaign>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(campaigns::deleted_at.is_null().eq(archived))
        .filter(campaigns::id.eq(id))
        .filter(campaigns::version.between(oldest, newest));
    diesel::update(target)
        .set((campaigns::deleted_at.eq(at), touched(ctx)))
        .returning(Campaign::as_returning())
        .recorded::<Campaign>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: CampaignId) -> QueryResult<Option<Campaign>> {
    diesel::delete(scope(ctx, Action::Purge).filter(campaigns::id.eq(id)))
        .returning(Campaign::as_returning())
        .recorded::<Campaign>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The campaign whether living or archived, as far as the caller may see it.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: CampaignId) -> QueryResult<Campaign> {
    scope(ctx, Action::Read).filter(campaigns::id.eq(id)).select(Campaign::as_select()).first(conn)
}

impl Batch for Campaign {
    fn find(conn: &mut Conn, ctx: &Ctx, id: CampaignId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[CampaignId]) -> Result<Vec<Self>> {
        Ok(campaigns::table
            .filter(campaigns::tenant_id.eq(tenant))
            .filter(campaigns::deleted_at.is_null())
            .filter(campaigns::id.eq_any(ids))
            .select(Campaign::as_select())
            .load(conn)?)
    }
}
