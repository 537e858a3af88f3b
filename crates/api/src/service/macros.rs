//! `/v1/macros`: what is often done with a case, under a name.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::service::case::Case;
use ::service::macros::{self, Macro, MacroPatch, MacroRun, NewMacro};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{Create, Delete, MacroId, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_macros)
        .service(create_macro)
        .service(batch_macros)
        .service(get_macro)
        .service(update_macro)
        .service(delete_macro)
        .service(restore_macro)
        .service(run_macro);
}

type MacroPage = Page<Macro>;

/// List macros
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "macros", params(ListQuery),
    responses((status = 200, description = "a page of macros", body = MacroPage)))]
#[get("/macros")]
async fn list_macros(
    db: Data<Db>,
    Can(can): Can<Read<Macro>>,
    List(listing, view): List<macros::Table>,
) -> Result<Shown<MacroPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| macros::list(conn, ctx, &listing)).await
}

/// Create a macro
///
/// Refused where another has the name.
#[utoipa::path(tag = "macros", request_body = NewMacro,
    responses((status = 201, description = "the macro as it was made", body = Macro)))]
#[post("/macros")]
async fn create_macro(
    db: Data<Db>,
    Can(can): Can<Create<Macro>>,
    Valid(new): Valid<NewMacro>,
) -> Result<Created<Macro>> {
    Ok(Created(db.change(can, move |conn, ctx| macros::create(conn, ctx, &new)).await?))
}

/// Get a macro
#[utoipa::path(tag = "macros", params(("id" = MacroId, Path), ViewQuery),
    responses((status = 200, description = "the macro", body = Macro)))]
#[get("/macros/{id}")]
async fn get_macro(db: Data<Db>, Can(can): Can<Read<Macro>>, Id(id): Id<MacroId>, view: View) -> Result<Found<Macro>> {
    view.one(&db, can, id).await
}

/// Update a macro
#[utoipa::path(tag = "macros", params(("id" = MacroId, Path)),
    request_body(content = MacroPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the macro as it is now", body = Macro)))]
#[patch("/macros/{id}")]
async fn update_macro(
    db: Data<Db>,
    Can(can): Can<Update<Macro>>,
    Id(id): Id<MacroId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<MacroPatch>,
) -> Result<Found<Macro>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| macros::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a macro
///
/// Archived, nobody runs it any more.
#[utoipa::path(tag = "macros", params(("id" = MacroId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/macros/{id}")]
async fn delete_macro(
    db: Data<Db>,
    Can(can): Can<Delete<Macro>>,
    Id(id): Id<MacroId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Macro>>().and_then(|()| macros::purge(conn, ctx, id, base)),
        false => macros::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived macro
#[utoipa::path(tag = "macros", params(("id" = MacroId, Path)),
    responses((status = 200, description = "the macro, in use again", body = Macro)))]
#[post("/macros/{id}/restore")]
async fn restore_macro(db: Data<Db>, Can(can): Can<Delete<Macro>>, Id(id): Id<MacroId>) -> Result<Found<Macro>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| macros::restore(conn, ctx, id)).await?))
}

/// Run a macro on a case
///
/// In its order, by the caller, who has to be allowed each of it: all of it, or nothing. `action` says which was refused.
#[utoipa::path(tag = "macros", params(("id" = MacroId, Path)), request_body = MacroRun,
    responses((status = 200, description = "the case as it is now", body = Case)))]
#[post("/macros/{id}/run")]
async fn run_macro(
    db: Data<Db>,
    Can(can): Can<(Update<Case>, Read<Macro>)>,
    Id(id): Id<MacroId>,
    Valid(on): Valid<MacroRun>,
) -> Result<Found<Case>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| macros::run(conn, ctx, id, &on)).await?))
}

/// Write many macros
///
/// Up to 1,000 creations, changes and deletions, answered one by one in their order.
#[utoipa::path(tag = "macros", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/macros/batch")]
async fn batch_macros(db: Data<Db>, Can(can): Can<Writes<Macro>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Macro>>()?;
                macros::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Macro>>()?;
                macros::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => Err(batch::no_upsert()),
            BatchOp::Delete => {
                ctx.must::<Delete<Macro>>()?;
                macros::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
