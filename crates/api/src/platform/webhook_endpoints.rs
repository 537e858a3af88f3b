//! `/v1/webhook-endpoints`: servers that are told what happens here.
use crate::answer::{Created, Found, Nothing, Result, Secret, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::house::House;
use crate::routes::Routes;
use crate::worker::{self, webhooks};
use ::platform::Db;
use ::platform::job::Job;
use ::platform::webhook::delivery::WebhookDelivery;
use ::platform::webhook::endpoint::{
    self, FreshWebhookEndpoint, NewWebhookEndpoint, SecretRotation, WebhookEndpoint, WebhookEndpointPatch,
};
use ::platform::webhook::replay::{self, WebhookReplay};
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, patch, post};
use kernel::{Create, Delete, Page, Read, Update, WebhookEndpointId};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_webhook_endpoints)
        .service(create_webhook_endpoint)
        .service(get_webhook_endpoint)
        .service(update_webhook_endpoint)
        .service(delete_webhook_endpoint)
        .service(restore_webhook_endpoint)
        .service(enable_webhook_endpoint)
        .service(disable_webhook_endpoint)
        .service(rotate_webhook_secret)
        .service(test_webhook_endpoint)
        .service(replay_webhook_events);
}

type WebhookEndpointPage = Page<WebhookEndpoint>;

/// List webhook endpoints
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "webhook-endpoints", params(ListQuery),
    responses((status = 200, description = "a page of webhook endpoints", body = WebhookEndpointPage)))]
#[get("/webhook-endpoints")]
async fn list_webhook_endpoints(
    db: Data<Db>,
    Can(can): Can<Read<WebhookEndpoint>>,
    List(listing, view): List<endpoint::Table>,
) -> Result<Shown<WebhookEndpointPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| endpoint::list(conn, ctx, &listing)).await
}

/// Create a webhook endpoint
///
/// It is sent what its maker sees, from now on, as the Standard Webhooks specification says: each event as `GET /v1/events`
/// has it, signed in `webhook-signature`, again and again over three days until it is answered 2xx. An event may come more
/// than once, with the same `webhook-id`, and not in order: `seq` tells it. Its secret is shown this once.
#[utoipa::path(tag = "webhook-endpoints", request_body = NewWebhookEndpoint,
    responses((status = 201, description = "the webhook endpoint as it was made, with its secret", body = FreshWebhookEndpoint)))]
#[post("/webhook-endpoints")]
async fn create_webhook_endpoint(
    house: Data<House>,
    Can(can): Can<Create<WebhookEndpoint>>,
    Valid(new): Valid<NewWebhookEndpoint>,
) -> Result<Secret<Created<FreshWebhookEndpoint>>> {
    let (all, outbound, vault) = (house.catalogues, house.identity.outbound().clone(), house.vault.clone());
    let made = house.db.change(can, move |conn, ctx| endpoint::create(conn, ctx, all, (&outbound, &vault), &new));
    Ok(Secret(Created(made.await?)))
}

/// Get a webhook endpoint
///
/// Without its secret, which nobody can show again.
#[utoipa::path(tag = "webhook-endpoints", params(("id" = WebhookEndpointId, Path), ViewQuery),
    responses((status = 200, description = "the webhook endpoint", body = WebhookEndpoint)))]
#[get("/webhook-endpoints/{id}")]
async fn get_webhook_endpoint(
    db: Data<Db>,
    Can(can): Can<Read<WebhookEndpoint>>,
    Id(id): Id<WebhookEndpointId>,
    view: View,
) -> Result<Found<WebhookEndpoint>> {
    view.one(&db, can, id).await
}

/// Update a webhook endpoint
///
/// Whoever says where to, or what is sent, is from then on in whose eyes: what they see is sent.
#[utoipa::path(tag = "webhook-endpoints", params(("id" = WebhookEndpointId, Path)),
    request_body(content = WebhookEndpointPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the webhook endpoint as it is now", body = WebhookEndpoint)))]
#[patch("/webhook-endpoints/{id}")]
async fn update_webhook_endpoint(
    house: Data<House>,
    Can(can): Can<Update<WebhookEndpoint>>,
    Id(id): Id<WebhookEndpointId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<WebhookEndpointPatch>,
) -> Result<Found<WebhookEndpoint>> {
    let (all, outbound) = (house.catalogues, house.identity.outbound().clone());
    let done = house.db.change(can, move |conn, ctx| endpoint::update(conn, ctx, all, &outbound, id, base, &patch));
    Ok(Found::plain(done.await?))
}

/// Archive a webhook endpoint
///
/// Nothing is sent to it any more.
#[utoipa::path(tag = "webhook-endpoints", params(("id" = WebhookEndpointId, Path)),
    responses((status = 204, description = "archived")))]
