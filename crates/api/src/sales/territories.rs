//! `/v1/territories`: parts of the market, and who looks after them; and which of them a lead or an account is in.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, name};
use crate::routes::Routes;
use ::customer::account::Account;
use ::sales::lead::Lead;
use ::sales::territory::{self, NewTerritory, Territory, TerritoryPatch, covering};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{AccountId, Create, Delete, LeadId, Page, Purge, Read, TerritoryId, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_territories)
        .service(create_territory)
        .service(batch_territories)
        .service(upsert_territory)
        .service(get_territory)
        .service(update_territory)
        .service(delete_territory)
        .service(restore_territory)
        .service(list_lead_territories)
        .service(list_account_territories);
}

type TerritoryPage = Page<Territory>;

/// List territories
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "territories", params(ListQuery),
    responses((status = 200, description = "a page of territories", body = TerritoryPage)))]
#[get("/territories")]
async fn list_territories(
    db: Data<Db>,
    Can(can): Can<Read<Territory>>,
    List(listing, view): List<territory::Table>,
) -> Result<Shown<TerritoryPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| territory::list(conn, ctx, &listing)).await
}

/// Create a territory
///
/// Leads and accounts are in it of which its filter holds, and which are in the territory above it: each looks at its own
/// record alone, by fields that leads and accounts both have. An assignment rule of the strategy `territory` gives leads
/// to its members. Refused where another has the name.
#[utoipa::path(tag = "territories", request_body = NewTerritory,
    responses((status = 201, description = "the territory as it was made", body = Territory)))]
#[post("/territories")]
async fn create_territory(
    db: Data<Db>,
    Can(can): Can<Create<Territory>>,
    Valid(new): Valid<NewTerritory>,
) -> Result<Created<Territory>> {
    Ok(Created(db.change(can, move |conn, ctx| territory::create(conn, ctx, &new)).await?))
}

/// Get a territory
#[utoipa::path(tag = "territories", params(("id" = TerritoryId, Path), ViewQuery),
    responses((status = 200, description = "the territory", body = Territory)))]
#[get("/territories/{id}")]
async fn get_territory(
    db: Data<Db>,
    Can(can): Can<Read<Territory>>,
    Id(id): Id<TerritoryId>,
    view: View,
) -> Result<Found<Territory>> {
    view.one(&db, can, id).await
}

/// Update a territory
///
/// Leads that were given out stay with those who have them.
#[utoipa::path(tag = "territories", params(("id" = TerritoryId, Path)),
    request_body(content = TerritoryPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the territory as it is now", body = Territory)))]
#[patch("/territories/{id}")]
async fn update_territory(
    db: Data<Db>,
    Can(can): Can<Update<Territory>>,
    Id(id): Id<TerritoryId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<TerritoryPatch>,
) -> Result<Found<Territory>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| territory::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a territory
///
/// Refused while others stand below it. Archived, nothing is in it. One that rules give leads out by is archived, and not
/// purged.
#[utoipa::path(tag = "territories", params(("id" = TerritoryId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/territories/{id}")]
async fn delete_territory(
    db: Data<Db>,
    Can(can): Can<Delete<Territory>>,
    Id(id): Id<TerritoryId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Territory>>().and_then(|()| territory::purge(conn, ctx, id, base)),
        false => territory::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived territory
#[utoipa::path(tag = "territories", params(("id" = TerritoryId, Path)),
    responses((status = 200, description = "the territory, in use again", body = Territory)))]
#[post("/territories/{id}/restore")]
async fn restore_territory(
    db: Data<Db>,
    Can(can): Can<Delete<Territory>>,
    Id(id): Id<TerritoryId>,
) -> Result<Found<Territory>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| territory::restore(conn, ctx, id)).await?))
}

/// Create or update a territory by a key
///
/// The key is `name`.
#[utoipa::path(tag = "territories", params(KeyPath, UpsertQuery), request_body = NewTerritory,
    responses((status = 200, description = "the territory as it is now", body = Territory),
              (status = 201, description = "the territory as it was made", body = Territory)))]
#[put("/territories/by/{key}/{value}")]
async fn upsert_territory(
    db: Data<Db>,
    Can(can): Can<(Create<Territory>, Update<Territory>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewTerritory, TerritoryPatch>,
) -> Result<Put<Territory>> {
    let key = name(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| territory::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many territories
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "territories", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/territories/batch")]
async fn batch_territories(db: Data<Db>, Can(can): Can<Writes<Territory>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Territory>>()?;
                territory::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Territory>>()?;
                territory::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Territory>, Update<Territory>)>()?;
                let (path, ask) = item.upsert()?;
                territory::upsert(conn, ctx, &name(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Territory>>()?;
                territory::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// List the territories that a lead is in
///
/// The deepest first.
#[utoipa::path(tag = "territories", params(("id" = LeadId, Path)),
    responses((status = 200, description = "all of them", body = [Territory])))]
#[get("/leads/{id}/territories")]
async fn list_lead_territories(
    db: Data<Db>,
    Can(can): Can<(Read<Lead>, Read<Territory>)>,
    Id(id): Id<LeadId>,
) -> Result<Json<Vec<Territory>>> {
    Ok(Json(db.read(can, move |conn, ctx| covering::of_lead(conn, ctx, id)).await?))
}

/// List the territories that an account is in
///
/// The deepest first.
#[utoipa::path(tag = "territories", params(("id" = AccountId, Path)),
    responses((status = 200, description = "all of them", body = [Territory])))]
#[get("/accounts/{id}/territories")]
async fn list_account_territories(
    db: Data<Db>,
    Can(can): Can<(Read<Account>, Read<Territory>)>,
    Id(id): Id<AccountId>,
) -> Result<Json<Vec<Territory>>> {
    Ok(Json(db.read(can, move |conn, ctx| covering::of_account(conn, ctx, id)).await?))
}
