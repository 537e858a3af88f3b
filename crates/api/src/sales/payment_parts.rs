//! `/v1/payments/{id}/…`: which instalments a payment pays; `/v1/payment-matches`.
use crate::answer::{Found, Result, Shown};
use crate::extract::{Can, Id, List, ListQuery, Valid};
use crate::routes::Routes;
use ::sales::contract::Contract;
use ::sales::payment::matches::{self, PaymentMatch};
use ::sales::payment::{self, Payment, PaymentMatching};
use actix_web::web::{Data, Json};
use actix_web::{get, post};
use kernel::{Page, PaymentId, Read, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_all_payment_matches)
        .service(list_payment_matches)
        .service(match_payment)
        .service(unmatch_payment)
        .service(void_payment);
}

type PaymentMatchPage = Page<PaymentMatch>;

/// List what all payments have paid
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "payments", params(ListQuery),
    responses((status = 200, description = "a page of them", body = PaymentMatchPage)))]
#[get("/payment-matches")]
async fn list_all_payment_matches(
    db: Data<Db>,
    Can(can): Can<Read<Payment>>,
    List(listing, view): List<matches::Table>,
) -> Result<Shown<PaymentMatchPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| matches::list(conn, ctx, &listing)).await
}

/// List what a payment has paid
#[utoipa::path(tag = "payments", params(("id" = PaymentId, Path)),
    responses((status = 200, description = "how much of which instalment", body = [PaymentMatch])))]
#[get("/payments/{id}/matches")]
async fn list_payment_matches(
    db: Data<Db>,
    Can(can): Can<Read<Payment>>,
    Id(id): Id<PaymentId>,
) -> Result<Json<Vec<PaymentMatch>>> {
    Ok(Json(db.read(can, move |conn, ctx| matches::of(conn, ctx, id)).await?))
}

/// Match a payment
///
/// What of it is unmatched pays instalments of its contract, or of the one that is named: as `matches` says, or the oldest
/// that are open first. No instalment gets more than is open of it.
#[utoipa::path(tag = "payments", params(("id" = PaymentId, Path)), request_body = PaymentMatching,
    responses((status = 200, description = "the payment as it is now", body = Payment)))]
#[post("/payments/{id}/match")]
async fn match_payment(
    db: Data<Db>,
    Can(can): Can<(Update<Payment>, Read<Contract>)>,
    Id(id): Id<PaymentId>,
    Valid(ask): Valid<PaymentMatching>,
) -> Result<Found<Payment>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| payment::match_open(conn, ctx, id, &ask)).await?))
}

/// Take a payment off all that it has paid
///
/// What it paid is open again, and all of it is unmatched.
#[utoipa::path(tag = "payments", params(("id" = PaymentId, Path)),
    responses((status = 200, description = "the payment as it is now", body = Payment)))]
#[post("/payments/{id}/unmatch")]
async fn unmatch_payment(
    db: Data<Db>,
    Can(can): Can<Update<Payment>>,
    Id(id): Id<PaymentId>,
) -> Result<Found<Payment>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| payment::unmatch(conn, ctx, id)).await?))
}

/// Void a payment
///
/// It has paid nothing: what it paid is open again. Void twice is void.
#[utoipa::path(tag = "payments", params(("id" = PaymentId, Path)),
    responses((status = 200, description = "the payment as it is now", body = Payment)))]
#[post("/payments/{id}/void")]
async fn void_payment(db: Data<Db>, Can(can): Can<Update<Payment>>, Id(id): Id<PaymentId>) -> Result<Found<Payment>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| payment::void(conn, ctx, id)).await?))
}
