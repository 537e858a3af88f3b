//! `/v1/kb-portals`: where visitors read what the business knows.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::service::kb::portal::{self, KbPortal, KbPortalPatch, NewKbPortal};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{Create, Delete, KbPortalId, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_kb_portals)
        .service(create_kb_portal)
        .service(batch_kb_portals)
        .service(get_kb_portal)
        .service(update_kb_portal)
        .service(delete_kb_portal)
        .service(restore_kb_portal);
}

type KbPortalPage = Page<KbPortal>;

/// List knowledge base portals
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "kb-portals", params(ListQuery),
    responses((status = 200, description = "a page of knowledge base portals", body = KbPortalPage)))]
#[get("/kb-portals")]
async fn list_kb_portals(
    db: Data<Db>,
    Can(can): Can<Read<KbPortal>>,
    List(listing, view): List<portal::Table>,
) -> Result<Shown<KbPortalPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| portal::list(conn, ctx, &listing)).await
}

/// Create a knowledge base portal
///
/// Refused where another portal has the address: a visitor names no tenant, so it is unique on the whole server.
#[utoipa::path(tag = "kb-portals", request_body = NewKbPortal,
    responses((status = 201, description = "the knowledge base portal as it was made", body = KbPortal)))]
#[post("/kb-portals")]
async fn create_kb_portal(
    db: Data<Db>,
    Can(can): Can<Create<KbPortal>>,
    Valid(new): Valid<NewKbPortal>,
) -> Result<Created<KbPortal>> {
    Ok(Created(db.change(can, move |conn, ctx| portal::create(conn, ctx, &new)).await?))
}

/// Get a knowledge base portal
#[utoipa::path(tag = "kb-portals", params(("id" = KbPortalId, Path), ViewQuery),
    responses((status = 200, description = "the knowledge base portal", body = KbPortal)))]
#[get("/kb-portals/{id}")]
async fn get_kb_portal(
    db: Data<Db>,
    Can(can): Can<Read<KbPortal>>,
    Id(id): Id<KbPortalId>,
    view: View,
) -> Result<Found<KbPortal>> {
    view.one(&db, can, id).await
}

/// Update a knowledge base portal
#[utoipa::path(tag = "kb-portals", params(("id" = KbPortalId, Path)),
    request_body(content = KbPortalPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the knowledge base portal as it is now", body = KbPortal)))]
#[patch("/kb-portals/{id}")]
async fn update_kb_portal(
    db: Data<Db>,
    Can(can): Can<Update<KbPortal>>,
    Id(id): Id<KbPortalId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<KbPortalPatch>,
) -> Result<Found<KbPortal>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| portal::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a knowledge base portal
///
/// Archived, it is shut, with all that stands in it. One in which categories or articles stand is archived, and not
/// purged.
#[utoipa::path(tag = "kb-portals", params(("id" = KbPortalId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/kb-portals/{id}")]
async fn delete_kb_portal(
    db: Data<Db>,
    Can(can): Can<Delete<KbPortal>>,
    Id(id): Id<KbPortalId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<KbPortal>>().and_then(|()| portal::purge(conn, ctx, id, base)),
        false => portal::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived knowledge base portal
#[utoipa::path(tag = "kb-portals", params(("id" = KbPortalId, Path)),
    responses((status = 200, description = "the knowledge base portal, in use again", body = KbPortal)))]
#[post("/kb-portals/{id}/restore")]
async fn restore_kb_portal(
    db: Data<Db>,
    Can(can): Can<Delete<KbPortal>>,
    Id(id): Id<KbPortalId>,
) -> Result<Found<KbPortal>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| portal::restore(conn, ctx, id)).await?))
}

/// Write many knowledge base portals
///
/// Up to 1,000 creations, changes and deletions, answered one by one in their order.
#[utoipa::path(tag = "kb-portals", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/kb-portals/batch")]
async fn batch_kb_portals(db: Data<Db>, Can(can): Can<Writes<KbPortal>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<KbPortal>>()?;
                portal::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<KbPortal>>()?;
                portal::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => Err(batch::no_upsert()),
            BatchOp::Delete => {
                ctx.must::<Delete<KbPortal>>()?;
                portal::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
