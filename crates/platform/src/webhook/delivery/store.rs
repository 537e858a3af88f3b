//! The queries of deliveries, as those see them who look after endpoints. `scope` is the only way in.
use super::{PENDING, TEST, WebhookDelivery, id_of};
use crate::schema::webhook_deliveries;
use crate::{Batch, Conn, Listing};
use chrono::{DateTime, Utc};
use diesel::dsl::{AsExprOf, auto_type, now};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::{Action, Ctx, EventId, Page, Reach, Result, TenantId, WebhookDeliveryId, WebhookEndpointId};

#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let open: AsExprOf<bool, Bool> =
        (ctx.reach::<WebhookDelivery>(Action::Read).min(ctx.reach::<WebhookDelivery>(action)) > Reach::None)
            .into_sql::<Bool>();
    webhook_deliveries::table.filter(webhook_deliveries::tenant_id.eq(tenant)).filter(open)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: WebhookDeliveryId) -> Result<WebhookDelivery> {
    let one = scope(ctx, Action::Read).filter(webhook_deliveries::id.eq(id));
    Ok(one.select(WebhookDelivery::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<webhook_deliveries::table>) -> Result<Page<WebhookDelivery>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((WebhookDelivery::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(webhook_deliveries::id),
        |delivery| &delivery.event_name,
    )
}

/// An event that nothing has made, due at once.
pub(in crate::webhook) fn test(
    conn: &mut Conn,
    ctx: &Ctx,
    endpoint: WebhookEndpointId,
) -> QueryResult<WebhookDelivery> {
    let event = EventId::new();
    let row = (
        webhook_deliveries::tenant_id.eq(ctx.tenant),
        webhook_deliveries::id.eq(id_of(endpoint, event)),
        webhook_deliveries::endpoint_id.eq(endpoint),
        webhook_deliveries::event_id.eq(event),
        webhook_deliveries::event_name.eq(TEST),
        webhook_deliveries::object_id.eq(endpoint.0),
        webhook_deliveries::status.eq(PENDING),
        webhook_deliveries::next_attempt_at.eq(now),
        webhook_deliveries::created_at.eq(ctx.now),
        webhook_deliveries::updated_at.eq(ctx.now),
    );
    diesel::insert_into(webhook_deliveries::table)
        .values(row)
        .returning(WebhookDelivery::as_returning())
        .get_result(conn)
}

/// Begun anew; nothing comes back while it is being sent.
pub(super) fn again(conn: &mut Conn, ctx: &Ctx, id: WebhookDeliveryId) -> QueryResult<Option<WebhookDelivery>> {
    let at_rest = webhook_deliveries::leased_until.is_null().or(webhook_deliveries::leased_until.lt(now));
    let target = scope(ctx, Action::Update).filter(webhook_deliveries::id.eq(id)).filter(at_rest);
    let set = (
        webhook_deliveries::status.eq(PENDING),
        webhook_deliveries::attempt_count.eq(0),
        webhook_deliveries::next_attempt_at.eq(now),
        webhook_deliveries::leased_until.eq(None::<DateTime<Utc>>),
        webhook_deliveries::fence.eq(webhook_deliveries::fence + 1),
        webhook_deliveries::finished_at.eq(None::<DateTime<Utc>>),
        webhook_deliveries::version.eq(webhook_deliveries::version + 1),
        webhook_deliveries::updated_at.eq(ctx.now),
    );
    diesel::update(target).set(set).returning(WebhookDelivery::as_returning()).get_result(conn).optional()
}

/// Takes away what is older, of the tenants that have webhooks; how many there were.
pub fn clear(conn: &mut Conn, before: DateTime<Utc>) -> QueryResult<usize> {
    let tenants = super::super::fanout::tenants(conn)?;
    tenants.into_iter().try_fold(0, |gone, tenant| {
        let old = webhook_deliveries::table
            .filter(webhook_deliveries::tenant_id.eq(tenant))
            .filter(webhook_deliveries::created_at.lt(before));
        Ok(gone + diesel::delete(old).execute(conn)?)
    })
}

impl Batch for WebhookDelivery {
    fn find(conn: &mut Conn, ctx: &Ctx, id: WebhookDeliveryId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[WebhookDeliveryId]) -> Result<Vec<Self>> {
        Ok(webhook_deliveries::table
            .filter(webhook_deliveries::tenant_id.eq(tenant))
            .filter(webhook_deliveries::id.eq_any(ids))
            .select(WebhookDelivery::as_select())
            .load(conn)?)
    }
}
