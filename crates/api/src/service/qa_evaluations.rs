//! `/v1/qa-evaluations`: how well cases were looked after.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::service::qa::evaluation::figures::{self, QaFigures, Span};
use ::service::qa::evaluation::{
    self, NewQaEvaluation, QaAppeal, QaEvaluation, QaEvaluationPatch, QaReason, QaRevision,
};
use ::service::qa::scorecard::QaScorecard;
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post};
use chrono::{DateTime, Utc};
use kernel::{
    Approve, Create, Delete, Error, Fault, Page, Purge, QaEvaluationId, QaScorecardId, Read, Update, error, text,
};
use platform::Db;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

pub fn routes(cfg: &mut Routes) {
    // `/qa-evaluations/figures` before `/qa-evaluations/{id}`, which it would be taken for
    cfg.service(get_qa_figures)
        .service(list_qa_evaluations)
        .service(create_qa_evaluation)
        .service(get_qa_evaluation)
        .service(update_qa_evaluation)
        .service(delete_qa_evaluation)
        .service(restore_qa_evaluation)
        .service(finalize_qa_evaluation)
        .service(appeal_qa_evaluation)
        .service(uphold_qa_evaluation)
        .service(revise_qa_evaluation);
}

type QaEvaluationPage = Page<QaEvaluation>;

/// List evaluations
///
/// Newest first, unless `sort` says otherwise. Drafts are seen by their reviewers, and what holds by the agent.
#[utoipa::path(tag = "qa-evaluations", params(ListQuery),
    responses((status = 200, description = "a page of evaluations", body = QaEvaluationPage)))]
#[get("/qa-evaluations")]
async fn list_qa_evaluations(
    db: Data<Db>,
    Can(can): Can<Read<QaEvaluation>>,
    List(listing, view): List<evaluation::Table>,
) -> Result<Shown<QaEvaluationPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| evaluation::list(conn, ctx, &listing)).await
}

/// Begin an evaluation
///
/// Of a case that the caller sees and has not looked after, as a draft. What the scores come to is told at once.
#[utoipa::path(tag = "qa-evaluations", request_body = NewQaEvaluation,
    responses((status = 201, description = "the draft", body = QaEvaluation)))]
#[post("/qa-evaluations")]
async fn create_qa_evaluation(
    db: Data<Db>,
    Can(can): Can<((Create<QaEvaluation>, Read<QaScorecard>), Read<::service::case::Case>)>,
    Valid(new): Valid<NewQaEvaluation>,
) -> Result<Created<QaEvaluation>> {
    Ok(Created(db.change(can, move |conn, ctx| evaluation::create(conn, ctx, &new)).await?))
}

/// Get an evaluation
#[utoipa::path(tag = "qa-evaluations", params(("id" = QaEvaluationId, Path), ViewQuery),
    responses((status = 200, description = "the evaluation", body = QaEvaluation)))]
#[get("/qa-evaluations/{id}")]
async fn get_qa_evaluation(
    db: Data<Db>,
    Can(can): Can<Read<QaEvaluation>>,
    Id(id): Id<QaEvaluationId>,
    view: View,
) -> Result<Found<QaEvaluation>> {
    view.one(&db, can, id).await
}

/// Update a draft of an evaluation
///
/// By its reviewer.
#[utoipa::path(tag = "qa-evaluations", params(("id" = QaEvaluationId, Path)),
    request_body(content = QaEvaluationPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the draft as it is now", body = QaEvaluation)))]
#[patch("/qa-evaluations/{id}")]
async fn update_qa_evaluation(
    db: Data<Db>,
    Can(can): Can<Update<QaEvaluation>>,
    Id(id): Id<QaEvaluationId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<QaEvaluationPatch>,
) -> Result<Found<QaEvaluation>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| evaluation::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge an evaluation
///
/// By whoever may delete it and is not judged by it. Archived, it counts for nothing.
#[utoipa::path(tag = "qa-evaluations", params(("id" = QaEvaluationId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/qa-evaluations/{id}")]
async fn delete_qa_evaluation(
    db: Data<Db>,
    Can(can): Can<Delete<QaEvaluation>>,
    Id(id): Id<QaEvaluationId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<QaEvaluation>>().and_then(|()| evaluation::purge(conn, ctx, id, base)),
        false => evaluation::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived evaluation
#[utoipa::path(tag = "qa-evaluations", params(("id" = QaEvaluationId, Path)),
    responses((status = 200, description = "the evaluation, which counts again", body = QaEvaluation)))]
#[post("/qa-evaluations/{id}/restore")]
async fn restore_qa_evaluation(
    db: Data<Db>,
    Can(can): Can<Delete<QaEvaluation>>,
    Id(id): Id<QaEvaluationId>,
) -> Result<Found<QaEvaluation>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| evaluation::restore(conn, ctx, id)).await?))
}

