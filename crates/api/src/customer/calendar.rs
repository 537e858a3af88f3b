//! The calendar of a user: `/v1/me/calendar` gives its link, and `/v1/calendar/{token}.ics` what it holds. Nobody logs in
//! there: the link stands for its user, and shows what they see at that moment.
use crate::answer::{Nothing, Result, Secret};
use crate::extract::Can;
use crate::house::House;
use crate::limit;
use crate::routes::Routes;
use ::customer::calendar;
use actix_web::http::header;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use kernel::page::Mark;
use kernel::{CalendarFeedId, Ctx, Error, Myself, Permit, TenantId, UserId, clock, error};
use serde::Serialize;
use utoipa::ToSchema;

/// What the seal is for: a cursor opens no calendar.
const PURPOSE: &str = "calendar";

pub fn routes(cfg: &mut Routes) {
    cfg.service(open_calendar).service(shut_calendar).service(get_calendar);
}

/// Where a calendar is fetched from.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"path": "/v1/calendar/AAAA….ics"}))]
pub struct CalendarLink {
    /// on this server; whoever has it sees the calendar
    pub path: String,
}

/// Get a link to my calendar
///
/// Answered once; programs that show calendars fetch it without logging in. A link that was there before is good no more.
/// An API key gives none, for the link shows all that its user sees.
#[utoipa::path(tag = "calendar", responses((status = 200, description = "the link", body = CalendarLink)))]
#[post("/me/calendar")]
async fn open_calendar(house: Data<House>, Can(can): Can<Myself>) -> Result<Secret<Json<CalendarLink>>> {
    // the link shows all that its user sees, and outlives a key
    if can.ctx().actor.key.is_some() {
        return Err(Error::from(error::FORBIDDEN).into());
    }
    let (tenant, user) = (can.ctx().tenant, can.ctx().actor.user);
    let id = house.db.write(can, calendar::open).await?;
    let mark = Mark { keys: vec![Some(tenant.to_string()), Some(user.to_string())], id: id.0 };
    Ok(Secret(Json(CalendarLink { path: format!("/v1/calendar/{}.ics", house.seal.close(PURPOSE, &mark)) })))
}

/// Shut the link to my calendar
///
/// It is no fault to have none.
#[utoipa::path(tag = "calendar", responses((status = 204, description = "there is no link any more")))]
#[delete("/me/calendar")]
async fn shut_calendar(house: Data<House>, Can(can): Can<Myself>) -> Result<Nothing> {
    house.db.write(can, calendar::shut).await?;
    Ok(Nothing)
}

/// Get a calendar
///
/// By the link that its user was given: their meetings and tasks of the last ninety days and of all time to come.
#[utoipa::path(tag = "calendar", params(("token" = String, Path, description = "as the link has it")),
    responses((status = 200, description = "the calendar (RFC 5545)", body = String, content_type = "text/calendar"),
              (status = 404, description = "the link is not good, or no longer")))]
#[get("/calendar/{token}.ics")]
async fn get_calendar(req: HttpRequest, house: Data<House>, token: Path<String>) -> Result<HttpResponse> {
    let ctx = by(&req, &house, &token).await?;
    let can = Permit::<Myself>::check(ctx)?;
    let entries = house.db.read(can, calendar::entries).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "private, max-age=60"))
        .body(calendar::text(&entries, "Guanxi")))
}

/// Whose link it is, with what they may do now.
async fn by(req: &HttpRequest, house: &House, token: &str) -> kernel::Result<Ctx> {
    let gone = |e: Error| Error::from(error::NOT_FOUND).source(e);
    let mark = house.seal.open(PURPOSE, token).map_err(gone)?;
    let mut keys = mark.keys.into_iter().flatten();
    let (tenant, user) = (keys.next(), keys.next());
    let tenant: Option<TenantId> = tenant.and_then(|text| text.parse().ok());
    let user: Option<UserId> = user.and_then(|text| text.parse().ok());
    let (tenant, user) = tenant.zip(user).ok_or(error::NOT_FOUND)?;
    let acting = house.identity.acting(tenant, user, None, clock::now()).await.map_err(gone)?;
    limit::caller(req, &acting)?;
    let can = Permit::<Myself>::check(acting.clone())?;
    let is_good = house.db.read(can, move |conn, _| calendar::is_good(conn, tenant, user, CalendarFeedId(mark.id)));
    match is_good.await? {
        true => Ok(Ctx { request: crate::extract::request_id(req), ..acting }),
        false => Err(error::NOT_FOUND.into()),
    }
}
