//! `/v1/cases/{id}/…`: how a case goes its way, and how cases become one and several.
use crate::answer::{Created, Found, Result};
use crate::extract::{Can, Id, IfMatch, Valid};
use crate::routes::Routes;
use ::platform::merge::{RecordMerger, RecordsMerged};
use ::service::case::{self, Case, CaseClosing, CaseResolution, CaseSplit, CaseTransition, message};
use actix_web::post;
use actix_web::web::{Data, Json};
use kernel::{CaseId, Create, Delete, Merge as Merging, Update};
use platform::Db;

pub fn routes(cfg: &mut Routes) {
    cfg.service(transition_case)
        .service(resolve_case)
        .service(close_case)
        .service(reopen_case)
        .service(merge_case)
        .service(split_case);
}

/// Move a case on
///
/// To a status that the one it has leads to, such as `pending` while it waits for its customer. One that is there
/// already is answered as it is. If-Match asks for the version of the case.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), request_body = CaseTransition,
    responses((status = 200, description = "the case as it is now", body = Case)))]
#[post("/cases/{id}/transition")]
async fn transition_case(
    db: Data<Db>,
    Can(can): Can<Update<Case>>,
    Id(id): Id<CaseId>,
    IfMatch(base): IfMatch,
    Valid(to): Valid<CaseTransition>,
) -> Result<Found<Case>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| case::transition(conn, ctx, id, base, &to)).await?))
}

/// Resolve a case
///
/// With how it was solved. What its customer says after that takes it up again. If-Match asks for the version of the
/// case.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), request_body = CaseResolution,
    responses((status = 200, description = "the case as it is now", body = Case)))]
#[post("/cases/{id}/resolve")]
async fn resolve_case(
    db: Data<Db>,
    Can(can): Can<Update<Case>>,
    Id(id): Id<CaseId>,
    IfMatch(base): IfMatch,
    Valid(how): Valid<CaseResolution>,
) -> Result<Found<Case>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| case::resolve(conn, ctx, id, base, &how)).await?))
}

/// Close a case
///
/// With `with_children` what is a part of it is closed, too, as far as the caller may change that. What its customer
/// says after that opens another case, which goes on from it. If-Match asks for the version of the case.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), request_body = CaseClosing,
    responses((status = 200, description = "the case as it is now", body = Case)))]
#[post("/cases/{id}/close")]
async fn close_case(
    db: Data<Db>,
    Can(can): Can<Update<Case>>,
    Id(id): Id<CaseId>,
    IfMatch(base): IfMatch,
    Valid(how): Valid<CaseClosing>,
) -> Result<Found<Case>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| case::close(conn, ctx, id, base, &how)).await?))
}

/// Take up a case again
///
/// One that was resolved or closed; another is answered as it is. If-Match asks for the version of the case.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)),
    responses((status = 200, description = "the case as it is now", body = Case)))]
#[post("/cases/{id}/reopen")]
async fn reopen_case(
    db: Data<Db>,
    Can(can): Can<Update<Case>>,
    Id(id): Id<CaseId>,
    IfMatch(base): IfMatch,
) -> Result<Found<Case>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| case::reopen(conn, ctx, id, base)).await?))
}

/// What who makes one case of several does with them.
type Joins = (Merging<Case>, (Update<Case>, Delete<Case>));

/// Merge cases into one
///
/// The others are archived, and whatever points at them points at this one: what was said about them, who follows them,
/// files, activities and tasks. Of each field it keeps its own value, else the first that another has; `field_choices`
/// decides otherwise. Their ids lead to it. With `dry_run` it says what would come of it, and does nothing.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), request_body = RecordMerger,
    responses((status = 200, description = "what came of it, or would", body = RecordsMerged)))]
#[post("/cases/{id}/merge")]
async fn merge_case(
    db: Data<Db>,
    Can(can): Can<Joins>,
    Id(id): Id<CaseId>,
    Valid(merger): Valid<RecordMerger>,
) -> Result<Json<RecordsMerged>> {
    Ok(Json(db.change(can, move |conn, ctx| case::merge(conn, ctx, id, &merger)).await?))
}

/// Split a case
///
/// The messages that are named become a case of their own, about the same, which goes on from this one. If-Match asks
/// for the version of the case.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), request_body = CaseSplit,
    responses((status = 201, description = "the case as it was made", body = Case)))]
#[post("/cases/{id}/split")]
async fn split_case(
    db: Data<Db>,
    Can(can): Can<(Update<Case>, Create<Case>)>,
    Id(id): Id<CaseId>,
    IfMatch(base): IfMatch,
    Valid(split): Valid<CaseSplit>,
) -> Result<Created<Case>> {
    Ok(Created(db.change(can, move |conn, ctx| message::split(conn, ctx, id, base, &split)).await?))
}
