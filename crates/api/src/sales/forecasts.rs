//! `/v1/forecasts`: what a period will come to.
use crate::answer::Result;
use crate::extract::{Asked, Can};
use crate::routes::Routes;
use ::sales::forecast::change::{self, ForecastChanges};
use ::sales::forecast::period::Period;
use ::sales::forecast::{self, Forecast, GroupBy};
use ::sales::opportunity::Opportunity;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use kernel::{Error, Fault, Read, error, text};
use platform::Db;
use serde::Deserialize;
use utoipa::IntoParams;

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_forecast).service(list_forecast_changes);
}

/// Of which period, and by what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ForecastQuery {
    /// a year, called by the one that it begins in, a quarter of it, or a month
    #[param(example = "2026-Q4", pattern = r"^\d{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$", max_length = 7)]
    pub period: String,
    /// `owner`, unless said otherwise
    #[serde(default)]
    #[param(inline, required = false)]
    pub group_by: GroupBy,
}

/// Get the forecast of a period
///
/// What is won, what is open by category, what that is worth by its probability, and what of the quotas is reached; in the
/// tenant's own currency, of the opportunities that the caller sees. By team, each counts in the teams above it too, and
/// so does what people are to reach, where a team has no quota of its own. Days are those of the tenant's time zone, and
/// years begin in its `fiscal_year_start_month`.
#[utoipa::path(tag = "forecasts", params(ForecastQuery),
    responses((status = 200, description = "the groups, and all of them together", body = Forecast)))]
#[get("/forecasts")]
async fn get_forecast(
    db: Data<Db>,
    Can(can): Can<Read<Opportunity>>,
    Asked(query): Asked<ForecastQuery>,
) -> Result<Json<Forecast>> {
    let period = Period::read(&query.period).ok_or_else(|| unknown("?period"))?;
    Ok(Json(db.read(can, move |conn, ctx| forecast::of(conn, ctx, period, query.group_by)).await?))
}

/// Since when, and in which period.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ChangesQuery {
    /// the day that it is compared with
    #[param(value_type = NaiveDate, example = "2026-11-25")]
    pub since: String,
    /// a year, a quarter or a month; all of them, unless said otherwise
    #[param(example = "2026-Q4", pattern = r"^\d{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?$", max_length = 7)]
    pub period: Option<String>,
}

/// List what has changed in the forecast since a day
///
/// What was added, won, lost or archived, came into the period or left it, and whose amount went up or down, as far as the
/// caller sees it now. Each night the open opportunities are written down: the last night not after that day is what it is
/// compared with.
#[utoipa::path(tag = "forecasts", params(ChangesQuery),
    responses((status = 200, description = "what has happened, the newest first", body = ForecastChanges)))]
#[get("/forecasts/changes")]
async fn list_forecast_changes(
    db: Data<Db>,
    Can(can): Can<Read<Opportunity>>,
    Asked(query): Asked<ChangesQuery>,
) -> Result<Json<ForecastChanges>> {
    let read = |text: &String| Period::read(text).ok_or_else(|| unknown("?period"));
    let period = query.period.as_ref().map(read).transpose()?;
    let since: NaiveDate = query.since.parse().map_err(|_| {
        let message = text!("is no day, such as 2026-11-25");
        Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new("?since", "date", message))
    })?;
    Ok(Json(db.read(can, move |conn, ctx| change::since(conn, ctx, since, period)).await?))
}

fn unknown(place: &str) -> Error {
    let message = text!("is no period, such as 2026, 2026-Q4 or 2026-11");
    Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new(place, "period", message))
}
