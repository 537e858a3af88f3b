//! `/v1/service-levels`: how well cases are served.
use crate::answer::Result;
use crate::extract::{Asked, Can};
use crate::routes::Routes;
use ::service::case::Case;
use ::service::service_level::{self, LevelGroupBy, ServiceLevels, Span};
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use kernel::{Error, Fault, Read, error, text};
use platform::Db;
use serde::Deserialize;
use utoipa::IntoParams;

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_service_levels);
}

/// Of which days, where, and by what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LevelsQuery {
    /// the first day
    #[param(value_type = NaiveDate, example = "2026-11-01")]
    pub from: String,
    /// the last day
    #[param(value_type = NaiveDate, example = "2026-11-30")]
    pub until: String,
    /// IANA: where days begin; that of the tenant, unless said otherwise
    #[param(example = "Asia/Shanghai", max_length = 64)]
    pub time_zone: Option<String>,
    /// `nothing`, unless said otherwise
    #[serde(default)]
    #[param(inline, required = false)]
    pub group_by: LevelGroupBy,
}

/// Get how well cases were served in a period
///
/// What of the promises was kept, how long answers and solutions took, by the wall clock and in business time of the
/// default calendar, what was opened again, and what was open at the end; of the cases that the caller sees. Each thing
/// counts on the day on which it happened. More than 50,000 cases are too many for one answer.
#[utoipa::path(tag = "service-levels", params(LevelsQuery),
    responses((status = 200, description = "the groups, and all of them together", body = ServiceLevels)))]
#[get("/service-levels/figures")]
async fn get_service_levels(
    db: Data<Db>,
    Can(can): Can<Read<Case>>,
    Asked(query): Asked<LevelsQuery>,
) -> Result<Json<ServiceLevels>> {
    let (from, until) = (day("?from", &query.from)?, day("?until", &query.until)?);
    let levels = db.read(can, move |conn, ctx| {
        let zone = service_level::zone(conn, ctx, query.time_zone.as_deref())?;
        let span = Span::new(from, until, zone)?;
        service_level::of(conn, ctx, span, query.group_by)
    });
    Ok(Json(levels.await?))
}

fn day(place: &str, told: &str) -> kernel::Result<NaiveDate> {
    told.parse().map_err(|_| {
        let fault = Fault::new(place, "date", text!("is no day, such as 2026-11-25"));
        Error::from(error::UNKNOWN_PARAMETER).fault(fault)
    })
}
