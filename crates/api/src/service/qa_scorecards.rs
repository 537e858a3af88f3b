//! `/v1/qa-scorecards`: by what the work on cases is judged, and which cases are looked at.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::service::case::Case;
use ::service::qa::evaluation::QaEvaluation;
use ::service::qa::evaluation::sample::{self, Draw};
use ::service::qa::scorecard::{self, NewQaScorecard, QaScorecard, QaScorecardPatch};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Error, Fault, Page, Purge, QaScorecardId, Read, Update, Writes, error, text};
use platform::Db;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_qa_scorecards)
        .service(create_qa_scorecard)
        .service(batch_qa_scorecards)
        .service(upsert_qa_scorecard)
        .service(get_qa_scorecard)
        .service(update_qa_scorecard)
        .service(delete_qa_scorecard)
        .service(restore_qa_scorecard)
        .service(list_qa_sample);
}

type QaScorecardPage = Page<QaScorecard>;

/// List scorecards
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "qa-scorecards", params(ListQuery),
    responses((status = 200, description = "a page of scorecards", body = QaScorecardPage)))]
#[get("/qa-scorecards")]
async fn list_qa_scorecards(
    db: Data<Db>,
    Can(can): Can<Read<QaScorecard>>,
    List(listing, view): List<scorecard::Table>,
) -> Result<Shown<QaScorecardPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| scorecard::list(conn, ctx, &listing)).await
}

/// Create a scorecard
///
/// Its criteria have weights and scales; an evaluation keeps them as they are when it is begun.
#[utoipa::path(tag = "qa-scorecards", request_body = NewQaScorecard,
    responses((status = 201, description = "the scorecard as it was made", body = QaScorecard)))]
#[post("/qa-scorecards")]
async fn create_qa_scorecard(
    db: Data<Db>,
    Can(can): Can<Create<QaScorecard>>,
    Valid(new): Valid<NewQaScorecard>,
) -> Result<Created<QaScorecard>> {
    Ok(Created(db.change(can, move |conn, ctx| scorecard::create(conn, ctx, &new)).await?))
}

/// Get a scorecard
#[utoipa::path(tag = "qa-scorecards", params(("id" = QaScorecardId, Path), ViewQuery),
    responses((status = 200, description = "the scorecard", body = QaScorecard)))]
#[get("/qa-scorecards/{id}")]
async fn get_qa_scorecard(
    db: Data<Db>,
    Can(can): Can<Read<QaScorecard>>,
    Id(id): Id<QaScorecardId>,
    view: View,
) -> Result<Found<QaScorecard>> {
    view.one(&db, can, id).await
}

/// Update a scorecard
#[utoipa::path(tag = "qa-scorecards", params(("id" = QaScorecardId, Path)),
    request_body(content = QaScorecardPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the scorecard as it is now", body = QaScorecard)))]
#[patch("/qa-scorecards/{id}")]
async fn update_qa_scorecard(
    db: Data<Db>,
    Can(can): Can<Update<QaScorecard>>,
    Id(id): Id<QaScorecardId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<QaScorecardPatch>,
) -> Result<Found<QaScorecard>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| scorecard::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a scorecard
///
/// Archived, nothing is judged by it any more. One that something was judged by is archived, and not purged.
#[utoipa::path(tag = "qa-scorecards", params(("id" = QaScorecardId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/qa-scorecards/{id}")]
async fn delete_qa_scorecard(
    db: Data<Db>,
    Can(can): Can<Delete<QaScorecard>>,
    Id(id): Id<QaScorecardId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<QaScorecard>>().and_then(|()| scorecard::purge(conn, ctx, id, base)),
        false => scorecard::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived scorecard
#[utoipa::path(tag = "qa-scorecards", params(("id" = QaScorecardId, Path)),
    responses((status = 200, description = "the scorecard, in use again", body = QaScorecard)))]
#[post("/qa-scorecards/{id}/restore")]
async fn restore_qa_scorecard(
    db: Data<Db>,
    Can(can): Can<Delete<QaScorecard>>,
    Id(id): Id<QaScorecardId>,
) -> Result<Found<QaScorecard>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| scorecard::restore(conn, ctx, id)).await?))
}

/// Create or update a scorecard by a key
///
/// The key is `name`.
#[utoipa::path(tag = "qa-scorecards", params(KeyPath, UpsertQuery), request_body = NewQaScorecard,
    responses((status = 200, description = "the scorecard as it is now", body = QaScorecard),
              (status = 201, description = "the scorecard as it was made", body = QaScorecard)))]
#[put("/qa-scorecards/by/{key}/{value}")]
async fn upsert_qa_scorecard(
    db: Data<Db>,
    Can(can): Can<(Create<QaScorecard>, Update<QaScorecard>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewQaScorecard, QaScorecardPatch>,
) -> Result<Put<QaScorecard>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| scorecard::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many scorecards
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "qa-scorecards", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/qa-scorecards/batch")]
async fn batch_qa_scorecards(db: Data<Db>, Can(can): Can<Writes<QaScorecard>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<QaScorecard>>()?;
                scorecard::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<QaScorecard>>()?;
                scorecard::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<QaScorecard>, Update<QaScorecard>)>()?;
                let (path, ask) = item.upsert()?;
                scorecard::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<QaScorecard>>()?;
                scorecard::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// By what a sample is drawn.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SampleQuery {
    /// over cases, in the language of filters; that of the scorecard, unless said otherwise
    #[param(max_length = 4000, example = "status == \"closed\"")]
    pub filter: Option<String>,
    /// how many of a hundred; as many as the scorecard says, unless said otherwise
    #[param(value_type = Option<String>, format = "decimal", example = "10", pattern = r"^\d{1,3}(\.\d{1,2})?$")]
    pub percent: Option<String>,
    /// how many at most
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 200, default = 50, required = false)]
    pub limit: i64,
}

fn fifty() -> i64 {
    50
}

/// List the cases that are to be looked at
///
/// Of the cases that the filter holds of and the caller sees, so many of a hundred, chosen by a hash of their ids: the same
/// whenever it is asked, and all of a smaller sample are in a larger one. The newest first, without those that were judged by
/// the scorecard already.
#[utoipa::path(tag = "qa-scorecards", params(("id" = QaScorecardId, Path), SampleQuery),
    responses((status = 200, description = "the cases, the newest first", body = Vec<Case>)))]
#[get("/qa-scorecards/{id}/sample")]
async fn list_qa_sample(
    db: Data<Db>,
    Can(can): Can<((Read<QaScorecard>, Read<QaEvaluation>), Read<Case>)>,
    Id(id): Id<QaScorecardId>,
    Asked(query): Asked<SampleQuery>,
) -> Result<Json<Vec<Case>>> {
    let percent = query.percent.as_deref().map(percent).transpose()?;
    if !(1..=200).contains(&query.limit) {
        return Err(refused("?limit", "range", text!("is not from 1 to 200")).into());
    }
    let draw = Draw { filter: query.filter, percent, limit: query.limit };
    Ok(Json(db.read(can, move |conn, ctx| sample::of(conn, ctx, id, &draw)).await?))
}

fn percent(text: &str) -> kernel::Result<Decimal> {
    let figure = text.parse::<Decimal>().ok().filter(|figure| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(figure));
    figure.ok_or_else(|| refused("?percent", "range", text!("is not from 0 to 100")))
}

fn refused(place: &str, code: &str, message: kernel::Text) -> Error {
    Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new(place, code, message))
}