/// Finalize an evaluation
///
/// By its reviewer: it holds from now on, and the agent sees it. Each criterion has a score by then, or null for that it does
/// not apply. If-Match asks for the version of the evaluation.
#[utoipa::path(tag = "qa-evaluations", params(("id" = QaEvaluationId, Path)),
    responses((status = 200, description = "the evaluation as it holds", body = QaEvaluation)))]
#[post("/qa-evaluations/{id}/finalize")]
async fn finalize_qa_evaluation(
    db: Data<Db>,
    Can(can): Can<Update<QaEvaluation>>,
    Id(id): Id<QaEvaluationId>,
    IfMatch(base): IfMatch,
) -> Result<Found<QaEvaluation>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| evaluation::finalize(conn, ctx, id, base)).await?))
}

/// Appeal against an evaluation
///
/// By the agent whom it is about, once. If-Match asks for the version of the evaluation.
#[utoipa::path(tag = "qa-evaluations", params(("id" = QaEvaluationId, Path)), request_body = QaAppeal,
    responses((status = 200, description = "the evaluation, on which somebody decides", body = QaEvaluation)))]
#[post("/qa-evaluations/{id}/appeal")]
async fn appeal_qa_evaluation(
    db: Data<Db>,
    Can(can): Can<Update<QaEvaluation>>,
    Id(id): Id<QaEvaluationId>,
    IfMatch(base): IfMatch,
    Valid(why): Valid<QaAppeal>,
) -> Result<Found<QaEvaluation>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| evaluation::appeal(conn, ctx, id, base, &why)).await?))
}

/// Uphold an evaluation
///
/// Which the agent has appealed against: it stands as it is. By anybody who may approve evaluations but the agent. If-Match
/// asks for the version of the evaluation.
#[utoipa::path(tag = "qa-evaluations", params(("id" = QaEvaluationId, Path)), request_body = QaReason,
    responses((status = 200, description = "the evaluation as it stands", body = QaEvaluation)))]
#[post("/qa-evaluations/{id}/uphold")]
async fn uphold_qa_evaluation(
    db: Data<Db>,
    Can(can): Can<(Update<QaEvaluation>, Approve<QaEvaluation>)>,
    Id(id): Id<QaEvaluationId>,
    IfMatch(base): IfMatch,
    Valid(why): Valid<QaReason>,
) -> Result<Found<QaEvaluation>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| evaluation::uphold(conn, ctx, id, base, &why)).await?))
}

/// Revise an evaluation
///
/// Which the agent has appealed against: it has other scores from now on. By anybody who may approve evaluations but the
/// agent. If-Match asks for the version of the evaluation.
#[utoipa::path(tag = "qa-evaluations", params(("id" = QaEvaluationId, Path)), request_body = QaRevision,
    responses((status = 200, description = "the evaluation as it holds now", body = QaEvaluation)))]
#[post("/qa-evaluations/{id}/revise")]
async fn revise_qa_evaluation(
    db: Data<Db>,
    Can(can): Can<(Update<QaEvaluation>, Approve<QaEvaluation>)>,
    Id(id): Id<QaEvaluationId>,
    IfMatch(base): IfMatch,
    Valid(to): Valid<QaRevision>,
) -> Result<Found<QaEvaluation>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| evaluation::revise(conn, ctx, id, base, &to)).await?))
}

/// Of which evaluations.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FiguresQuery {
    /// when they came to hold: not before that moment
    #[param(value_type = DateTime<Utc>, example = "2026-11-01T00:00:00Z")]
    pub from: String,
    /// before that moment
    #[param(value_type = DateTime<Utc>, example = "2026-12-01T00:00:00Z")]
    pub until: String,
    /// by which scorecard; by all, unless said otherwise
    pub scorecard_id: Option<QaScorecardId>,
}

/// Get what evaluations come to
///
/// By agent, of those that came to hold in a period and that the caller sees: how many, their mean and lowest totals, how
/// many were passed, failed by something critical, appealed against and revised.
#[utoipa::path(tag = "qa-evaluations", params(FiguresQuery),
    responses((status = 200, description = "one group an agent", body = QaFigures)))]
#[get("/qa-evaluations/figures")]
async fn get_qa_figures(
    db: Data<Db>,
    Can(can): Can<Read<QaEvaluation>>,
    Asked(query): Asked<FiguresQuery>,
) -> Result<Json<QaFigures>> {
    let (from, until) = (moment("?from", &query.from)?, moment("?until", &query.until)?);
    let span = Span { from, until, scorecard: query.scorecard_id };
    Ok(Json(db.read(can, move |conn, ctx| figures::of(conn, ctx, span)).await?))
}

fn moment(place: &str, text: &str) -> kernel::Result<DateTime<Utc>> {
    text.parse().map_err(|_| {
        let message = text!("is no moment, such as 2026-11-01T00:00:00Z");
        Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new(place, "moment", message))
    })
}
