//! What came of a privacy request: its steps, and the file that was gathered.
use crate::answer::{Result, Secret};
use crate::extract::{Can, Id};
use crate::house::House;
use crate::routes::Routes;
use ::platform::Db;
use ::platform::history::{self, Happening};
use ::platform::privacy::files;
use ::platform::privacy::request::{self, PrivacyRequest};
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{self, Data, Json};
use actix_web::{HttpResponse, get};
use kernel::{Error, Export, PrivacyRequestId, Read, Update};

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_privacy_request_history).service(download_privacy_request_file);
}

/// Show the steps of a privacy request
///
/// The newest first, at most a thousand.
#[utoipa::path(tag = "privacy", params(("id" = PrivacyRequestId, Path)),
    responses((status = 200, description = "what has happened to it, by whom and when", body = [Happening])))]
#[get("/privacy-requests/{id}/history")]
async fn get_privacy_request_history(
    db: Data<Db>,
    Can(can): Can<Read<PrivacyRequest>>,
    Id(id): Id<PrivacyRequestId>,
) -> Result<Json<Vec<Happening>>> {
    let steps = db.read(can, move |conn, ctx| {
        request::find(conn, ctx, id)?;
        history::latest(conn, ctx, id.0, 1000)
    });
    Ok(Json(steps.await?))
}

/// Download what was gathered for a privacy request
///
/// One JSON document, `{"format": "guanxi-privacy/1", "kind", "made_at", "subject", "tables": [{"name", "columns",
/// "rows"}]}`: by table what is held, and of each column what it tells about whom. It is kept for 30 days; each download
/// is kept in the history.
#[utoipa::path(tag = "privacy", params(("id" = PrivacyRequestId, Path)),
    responses((status = 200, description = "the document, which nobody on the way may keep", body = Object)))]
#[get("/privacy-requests/{id}/file")]
async fn download_privacy_request_file(
    house: Data<House>,
    Can(can): Can<(Update<PrivacyRequest>, Export<PrivacyRequest>)>,
    Id(id): Id<PrivacyRequestId>,
) -> Result<Secret<HttpResponse>> {
    let path = files::path(&house.data_dir, &files::gathered(id.0));
    let ctx = can.ctx().clone();
    house.db.change(can, move |conn, ctx| request::downloaded(conn, ctx, id)).await?;
    let bytes = web::block(move || std::fs::read(path)).await.map_err(Error::internal)?;
    let bytes = bytes.map_err(|e| Error::from(request::NO_FILE).source(e))?;
    tracing::info!(request = %id, actor = %ctx.actor.user, "what is held of somebody was downloaded");
    let name = format!("attachment; filename=\"privacy-request-{id}.json\"");
    let answer =
        HttpResponse::Ok().content_type("application/json").insert_header((CONTENT_DISPOSITION, name)).body(bytes);
    Ok(Secret(answer))
}
