//! `/v1/timeline`: all that a record has to do with, in one order. It joins what several wings know; each gives its
//! newest from where the page before has ended, by an index that leads to the record's own, so that a page costs a
//! fixed number of statements, one or two for each sort of entries, whatever else there is; of somebody who is an
//! account, for each of both records.
mod asked;
mod said;
mod sold;
mod sorts;

use crate::answer::{Fail, Result};
use crate::extract::{Asked, Can};
use crate::routes::Routes;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::page::Seal;
use kernel::{Cut, Error, Fault, Myself, Page, error, text};
use platform::{Db, visible};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sorts::{SORTS, Sort, Subject};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

const MOST: u16 = 200;

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_timeline);
}

/// Of what, and which part of it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TimelineQuery {
    /// the record: `contact:0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6`
    #[param(example = "contact:0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6")]
    subject: String,
    /// sorts of entries, comma-separated; all of them, unless said otherwise: `activity`, `task`, `order`,
    /// `email_message`, `form_submission`, `consent`, `lead`, `opportunity`, `quote`, `contract`, `payment`, `case`,
    /// `installment`, `change`
    #[param(example = "activity,task")]
    types: Option<String>,
    /// how many at most
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 200, default = 50, required = false)]
    limit: u16,
    /// `next_cursor` of the page before
    cursor: Option<String>,
}

fn fifty() -> u16 {
    50
}

/// Something that a record has to do with.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "kind": "activity", "step": null, "at": "2026-11-26T08:00:00Z", "id": "0192f0c1-aaaa-7000-8000-00000000000d",
    "record": {"id": "0192f0c1-aaaa-7000-8000-00000000000d", "kind": "call", "subject": "询价回访"}
}))]
pub struct TimelineEntry {
    /// the noun that it tells of, or `change` for a change of the record itself
    #[schema(example = "activity")]
    pub kind: &'static str,
    /// what has happened, where several things do. Of a consent its status, such as `granted` and `withdrawn`; of a
    /// lead `created`, `assigned`, `converted`; of an opportunity `created`, `stage_changed`, `won`, `lost`; of a quote
    /// `sent`, `accepted`, `rejected`, `expired`; of a contract `signed`, `ended`; of a payment `received`; of a case
    /// `created`, `answered`, `resolved`, `closed`; of an
    /// instalment `paid`, `overdue`, `waived`
    #[schema(example = "accepted")]
    pub step: Option<String>,
    /// when that was: an activity began, a task was made, an order was placed, a mail arrived, a form was sent,
    /// something was said or changed; money is told by the day on which it was received
    pub at: DateTime<Utc>,
    /// of the record
    pub id: Uuid,
    /// the record, or the version, as its own list shows it; of an opportunity the change of its stage, with the
    /// `opportunity`, and of an instalment with its `contract`
    #[schema(value_type = Object)]
    pub record: Value,
    /// where it stands among those of its sort
    #[serde(skip)]
    #[schema(ignore)]
    place: String,
}

type TimelineEntryPage = Page<TimelineEntry>;

/// Get all that a record has to do with
///
/// What was done about it and is to be done, what was bought, written, filled in and agreed to, how leads,
/// opportunities, quotes, contracts and what is paid for them have come on, and what was changed of it: the newest
/// first, as far as the caller sees each. Of an account that is somebody's, and of their contact, it is what both have
/// to do with.
///
/// A contact's quotes are those to them, and their contracts those that came of these; their opportunities are those
/// that they take part in.
#[utoipa::path(tag = "timeline", params(TimelineQuery),
    responses((status = 200, description = "a page of it", body = TimelineEntryPage)))]
#[get("/timeline")]
async fn get_timeline(
    db: Data<Db>,
    catalogues: Data<&'static Catalogues>,
    seal: Data<Seal>,
    Can(can): Can<Myself>,
    Asked(query): Asked<TimelineQuery>,
) -> Result<Json<TimelineEntryPage>> {
    let all = **catalogues;
    let (noun, id) = subject(all, &query.subject)?;
    let sorts = sorts(query.types.as_deref())?;
    if !(1..=MOST).contains(&query.limit) {
        let fault = Fault::new("?limit", "range", text!("a whole number from 1 to {most}", most = MOST));
        return Err(Fail(Error::from(error::UNKNOWN_PARAMETER).fault(fault)));
    }
    let names: Vec<&str> = sorts.iter().map(|sort| sort.kind).collect();
    let purpose = format!("{} timeline {} {id} {}", can.ctx().tenant, noun.noun, names.join(","));
    let after = query.cursor.map(|cursor| seal.open(&purpose, &cursor)).transpose()?;
    let limit = usize::from(query.limit);
    let of = Subject { all, noun, id };
    let (data, mark) = db.read(can, move |conn, ctx| of.page(conn, ctx, &sorts, after, limit)).await?;
    let has_more = mark.is_some();
    let next_cursor = mark.map(|mark| seal.close(&purpose, &mark));
    Ok(Json(Page { data, page: Cut { next_cursor, has_more, count: None } }))
}

fn subject(all: &'static Catalogues, text: &str) -> kernel::Result<(&'static Catalogue, Uuid)> {
    let parts = text.split_once(':');
    let known = parts.and_then(|(noun, id)| Some((visible::ordinary(all, noun)?, id.parse().ok()?)));
    known.ok_or_else(|| {
        let wrong = text!("is no record: a noun and an id, such as contact:0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6");
        Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new("?subject", "subject", wrong))
    })
}

fn sorts(types: Option<&str>) -> kernel::Result<Vec<&'static Sort>> {
    let Some(types) = types else { return Ok(SORTS.iter().collect()) };
    let wanted: Vec<&str> = types.split(',').map(str::trim).filter(|one| !one.is_empty()).collect();
    if wanted.is_empty() || wanted.iter().any(|one| !SORTS.iter().any(|sort| sort.kind == *one)) {
        let names: Vec<&str> = SORTS.iter().map(|sort| sort.kind).collect();
        let wrong = text!("is none of {choices}", choices = names.join(", "));
        return Err(Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new("?types", "choice", wrong)));
    }
    Ok(SORTS.iter().filter(|sort| wanted.contains(&sort.kind)).collect())
}
