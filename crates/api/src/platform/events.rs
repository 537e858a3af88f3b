//! `/v1/events`: what has happened, in the order in which it was committed; read page by page, or as it comes.
use crate::answer::Result;
use crate::extract::{Asked, Can, address, bearer};
use crate::house::House;
use crate::routes::Routes;
use crate::stream::{Streams, Wanted};
use ::identity::Identity;
use ::platform::event::{self, Bounds, Event, Kept, Types};
use ::platform::{Conn, Db};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING};
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get};
use futures_util::stream::poll_fn;
use kernel::catalogue::Catalogues;
use kernel::page::{Mark, Seal};
use kernel::{Ctx, Error, Fault, Myself, clock, error, text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_events).service(stream_events);
}

type Nouns = Data<&'static Catalogues>;
const MOST: u16 = 200;

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// those after this one: its `seq` or its `id`, or the `position` of a page before; from the oldest on where it is
    /// absent
    #[param(example = "1042")]
    after: Option<String>,
    /// `next_cursor` of the page before; good with the same selection only
    cursor: Option<String>,
    /// how many are looked at, at most: those that the caller does not see are left out of the page
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 200, default = 50, required = false)]
    limit: u16,
    /// names of events, comma-separated; `contact.*` is all of a noun
    #[param(max_length = 4096, example = "contact.*,order.created")]
    types: Option<String>,
    /// of which noun
    #[param(example = "contact")]
    resource: Option<String>,
    /// of which record
    record_id: Option<Uuid>,
}

/// A page of events.
#[derive(Debug, Serialize, ToSchema)]
struct EventPage {
    data: Vec<Event>,
    page: EventCut,
}

/// Where the page was cut off.
#[derive(Debug, Serialize, ToSchema)]
struct EventCut {
    /// the `cursor` of the next page; null where there is no more for now
    #[schema(required)]
    next_cursor: Option<String>,
    /// whether more has happened already; a page may be empty all the same
    has_more: bool,
    /// how far was looked: the `after` of the next request, now or later
    position: i64,
}

/// List events
///
/// What has happened to the records that the caller sees, oldest first, in the order in which it was committed: whoever
/// asks on with `after` misses nothing and is told nothing twice. Events of one record come in the order of its versions.
/// Archiving, restoring and purging are told. Where a change takes a record out of the caller's sight, they are told
/// `contact.access_lost`, without data; what is lost otherwise (a role, a team, a share that runs out) is no event: see
/// `GET /v1/sync`. Hidden fields are left out, and so is a change of nothing else. Events are told for 90 days, or
/// as long as whoever runs the server says (`GUANXI_EVENTS_DAYS`); a position that is older is answered 410.
#[utoipa::path(tag = "events", params(EventsQuery),
    responses((status = 200, description = "a page of events", body = EventPage),
              (status = 410, description = "the position is none that is kept: begin anew")))]
#[get("/events")]
async fn list_events(
    req: HttpRequest,
    db: Data<Db>,
    house: Data<House>,
    nouns: Nouns,
    seal: Data<Seal>,
    Can(can): Can<Myself>,
    Asked(query): Asked<EventsQuery>,
) -> Result<Json<EventPage>> {
    let catalogues = **nouns;
    if !(1..=MOST).contains(&query.limit) {
        return Err(refused("?limit", text!("a whole number from 1 to {most}", most = MOST)).into());
    }
    let wanted = wanted(catalogues, query.types.as_deref(), query.resource, query.record_id)?;
    let purpose = format!("{} {} {wanted:?}", can.ctx().tenant, req.path());
    let after = match &query.cursor {
        None => query.after.as_deref().map(|text| After::read(text, "?after")).transpose()?,
        Some(cursor) => Some(After::Place(place(&seal.open(&purpose, cursor)?)?)),
    };
    let (limit, kept) = (i64::from(query.limit), house.events);
    let read = db.read(can, move |conn, ctx| {
        let after = after.unwrap_or(After::Beginning).place(conn, ctx, kept)?;
        page(conn, ctx, catalogues, &wanted, after, limit)
    });
    let (data, position, has_more) = read.await?;
    let mark = Mark { keys: vec![Some(position.to_string())], id: Uuid::nil() };
    let next_cursor = has_more.then(|| seal.close(&purpose, &mark));
    Ok(Json(EventPage { data, page: EventCut { next_cursor, has_more, position } }))
}

/// Listen to events
///
/// The same as `GET /v1/events` as server-sent events, as they come: `id` is the `seq`, `data` the event as JSON. Who comes
/// back with `Last-Event-ID` (or `after`) goes on without a gap; who comes without hears what happens from now on. It is
/// asked for with `Authorization` like everything else, which the `EventSource` of browsers cannot send: use `fetch`, or a
/// library that does. Every 15 seconds at least something is sent, a comment if nothing else. The stream ends with its
/// token, and within five seconds after a logout or a key's end; lost permissions count within five seconds. Who takes
/// nothing for 15 seconds is cut off, and may come back.
#[utoipa::path(tag = "events",
    params(StreamQuery, ("Last-Event-ID" = Option<String>, Header, description = "the `id` of the last event that was heard")),
    responses((status = 200, description = "events, until one side ends it", body = String,
               content_type = "text/event-stream", example = json!("id: 1042\ndata: {\"type\": \"contact.updated\"}\n\n")),
              (status = 410, description = "the position is none that is kept: begin anew")))]
