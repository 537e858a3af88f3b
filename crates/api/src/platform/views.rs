//! `/v1/views`: lists as somebody likes to see them.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid, View as Looked, ViewQuery};
use crate::house::House;
use crate::routes::Routes;
use ::platform::Db;
use ::platform::view::{self, NewView, View, ViewPatch};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{Create, Delete, Page, Read, Update, ViewId};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_views)
        .service(create_view)
        .service(get_view)
        .service(update_view)
        .service(delete_view)
        .service(restore_view);
}

type ViewPage = Page<View>;

/// List views
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "views", params(ListQuery),
    responses((status = 200, description = "a page of views", body = ViewPage)))]
#[get("/views")]
async fn list_views(
    db: Data<Db>,
    Can(can): Can<Read<View>>,
    List(listing, looked): List<view::Table>,
) -> Result<Shown<ViewPage, Page<Value>>> {
    looked.page(&db, can, move |conn, ctx| view::list(conn, ctx, &listing)).await
}

/// Create a view
///
/// The caller's own, unless it is of a team, public, or shared. A list takes it by `?view_id=`.
#[utoipa::path(tag = "views", request_body = NewView,
    responses((status = 201, description = "the view as it was made", body = View)))]
#[post("/views")]
async fn create_view(
    house: Data<House>,
    Can(can): Can<Create<View>>,
    Valid(new): Valid<NewView>,
) -> Result<Created<View>> {
    let all = house.catalogues;
    Ok(Created(house.db.change(can, move |conn, ctx| view::create(conn, ctx, all, &new)).await?))
}

/// Get a view
#[utoipa::path(tag = "views", params(("id" = ViewId, Path), ViewQuery),
    responses((status = 200, description = "the view", body = View)))]
#[get("/views/{id}")]
async fn get_view(db: Data<Db>, Can(can): Can<Read<View>>, Id(id): Id<ViewId>, looked: Looked) -> Result<Found<View>> {
    looked.one(&db, can, id).await
}

/// Update a view
#[utoipa::path(tag = "views", params(("id" = ViewId, Path)),
    request_body(content = ViewPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the view as it is now", body = View)))]
#[patch("/views/{id}")]
async fn update_view(
    house: Data<House>,
    Can(can): Can<Update<View>>,
    Id(id): Id<ViewId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<ViewPatch>,
) -> Result<Found<View>> {
    let all = house.catalogues;
    let done = house.db.change(can, move |conn, ctx| view::update(conn, ctx, all, id, base, &patch));
    Ok(Found::plain(done.await?))
}

/// Archive a view
#[utoipa::path(tag = "views", params(("id" = ViewId, Path)),
    responses((status = 204, description = "archived")))]
#[delete("/views/{id}")]
async fn delete_view(
    db: Data<Db>,
    Can(can): Can<Delete<View>>,
    Id(id): Id<ViewId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| view::archive(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Restore an archived view
#[utoipa::path(tag = "views", params(("id" = ViewId, Path)),
    responses((status = 200, description = "the view, in use again", body = View)))]
#[post("/views/{id}/restore")]
async fn restore_view(db: Data<Db>, Can(can): Can<Delete<View>>, Id(id): Id<ViewId>) -> Result<Found<View>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| view::restore(conn, ctx, id)).await?))
}
