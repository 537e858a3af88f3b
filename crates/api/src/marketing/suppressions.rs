//! `/v1/suppressions`: addresses and numbers that nothing goes to.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid};
use crate::house::House;
use crate::routes::Routes;
use ::marketing::suppression::{self, Digests, NewSuppression, Suppression, SuppressionPatch};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{Create, Delete, Page, Read, SuppressionId, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_suppressions)
        .service(create_suppression)
        .service(get_suppression)
        .service(update_suppression)
        .service(delete_suppression);
}

type SuppressionPage = Page<Suppression>;

/// List suppressions
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words: `?address=` finds one.
#[utoipa::path(tag = "suppressions", params(ListQuery),
    responses((status = 200, description = "a page of suppressions", body = SuppressionPage)))]
#[get("/suppressions")]
async fn list_suppressions(
    db: Data<Db>,
    Can(can): Can<Read<Suppression>>,
    List(listing, view): List<suppression::Table>,
) -> Result<Shown<SuppressionPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| suppression::list(conn, ctx, &listing)).await
}

/// Suppress an address or a number
///
/// Nothing goes there from then on, for one purpose or for all. Refused where it is suppressed so already.
#[utoipa::path(tag = "suppressions", request_body = NewSuppression,
    responses((status = 201, description = "the suppression", body = Suppression)))]
#[post("/suppressions")]
async fn create_suppression(
    house: Data<House>,
    Can(can): Can<Create<Suppression>>,
    Valid(new): Valid<NewSuppression>,
) -> Result<Created<Suppression>> {
    let digests = Digests::new(&house.seal);
    let made = house.db.change(can, move |conn, ctx| suppression::create(conn, ctx, &new, &digests));
    Ok(Created(made.await?))
}

/// Get a suppression
#[utoipa::path(tag = "suppressions", params(("id" = SuppressionId, Path)),
    responses((status = 200, description = "the suppression", body = Suppression)))]
#[get("/suppressions/{id}")]
async fn get_suppression(
    db: Data<Db>,
    Can(can): Can<Read<Suppression>>,
    Id(id): Id<SuppressionId>,
) -> Result<Found<Suppression>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| suppression::find(conn, ctx, id)).await?))
}

/// Update a suppression
///
/// Its note alone: whom it is about and why stays.
#[utoipa::path(tag = "suppressions", params(("id" = SuppressionId, Path)),
    request_body(content = SuppressionPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the suppression as it is now", body = Suppression)))]
#[patch("/suppressions/{id}")]
async fn update_suppression(
    db: Data<Db>,
    Can(can): Can<Update<Suppression>>,
    Id(id): Id<SuppressionId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<SuppressionPatch>,
) -> Result<Found<Suppression>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| suppression::update(conn, ctx, id, base, &patch)).await?))
}

/// Lift a suppression
///
/// The address may be written to again. What its owner has said of their consent stays as they said it.
#[utoipa::path(tag = "suppressions", params(("id" = SuppressionId, Path)),
    responses((status = 204, description = "lifted")))]
#[delete("/suppressions/{id}")]
async fn delete_suppression(
    db: Data<Db>,
    Can(can): Can<Delete<Suppression>>,
    Id(id): Id<SuppressionId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| suppression::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}