#[get("/events/stream")]
async fn stream_events(
    req: HttpRequest,
    house: Data<House>,
    nouns: Nouns,
    identity: Data<Identity>,
    streams: Data<Streams>,
    Can(can): Can<Myself>,
    Asked(query): Asked<StreamQuery>,
) -> Result<HttpResponse> {
    let wanted = wanted(**nouns, query.types.as_deref(), query.resource, query.record_id)?;
    let heard = req.headers().get("last-event-id").map(|value| value.to_str().unwrap_or_default());
    let after = match (heard, &query.after) {
        (Some(heard), _) => After::read(heard, "Last-Event-ID")?,
        (None, Some(after)) => After::read(after, "?after")?,
        (None, None) => After::Now,
    };
    let who = bearer(&req).and_then(|bearer| identity.staying(bearer, address(&req), clock::now()));
    let who = who.ok_or(error::UNAUTHENTICATED)?;
    let kept = house.events;
    let position = house.db.read(can, move |conn, ctx| after.place(conn, ctx, kept)).await?;
    let mut frames = streams.join(who, wanted, position)?;
    let frames = poll_fn(move |task| frames.poll_recv(task).map(|frame| frame.map(Ok::<_, actix_web::Error>)));
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        // a packer would hold back what it has not filled a block with
        .insert_header((CONTENT_ENCODING, "identity"))
        .streaming(frames))
}

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StreamQuery {
    /// where no `Last-Event-ID` is sent: those after this one, its `seq` or its `id`
    #[param(example = "1042")]
    after: Option<String>,
    /// names of events, comma-separated; `contact.*` is all of a noun
    #[param(max_length = 4096, example = "contact.*,order.created")]
    types: Option<String>,
    /// of which noun
    #[param(example = "contact")]
    resource: Option<String>,
    /// of which record
    record_id: Option<Uuid>,
}

#[derive(Clone, Copy, Debug)]
enum After {
    Beginning,
    Now,
    Place(i64),
    Event(Uuid),
}

impl After {
    fn read(text: &str, place: &str) -> kernel::Result<Self> {
        match (text.parse::<i64>(), text.parse::<Uuid>()) {
            (Ok(seq), _) if seq >= 0 => Ok(Self::Place(seq)),
            (_, Ok(event)) => Ok(Self::Event(event)),
            _ => Err(refused(place, text!("the `seq` or the `id` of an event is expected here"))),
        }
    }

    /// Its `seq`, if what comes after it is still kept.
    fn place(self, conn: &mut Conn, ctx: &Ctx, kept: Kept) -> kernel::Result<i64> {
        let Bounds { first, head, since } = event::bounds(conn, ctx.tenant, kept, ctx.now)?;
        let place = match self {
            Self::Beginning => return Ok(first - 1),
            Self::Now => return Ok(head),
            Self::Place(seq) => seq,
            Self::Event(id) => match event::position(conn, ctx.tenant, id)? {
                Some(seq) => seq,
                None if id < since => return Err(event::EXPIRED.into()),
                None => return Err(refused("?after", text!("there is no such event"))),
            },
        };
        if place + 1 < first || place > head { Err(event::EXPIRED.into()) } else { Ok(place) }
    }
}

/// What is wanted, of names that there are.
fn wanted(
    catalogues: &'static Catalogues,
    types: Option<&str>,
    noun: Option<String>,
    record: Option<Uuid>,
) -> kernel::Result<Wanted> {
    let types = Types::read(types.unwrap_or_default(), "?types", catalogues)?;
    if let Some(noun) = noun.as_ref().filter(|noun| !catalogues.get(noun).is_some_and(event::is_told)) {
        return Err(refused("?resource", text!("there are no events of \"{noun}\"", noun = noun)));
    }
    Ok(Wanted { types, noun, record })
}

fn page(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    wanted: &Wanted,
    after: i64,
    limit: i64,
) -> kernel::Result<(Vec<Event>, i64, bool)> {
    let window = match wanted.record {
        Some(record) => event::rows_of(conn, ctx.tenant, record, after, limit)?,
        None => event::rows(conn, ctx.tenant, after, limit, wanted.nouns().as_deref())?,
    };
    let mut events = event::tell(conn, ctx, catalogues, &window.rows)?;
    events.retain(|event| wanted.hold(event));
    Ok((events, window.position, window.has_more))
}

fn place(mark: &Mark) -> kernel::Result<i64> {
    mark.keys.first().and_then(|key| key.as_ref()?.parse().ok()).ok_or_else(|| error::CURSOR_MISMATCH.into())
}

fn refused(place: &str, message: kernel::Text) -> Error {
    Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new(place, error::UNKNOWN_PARAMETER.name, message))
}

fn fifty() -> u16 {
    50
}
