//! What visitors have said of articles, and how often those were read: `/v1/kb-feedback`, `/v1/kb-portals/{id}/figures`,
//! `/v1/kb-articles/{id}/figures`.
use crate::answer::{Found, Result, Shown};
use crate::extract::{Asked, Can, Id, List, ListQuery};
use crate::routes::Routes;
use ::service::kb::article::KbArticle;
use ::service::kb::feedback::{self, KbFeedback};
use ::service::kb::portal::KbPortal;
use ::service::kb::tally::{self, KbArticleFigures, KbFigures};
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use kernel::{Error, Fault, KbArticleId, KbFeedbackId, KbPortalId, Page, Read, Text, clock, error, text};
use platform::Db;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

/// As many days as are added up at once.
const MOST_DAYS: i64 = 731;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_kb_feedback)
        .service(get_kb_feedback)
        .service(get_kb_portal_figures)
        .service(get_kb_article_figures);
}

type KbFeedbackPage = Page<KbFeedback>;

/// From which day to which.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct KbSpanQuery {
    /// the first day, by UTC: 29 days before the last, unless said otherwise
    pub from_on: Option<NaiveDate>,
    /// the last day: today, unless said otherwise; at most 731 days at once
    pub until_on: Option<NaiveDate>,
}

/// The days that are asked for, as many as are added up at once.
pub(super) fn days(
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> kernel::Result<(NaiveDate, NaiveDate)> {
    let refuse =
        |code: &str, said: Text| Err(Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new("?until_on", code, said)));
    let until = until.unwrap_or_else(|| now.date_naive());
    let from = from.or_else(|| until.checked_sub_days(Days::new(29))).unwrap_or(until);
    if [from, until].iter().any(|day| !(1900..=9999).contains(&day.year())) {
        return refuse("range", text!("is no day that can be asked for"));
    }
    match (until - from).num_days() {
        days if days < 0 => refuse("order", text!("ends before it begins")),
        days if days >= MOST_DAYS => refuse("range", text!("at most {most} days at once", most = MOST_DAYS)),
        _ => Ok((from, until)),
    }
}

/// List what visitors have said of articles
///
/// Newest first, unless `sort` says otherwise. It is neither archived nor searched by words.
#[utoipa::path(tag = "kb-articles", params(ListQuery),
    responses((status = 200, description = "a page of it", body = KbFeedbackPage)))]
#[get("/kb-feedback")]
async fn list_kb_feedback(
    db: Data<Db>,
    Can(can): Can<Read<KbArticle>>,
    List(listing, view): List<feedback::Table>,
) -> Result<Shown<KbFeedbackPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| feedback::list(conn, ctx, &listing)).await
}

/// Get what a visitor has said of an article
#[utoipa::path(tag = "kb-articles", params(("id" = KbFeedbackId, Path)),
    responses((status = 200, description = "what they have said", body = KbFeedback)))]
#[get("/kb-feedback/{id}")]
async fn get_kb_feedback(
    db: Data<Db>,
    Can(can): Can<Read<KbArticle>>,
    Id(id): Id<KbFeedbackId>,
) -> Result<Found<KbFeedback>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| feedback::find(conn, ctx, id)).await?))
}

/// Get how a knowledge base portal did
///
/// How often its articles were read and it was searched, and how many of those who have said so they have helped: questions
/// that nobody had to be asked. What is read now is counted some seconds later.
#[utoipa::path(tag = "kb-portals", params(("id" = KbPortalId, Path), KbSpanQuery),
    responses((status = 200, description = "the figures", body = KbFigures)))]
#[get("/kb-portals/{id}/figures")]
async fn get_kb_portal_figures(
    db: Data<Db>,
    Can(can): Can<(Read<KbPortal>, Read<KbArticle>)>,
    Id(id): Id<KbPortalId>,
    Asked(query): Asked<KbSpanQuery>,
) -> Result<Json<KbFigures>> {
    let days = days(query.from_on, query.until_on, clock::now())?;
    Ok(Json(db.read(can, move |conn, ctx| tally::figures(conn, ctx, id, days)).await?))
}

/// Get how a knowledge base article did
///
/// How often it was read, and whom it has helped. What is read now is counted some seconds later.
#[utoipa::path(tag = "kb-articles", params(("id" = KbArticleId, Path), KbSpanQuery),
    responses((status = 200, description = "the figures", body = KbArticleFigures)))]
#[get("/kb-articles/{id}/figures")]
async fn get_kb_article_figures(
    db: Data<Db>,
    Can(can): Can<Read<KbArticle>>,
    Id(id): Id<KbArticleId>,
    Asked(query): Asked<KbSpanQuery>,
) -> Result<Json<KbArticleFigures>> {
    let days = days(query.from_on, query.until_on, clock::now())?;
    Ok(Json(db.read(can, move |conn, ctx| tally::of_article(conn, ctx, id, days)).await?))
}
