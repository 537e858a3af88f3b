//! The queries of an endpoint. `scope` is the way of those who set it up.
use super::{DISABLED, ENABLED, NewWebhookEndpoint, WebhookEndpoint, WebhookEndpointPatch};
use crate::schema::webhook_endpoints;
use crate::search::{Words, array_to_tsvector};
use crate::{Batch, Conn, Listing, Record as _};
use chrono::{DateTime, Utc};
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::{Action, Ctx, Page, Reach, Result, TenantId, UserId, WebhookEndpointId};

/// The endpoints of the tenant, for an actor who may do `action`; archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let open: AsExprOf<bool, Bool> =
        (ctx.reach::<WebhookEndpoint>(Action::Read).min(ctx.reach::<WebhookEndpoint>(action)) > Reach::None)
            .into_sql::<Bool>();
    webhook_endpoints::table.filter(webhook_endpoints::tenant_id.eq(tenant)).filter(open)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: WebhookEndpointId) -> Result<WebhookEndpoint> {
    let target = scope(ctx, Action::Read).filter(webhook_endpoints::deleted_at.is_null());
    Ok(target.filter(webhook_endpoints::id.eq(id)).select(WebhookEndpoint::as_select()).first(conn)?)
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: WebhookEndpointId) -> QueryResult<WebhookEndpoint> {
    let target = scope(ctx, Action::Read).filter(webhook_endpoints::id.eq(id));
    target.select(WebhookEndpoint::as_select()).first(conn)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<webhook_endpoints::table>) -> Result<Page<WebhookEndpoint>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((WebhookEndpoint::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(webhook_endpoints::id),
        |endpoint| &endpoint.url,
    )
}

/// The living among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[WebhookEndpointId]) -> Result<Vec<WebhookEndpoint>> {
    let living = scope(ctx, Action::Read).filter(webhook_endpoints::deleted_at.is_null());
    Ok(living.filter(webhook_endpoints::id.eq_any(ids)).select(WebhookEndpoint::as_select()).load(conn)?)
}

/// How many are in use.
pub(super) fn count(conn: &mut Conn, ctx: &Ctx) -> QueryResult<i64> {
    let living = webhook_endpoints::table.filter(webhook_endpoints::tenant_id.eq(ctx.tenant));
    living.filter(webhook_endpoints::deleted_at.is_null()).count().get_result(conn)
}

/// `nouns` is what the key reads by which it is set up.
pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewWebhookEndpoint,
    nouns: Option<Vec<String>>,
) -> QueryResult<WebhookEndpoint> {
    let given = (
        webhook_endpoints::tenant_id.eq(ctx.tenant),
        webhook_endpoints::id.eq(new.id.unwrap_or_else(WebhookEndpointId::new)),
        (webhook_endpoints::user_id.eq(ctx.actor.user), webhook_endpoints::nouns.eq(nouns)),
        webhook_endpoints::status.eq(ENABLED),
        (webhook_endpoints::created_at.eq(ctx.now), webhook_endpoints::updated_at.eq(ctx.now)),
        (webhook_endpoints::created_by.eq(ctx.actor.user), webhook_endpoints::updated_by.eq(ctx.actor.user)),
        webhook_endpoints::search.eq(array_to_tsvector(words(&new.url, new.description.as_deref()))),
    );
    diesel::insert_into(webhook_endpoints::table)
        .values((given, new))
        .returning(WebhookEndpoint::as_returning())
        .recorded::<WebhookEndpoint>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the endpoint may not be changed, or is no longer at version `base`. With `eyes`, it is sent
/// from now on what the actor sees, through the nouns that their key reads.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: WebhookEndpointId,
    base: Option<i32>,
    patch: &WebhookEndpointPatch,
    eyes: Option<Option<Vec<String>>>,
) -> QueryResult<Option<WebhookEndpoint>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(webhook_endpoints::deleted_at.is_null())
        .filter(webhook_endpoints::id.eq(id))
        .filter(webhook_endpoints::version.between(oldest, newest));
    let eyes = eyes.map(|nouns| (webhook_endpoints::user_id.eq(ctx.actor.user), webhook_endpoints::nouns.eq(nouns)));
    diesel::update(target)
        .set((patch, eyes, moved(ctx)))
        .returning(WebhookEndpoint::as_returning())
        .recorded::<WebhookEndpoint>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// What is searched follows every change.
pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, endpoint: &WebhookEndpoint) -> QueryResult<usize> {
    let words = words(&endpoint.url, endpoint.description.as_deref());
    diesel::update(webhook_endpoints::table.find((ctx.tenant, endpoint.id)))
        .set(webhook_endpoints::search.eq(array_to_tsvector(words)))
        .execute(conn)
}

