//! `/v1/me/notifications`: what the caller is told of.
use crate::answer::{Nothing, Result, Shown};
use crate::extract::{Can, List, ListQuery, Valid};
use crate::routes::Routes;
use ::platform::Db;
use ::platform::notify::preference::{self, NotificationPreferences};
use ::platform::notify::{self, Notification, NotificationMarks};
use actix_web::web::{Data, Json};
use actix_web::{get, post, put};
use kernel::catalogue::Catalogues;
use kernel::{Myself, Page};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_my_notifications)
        .service(count_my_notifications)
        .service(mark_my_notifications)
        .service(get_my_preferences)
        .service(set_my_preferences);
}

type NotificationPage = Page<Notification>;

/// How many have not been read.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({"unread": 3}))]
pub struct NotificationCount {
    #[schema(minimum = 0)]
    pub unread: i64,
}

/// List what I am told of
///
/// That a record which the caller follows has changed, that one has become theirs or was shared with them, that they are
/// named in a text of one (`@[Ada](user:…)` in a `description`), that something waits for their approval, or what came of it
/// that they have asked for one, that their import or export has ended, that a webhook of theirs is switched off; not what
/// they did themselves. Newest first, unless `sort` says otherwise; each with its event,
/// as far as the caller sees it now. Kept for 90 days.
#[utoipa::path(tag = "me", params(ListQuery),
    responses((status = 200, description = "a page of notifications", body = NotificationPage)))]
#[get("/me/notifications")]
async fn list_my_notifications(
    db: Data<Db>,
    nouns: Data<&'static Catalogues>,
    Can(can): Can<Myself>,
    List(listing, view): List<notify::Table>,
) -> Result<Shown<NotificationPage, Page<Value>>> {
    let nouns = **nouns;
    view.page(&db, can, move |conn, ctx| notify::list(conn, ctx, nouns, &listing)).await
}

/// Count what I have not read
#[utoipa::path(tag = "me", responses((status = 200, description = "how many", body = NotificationCount)))]
#[get("/me/notifications/unread")]
async fn count_my_notifications(db: Data<Db>, Can(can): Can<Myself>) -> Result<Json<NotificationCount>> {
    Ok(Json(NotificationCount { unread: db.read(can, notify::unread).await? }))
}

/// Mark what I am told of
///
/// As read, as unread, or archived: those of the `ids`, or all. Ids of nothing are no fault. Archived ones are listed still,
/// until they are 90 days old: `?status=unread` lists what is new.
#[utoipa::path(tag = "me", request_body = NotificationMarks, responses((status = 204, description = "so they are")))]
#[post("/me/notifications/mark")]
async fn mark_my_notifications(
    db: Data<Db>,
    Can(can): Can<Myself>,
    Valid(marks): Valid<NotificationMarks>,
) -> Result<Nothing> {
    db.write(can, move |conn, ctx| notify::mark(conn, ctx, &marks)).await?;
    Ok(Nothing)
}

/// Get how I want to be told
#[utoipa::path(tag = "me", responses((status = 200, description = "by which ways, and when", body = NotificationPreferences)))]
#[get("/me/notification-preferences")]
async fn get_my_preferences(db: Data<Db>, Can(can): Can<Myself>) -> Result<Json<NotificationPreferences>> {
    Ok(Json(db.read(can, preference::find).await?))
}

/// Say how I want to be told
///
/// Each kind in the application or not, on the caller's devices or not, and by letters at once, of an hour, of a day, or
/// not; and hours in which neither letters nor messages come, on the clocks of the caller's time zone. What is absent is as
/// for those who have said nothing: in the application and on devices, and by no letter. It holds for what happens from now
/// on.
#[utoipa::path(tag = "me", request_body = NotificationPreferences,
    responses((status = 200, description = "as it is now", body = NotificationPreferences)))]
#[put("/me/notification-preferences")]
async fn set_my_preferences(
    db: Data<Db>,
    Can(can): Can<Myself>,
    Valid(wanted): Valid<NotificationPreferences>,
) -> Result<Json<NotificationPreferences>> {
    Ok(Json(db.write(can, move |conn, ctx| notify::prefer(conn, ctx, &wanted)).await?))
}
