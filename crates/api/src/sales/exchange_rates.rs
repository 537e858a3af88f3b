//! `/v1/exchange-rates`: what other money is worth.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, no_value, unknown_key};
use crate::routes::Routes;
use ::sales::exchange_rate::{self, ExchangeRate, ExchangeRatePatch, Key, NewExchangeRate};
use actix_web::web::{Data, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, ExchangeRateId, Page, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_exchange_rates)
        .service(create_exchange_rate)
        .service(batch_exchange_rates)
        .service(upsert_exchange_rate)
        .service(get_exchange_rate)
        .service(update_exchange_rate)
        .service(delete_exchange_rate)
        .service(restore_exchange_rate);
}

type ExchangeRatePage = Page<ExchangeRate>;

/// List exchange rates
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "exchange-rates", params(ListQuery),
    responses((status = 200, description = "a page of rates", body = ExchangeRatePage)))]
#[get("/exchange-rates")]
async fn list_exchange_rates(
    db: Data<Db>,
    Can(can): Can<Read<ExchangeRate>>,
    List(listing, view): List<exchange_rate::Table>,
) -> Result<Shown<ExchangeRatePage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| exchange_rate::list(conn, ctx, &listing)).await
}

/// Create an exchange rate
///
/// Of a currency into the tenant's own, from a day on. What was reckoned before stays as it was.
#[utoipa::path(tag = "exchange-rates", request_body = NewExchangeRate,
    responses((status = 201, description = "the rate as it was made", body = ExchangeRate)))]
#[post("/exchange-rates")]
async fn create_exchange_rate(
    db: Data<Db>,
    Can(can): Can<Create<ExchangeRate>>,
    Valid(new): Valid<NewExchangeRate>,
) -> Result<Created<ExchangeRate>> {
    Ok(Created(db.change(can, move |conn, ctx| exchange_rate::create(conn, ctx, &new)).await?))
}

/// Get an exchange rate
#[utoipa::path(tag = "exchange-rates", params(("id" = ExchangeRateId, Path), ViewQuery),
    responses((status = 200, description = "the rate", body = ExchangeRate)))]
#[get("/exchange-rates/{id}")]
async fn get_exchange_rate(
    db: Data<Db>,
    Can(can): Can<Read<ExchangeRate>>,
    Id(id): Id<ExchangeRateId>,
    view: View,
) -> Result<Found<ExchangeRate>> {
    view.one(&db, can, id).await
}

/// Update an exchange rate
#[utoipa::path(tag = "exchange-rates", params(("id" = ExchangeRateId, Path)),
    request_body(content = ExchangeRatePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the rate as it is now", body = ExchangeRate)))]
#[patch("/exchange-rates/{id}")]
async fn update_exchange_rate(
    db: Data<Db>,
    Can(can): Can<Update<ExchangeRate>>,
    Id(id): Id<ExchangeRateId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<ExchangeRatePatch>,
) -> Result<Found<ExchangeRate>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| exchange_rate::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge an exchange rate
///
/// Archived, nothing is reckoned by it any more; what was reckoned by it stays as it was.
#[utoipa::path(tag = "exchange-rates", params(("id" = ExchangeRateId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/exchange-rates/{id}")]
async fn delete_exchange_rate(
    db: Data<Db>,
    Can(can): Can<Delete<ExchangeRate>>,
    Id(id): Id<ExchangeRateId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<ExchangeRate>>().and_then(|()| exchange_rate::purge(conn, ctx, id, base)),
        false => exchange_rate::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived exchange rate
#[utoipa::path(tag = "exchange-rates", params(("id" = ExchangeRateId, Path)),
    responses((status = 200, description = "the exchange rate, in use again", body = ExchangeRate)))]
#[post("/exchange-rates/{id}/restore")]
async fn restore_exchange_rate(
    db: Data<Db>,
    Can(can): Can<Delete<ExchangeRate>>,
    Id(id): Id<ExchangeRateId>,
) -> Result<Found<ExchangeRate>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| exchange_rate::restore(conn, ctx, id)).await?))
}

/// Create or update an exchange rate by a key
///
/// The key is `from_currency,valid_on`, of a rate into the tenant's own currency, as in
/// `/v1/exchange-rates/by/from_currency,valid_on/USD,2026-11-01`.
#[utoipa::path(tag = "exchange-rates", params(KeyPath, UpsertQuery), request_body = NewExchangeRate,
    responses((status = 200, description = "the exchange rate as it is now", body = ExchangeRate),
              (status = 201, description = "the exchange rate as it was made", body = ExchangeRate)))]
#[put("/exchange-rates/by/{key}/{value}")]
async fn upsert_exchange_rate(
    db: Data<Db>,
    Can(can): Can<(Create<ExchangeRate>, Update<ExchangeRate>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewExchangeRate, ExchangeRatePatch>,
) -> Result<Put<ExchangeRate>> {
    let key = key(&path)?;
    Ok(Put(db.write(can, move |conn, ctx| exchange_rate::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many exchange rates
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "exchange-rates", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/exchange-rates/batch")]
async fn batch_exchange_rates(db: Data<Db>, Can(can): Can<Writes<ExchangeRate>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<ExchangeRate>>()?;
                exchange_rate::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<ExchangeRate>>()?;
                exchange_rate::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<ExchangeRate>, Update<ExchangeRate>)>()?;
                let (path, ask) = item.upsert()?;
                exchange_rate::upsert(conn, ctx, &key(&path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<ExchangeRate>>()?;
                exchange_rate::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

fn key(path: &KeyPath) -> kernel::Result<Key> {
    match (path.key.as_str(), path.members().as_slice()) {
        ("from_currency,valid_on", [(_, from), (_, day)]) => {
            Ok(Key { from_currency: (*from).to_owned(), valid_on: day.parse().map_err(|_| no_value())? })
        }
        (other, _) => Err(unknown_key(other)),
    }
}
