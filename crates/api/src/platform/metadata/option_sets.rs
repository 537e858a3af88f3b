//! `/v1/metadata/option-sets`: the choices that fields offer.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::platform::Db;
use ::platform::custom::option_set::{self, NewOptionSet, OptionSet, OptionSetPatch};
use actix_web::http::header::{HeaderValue, LOCATION};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder, delete, get, patch, post};
use kernel::{Create, Delete, OptionSetId, Page, Read, Update};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_option_sets)
        .service(create_option_set)
        .service(get_option_set)
        .service(update_option_set)
        .service(delete_option_set)
        .service(restore_option_set);
}

type OptionSetPage = Page<OptionSet>;

/// List option sets
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "metadata", params(ListQuery),
    responses((status = 200, description = "a page of option sets", body = OptionSetPage)))]
#[get("/metadata/option-sets")]
async fn list_option_sets(
    db: Data<Db>,
    Can(can): Can<Read<OptionSet>>,
    List(listing, view): List<option_set::Table>,
) -> Result<Shown<OptionSetPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| option_set::list(conn, ctx, &listing)).await
}

/// Create an option set
///
/// Its options stand in the order in which they are given.
#[utoipa::path(tag = "metadata", request_body = NewOptionSet,
    responses((status = 201, description = "the option set as it was made", body = OptionSet)))]
#[post("/metadata/option-sets")]
async fn create_option_set(
    req: HttpRequest,
    db: Data<Db>,
    Can(can): Can<Create<OptionSet>>,
    Valid(new): Valid<NewOptionSet>,
) -> Result<HttpResponse> {
    let made = db.change(can, move |conn, ctx| option_set::create(conn, ctx, &new)).await?;
    let place = format!("{}/{}", req.path().trim_end_matches('/'), made.id);
    let mut answer = Created(made).respond_to(&req);
    if let Ok(place) = HeaderValue::from_str(&place) {
        answer.headers_mut().insert(LOCATION, place);
    }
    Ok(answer)
}

/// Get an option set
#[utoipa::path(tag = "metadata", params(("id" = OptionSetId, Path), ViewQuery),
    responses((status = 200, description = "the option set", body = OptionSet)))]
#[get("/metadata/option-sets/{id}")]
async fn get_option_set(
    db: Data<Db>,
    Can(can): Can<Read<OptionSet>>,
    Id(id): Id<OptionSetId>,
    view: View,
) -> Result<Found<OptionSet>> {
    view.one(&db, can, id).await
}

/// Update an option set
///
/// Options that are left out stay, archived: records may hold them, and nobody chooses them anew.
#[utoipa::path(tag = "metadata", params(("id" = OptionSetId, Path)),
    request_body(content = OptionSetPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the option set as it is now", body = OptionSet)))]
#[patch("/metadata/option-sets/{id}")]
async fn update_option_set(
    db: Data<Db>,
    Can(can): Can<Update<OptionSet>>,
    Id(id): Id<OptionSetId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<OptionSetPatch>,
) -> Result<Found<OptionSet>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| option_set::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive an option set
///
/// Refused while a field offers it.
#[utoipa::path(tag = "metadata", params(("id" = OptionSetId, Path)),
    responses((status = 204, description = "archived")))]
#[delete("/metadata/option-sets/{id}")]
async fn delete_option_set(
    db: Data<Db>,
    Can(can): Can<Delete<OptionSet>>,
    Id(id): Id<OptionSetId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| option_set::archive(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Restore an archived option set
#[utoipa::path(tag = "metadata", params(("id" = OptionSetId, Path)),
    responses((status = 200, description = "the option set, in use again", body = OptionSet)))]
#[post("/metadata/option-sets/{id}/restore")]
async fn restore_option_set(
    db: Data<Db>,
    Can(can): Can<Delete<OptionSet>>,
    Id(id): Id<OptionSetId>,
) -> Result<Found<OptionSet>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| option_set::restore(conn, ctx, id)).await?))
}
