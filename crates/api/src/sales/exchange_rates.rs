//! `/v1/exchange-rates`: what other money is worth.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::routes::Routes;
use ::sales::exchange_rate::{self, ExchangeRate, ExchangeRatePatch, NewExchangeRate};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{Create, Delete, ExchangeRateId, Page, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_exchange_rates)
        .service(create_exchange_rate)
        .service(batch_exchange_rates)
        .service(get_exchange_rate)
        .service(update_exchange_rate)
        .service(delete_exchange_rate);
}

type ExchangeRatePage = Page<ExchangeRate>;

/// List exchange rates
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
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

/// Delete an exchange rate
///
/// It is gone for good; what was reckoned by it stays as it was.
#[utoipa::path(tag = "exchange-rates", params(("id" = ExchangeRateId, Path)),
    responses((status = 204, description = "gone")))]
#[delete("/exchange-rates/{id}")]
async fn delete_exchange_rate(
    db: Data<Db>,
    Can(can): Can<Delete<ExchangeRate>>,
    Id(id): Id<ExchangeRateId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| exchange_rate::remove(conn, ctx, id, base)).await?;
    Ok(Nothing)
}

/// Write many exchange rates
///
/// Up to 1,000 creations, changes and deletions, answered one by one in their order.
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
            BatchOp::Upsert => Err(batch::no_upsert()),
            BatchOp::Delete => {
                ctx.must::<Delete<ExchangeRate>>()?;
                exchange_rate::remove(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}