/// Its secret is another.
pub(super) fn touch(conn: &mut Conn, ctx: &Ctx, id: WebhookEndpointId) -> QueryResult<Option<WebhookEndpoint>> {
    let target = scope(ctx, Action::Update).filter(webhook_endpoints::deleted_at.is_null());
    diesel::update(target.filter(webhook_endpoints::id.eq(id)))
        .set(moved(ctx))
        .returning(WebhookEndpoint::as_returning())
        .recorded::<WebhookEndpoint>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living endpoint, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: WebhookEndpointId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<WebhookEndpoint>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(webhook_endpoints::deleted_at.is_null().eq(archived))
        .filter(webhook_endpoints::id.eq(id))
        .filter(webhook_endpoints::version.between(oldest, newest));
    diesel::update(target)
        .set((webhook_endpoints::deleted_at.eq(at), webhook_endpoints::begins_after.eq(None::<i64>), moved(ctx)))
        .returning(WebhookEndpoint::as_returning())
        .recorded::<WebhookEndpoint>(ctx, verb)
        .get_result(conn)
        .optional()
}

/// Disables it for a reason, or enables it where there is none.
pub(super) fn set_status(
    conn: &mut Conn,
    ctx: &Ctx,
    id: WebhookEndpointId,
    reason: Option<&str>,
) -> QueryResult<Option<WebhookEndpoint>> {
    let target = scope(ctx, Action::Update).filter(webhook_endpoints::deleted_at.is_null());
    diesel::update(target.filter(webhook_endpoints::id.eq(id)))
        .set((settled(ctx.now, reason), moved(ctx)))
        .returning(WebhookEndpoint::as_returning())
        .recorded::<WebhookEndpoint>(ctx, if reason.is_some() { Verb::Disabled } else { Verb::Enabled })
        .get_result(conn)
        .optional()
}

/// Whether a living endpoint is enabled; nothing, where there is none.
pub(in crate::webhook) fn standing(
    conn: &mut Conn,
    tenant: TenantId,
    id: WebhookEndpointId,
) -> QueryResult<Option<bool>> {
    let living = webhook_endpoints::table.find((tenant, id)).filter(webhook_endpoints::deleted_at.is_null());
    living.select(webhook_endpoints::status.eq(ENABLED)).first(conn).optional()
}

/// Where it is, whoever asks: for letters to its people.
pub fn address(conn: &mut Conn, tenant: TenantId, id: WebhookEndpointId) -> QueryResult<Option<String>> {
    webhook_endpoints::table.find((tenant, id)).select(webhook_endpoints::url).first(conn).optional()
}

/// Disabled by the house, in the name of its user; whether it was enabled until then.
pub(in crate::webhook) fn give_up(
    conn: &mut Conn,
    ctx: &Ctx,
    id: WebhookEndpointId,
    reason: &str,
) -> QueryResult<bool> {
    let target = webhook_endpoints::table.find((ctx.tenant, id)).filter(webhook_endpoints::status.eq(ENABLED));
    let done: Option<WebhookEndpoint> = diesel::update(target)
        .set((settled(ctx.now, Some(reason)), moved(ctx)))
        .returning(WebhookEndpoint::as_returning())
        .recorded::<WebhookEndpoint>(ctx, Verb::Disabled)
        .get_result(conn)
        .optional()?;
    Ok(done.is_some())
}

#[auto_type]
fn settled(now: DateTime<Utc>, reason: Option<&str>) -> _ {
    let at: Option<DateTime<Utc>> = reason.map(|_| now);
    let status: &'static str = if reason.is_some() { DISABLED } else { ENABLED };
    let reason: Option<String> = reason.map(str::to_owned);
    let never: Option<DateTime<Utc>> = None;
    let nowhere: Option<i64> = None;
    (
        webhook_endpoints::status.eq(status),
        webhook_endpoints::disabled_reason.eq(reason),
        webhook_endpoints::disabled_at.eq(at),
        webhook_endpoints::failing_at.eq(never),
        webhook_endpoints::begins_after.eq(nowhere),
    )
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: DateTime<Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (
        webhook_endpoints::version.eq(webhook_endpoints::version + 1_i32),
        webhook_endpoints::updated_at.eq(now),
        webhook_endpoints::updated_by.eq(user),
    )
}

fn words(url: &str, description: Option<&str>) -> Vec<String> {
    Words::new().text(url).maybe(description, |words, text| words.text(text)).lexemes()
}

impl Batch for WebhookEndpoint {
    fn find(conn: &mut Conn, ctx: &Ctx, id: WebhookEndpointId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[WebhookEndpointId]) -> Result<Vec<Self>> {
        Ok(webhook_endpoints::table
            .filter(webhook_endpoints::tenant_id.eq(tenant))
            .filter(webhook_endpoints::deleted_at.is_null())
            .filter(webhook_endpoints::id.eq_any(ids))
            .select(WebhookEndpoint::as_select())
            .load(conn)?)
    }
}
