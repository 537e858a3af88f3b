//! `/v1/queues`: what owns records until somebody takes them, and who serves it.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::identity::Identity;
use ::identity::queue::{self, NewQueue, Queue, QueueMember, QueuePatch};
use ::identity::team::Team;
use ::identity::user::{self, User};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Page, Purge, Read, TeamId, Update, UserId};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_queues)
        .service(create_queue)
        .service(get_queue)
        .service(update_queue)
        .service(delete_queue)
        .service(restore_queue)
        .service(list_queue_members)
        .service(add_queue_user)
        .service(remove_queue_user)
        .service(add_queue_team)
        .service(remove_queue_team);
}

type QueuePage = Page<Queue>;

/// List queues
///
/// They are filtered and sorted as the users that they are, by `display_name` and the like.
#[utoipa::path(tag = "queues", params(ListQuery),
    responses((status = 200, description = "a page of queues", body = QueuePage)))]
#[get("/queues")]
async fn list_queues(
    db: Data<Db>,
    Can(can): Can<Read<Queue>>,
    List(listing, view): List<user::Table>,
) -> Result<Shown<QueuePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| queue::list(conn, ctx, &listing)).await
}

/// Create a queue
///
/// Its id may then be the `owner_id` of records.
#[utoipa::path(tag = "queues", request_body = NewQueue,
    responses((status = 201, description = "the queue as it was made", body = Queue)))]
#[post("/queues")]
async fn create_queue(
    db: Data<Db>,
    Can(can): Can<Create<Queue>>,
    Valid(new): Valid<NewQueue>,
) -> Result<Created<Queue>> {
    Ok(Created(db.change(can, move |conn, ctx| queue::create(conn, ctx, &new)).await?))
}

/// Get a queue
#[utoipa::path(tag = "queues", params(("id" = UserId, Path), ViewQuery),
    responses((status = 200, description = "the queue", body = Queue)))]
#[get("/queues/{id}")]
async fn get_queue(db: Data<Db>, Can(can): Can<Read<Queue>>, Id(id): Id<UserId>, view: View) -> Result<Found<Queue>> {
    view.one_as::<User, Queue>(&db, can, id).await
}

/// Update a queue
#[utoipa::path(tag = "queues", params(("id" = UserId, Path)),
    request_body(content = QueuePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the queue as it is now", body = Queue)))]
#[patch("/queues/{id}")]
async fn update_queue(
    db: Data<Db>,
    Can(can): Can<Update<Queue>>,
    Id(id): Id<UserId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<QueuePatch>,
) -> Result<Found<Queue>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| queue::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a queue
///
/// Archived, it keeps what it owns, and nobody serves it. It is not purged while it owns anything.
#[utoipa::path(tag = "queues", params(("id" = UserId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/queues/{id}")]
async fn delete_queue(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Delete<Queue>>,
    Id(id): Id<UserId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Queue>>().and_then(|()| queue::purge(conn, ctx, id, base)),
        false => queue::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    identity.forget();
    Ok(Nothing)
}

/// Restore an archived queue
#[utoipa::path(tag = "queues", params(("id" = UserId, Path)),
    responses((status = 200, description = "the queue, served again", body = Queue)))]
#[post("/queues/{id}/restore")]
async fn restore_queue(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Delete<Queue>>,
    Id(id): Id<UserId>,
) -> Result<Found<Queue>> {
    let queue = db.change(can, move |conn, ctx| queue::restore(conn, ctx, id)).await?;
    identity.forget();
    Ok(Found::plain(queue))
}

/// List who serves a queue
///
/// Users, then teams, of which all who are in them serve it.
#[utoipa::path(tag = "queues", params(("id" = UserId, Path)),
    responses((status = 200, description = "its members, by name", body = [QueueMember])))]
#[get("/queues/{id}/members")]
async fn list_queue_members(
    db: Data<Db>,
    Can(can): Can<Read<Queue>>,
    Id(id): Id<UserId>,
) -> Result<Json<Vec<QueueMember>>> {
    Ok(Json(db.read(can, move |conn, ctx| queue::members(conn, ctx, id)).await?))
}

/// Let a user serve a queue
///
/// What the queue owns counts as the user's own from then on. Whoever does it may do with it what the user then may.
#[utoipa::path(tag = "queues", params(("id" = UserId, Path), ("user_id" = UserId, Path)),
    responses((status = 200, description = "the queue, which the user serves", body = Queue)))]
#[put("/queues/{id}/users/{user_id}")]
async fn add_queue_user(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<(Update<Queue>, Read<User>)>,
    path: Path<(UserId, UserId)>,
) -> Result<Found<Queue>> {
    let (objects, (id, user)) = (identity.objects(), path.into_inner());
    let queue = db.change(can, move |conn, ctx| queue::add_user(conn, ctx, objects, id, user)).await?;
    identity.forget();
    Ok(Found::plain(queue))
}

/// Let a user no longer serve a queue
#[utoipa::path(tag = "queues", params(("id" = UserId, Path), ("user_id" = UserId, Path)),
    responses((status = 200, description = "the queue, without the user", body = Queue)))]
#[delete("/queues/{id}/users/{user_id}")]
async fn remove_queue_user(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Update<Queue>>,
    path: Path<(UserId, UserId)>,
) -> Result<Found<Queue>> {
    let (id, user) = path.into_inner();
    let queue = db.change(can, move |conn, ctx| queue::remove_user(conn, ctx, id, user)).await?;
    identity.forget();
    Ok(Found::plain(queue))
}

/// Let a team serve a queue
///
/// All who are in the team, those of teams below it not. Whoever does it may do with it what they then may.
#[utoipa::path(tag = "queues", params(("id" = UserId, Path), ("team_id" = TeamId, Path)),
    responses((status = 200, description = "the queue, which the team serves", body = Queue)))]
#[put("/queues/{id}/teams/{team_id}")]
async fn add_queue_team(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<(Update<Queue>, Read<Team>)>,
    path: Path<(UserId, TeamId)>,
) -> Result<Found<Queue>> {
    let (objects, (id, team)) = (identity.objects(), path.into_inner());
    let queue = db.change(can, move |conn, ctx| queue::add_team(conn, ctx, objects, id, team)).await?;
    identity.forget();
    Ok(Found::plain(queue))
}

/// Let a team no longer serve a queue
#[utoipa::path(tag = "queues", params(("id" = UserId, Path), ("team_id" = TeamId, Path)),
    responses((status = 200, description = "the queue, without the team", body = Queue)))]
#[delete("/queues/{id}/teams/{team_id}")]
async fn remove_queue_team(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Update<Queue>>,
    path: Path<(UserId, TeamId)>,
) -> Result<Found<Queue>> {
    let (id, team) = path.into_inner();
    let queue = db.change(can, move |conn, ctx| queue::remove_team(conn, ctx, id, team)).await?;
    identity.forget();
    Ok(Found::plain(queue))
}
