//! Who is asked, what they have answered, and what that comes to: `/v1/surveys/{id}/responses`, `/v1/survey-responses`,
//! `/v1/surveys/{id}/figures`.
use super::kb_feedback::days;
use crate::answer::{Created, Found, Result, Shown};
use crate::extract::{Asked, Can, Id, List, ListQuery, Valid};
use crate::routes::Routes;
use ::customer::contact::Contact;
use ::service::survey::Survey;
use ::service::survey::response::{self, NewSurveyResponse, SurveyFigures, SurveyResponse};
use actix_web::web::{Data, Json};
use actix_web::{get, post};
use chrono::NaiveDate;
use kernel::{Page, Read, SurveyId, SurveyResponseId, Update, clock};
use platform::Db;
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_survey_responses).service(get_survey_response).service(ask_contact).service(get_survey_figures);
}

type SurveyResponsePage = Page<SurveyResponse>;

/// By what figures are told apart.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SurveySide {
    /// who has served them
    #[default]
    User,
    /// the queue in which they lay
    Queue,
    /// the day on which they were asked
    Day,
}

/// From which day to which, and by what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SurveyFiguresQuery {
    /// the first day on which somebody was asked, by UTC: 29 days before the last, unless said otherwise
    from_on: Option<NaiveDate>,
    /// the last day: today, unless said otherwise; at most 731 days at once
    until_on: Option<NaiveDate>,
    /// by what they are told apart
    #[serde(default)]
    #[param(inline, required = false)]
    by: SurveySide,
}

/// List who was asked, and what they have answered
///
/// Of contacts that the caller sees; newest first, unless `sort` says otherwise. They are neither archived nor searched by
/// words.
#[utoipa::path(tag = "surveys", params(ListQuery),
    responses((status = 200, description = "a page of them", body = SurveyResponsePage)))]
#[get("/survey-responses")]
async fn list_survey_responses(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    List(listing, view): List<response::Table>,
) -> Result<Shown<SurveyResponsePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| response::list(conn, ctx, &listing)).await
}

/// Get what somebody has answered
#[utoipa::path(tag = "surveys", params(("id" = SurveyResponseId, Path)),
    responses((status = 200, description = "the response", body = SurveyResponse)))]
#[get("/survey-responses/{id}")]
async fn get_survey_response(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<SurveyResponseId>,
) -> Result<Found<SurveyResponse>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| response::find(conn, ctx, id)).await?))
}

/// Ask a contact
///
/// By a letter with a link, when the delay of the survey is over. Refused where they were asked a short while ago, or are
/// not to be written to.
#[utoipa::path(tag = "surveys", params(("id" = SurveyId, Path)), request_body = NewSurveyResponse,
    responses((status = 201, description = "that they are to be asked", body = SurveyResponse)))]
#[post("/surveys/{id}/responses")]
async fn ask_contact(
    db: Data<Db>,
    Can(can): Can<(Update<Contact>, Read<Survey>)>,
    Id(id): Id<SurveyId>,
    Valid(new): Valid<NewSurveyResponse>,
) -> Result<Created<SurveyResponse>> {
    Ok(Created(db.write(can, move |conn, ctx| response::ask(conn, ctx, id, &new)).await?))
}

/// Get what a survey has come to
///
/// How many were asked and have answered, and what their answers say together: by who has served them, by queue or by day.
/// Of contacts that the caller sees.
#[utoipa::path(tag = "surveys", params(("id" = SurveyId, Path), SurveyFiguresQuery),
    responses((status = 200, description = "the figures", body = SurveyFigures)))]
#[get("/surveys/{id}/figures")]
async fn get_survey_figures(
    db: Data<Db>,
    Can(can): Can<(Read<Survey>, Read<Contact>)>,
    Id(id): Id<SurveyId>,
    Asked(query): Asked<SurveyFiguresQuery>,
) -> Result<Json<SurveyFigures>> {
    let span = days(query.from_on, query.until_on, clock::now())?;
    let by = match query.by {
        SurveySide::User => "user",
        SurveySide::Queue => "queue",
        SurveySide::Day => "day",
    };
    Ok(Json(db.read(can, move |conn, ctx| response::figures(conn, ctx, id, span, by)).await?))
}
