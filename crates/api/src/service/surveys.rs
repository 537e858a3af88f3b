//! `/v1/surveys`: what customers are asked when something was done for them.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::service::survey::{self, NewSurvey, Survey, SurveyPatch};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{Create, Delete, Page, Purge, Read, SurveyId, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_surveys)
        .service(create_survey)
        .service(batch_surveys)
        .service(get_survey)
        .service(update_survey)
        .service(delete_survey)
        .service(restore_survey);
}

type SurveyPage = Page<Survey>;

/// List surveys
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "surveys", params(ListQuery),
    responses((status = 200, description = "a page of surveys", body = SurveyPage)))]
#[get("/surveys")]
async fn list_surveys(
    db: Data<Db>,
    Can(can): Can<Read<Survey>>,
    List(listing, view): List<survey::Table>,
) -> Result<Shown<SurveyPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| survey::list(conn, ctx, &listing)).await
}

/// Create a survey
///
/// Refused where another has the name.
#[utoipa::path(tag = "surveys", request_body = NewSurvey,
    responses((status = 201, description = "the survey as it was made", body = Survey)))]
#[post("/surveys")]
async fn create_survey(
    db: Data<Db>,
    Can(can): Can<Create<Survey>>,
    Valid(new): Valid<NewSurvey>,
) -> Result<Created<Survey>> {
    Ok(Created(db.change(can, move |conn, ctx| survey::create(conn, ctx, &new)).await?))
}

/// Get a survey
#[utoipa::path(tag = "surveys", params(("id" = SurveyId, Path), ViewQuery),
    responses((status = 200, description = "the survey", body = Survey)))]
#[get("/surveys/{id}")]
async fn get_survey(
    db: Data<Db>,
    Can(can): Can<Read<Survey>>,
    Id(id): Id<SurveyId>,
    view: View,
) -> Result<Found<Survey>> {
    view.one(&db, can, id).await
}

/// Update a survey
#[utoipa::path(tag = "surveys", params(("id" = SurveyId, Path)),
    request_body(content = SurveyPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the survey as it is now", body = Survey)))]
#[patch("/surveys/{id}")]
async fn update_survey(
    db: Data<Db>,
    Can(can): Can<Update<Survey>>,
    Id(id): Id<SurveyId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<SurveyPatch>,
) -> Result<Found<Survey>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| survey::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a survey
///
/// Archived, nobody is asked any more; who was asked already may answer. One that has asked anybody is archived, and not
/// purged.
#[utoipa::path(tag = "surveys", params(("id" = SurveyId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/surveys/{id}")]
async fn delete_survey(
    db: Data<Db>,
    Can(can): Can<Delete<Survey>>,
    Id(id): Id<SurveyId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Survey>>().and_then(|()| survey::purge(conn, ctx, id, base)),
        false => survey::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived survey
#[utoipa::path(tag = "surveys", params(("id" = SurveyId, Path)),
    responses((status = 200, description = "the survey, in use again", body = Survey)))]
#[post("/surveys/{id}/restore")]
async fn restore_survey(db: Data<Db>, Can(can): Can<Delete<Survey>>, Id(id): Id<SurveyId>) -> Result<Found<Survey>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| survey::restore(conn, ctx, id)).await?))
}

/// Write many surveys
///
/// Up to 1,000 creations, changes and deletions, answered one by one in their order.
#[utoipa::path(tag = "surveys", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/surveys/batch")]
async fn batch_surveys(db: Data<Db>, Can(can): Can<Writes<Survey>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Survey>>()?;
                survey::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Survey>>()?;
                survey::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => Err(batch::no_upsert()),
            BatchOp::Delete => {
                ctx.must::<Delete<Survey>>()?;
                survey::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
