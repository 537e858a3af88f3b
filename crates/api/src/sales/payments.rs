//! `/v1/payments`: what was paid, and which instalments of it.
use crate::answer::{Created, Found, Nothing, Put, Result, Shown};
use crate::batch::{self, Batch, BatchOp, BatchResults, Done, Many};
use crate::extract::{
    Asked, Can, DeleteQuery, Id, IfMatch, Likeness, List, ListQuery, UpsertQuery, Upserting, Valid, View, ViewQuery,
};
use crate::key::{KeyPath, external, unknown_key};
use crate::routes::Routes;
use ::sales::payment::{self, Key, NewPayment, Payment, PaymentPatch};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Create, Delete, Existing, Page, PaymentId, Purge, Read, Update, Writes};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_payments)
        .service(create_payment)
        .service(batch_payments)
        .service(find_duplicate_payments)
        .service(upsert_payment)
        .service(get_payment)
        .service(update_payment)
        .service(delete_payment)
        .service(restore_payment);
}

type PaymentPage = Page<Payment>;

/// List payments
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "payments", params(ListQuery),
    responses((status = 200, description = "a page of payments", body = PaymentPage)))]
#[get("/payments")]
async fn list_payments(
    db: Data<Db>,
    Can(can): Can<Read<Payment>>,
    List(listing, view): List<payment::Table>,
) -> Result<Shown<PaymentPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| payment::list(conn, ctx, &listing)).await
}

/// Create a payment
///
/// Of a contract, it pays what is open of that, the oldest instalments first, unless `matches` says which; what is beyond
/// them stays unmatched. Of none, all of it does.
#[utoipa::path(tag = "payments", request_body = NewPayment,
    responses((status = 201, description = "the payment as it was made", body = Payment)))]
#[post("/payments")]
async fn create_payment(
    db: Data<Db>,
    Can(can): Can<Create<Payment>>,
    Valid(new): Valid<NewPayment>,
) -> Result<Created<Payment>> {
    Ok(Created(db.write(can, move |conn, ctx| payment::create(conn, ctx, &new)).await?))
}

/// Get a payment
#[utoipa::path(tag = "payments", params(("id" = PaymentId, Path), ViewQuery),
    responses((status = 200, description = "the payment", body = Payment)))]
#[get("/payments/{id}")]
async fn get_payment(
    db: Data<Db>,
    Can(can): Can<Read<Payment>>,
    Id(id): Id<PaymentId>,
    view: View,
) -> Result<Found<Payment>> {
    view.one(&db, can, id).await
}

/// Update a payment
///
/// Amount and contract change while nothing of it has paid an instalment. `matches` says all that it pays, in place of all
/// that it paid.
#[utoipa::path(tag = "payments", params(("id" = PaymentId, Path)),
    request_body(content = PaymentPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the payment as it is now", body = Payment)))]
#[patch("/payments/{id}")]
async fn update_payment(
    db: Data<Db>,
    Can(can): Can<Update<Payment>>,
    Id(id): Id<PaymentId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<PaymentPatch>,
) -> Result<Found<Payment>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| payment::update(conn, ctx, id, base, &patch)).await?))
}

/// Archive or purge a payment
#[utoipa::path(tag = "payments", params(("id" = PaymentId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/payments/{id}")]
async fn delete_payment(
    db: Data<Db>,
    Can(can): Can<Delete<Payment>>,
    Id(id): Id<PaymentId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Payment>>().and_then(|()| payment::purge(conn, ctx, id, base)),
        false => payment::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived payment
#[utoipa::path(tag = "payments", params(("id" = PaymentId, Path)),
    responses((status = 200, description = "the payment, in use again", body = Payment)))]
#[post("/payments/{id}/restore")]
async fn restore_payment(
    db: Data<Db>,
    Can(can): Can<Delete<Payment>>,
    Id(id): Id<PaymentId>,
) -> Result<Found<Payment>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| payment::restore(conn, ctx, id)).await?))
}

/// Create or update a payment by a key
///
/// The key is `ext:{source_system}`.
#[utoipa::path(tag = "payments", params(KeyPath, UpsertQuery), request_body = NewPayment,
    responses((status = 200, description = "the payment as it is now", body = Payment),
              (status = 201, description = "the payment as it was made", body = Payment)))]
#[put("/payments/by/{key}/{value}")]
async fn upsert_payment(
    db: Data<Db>,
    Can(can): Can<(Create<Payment>, Update<Payment>)>,
    path: Path<KeyPath>,
    Upserting(ask): Upserting<NewPayment, PaymentPatch>,
) -> Result<Put<Payment>> {
    let key = key(path.into_inner())?;
    Ok(Put(db.write(can, move |conn, ctx| payment::upsert(conn, ctx, &key, &ask)).await?))
}

/// Write many payments
///
/// Up to 1,000 creations, changes, upserts and deletions, answered one by one in their order.
#[utoipa::path(tag = "payments", request_body = Batch,
    responses((status = 200, description = "all went well", body = BatchResults),
              (status = 207, description = "some did not: each result has its status", body = BatchResults)))]
#[post("/payments/batch")]
async fn batch_payments(db: Data<Db>, Can(can): Can<Writes<Payment>>, all: Many) -> Result<BatchResults> {
    let done = db.write(can, move |conn, ctx| {
        batch::run(conn, ctx, &all, |conn, ctx, item| match item.op {
            BatchOp::Create => {
                ctx.must::<Create<Payment>>()?;
                payment::create(conn, ctx, &item.read()?).map(Done::Made)
            }
            BatchOp::Update => {
                ctx.must::<Update<Payment>>()?;
                payment::update(conn, ctx, item.id()?, item.if_match, &item.read()?).map(Done::Changed)
            }
            BatchOp::Upsert => {
                ctx.must::<(Create<Payment>, Update<Payment>)>()?;
                let (path, ask) = item.upsert()?;
                payment::upsert(conn, ctx, &key(path)?, &ask).map(Done::from)
            }
            BatchOp::Delete => {
                ctx.must::<Delete<Payment>>()?;
                payment::archive(conn, ctx, item.id()?, item.if_match).map(|_| Done::Gone)
            }
        })
    });
    Ok(done.await?)
}

/// Find payments that a new one probably is
#[utoipa::path(tag = "payments", request_body = NewPayment,
    responses((status = 200, description = "the candidates, the likeliest first", body = [Existing])))]
#[post("/payments/duplicates")]
async fn find_duplicate_payments(
    db: Data<Db>,
    Can(can): Can<Read<Payment>>,
    Likeness(new): Likeness<NewPayment>,
) -> Result<Json<Vec<Existing>>> {
    Ok(Json(db.read(can, move |conn, ctx| payment::duplicates(conn, ctx, &new)).await?))
}

fn key(path: KeyPath) -> kernel::Result<Key> {
    let source_system = external(&path.key).ok_or_else(|| unknown_key(&path.key))?;
    Ok(Key::External { source_system, external_id: path.value })
}
