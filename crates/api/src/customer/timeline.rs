//! `/v1/timeline`: all that a record has to do with, in one order. It joins what several wings know; each gives its newest
//! from where the page before has ended, by an index that leads to the record's own, so that a page costs as many
//! statements as there are sorts of entries, whatever else there is.
use crate::answer::{Fail, Result};
use crate::extract::{Asked, Can};
use ::customer::{activity, email_message, task};
use ::platform::history;
use ::sales::order;
use ::sales::summary::Whose;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, SecondsFormat, Utc};
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::page::{Mark, Seal};
use kernel::{AccountId, Action, ContactId, Ctx, Cut, Error, Fault, Myself, OrderId, Page, Reach, error, text};
use platform::{Conn, Db, visible};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

const MOST: u16 = 200;

pub fn routes(cfg: &mut ServiceConfig) {
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
    /// `email_message`, `change`
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
    "kind": "activity", "at": "2026-11-26T08:00:00Z", "id": "0192f0c1-aaaa-7000-8000-00000000000d",
    "record": {"id": "0192f0c1-aaaa-7000-8000-00000000000d", "kind": "call", "subject": "询价回访"}
}))]
pub struct TimelineEntry {
    /// `activity`, `task`, `order`, `email_message`, or `change` for a change of the record itself
    #[schema(example = "activity")]
    pub kind: &'static str,
    /// when an activity began, a task was made, an order was placed, a mail arrived, something was changed
    pub at: DateTime<Utc>,
    pub id: Uuid,
    /// the record, or the version, as its own list shows it
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
/// What was done about it and is to be done, what was bought, written, and changed of it: the newest first, as far as the
/// caller sees each.
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

/// Whose timeline it is.
struct Subject {
    all: &'static Catalogues,
    noun: &'static Catalogue,
    id: Uuid,
}

/// Where a page has ended, of one sort of entries.
type Place<'a> = Option<&'a str>;
type Read = fn(&mut Conn, &Ctx, &Subject, Place, usize) -> kernel::Result<Vec<TimelineEntry>>;

/// A sort of entries: the fields that put one into a timeline, without which it is in none, and how they are read.
struct Sort {
    kind: &'static str,
    goes_by: &'static [&'static str],
    read: Read,
}

const SORTS: [Sort; 5] = [
    Sort { kind: "activity", goes_by: &["links", "started_at"], read: activities },
    Sort { kind: "task", goes_by: &["links"], read: tasks },
    Sort { kind: "order", goes_by: &["account_id", "contact_id", "placed_at"], read: orders },
    Sort { kind: "email_message", goes_by: &["account_id", "contact_id", "received_at"], read: mails },
    Sort { kind: CHANGE, goes_by: &[], read: changes },
];
const CHANGE: &str = "change";

impl Sort {
    fn is_open(&self, ctx: &Ctx) -> bool {
        let is_read = self.kind == CHANGE || ctx.grants.reach(self.kind, Action::Read) > Reach::None;
        is_read && !self.goes_by.iter().any(|field| ctx.grants.hides(self.kind, field))
    }
}

impl Subject {
    /// The newest of all sorts, and where each has ended, if there is more.
    fn page(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        sorts: &[&'static Sort],
        after: Option<Mark>,
        limit: usize,
    ) -> kernel::Result<(Vec<TimelineEntry>, Option<Mark>)> {
        visible::seen(conn, ctx, self.noun, self.id)?;
        let mut places = after.map_or_else(|| vec![None; sorts.len()], |mark| mark.keys);
        places.resize(sorts.len(), None);
        let mut all: Vec<(usize, TimelineEntry)> = Vec::new();
        for (at, (sort, place)) in sorts.iter().zip(&places).enumerate() {
            if sort.is_open(ctx) {
                let found = (sort.read)(conn, ctx, self, place.as_deref(), limit + 1)?;
                all.extend(found.into_iter().map(|entry| (at, entry)));
            }
        }
        // of each sort they come in its own order, which a stable sort keeps
        all.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.at));
        let more = all.len() > limit;
        all.truncate(limit);
        for (at, entry) in &all {
            if let Some(place) = places.get_mut(*at) {
                *place = Some(entry.place.clone());
            }
        }
        let page = all.into_iter().map(|(_, entry)| entry).collect();
        Ok((page, more.then(|| Mark { keys: places, id: self.id })))
    }

    fn whose(&self) -> Option<Whose> {
        match self.noun.noun {
            "account" => Some(Whose::Account(AccountId(self.id))),
            "contact" => Some(Whose::Contact(ContactId(self.id))),
            _ => None,
        }
    }
}

/// An entry as its reader sees it.
fn entry(
    ctx: &Ctx,
    kind: &'static str,
    at: DateTime<Utc>,
    id: Uuid,
    record: &impl Serialize,
) -> kernel::Result<TimelineEntry> {
    let mut record = serde_json::to_value(record).map_err(Error::internal)?;
    ctx.grants.trim(kind, &mut record);
    let place = format!("{} {id}", at.to_rfc3339_opts(SecondsFormat::Micros, true));
    Ok(TimelineEntry { kind, at, id, record, place })
}

fn below(place: Place) -> Option<(DateTime<Utc>, Uuid)> {
    let (at, id) = place?.split_once(' ')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn activities(
    conn: &mut Conn,
    ctx: &Ctx,
    of: &Subject,
    place: Place,
    limit: usize,
) -> kernel::Result<Vec<TimelineEntry>> {
    let found = activity::of_record(conn, ctx, (of.noun.noun, of.id), below(place), rows(limit))?;
    found.iter().map(|one| entry(ctx, "activity", one.started_at, one.id.0, one)).collect()
}

fn tasks(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> kernel::Result<Vec<TimelineEntry>> {
    let found = task::of_record(conn, ctx, (of.noun.noun, of.id), below(place), rows(limit))?;
    found.iter().map(|one| entry(ctx, "task", one.created_at, one.id.0, one)).collect()
}

fn orders(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> kernel::Result<Vec<TimelineEntry>> {
    let Some(whose) = of.whose() else { return Ok(Vec::new()) };
    let below = below(place).map(|(at, id)| (at, OrderId(id)));
    let found = order::newest(conn, ctx, whose, below, rows(limit))?;
    found.iter().map(|one| entry(ctx, "order", one.placed_at, one.id.0, one)).collect()
}

fn mails(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> kernel::Result<Vec<TimelineEntry>> {
    let found = email_message::of_record(conn, ctx, (of.noun.noun, of.id), below(place), rows(limit))?;
    found.iter().map(|one| entry(ctx, "email_message", one.received_at, one.id.0, one)).collect()
}

/// In the order of its versions.
fn changes(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> kernel::Result<Vec<TimelineEntry>> {
    let mark = place.and_then(|place| {
        let (version, id) = place.split_once(' ')?;
        Some(Mark { keys: vec![Some(version.to_owned())], id: id.parse().ok()? })
    });
    let (found, _) = history::of(conn, ctx, of.all, of.noun, of.id, mark.as_ref(), limit)?;
    let entries = found.iter().map(|one| {
        let place = format!("{} {}", one.version, one.id);
        Ok(TimelineEntry { place, ..entry(ctx, CHANGE, one.occurred_at, one.id.0, one)? })
    });
    entries.collect()
}
