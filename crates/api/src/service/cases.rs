//! `/v1/cases`: what was agreed upon, for how long and for how much. How one goes on, and its instalments, are in
//! `contract_parts`.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, Likeness, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::service::case::{self, Case, CasePatch, Key, NewCase};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{CaseId, Create, Delete, Existing, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_cases)
        .service(create_case)
        .service(batch_cases)
        .service(find_duplicate_cases)
        .service(upsert_case)
        .service(get_case)
        .service(update_case)
        .service(delete_case)
        .service(restore_case);
}

type CasePage = Page<Case>;

/// List cases
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "cases", params(ListQuery),
    responses((status = 200, description = "a page of cases", body = CasePage)))]
#[get("/cases")]
async fn list_cases(
    db: Data<Db>,
    Can(can): Can<Read<Case>>,
    List(listing, view): List<case::Table>,
) -> Result<Shown<CasePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| case::list(conn, ctx, &listing)).await
}

/// Create a case
///
/// It is its owner's, or lies in the queue that is named; where neither is, it is the caller's. Its account is that of
/// its contact, unless said otherwise. Refused where another case has the number.
#[utoipa::path(tag = "cases", request_body = NewCase,
    responses((status = 201, description = "the case as it was made", body = Case)))]
#[post("/cases")]
async fn create_case(db: Data<Db>, Can(can): Can<Create<Case>>, Valid(new): Valid<NewCase>) -> Result<Created<Case>> {
    Ok(Created(db.write(can, move |conn, ctx| case::create(conn, ctx, &new)).await?))
}

/// Get a case
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), ViewQuery),
    responses((status = 200, description = "the case", body = Case)))]
#[get("/cases/{id}")]
async fn get_case(db: Data<Db>, Can(can): Can<Read<Case>>, Id(id): Id<CaseId>, view: View) -> Result<Found<Case>> {
    view.one(&db, can, id).await
}

/// Update a case
///
/// Another status is one that the status it has leads to; else it is 409 `case_transition_refused`. What was resolved
/// or closed is taken up again by `open`.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)),
    request_body(content = CasePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the case as it is now", body = Case)))]
#[patch("/cases/{id}")]
async fn update_case(
    db: Data<Db>,
    Can(can): Can<Update<Case>>,
    Id(id): Id<CaseId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<CasePatch>,
) -> Result<Found<Case>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| case::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a case
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/cases/{id}")]
async fn delete_case(
    db: Data<Db>,
    Can(can): Can<Delete<Case>>,
    Id(id): Id<CaseId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Case>>().and_then(|()| case::purge(conn, ctx, id, base)),
        false => case::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived case
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)),
    responses((status = 200, description = "the case, in use again", body = Case)))]
#[post("/cases/{id}/restore")]
async fn restore_case(db: Data<Db>, Can(can): Can<Delete<Case>>, Id(id): Id<CaseId>) -> Result<Found<Case>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| case::restore(conn, ctx, id)).await?))
}

/// Create or update a case by a key
///
/// The key is `number`, or `ext:{source_system}`.
#[utoipa::path(tag = "cases", params(KeyPath, UpsertQuery), request_body = NewCase,
    responses((status = 200, description = "the case as it is now", body = Case),
              (status = 201, description = "the case as it was made", body = Case)))]
#[put("/cases/by/{key}/{value}")]
async fn upsert_case(
    db: Data<Db>,
    Can(can): Can<(Create<Case>, Update<Case>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewCase, CasePatch>,
) -> Result<Put<Case>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| case::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many cases
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "cases", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/cases/batch")]
async fn batch_cases(db: Data<Db>, Can(can): Can<Writes<Case>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Case>>()?;
                case::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Case>>()?;
                case::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Case>, Update<Case>)>()?;
                let (path, ask) = item.upsert()?;
                case::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Case>>()?;
                case::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Find cases that a new one probably is
#[utoipa::path(tag = "cases", request_body = NewCase,
    responses((status = 200, description = "the candidates, the likeliest first", body = [Existing])))]
#[post("/cases/duplicates")]
async fn find_duplicate_cases(
    db: Data<Db>,
    Can(can): Can<Read<Case>>,
    Likeness(new): Likeness<NewCase>,
) -> Result<Json<Vec<Existing>>> {
    Ok(Json(db.read(can, move |conn, ctx| case::duplicates(conn, ctx, &new)).await?))
}

fn key(path: KeyPath) -> kernel::Result<Key> {
    Ok(match path.key.as_str() {
        "number" => Key::Number(path.value.trim().to_owned()),
        other => {
            let source_system = external(other).ok_or_else(|| unknown_key(other))?;
            Key::External { source_system, external_id: path.value }
        }
    })
}
