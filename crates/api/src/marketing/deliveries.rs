//! `/v1/deliveries`: what went to whom, and what came of it.
use crate::answer::{Found, Result, Shown};
use crate::extract::{Can, Id, List, ListQuery};
use crate::routes::Routes;
use ::marketing::campaign::Campaign;
use ::marketing::delivery::{self, Delivery, DeliveryEvent};
use actix_web::get;
use actix_web::web::{Data, Json};
use kernel::{DeliveryId, Page, Read};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_deliveries).service(get_delivery).service(list_delivery_events);
}

type DeliveryPage = Page<Delivery>;

/// List deliveries
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "sends", params(ListQuery),
    responses((status = 200, description = "a page of deliveries", body = DeliveryPage)))]
#[get("/deliveries")]
async fn list_deliveries(
    db: Data<Db>,
    Can(can): Can<Read<Campaign>>,
    List(listing, view): List<delivery::Table>,
) -> Result<Shown<DeliveryPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| delivery::list(conn, ctx, &listing)).await
}

/// Get a delivery
#[utoipa::path(tag = "sends", params(("id" = DeliveryId, Path)),
    responses((status = 200, description = "the delivery", body = Delivery)))]
#[get("/deliveries/{id}")]
async fn get_delivery(db: Data<Db>, Can(can): Can<Read<Campaign>>, Id(id): Id<DeliveryId>) -> Result<Found<Delivery>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| delivery::find(conn, ctx, id)).await?))
}

/// List what came of a delivery
#[utoipa::path(tag = "sends", params(("id" = DeliveryId, Path)),
    responses((status = 200, description = "one of each sort, the oldest first", body = [DeliveryEvent])))]
#[get("/deliveries/{id}/events")]
async fn list_delivery_events(
    db: Data<Db>,
    Can(can): Can<Read<Campaign>>,
    Id(id): Id<DeliveryId>,
) -> Result<Json<Vec<DeliveryEvent>>> {
    Ok(Json(db.read(can, move |conn, ctx| delivery::of(conn, ctx, id)).await?))
}
