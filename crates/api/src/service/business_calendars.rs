//! `/v1/business-calendars`: when work is done.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::service::business_calendar::{
    self, BusinessCalendar, BusinessCalendarPatch, BusinessCalendarPreview, BusinessTime, NewBusinessCalendar,
};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{BusinessCalendarId, Create, Delete, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_business_calendars)
        .service(create_business_calendar)
        .service(batch_business_calendars)
        .service(upsert_business_calendar)
        .service(get_business_calendar)
        .service(update_business_calendar)
        .service(delete_business_calendar)
        .service(restore_business_calendar)
        .service(preview_business_calendar);
}

type BusinessCalendarPage = Page<BusinessCalendar>;

/// List business calendars
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "business-calendars", params(ListQuery),
    responses((status = 200, description = "a page of business calendars", body = BusinessCalendarPage)))]
#[get("/business-calendars")]
async fn list_business_calendars(
    db: Data<Db>,
    Can(can): Can<Read<BusinessCalendar>>,
    List(listing, view): List<business_calendar::Table>,
) -> Result<Shown<BusinessCalendarPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| business_calendar::list(conn, ctx, &listing)).await
}

/// Create a business calendar
///
/// One that becomes the default takes the place of the one that was. All that is wrong with its shifts is told at once.
#[utoipa::path(tag = "business-calendars", request_body = NewBusinessCalendar,
    responses((status = 201, description = "the business calendar as it was made", body = BusinessCalendar)))]
#[post("/business-calendars")]
async fn create_business_calendar(
    db: Data<Db>,
    Can(can): Can<Create<BusinessCalendar>>,
    Valid(new): Valid<NewBusinessCalendar>,
) -> Result<Created<BusinessCalendar>> {
    Ok(Created(db.change(can, move |conn, ctx| business_calendar::create(conn, ctx, &new)).await?))
}

/// Get a business calendar
#[utoipa::path(tag = "business-calendars", params(("id" = BusinessCalendarId, Path), ViewQuery),
    responses((status = 200, description = "the business calendar", body = BusinessCalendar)))]
#[get("/business-calendars/{id}")]
async fn get_business_calendar(
    db: Data<Db>,
    Can(can): Can<Read<BusinessCalendar>>,
    Id(id): Id<BusinessCalendarId>,
    view: View,
) -> Result<Found<BusinessCalendar>> {
    view.one(&db, can, id).await
}

/// Update a business calendar
#[utoipa::path(tag = "business-calendars", params(("id" = BusinessCalendarId, Path)),
    request_body(content = BusinessCalendarPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the business calendar as it is now", body = BusinessCalendar)))]
#[patch("/business-calendars/{id}")]
async fn update_business_calendar(
    db: Data<Db>,
    Can(can): Can<Update<BusinessCalendar>>,
    Id(id): Id<BusinessCalendarId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<BusinessCalendarPatch>,
) -> Result<Found<BusinessCalendar>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| business_calendar::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a business calendar
///
/// What runs by it goes by the default from then on. One that a policy names can be archived, and not purged.
#[utoipa::path(tag = "business-calendars", params(("id" = BusinessCalendarId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/business-calendars/{id}")]
async fn delete_business_calendar(
    db: Data<Db>,
    Can(can): Can<Delete<BusinessCalendar>>,
    Id(id): Id<BusinessCalendarId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<BusinessCalendar>>().and_then(|()| business_calendar::purge(conn, ctx, id, base)),
        false => business_calendar::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived business calendar
#[utoipa::path(tag = "business-calendars", params(("id" = BusinessCalendarId, Path)),
    responses((status = 200, description = "the business calendar, in use again", body = BusinessCalendar)))]
#[post("/business-calendars/{id}/restore")]
async fn restore_business_calendar(
    db: Data<Db>,
    Can(can): Can<Delete<BusinessCalendar>>,
    Id(id): Id<BusinessCalendarId>,
) -> Result<Found<BusinessCalendar>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| business_calendar::restore(conn, ctx, id)).await?))
}

/// Create or update a business calendar by a key
///
/// The key is `name`. Where several calendars have the name, they are told, and nothing is written.
#[utoipa::path(tag = "business-calendars", params(KeyPath, UpsertQuery), request_body = NewBusinessCalendar,
    responses((status = 200, description = "the business calendar as it is now", body = BusinessCalendar),
              (status = 201, description = "the business calendar as it was made", body = BusinessCalendar)))]
#[put("/business-calendars/by/{key}/{value}")]
async fn upsert_business_calendar(
    db: Data<Db>,
    Can(can): Can<(Create<BusinessCalendar>, Update<BusinessCalendar>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewBusinessCalendar, BusinessCalendarPatch>,
) -> Result<Put<BusinessCalendar>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| business_calendar::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many business calendars
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "business-calendars", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/business-calendars/batch")]
async fn batch_business_calendars(
    db: Data<Db>,
    Can(can): Can<Writes<BusinessCalendar>>,
    all: Many,
) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<BusinessCalendar>>()?;
                business_calendar::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<BusinessCalendar>>()?;
                business_calendar::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<BusinessCalendar>, Update<BusinessCalendar>)>()?;
                let (path, ask) = item.upsert()?;
                business_calendar::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<BusinessCalendar>>()?;
                business_calendar::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Ask a business calendar about moments
///
/// Adds business minutes to a moment, and counts those between two. Nothing is kept.
#[utoipa::path(tag = "business-calendars", params(("id" = BusinessCalendarId, Path)),
    request_body = BusinessCalendarPreview,
    responses((status = 200, description = "what it makes of them", body = BusinessTime)))]
#[post("/business-calendars/{id}/preview")]
async fn preview_business_calendar(
    db: Data<Db>,
    Can(can): Can<Read<BusinessCalendar>>,
    Id(id): Id<BusinessCalendarId>,
    Valid(ask): Valid<BusinessCalendarPreview>,
) -> Result<Json<BusinessTime>> {
    Ok(Json(db.read(can, move |conn, ctx| business_calendar::preview(conn, ctx, id, &ask)).await?))
}
