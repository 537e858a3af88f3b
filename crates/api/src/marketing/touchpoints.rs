//! `/v1/touchpoints`: what people came by before they bought. `/v1/attribution`: what of that brought what was bought.
use crate::answer::{Found, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{Asked, Can, Id, List, ListQuery, Valid};
use crate::routes::Routes;
use ::customer::contact::Contact;
use ::marketing::attribution::{self, AttributionReport, GroupBy, Model, Question};
use ::marketing::touchpoint::{self, NewTouchpoint, STANDS, Touchpoint};
use ::sales::order::Order;
use actix_web::web::{Data, Json};
use actix_web::{get, post};
use chrono::{Datelike, Days, NaiveDate};
use kernel::{Error, Fault, Page, Read, Text, TouchpointId, Update, error, text};
use platform::Db;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_touchpoints)
        .service(create_touchpoint)
        .service(batch_touchpoints)
        .service(get_touchpoint)
        .service(get_attribution);
}

type TouchpointPage = Page<Touchpoint>;

/// List touchpoints
///
/// Of all contacts that the caller sees. Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "touchpoints", params(ListQuery),
    responses((status = 200, description = "a page of them", body = TouchpointPage)))]
#[get("/touchpoints")]
async fn list_touchpoints(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    List(listing, view): List<touchpoint::Table>,
) -> Result<Shown<TouchpointPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| touchpoint::list(conn, ctx, &listing)).await
}

/// Write down a touchpoint
///
/// What another system sends by its name for it comes to be there once: sent again, it is answered as it is.
#[utoipa::path(tag = "touchpoints", request_body = NewTouchpoint,
    responses((status = 200, description = "it was there already", body = Touchpoint),
              (status = 201, description = "the touchpoint as it was written down", body = Touchpoint)))]
#[post("/touchpoints")]
async fn create_touchpoint(
    db: Data<Db>,
    Can(can): Can<Update<Contact>>,
    Valid(new): Valid<NewTouchpoint>,
) -> Result<Put<Touchpoint>> {
    Ok(Put(db.write(can, move |conn, ctx| touchpoint::record(conn, ctx, &new)).await?))
}

/// Write down many touchpoints
///
/// Up to 1,000, answered one by one in their order. They can be created and nothing else.
#[utoipa::path(tag = "touchpoints", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/touchpoints/batch")]
async fn batch_touchpoints(db: Data<Db>, Can(can): Can<Update<Contact>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => touchpoint::record(conn, ctx, &item.read()?).map(Done::from),
            // what is wrong with it is told first
            BatchOp::Update => item.read::<NewTouchpoint>().and(Err(STANDS.into())),
            BatchOp::Upsert => Err(batch::no_upsert()),
            BatchOp::Delete => Err(STANDS.into()),
        })
    });
    Ok(done.await?)
}

/// Get a touchpoint
#[utoipa::path(tag = "touchpoints", params(("id" = TouchpointId, Path)),
    responses((status = 200, description = "the touchpoint", body = Touchpoint)))]
#[get("/touchpoints/{id}")]
async fn get_touchpoint(
    db: Data<Db>,
    Can(can): Can<Read<Contact>>,
    Id(id): Id<TouchpointId>,
) -> Result<Found<Touchpoint>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| touchpoint::find(conn, ctx, id)).await?))
}

/// Of which time, and by what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AttributionQuery {
    /// `linear`, unless said otherwise
    #[serde(default)]
    #[param(inline, required = false)]
    pub model: Model,
    /// `campaign`, unless said otherwise
    #[serde(default)]
    #[param(inline, required = false)]
    pub group_by: GroupBy,
    /// the first day; thirty days ago, unless said otherwise
    #[param(value_type = Option<NaiveDate>, example = "2026-11-01")]
    pub from: Option<String>,
    /// the last day, at most 731 days later; today, unless said otherwise
    #[param(value_type = Option<NaiveDate>, example = "2026-11-30")]
    pub until: Option<String>,
    /// where days begin (IANA); where the tenant is, unless said otherwise
    #[param(example = "Asia/Shanghai", max_length = 64)]
    pub time_zone: Option<String>,
    /// how long before an order a touchpoint counts for it; 90, unless said otherwise
    #[param(minimum = 1, maximum = 365)]
    pub lookback_days: Option<u16>,
}

/// Get what touchpoints have brought
///
/// The orders of that time, each parted among the touchpoints of its customer before it: all to the `first` or the `last`,
/// to all alike (`linear`), 40 % each to the first and the last (`position`), or half as much for every seven days before
/// (`decay`). The parts of an order are its total to the last minor unit. Cancelled and returned orders do not count, and
/// of everything only what the caller sees.
#[utoipa::path(tag = "attribution", params(AttributionQuery),
    responses((status = 200, description = "revenue, cost and return, by group and currency", body = AttributionReport)))]
#[get("/attribution")]
async fn get_attribution(
    db: Data<Db>,
    Can(can): Can<(Read<Order>, Read<Contact>)>,
    Asked(query): Asked<AttributionQuery>,
) -> Result<Json<AttributionReport>> {
    let asked = question(&query, can.ctx().now.date_naive())?;
    Ok(Json(db.read(can, move |conn, ctx| attribution::of(conn, ctx, &asked)).await?))
}

/// With all that is wrong with it at once.
fn question(query: &AttributionQuery, today: NaiveDate) -> kernel::Result<Question> {
    let mut faults = Vec::new();
    let mut wrong = |place: &str, code: &str, message: Text| faults.push(Fault::new(place, code, message));
    let mut day = |place: &str, text: &Option<String>, else_on: NaiveDate| match text
        .as_ref()
        .map(|text| text.parse::<NaiveDate>())
    {
        None => else_on,
        Some(Ok(day)) if (1900..=2200).contains(&day.year()) => day,
        Some(_) => {
            wrong(place, "date", text!("is no day, such as 2026-11-25"));
            else_on
        }
    };
    let until = day("?until", &query.until, today);
    let month_ago = until.checked_sub_days(Days::new(29)).unwrap_or(until);
    let from = day("?from", &query.from, month_ago);
    let time_zone = query.time_zone.as_ref().and_then(|zone| zone.parse().ok());
    if query.time_zone.is_some() && time_zone.is_none() {
        wrong("?time_zone", "time_zone", text!("is no time zone, such as Asia/Shanghai"));
    }
    let lookback_days = query.lookback_days.unwrap_or(90);
    if !(1..=365).contains(&lookback_days) {
        wrong("?lookback_days", "range", text!("must be from {min} to {max}", min = 1, max = 365));
    }
    match faults.is_empty() {
        true => Ok(Question { model: query.model, group_by: query.group_by, from, until, time_zone, lookback_days }),
        false => Err(Error::from(error::UNKNOWN_PARAMETER).faults(faults)),
    }
}
