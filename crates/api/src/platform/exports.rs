//! `/v1/exports`: lists taken out.
use super::download;
use crate::answer::{Found, Nothing, Result, Shown};
use crate::extract::{Can, Id, List, ListQuery, Valid, View, ViewQuery};
use crate::house::House;
use crate::routes::Routes;
use crate::worker;
use crate::worker::exports::{exporter, folder, grounds};
use crate::worker::handlers::importer;
use ::platform::Db;
use ::platform::export::{self, Export, NewExport, mapping};
use actix_web::http::header;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use kernel::{Create, Delete, ExportId, Page, Read};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_exports)
        .service(start_export)
        .service(get_export)
        .service(download_export)
        .service(get_export_mapping)
        .service(delete_export);
}

type ExportPage = Page<Export>;

/// List exports
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "exports", params(ListQuery),
    responses((status = 200, description = "a page of exports", body = ExportPage)))]
#[get("/exports")]
async fn list_exports(
    db: Data<Db>,
    Can(can): Can<Read<Export>>,
    List(listing, view): List<export::Table>,
) -> Result<Shown<ExportPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| export::list(conn, ctx, &listing)).await
}

/// Take a list out
///
/// What is asked for is asked as of a list, and needs the permission to read and to export such records; it is checked at
/// once. A job writes the file: one snapshot, however long it takes. Columns are called as the fields, an amount with its
/// currency beside it. A text that a spreadsheet would compute begins with an apostrophe in CSV, which an import takes off
/// again; in XLSX texts are texts. NDJSON has the API's own JSON on each line.
#[utoipa::path(tag = "exports", request_body = NewExport,
    responses((status = 202, description = "the export, which goes on in the background", body = Export,
               headers(("Location" = String, description = "where to ask how far it is")))))]
#[post("/exports")]
async fn start_export(
    req: HttpRequest,
    house: Data<House>,
    Can(can): Can<Create<Export>>,
    Valid(new): Valid<NewExport>,
) -> Result<HttpResponse> {
    let (list, grounds) = (exporter(&new.resource)?, grounds(&house));
    let (export, _) =
        house.db.write(can, move |conn, ctx| export::start(conn, ctx, &grounds, list, &new, "export")).await?;
    worker::wake();
    let location = format!("{}/{}", req.path().trim_end_matches('/'), export.id);
    Ok(HttpResponse::Accepted().insert_header((header::LOCATION, location)).json(export))
}

/// Get an export
///
/// Its job tells how far it is.
#[utoipa::path(tag = "exports", params(("id" = ExportId, Path), ViewQuery),
    responses((status = 200, description = "the export", body = Export)))]
#[get("/exports/{id}")]
async fn get_export(
    db: Data<Db>,
    Can(can): Can<Read<Export>>,
    Id(id): Id<ExportId>,
    view: View,
) -> Result<Found<Export>> {
    view.one(&db, can, id).await
}

/// Download the file of an export
///
/// For its maker alone, as long as they may take such lists out and see all its columns; kept for seven days. Whoever was
/// cut off goes on with `Range`, and with the `ETag` in `If-Range` is sure that it is the same file.
#[utoipa::path(tag = "exports",
    params(("id" = ExportId, Path),
           ("Range" = Option<String>, Header, description = "one range of bytes: `bytes=1000-`"),
           ("If-Range" = Option<String>, Header, description = "the ETag: of another file, all of it is answered")),
    responses(
        (status = 200, description = "the file", headers(("ETag" = String), ("Accept-Ranges" = String)),
         content((String = "text/csv"),
                 (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                 (String = "application/x-ndjson"))),
        (status = 206, description = "the range of it", headers(("ETag" = String), ("Content-Range" = String)),
         content((String = "text/csv"),
                 (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                 (String = "application/x-ndjson"))),
        (status = 409, description = "there is no file: the export has not ended well, or its file has expired"),
        (status = 416, description = "the range begins behind the end of the file")))]
#[get("/exports/{id}/file")]
async fn download_export(
    req: HttpRequest,
    house: Data<House>,
    Can(can): Can<(Create<Export>, Read<Export>)>,
    Id(id): Id<ExportId>,
) -> Result<HttpResponse> {
    let grounds = grounds(&house);
    let export = house.db.change(can, move |conn, ctx| {
        let found = export::find(conn, ctx, id)?;
        export::downloadable(conn, ctx, &grounds, exporter(&found.resource)?, id)
    });
    let export = export.await?;
    download::answer(&req, &folder(&house), &export).await
}

/// Get the mapping with which the file of an export comes in again
///
/// As `POST /v1/imports` takes it: of the columns those that files bring and that the caller may write.
#[utoipa::path(tag = "exports", params(("id" = ExportId, Path)),
    responses((status = 200, description = "the mapping", body = Object)))]
#[get("/exports/{id}/mapping")]
async fn get_export_mapping(db: Data<Db>, Can(can): Can<Read<Export>>, Id(id): Id<ExportId>) -> Result<Json<Value>> {
    let mapping = db.read(can, move |conn, ctx| {
        let export = export::find(conn, ctx, id)?;
        let importer = importer(&export.resource)?;
        Ok(mapping::of(&export, exporter(&export.resource)?, importer, ctx))
    });
    Ok(Json(mapping.await?))
}

/// Delete an export
///
/// Its file goes with it, and whatever works on it ends.
#[utoipa::path(tag = "exports", params(("id" = ExportId, Path)),
    responses((status = 204, description = "it is gone")))]
#[delete("/exports/{id}")]
async fn delete_export(house: Data<House>, Can(can): Can<Delete<Export>>, Id(id): Id<ExportId>) -> Result<Nothing> {
    let export = house.db.write(can, move |conn, ctx| export::remove(conn, ctx, id)).await?;
    let path = folder(&house).join(export.id.to_string());
    ::platform::once::afterwards(move || {
        let _ = std::fs::remove_file(path); // there is none, or it is on another machine, whose upkeep does it
    });
    Ok(Nothing)
}
