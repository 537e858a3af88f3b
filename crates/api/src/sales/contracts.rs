//! `/v1/contracts`: what was agreed upon, for how long and for how much. How one goes on, and its instalments, are in
//! `contract_parts`.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, Likeness, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::sales::contract::{self, Contract, ContractPatch, Key, NewContract};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{ContractId, Create, Delete, Existing, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_contracts)
        .service(create_contract)
        .service(batch_contracts)
        .service(find_duplicate_contracts)
        .service(upsert_contract)
        .service(get_contract)
        .service(update_contract)
        .service(delete_contract)
        .service(restore_contract);
}

type ContractPage = Page<Contract>;

/// List contracts
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "contracts", params(ListQuery),
    responses((status = 200, description = "a page of contracts", body = ContractPage)))]
#[get("/contracts")]
async fn list_contracts(
    db: Data<Db>,
    Can(can): Can<Read<Contract>>,
    List(listing, view): List<contract::Table>,
) -> Result<Shown<ContractPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| contract::list(conn, ctx, &listing)).await
}

/// Create a contract
///
/// As a draft, with its instalments if it says some: together they come to its value. Refused where another contract has
/// the number.
#[utoipa::path(tag = "contracts", request_body = NewContract,
    responses((status = 201, description = "the contract as it was made", body = Contract)))]
#[post("/contracts")]
async fn create_contract(
    db: Data<Db>,
    Can(can): Can<Create<Contract>>,
    Valid(new): Valid<NewContract>,
) -> Result<Created<Contract>> {
    Ok(Created(db.write(can, move |conn, ctx| contract::create(conn, ctx, &new)).await?))
}

/// Get a contract
#[utoipa::path(tag = "contracts", params(("id" = ContractId, Path), ViewQuery),
    responses((status = 200, description = "the contract", body = Contract)))]
#[get("/contracts/{id}")]
async fn get_contract(
    db: Data<Db>,
    Can(can): Can<Read<Contract>>,
    Id(id): Id<ContractId>,
    view: View,
) -> Result<Found<Contract>> {
    view.one(&db, can, id).await
}

/// Update a contract
///
/// What was signed stays as it was signed: number, account, first day, value and signature; the last day and the renewal
/// stay once it is over. Instalments change together.
#[utoipa::path(tag = "contracts", params(("id" = ContractId, Path)),
    request_body(content = ContractPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the contract as it is now", body = Contract)))]
#[patch("/contracts/{id}")]
async fn update_contract(
    db: Data<Db>,
    Can(can): Can<Update<Contract>>,
    Id(id): Id<ContractId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<ContractPatch>,
) -> Result<Found<Contract>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| contract::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a contract
#[utoipa::path(tag = "contracts", params(("id" = ContractId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/contracts/{id}")]
async fn delete_contract(
    db: Data<Db>,
    Can(can): Can<Delete<Contract>>,
    Id(id): Id<ContractId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Contract>>().and_then(|()| contract::purge(conn, ctx, id, base)),
        false => contract::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived contract
#[utoipa::path(tag = "contracts", params(("id" = ContractId, Path)),
    responses((status = 200, description = "the contract, in use again", body = Contract)))]
#[post("/contracts/{id}/restore")]
async fn restore_contract(
    db: Data<Db>,
    Can(can): Can<Delete<Contract>>,
    Id(id): Id<ContractId>,
) -> Result<Found<Contract>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| contract::restore(conn, ctx, id)).await?))
}

/// Create or update a contract by a key
///
/// The key is `number`, or `ext:{source_system}`. Where the body has instalments, they take the place of those that are
/// there.
#[utoipa::path(tag = "contracts", params(KeyPath, UpsertQuery), request_body = NewContract,
    responses((status = 200, description = "the contract as it is now", body = Contract),
              (status = 201, description = "the contract as it was made", body = Contract)))]
#[put("/contracts/by/{key}/{value}")]
async fn upsert_contract(
    db: Data<Db>,
    Can(can): Can<(Create<Contract>, Update<Contract>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewContract, ContractPatch>,
) -> Result<Put<Contract>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| contract::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many contracts
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "contracts", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/contracts/batch")]
async fn batch_contracts(db: Data<Db>, Can(can): Can<Writes<Contract>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Contract>>()?;
                contract::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Contract>>()?;
                contract::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Contract>, Update<Contract>)>()?;
                let (path, ask) = item.upsert()?;
                contract::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Contract>>()?;
                contract::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Find contracts that a new one probably is
#[utoipa::path(tag = "contracts", request_body = NewContract,
    responses((status = 200, description = "the candidates, the likeliest first", body = [Existing])))]
#[post("/contracts/duplicates")]
async fn find_duplicate_contracts(
    db: Data<Db>,
    Can(can): Can<Read<Contract>>,
    Likeness(new): Likeness<NewContract>,
) -> Result<Json<Vec<Existing>>> {
    Ok(Json(db.read(can, move |conn, ctx| contract::duplicates(conn, ctx, &new)).await?))
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
