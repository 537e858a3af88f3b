//! `/v1/inbound-deliveries`: what other systems have sent, and what became of it.
use crate::answer::{Found, Result, Shown};
use crate::extract::{Can, Id, List, ListQuery, View, ViewQuery};
use crate::routes::Routes;
use crate::worker;
use ::platform::Db;
use ::platform::connection::delivery::{self, InboundDelivery, RevealedDelivery};
use actix_web::web::{Data, Json};
use actix_web::{get, post};
use kernel::{InboundDeliveryId, Page, Read, Reveal, Update};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_inbound_deliveries)
        .service(get_inbound_delivery)
        .service(reveal_inbound_delivery)
        .service(replay_inbound_delivery);
}

type InboundDeliveryPage = Page<InboundDelivery>;

/// List inbound deliveries
///
/// Of the last thirty days, newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "connections", params(ListQuery),
    responses((status = 200, description = "a page of deliveries", body = InboundDeliveryPage)))]
#[get("/inbound-deliveries")]
async fn list_inbound_deliveries(
    db: Data<Db>,
    Can(can): Can<Read<InboundDelivery>>,
    List(listing, view): List<delivery::Table>,
) -> Result<Shown<InboundDeliveryPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| delivery::list(conn, ctx, &listing)).await
}

/// Get an inbound delivery
#[utoipa::path(tag = "connections", params(("id" = InboundDeliveryId, Path), ViewQuery),
    responses((status = 200, description = "the delivery, without what it holds", body = InboundDelivery)))]
#[get("/inbound-deliveries/{id}")]
async fn get_inbound_delivery(
    db: Data<Db>,
    Can(can): Can<Read<InboundDelivery>>,
    Id(id): Id<InboundDeliveryId>,
    view: View,
) -> Result<Found<InboundDelivery>> {
    view.one(&db, can, id).await
}

/// Reveal what an inbound delivery holds
///
/// Word for word, as it was sent. Each use leaves a row in the audit trail.
#[utoipa::path(tag = "connections", params(("id" = InboundDeliveryId, Path)),
    responses((status = 200, description = "the body", body = RevealedDelivery)))]
#[post("/inbound-deliveries/{id}/reveal")]
async fn reveal_inbound_delivery(
    db: Data<Db>,
    Can(can): Can<Reveal<InboundDelivery>>,
    Id(id): Id<InboundDeliveryId>,
) -> Result<crate::answer::Secret<Json<RevealedDelivery>>> {
    let revealed = db.change(can, move |conn, ctx| delivery::reveal(conn, ctx, id)).await?;
    Ok(crate::answer::Secret(Json(revealed)))
}

/// Replay an inbound delivery
///
/// It is worked on once more, by the mapping that its connection has now. A state that is older than what has been
/// written since changes nothing.
#[utoipa::path(tag = "connections", params(("id" = InboundDeliveryId, Path)),
    responses((status = 200, description = "the delivery, which waits for its turn", body = InboundDelivery)))]
#[post("/inbound-deliveries/{id}/replay")]
async fn replay_inbound_delivery(
    db: Data<Db>,
    Can(can): Can<Update<InboundDelivery>>,
    Id(id): Id<InboundDeliveryId>,
) -> Result<Found<InboundDelivery>> {
    let again = db.write(can, move |conn, ctx| delivery::replay(conn, ctx, id)).await?;
    worker::wake();
    Ok(Found::plain(again))
}
