//! Who gets a case, and why: given by somebody, by the rule of its queue, or taken.
use crate::answer::{Found, Result};
use crate::extract::{Can, Id, IfMatch, Valid};
use crate::routes::Routes;
use ::service::case::Case;
use ::service::routing::{self, CaseAssign, CaseAssignment, CaseRouting, CaseTake};
use actix_web::web::{Data, Json};
use actix_web::{get, post};
use kernel::{Assign, CaseId, Read, Update};
use platform::Db;

pub fn routes(cfg: &mut Routes) {
    cfg.service(take_next_case).service(assign_case).service(explain_case_routing).service(list_case_assignments);
}

/// Take the next case
///
/// Of those that wait in the queues that the caller serves, the most urgent that they have the skills and the room for, of
/// those the oldest: of many who want it one gets it, and the others get others. The caller has to be an agent.
#[utoipa::path(tag = "cases", request_body = CaseTake,
    responses((status = 200, description = "the case, which is the caller's now", body = Case)))]
#[post("/cases/next")]
async fn take_next_case(db: Data<Db>, Can(can): Can<Update<Case>>, Valid(ask): Valid<CaseTake>) -> Result<Found<Case>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| routing::next(conn, ctx, &ask)).await?))
}

/// Give a case to somebody
///
/// To a person, whether they have room or not; to a queue, whose rule gives it out; or, where neither is named, by the rule
/// of the queue that it came by. If-Match asks for the version of the case.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), request_body = CaseAssign,
    responses((status = 200, description = "the case as it is now", body = Case)))]
#[post("/cases/{id}/assign")]
async fn assign_case(
    db: Data<Db>,
    Can(can): Can<(Update<Case>, Assign<Case>)>,
    Id(id): Id<CaseId>,
    IfMatch(base): IfMatch,
    Valid(to): Valid<CaseAssign>,
) -> Result<Found<Case>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| routing::assign(conn, ctx, id, base, &to)).await?))
}

/// Explain who would get a case
///
/// Whom the rule of its queue would give it to now, and what is said of everybody else who serves the queue. Nothing is
/// done.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)),
    responses((status = 200, description = "whom it would go to, and why", body = CaseRouting)))]
#[get("/cases/{id}/routing")]
async fn explain_case_routing(
    db: Data<Db>,
    Can(can): Can<Read<Case>>,
    Id(id): Id<CaseId>,
) -> Result<Json<CaseRouting>> {
    Ok(Json(db.read(can, move |conn, ctx| routing::explain(conn, ctx, id)).await?))
}

/// List to whom a case was given
///
/// The newest first: who got it, from whom and why, and what was said of those who might have had it.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)),
    responses((status = 200, description = "the last five hundred times", body = Vec<CaseAssignment>)))]
#[get("/cases/{id}/assignments")]
async fn list_case_assignments(
    db: Data<Db>,
    Can(can): Can<Read<Case>>,
    Id(id): Id<CaseId>,
) -> Result<Json<Vec<CaseAssignment>>> {
    Ok(Json(db.read(can, move |conn, ctx| routing::assignments(conn, ctx, id)).await?))
}
