//! `/v1/imports`: files brought in.
use super::failures;
use super::upload::{self, ImportUpload};
use crate::answer::{Found, Result, Shown};
use crate::extract::{Can, Id, List, ListQuery, View, ViewQuery};
use crate::house::House;
use crate::language;
use crate::routes::Routes;
use crate::worker;
use ::platform::Db;
use ::platform::import::{self, Import};
use actix_multipart::Multipart;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use kernel::{Create, ImportId, Page, Read, Update};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_imports)
        .service(start_import)
        .service(get_import)
        .service(list_import_errors)
        .service(cancel_import)
        .service(revert_import);
}

type ImportPage = Page<Import>;

/// List imports
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "imports", params(ListQuery),
    responses((status = 200, description = "a page of imports", body = ImportPage)))]
#[get("/imports")]
async fn list_imports(
    db: Data<Db>,
    Can(can): Can<Read<Import>>,
    List(listing, view): List<import::Table>,
) -> Result<Shown<ImportPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| import::list(conn, ctx, &listing)).await
}

/// Bring a file in
///
/// The file is stored and its mapping checked against it at once; its rows are written by a job, in chunks. Every row
/// ends as created, updated, unchanged or failed, and what failed is listed under `…/errors`.
#[utoipa::path(tag = "imports", request_body(content = ImportUpload, content_type = "multipart/form-data"),
    responses((status = 202, description = "the import, which goes on in the background", body = Import,
               headers(("Location" = String, description = "where to ask how far it is"))),
              (status = 507, description = "no room to store the file")))]
#[post("/imports")]
async fn start_import(
    req: HttpRequest,
    house: Data<House>,
    Can(can): Can<Create<Import>>,
    parts: Multipart,
) -> Result<HttpResponse> {
    let (new, stored) = upload::receive(&house, can.ctx(), parts).await?;
    let (import, _) = house.db.write(can, move |conn, ctx| import::start(conn, ctx, &new, "import")).await?;
    ::platform::once::afterwards(|| stored.keep());
    worker::wake();
    let location = format!("{}/{}", req.path().trim_end_matches('/'), import.id);
    Ok(HttpResponse::Accepted().insert_header((header::LOCATION, location)).json(import))
}

/// Get an import
#[utoipa::path(tag = "imports", params(("id" = ImportId, Path), ViewQuery),
    responses((status = 200, description = "the import", body = Import)))]
#[get("/imports/{id}")]
async fn get_import(
    db: Data<Db>,
    Can(can): Can<Read<Import>>,
    Id(id): Id<ImportId>,
    view: View,
) -> Result<Found<Import>> {
    view.one(&db, can, id).await
}

/// Download the rows that failed
///
/// A CSV file with the columns of the original, and `row`, `code` and `message` behind them: mended, it can be brought
/// in again. Messages are in the caller's language. Cells that a spreadsheet would compute begin with an apostrophe.
#[utoipa::path(tag = "imports", params(("id" = ImportId, Path)),
    responses((status = 200, description = "the rows that failed", content_type = "text/csv", body = String)))]
#[get("/imports/{id}/errors")]
async fn list_import_errors(
    req: HttpRequest,
    db: Data<Db>,
    Can(can): Can<Read<Import>>,
    Id(id): Id<ImportId>,
) -> Result<HttpResponse> {
    failures::download(db.get_ref().clone(), can.ctx().clone(), id, language::of(&req)).await
}

/// End an import early
///
/// What is done stays, and can be taken back.
#[utoipa::path(tag = "imports", params(("id" = ImportId, Path)),
    responses((status = 200, description = "the import; it ends after the chunk in hand", body = Import)))]
#[post("/imports/{id}/cancel")]
async fn cancel_import(db: Data<Db>, Can(can): Can<Update<Import>>, Id(id): Id<ImportId>) -> Result<Found<Import>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| import::cancel(conn, ctx, id)).await?))
}

/// Take an import back
///
/// Deletes for good what it created; what it changed stays changed, and what other records refer to stays and is
/// counted.
#[utoipa::path(tag = "imports", params(("id" = ImportId, Path)),
    responses((status = 200, description = "the import, which is taken back in the background", body = Import)))]
#[post("/imports/{id}/revert")]
async fn revert_import(db: Data<Db>, Can(can): Can<Update<Import>>, Id(id): Id<ImportId>) -> Result<Found<Import>> {
    let done = db.write(can, move |conn, ctx| {
        let import = import::find(conn, ctx, id)?;
        worker::handlers::importer(&import.resource)?.may(ctx, ::platform::deed::Mode::Upsert, &|_| false)?;
        import::revert(conn, ctx, id)
    });
    let import = done.await?;
    worker::wake();
    Ok(Found::plain(import))
}
