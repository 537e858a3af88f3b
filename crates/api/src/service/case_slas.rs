//! `/v1/cases/{id}/slas`, `/v1/case-slas`: what was promised of cases, and how far that is.
use crate::answer::{Result, Shown};
use crate::extract::{Can, Id, List, ListQuery};
use crate::routes::Routes;
use ::service::case::Case;
use ::service::case_sla::{self, CaseSla};
use actix_web::get;
use actix_web::web::{Data, Json};
use kernel::{CaseId, Page, Read};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_case_clocks).service(list_case_slas);
}

type CaseSlaPage = Page<CaseSla>;

/// List the promises of a case
///
/// The clocks of its first answer, of each further one, and of its solution. They follow a change within seconds.
#[utoipa::path(tag = "case-slas", params(("id" = CaseId, Path)),
    responses((status = 200, description = "all of them, by metric and round", body = [CaseSla])))]
#[get("/cases/{id}/slas")]
async fn list_case_clocks(db: Data<Db>, Can(can): Can<Read<Case>>, Id(id): Id<CaseId>) -> Result<Json<Vec<CaseSla>>> {
    Ok(Json(db.read(can, move |conn, ctx| case_sla::of(conn, ctx, id)).await?))
}

/// List the promises of all cases
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "case-slas", params(ListQuery),
    responses((status = 200, description = "a page of them", body = CaseSlaPage)))]
#[get("/case-slas")]
async fn list_case_slas(
    db: Data<Db>,
    Can(can): Can<Read<Case>>,
    List(listing, view): List<case_sla::Table>,
) -> Result<Shown<CaseSlaPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| case_sla::list(conn, ctx, &listing)).await
}
