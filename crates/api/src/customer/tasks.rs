//! `/v1/tasks`: what is to be done.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::customer::task::{self, Key, NewTask, Task, TaskPatch};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Page, Purge, Read, TaskId, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_tasks)
        .service(create_task)
        .service(batch_tasks)
        .service(upsert_task)
        .service(get_task)
        .service(update_task)
        .service(delete_task)
        .service(restore_task)
        .service(complete_task)
        .service(reopen_task);
}

type TaskPage = Page<Task>;

/// List tasks
///
/// Newest first, unless `sort` says otherwise. What is overdue: `?filter=due_at < now()`.
#[utoipa::path(tag = "tasks", params(ListQuery),
    responses((status = 200, description = "a page of tasks", body = TaskPage)))]
#[get("/tasks")]
async fn list_tasks(
    db: Data<Db>,
    Can(can): Can<Read<Task>>,
    List(listing, view): List<task::Table>,
) -> Result<Shown<TaskPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| task::list(conn, ctx, &listing)).await
}

/// Create a task
///
/// It is its assignee's: the caller's, unless said otherwise. By `recurrence`, a rule of RFC 5545 on the clocks of its
/// `time_zone`, its completion makes the next.
#[utoipa::path(tag = "tasks", request_body = NewTask,
    responses((status = 201, description = "the task as it was made", body = Task)))]
#[post("/tasks")]
async fn create_task(db: Data<Db>, Can(can): Can<Create<Task>>, Valid(new): Valid<NewTask>) -> Result<Created<Task>> {
    Ok(Created(db.change(can, move |conn, ctx| task::create(conn, ctx, &new)).await?))
}

/// Get a task
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path), ViewQuery),
    responses((status = 200, description = "the task", body = Task)))]
#[get("/tasks/{id}")]
async fn get_task(db: Data<Db>, Can(can): Can<Read<Task>>, Id(id): Id<TaskId>, view: View) -> Result<Found<Task>> {
    view.one(&db, can, id).await
}

/// Update a task
///
/// `"status": "completed"` is the same as `POST …/complete`. A new `recurrence` begins with this task; one that was there
/// goes on as it has begun, wherever this task is moved to, and ends where it is cleared.
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path)),
    request_body(content = TaskPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the task as it is now", body = Task)))]
#[patch("/tasks/{id}")]
async fn update_task(
    db: Data<Db>,
    Can(can): Can<Update<Task>>,
    Id(id): Id<TaskId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<TaskPatch>,
) -> Result<Found<Task>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| task::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a task
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/tasks/{id}")]
async fn delete_task(
    db: Data<Db>,
    Can(can): Can<Delete<Task>>,
    Id(id): Id<TaskId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Task>>().and_then(|()| task::purge(conn, ctx, id, base)),
        false => task::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived task
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path)),
    responses((status = 200, description = "the task, in use again", body = Task)))]
#[post("/tasks/{id}/restore")]
async fn restore_task(db: Data<Db>, Can(can): Can<Delete<Task>>, Id(id): Id<TaskId>) -> Result<Found<Task>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| task::restore(conn, ctx, id)).await?))
}

/// Create or update a task by a key
///
/// The key is `ext:{source_system}`.
#[utoipa::path(tag = "tasks", params(KeyPath, UpsertQuery), request_body = NewTask,
    responses((status = 200, description = "the task as it is now", body = Task),
              (status = 201, description = "the task as it was made", body = Task)))]
#[put("/tasks/by/{key}/{value}")]
async fn upsert_task(
    db: Data<Db>,
    Can(can): Can<(Create<Task>, Update<Task>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewTask, TaskPatch>,
) -> Result<Put<Task>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| task::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many tasks
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "tasks", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/tasks/batch")]
async fn batch_tasks(db: Data<Db>, Can(can): Can<Writes<Task>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Task>>()?;
                task::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Task>>()?;
                task::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Task>, Update<Task>)>()?;
                let (path, ask) = item.upsert()?;
                task::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Task>>()?;
                task::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Complete a task
///
/// One that recurs makes the next of its series, which `next_task_id` tells. A task that is completed is answered as it is.
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path)),
    responses((status = 200, description = "the task, completed", body = Task)))]
#[post("/tasks/{id}/complete")]
async fn complete_task(
    db: Data<Db>,
    Can(can): Can<Update<Task>>,
    Id(id): Id<TaskId>,
    IfMatch(base): IfMatch,
) -> Result<Found<Task>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| task::complete(conn, ctx, id, base)).await?))
}

/// Reopen a task
///
/// The next of its series, if its completion has made one, stays. A task that has not ended is answered as it is.
#[utoipa::path(tag = "tasks", params(("id" = TaskId, Path)),
    responses((status = 200, description = "the task, open", body = Task)))]
#[post("/tasks/{id}/reopen")]
async fn reopen_task(
    db: Data<Db>,
    Can(can): Can<Update<Task>>,
    Id(id): Id<TaskId>,
    IfMatch(base): IfMatch,
) -> Result<Found<Task>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| task::reopen(conn, ctx, id, base)).await?))
}

fn key(path: KeyPath) -> kernel::Result<Key> {
    let source_system = external(&path.key).ok_or_else(|| unknown_key(&path.key))?;
    Ok(Key { source_system, external_id: path.value })
}