#[delete("/webhook-endpoints/{id}")]
async fn delete_webhook_endpoint(
    db: Data<Db>,
    Can(can): Can<Delete<WebhookEndpoint>>,
    Id(id): Id<WebhookEndpointId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| endpoint::archive(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Restore an archived webhook endpoint
///
/// What happened meanwhile is not sent by itself: a replay does that.
#[utoipa::path(tag = "webhook-endpoints", params(("id" = WebhookEndpointId, Path)),
    responses((status = 200, description = "the webhook endpoint, in use again", body = WebhookEndpoint)))]
#[post("/webhook-endpoints/{id}/restore")]
async fn restore_webhook_endpoint(
    db: Data<Db>,
    Can(can): Can<Delete<WebhookEndpoint>>,
    Id(id): Id<WebhookEndpointId>,
) -> Result<Found<WebhookEndpoint>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| endpoint::restore(conn, ctx, id)).await?))
}

/// Enable a webhook endpoint
///
/// What waited when it was disabled goes out; what happened meanwhile is not sent by itself: a replay does that.
#[utoipa::path(tag = "webhook-endpoints", params(("id" = WebhookEndpointId, Path)),
    responses((status = 200, description = "the webhook endpoint, enabled", body = WebhookEndpoint)))]
#[post("/webhook-endpoints/{id}/enable")]
async fn enable_webhook_endpoint(
    db: Data<Db>,
    Can(can): Can<Update<WebhookEndpoint>>,
    Id(id): Id<WebhookEndpointId>,
) -> Result<Found<WebhookEndpoint>> {
    let enabled = db.change(can, move |conn, ctx| endpoint::enable(conn, ctx, id)).await?;
    webhooks::wake();
    Ok(Found::plain(enabled))
}

/// Disable a webhook endpoint
///
/// What is due waits until it is enabled again, for thirty days at most; what happens meanwhile is not put down.
#[utoipa::path(tag = "webhook-endpoints", params(("id" = WebhookEndpointId, Path)),
    responses((status = 200, description = "the webhook endpoint, disabled", body = WebhookEndpoint)))]
#[post("/webhook-endpoints/{id}/disable")]
async fn disable_webhook_endpoint(
    db: Data<Db>,
    Can(can): Can<Update<WebhookEndpoint>>,
    Id(id): Id<WebhookEndpointId>,
) -> Result<Found<WebhookEndpoint>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| endpoint::disable(conn, ctx, id)).await?))
}

/// Rotate the secret of a webhook endpoint
///
/// A new secret, shown this once. The old one signs as well for `overlap_seconds`; one that is older signs no more.
#[utoipa::path(tag = "webhook-endpoints", params(("id" = WebhookEndpointId, Path)), request_body = SecretRotation,
    responses((status = 200, description = "the webhook endpoint, with its new secret", body = FreshWebhookEndpoint)))]
#[post("/webhook-endpoints/{id}/rotate-secret")]
async fn rotate_webhook_secret(
    house: Data<House>,
    Can(can): Can<Update<WebhookEndpoint>>,
    Id(id): Id<WebhookEndpointId>,
    Valid(how): Valid<SecretRotation>,
) -> Result<Secret<Found<FreshWebhookEndpoint>>> {
    let vault = house.vault.clone();
    Ok(Secret(Found::plain(
        house.db.change(can, move |conn, ctx| endpoint::rotate(conn, ctx, &vault, id, &how)).await?,
    )))
}

/// Send a test event
///
/// `webhook_endpoint.test`, signed and tried again like any other.
#[utoipa::path(tag = "webhook-endpoints", params(("id" = WebhookEndpointId, Path)),
    responses((status = 202, description = "the delivery, which is sent in the background", body = WebhookDelivery)))]
#[post("/webhook-endpoints/{id}/test")]
async fn test_webhook_endpoint(
    db: Data<Db>,
    Can(can): Can<Update<WebhookEndpoint>>,
    Id(id): Id<WebhookEndpointId>,
) -> Result<HttpResponse> {
    let delivery = db.change(can, move |conn, ctx| endpoint::test(conn, ctx, id)).await?;
    webhooks::wake();
    Ok(HttpResponse::Accepted().json(delivery))
}

/// Send a range of events once more
///
/// Those that the endpoint wants as it is now, whether they were sent before, by the same `webhook-id`, or not. By time, or
/// by the order of events.
#[utoipa::path(tag = "webhook-endpoints", params(("id" = WebhookEndpointId, Path)), request_body = WebhookReplay,
    responses((status = 202, description = "the job that puts them down", body = Job)))]
#[post("/webhook-endpoints/{id}/replay")]
async fn replay_webhook_events(
    db: Data<Db>,
    Can(can): Can<Update<WebhookEndpoint>>,
    Id(id): Id<WebhookEndpointId>,
    Valid(range): Valid<WebhookReplay>,
) -> Result<HttpResponse> {
    let job = db.change(can, move |conn, ctx| replay::begin(conn, ctx, id, &range)).await?;
    worker::wake();
    Ok(HttpResponse::Accepted().json(job))
}
