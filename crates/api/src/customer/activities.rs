//! `/v1/activities`: what was done with customers.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::customer::activity::{self, Activity, ActivityPatch, Key, NewActivity};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{ActivityId, Create, Delete, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_activities)
        .service(create_activity)
        .service(batch_activities)
        .service(upsert_activity)
        .service(get_activity)
        .service(update_activity)
        .service(delete_activity)
        .service(restore_activity);
}

type ActivityPage = Page<Activity>;

/// List activities
///
/// Newest first, unless `sort` says otherwise. Those of a contact:
/// `?filter=contacts.exists(c, c.id == "…")`; the whole story of one is its timeline.
#[utoipa::path(tag = "activities", params(ListQuery),
    responses((status = 200, description = "a page of activities", body = ActivityPage)))]
#[get("/activities")]
async fn list_activities(
    db: Data<Db>,
    Can(can): Can<Read<Activity>>,
    List(listing, view): List<activity::Table>,
) -> Result<Shown<ActivityPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| activity::list(conn, ctx, &listing)).await
}

/// Create an activity
///
/// It names the records that it is about, which have to be seen by whoever names them, and the people who were there.
/// Seen it is by its own owner and team; of no team, it is of that of the first record that has one.
#[utoipa::path(tag = "activities", request_body = NewActivity,
    responses((status = 201, description = "the activity as it was made", body = Activity)))]
#[post("/activities")]
async fn create_activity(
    db: Data<Db>,
    Can(can): Can<Create<Activity>>,
    Valid(new): Valid<NewActivity>,
) -> Result<Created<Activity>> {
    Ok(Created(db.change(can, move |conn, ctx| activity::create(conn, ctx, &new)).await?))
}

/// Get an activity
#[utoipa::path(tag = "activities", params(("id" = ActivityId, Path), ViewQuery),
    responses((status = 200, description = "the activity", body = Activity)))]
#[get("/activities/{id}")]
async fn get_activity(
    db: Data<Db>,
    Can(can): Can<Read<Activity>>,
    Id(id): Id<ActivityId>,
    view: View,
) -> Result<Found<Activity>> {
    view.one(&db, can, id).await
}

/// Update an activity
#[utoipa::path(tag = "activities", params(("id" = ActivityId, Path)),
    request_body(content = ActivityPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the activity as it is now", body = Activity)))]
#[patch("/activities/{id}")]
async fn update_activity(
    db: Data<Db>,
    Can(can): Can<Update<Activity>>,
    Id(id): Id<ActivityId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<ActivityPatch>,
) -> Result<Found<Activity>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| activity::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge an activity
#[utoipa::path(tag = "activities", params(("id" = ActivityId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/activities/{id}")]
async fn delete_activity(
    db: Data<Db>,
    Can(can): Can<Delete<Activity>>,
    Id(id): Id<ActivityId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Activity>>().and_then(|()| activity::purge(conn, ctx, id, base)),
        false => activity::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived activity
#[utoipa::path(tag = "activities", params(("id" = ActivityId, Path)),
    responses((status = 200, description = "the activity, in use again", body = Activity)))]
#[post("/activities/{id}/restore")]
async fn restore_activity(
    db: Data<Db>,
    Can(can): Can<Delete<Activity>>,
    Id(id): Id<ActivityId>,
) -> Result<Found<Activity>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| activity::restore(conn, ctx, id)).await?))
}

/// Create or update an activity by a key
///
/// The key is `ext:{source_system}`.
#[utoipa::path(tag = "activities", params(KeyPath, UpsertQuery), request_body = NewActivity,
    responses((status = 200, description = "the activity as it is now", body = Activity),
              (status = 201, description = "the activity as it was made", body = Activity)))]
#[put("/activities/by/{key}/{value}")]
async fn upsert_activity(
    db: Data<Db>,
    Can(can): Can<(Create<Activity>, Update<Activity>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewActivity, ActivityPatch>,
) -> Result<Put<Activity>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| activity::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many activities
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "activities", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/activities/batch")]
async fn batch_activities(db: Data<Db>, Can(can): Can<Writes<Activity>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Activity>>()?;
                activity::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Activity>>()?;
                activity::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Activity>, Update<Activity>)>()?;
                let (path, ask) = item.upsert()?;
                activity::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Activity>>()?;
                activity::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

fn key(path: KeyPath) -> kernel::Result<Key> {
    let source_system = external(&path.key).ok_or_else(|| unknown_key(&path.key))?;
    Ok(Key { source_system, external_id: path.value })
}
