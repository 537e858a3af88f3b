//! `/v1/webhook-deliveries`: what was sent to webhook endpoints, and how it went.
use crate::answer::{Found, Result, Shown};
use crate::extract::{Can, Id, List, ListQuery, View, ViewQuery};
use crate::routes::Routes;
use crate::worker::webhooks;
use ::platform::Db;
use ::platform::webhook::delivery::{self, WebhookDelivery};
use actix_web::web::Data;
use actix_web::{get, post};
use kernel::{Page, Read, Update, WebhookDeliveryId};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_webhook_deliveries).service(get_webhook_delivery).service(retry_webhook_delivery);
}

type WebhookDeliveryPage = Page<WebhookDelivery>;

/// List webhook deliveries
///
/// Of the last thirty days, the newest events first, unless `sort` says otherwise; of one endpoint with `endpoint_id=…`.
#[utoipa::path(tag = "webhook-deliveries", params(ListQuery),
    responses((status = 200, description = "a page of webhook deliveries", body = WebhookDeliveryPage)))]
#[get("/webhook-deliveries")]
async fn list_webhook_deliveries(
    db: Data<Db>,
    Can(can): Can<Read<WebhookDelivery>>,
    List(listing, view): List<delivery::Table>,
) -> Result<Shown<WebhookDeliveryPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| delivery::list(conn, ctx, &listing)).await
}

/// Get a webhook delivery
///
/// By what the receiver knows as `webhook-id`.
#[utoipa::path(tag = "webhook-deliveries", params(("id" = WebhookDeliveryId, Path), ViewQuery),
    responses((status = 200, description = "the webhook delivery with its last attempts", body = WebhookDelivery)))]
#[get("/webhook-deliveries/{id}")]
async fn get_webhook_delivery(
    db: Data<Db>,
    Can(can): Can<Read<WebhookDelivery>>,
    Id(id): Id<WebhookDeliveryId>,
    view: View,
) -> Result<Found<WebhookDelivery>> {
    view.one(&db, can, id).await
}

/// Send a webhook once more
///
/// At once, whatever became of it; the receiver knows it by the same `webhook-id`.
#[utoipa::path(tag = "webhook-deliveries", params(("id" = WebhookDeliveryId, Path)),
    responses((status = 200, description = "the webhook delivery, which is sent in the background", body = WebhookDelivery)))]
#[post("/webhook-deliveries/{id}/retry")]
async fn retry_webhook_delivery(
    db: Data<Db>,
    Can(can): Can<Update<WebhookDelivery>>,
    Id(id): Id<WebhookDeliveryId>,
) -> Result<Found<WebhookDelivery>> {
    let delivery = db.change(can, move |conn, ctx| delivery::retry(conn, ctx, id)).await?;
    webhooks::wake();
    Ok(Found::plain(delivery))
}
