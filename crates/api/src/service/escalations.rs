//! `/v1/cases/{id}/escalations`, `/v1/escalations`: what rules have done about cases.
use crate::answer::{Result, Shown};
use crate::extract::{Can, Id, List, ListQuery};
use crate::routes::Routes;
use ::service::case::Case;
use ::service::escalation::{self, Escalation};
use actix_web::get;
use actix_web::web::{Data, Json};
use kernel::{CaseId, Page, Read};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_case_escalations).service(list_escalations);
}

type EscalationPage = Page<Escalation>;

/// List the escalations of a case
#[utoipa::path(tag = "escalation-rules", params(("id" = CaseId, Path)),
    responses((status = 200, description = "what rules have done about it, the newest first", body = [Escalation])))]
#[get("/cases/{id}/escalations")]
async fn list_case_escalations(
    db: Data<Db>,
    Can(can): Can<Read<Case>>,
    Id(id): Id<CaseId>,
) -> Result<Json<Vec<Escalation>>> {
    Ok(Json(db.read(can, move |conn, ctx| escalation::of(conn, ctx, id)).await?))
}

/// List the escalations of all cases
///
/// Newest first, unless `sort` says otherwise; also where a rule was asked and did not hold. They are neither archived nor
/// searched by words.
#[utoipa::path(tag = "escalation-rules", params(ListQuery),
    responses((status = 200, description = "a page of them", body = EscalationPage)))]
#[get("/escalations")]
async fn list_escalations(
    db: Data<Db>,
    Can(can): Can<Read<Case>>,
    List(listing, view): List<escalation::Table>,
) -> Result<Shown<EscalationPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| escalation::list(conn, ctx, &listing)).await
}
