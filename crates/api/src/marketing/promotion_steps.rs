//! `/v1/promotions/evaluate`, `/v1/promotions/{id}/…`: what promotions come to on a cart, how far one is used, how it comes
//! to be active and to its end, and coupons made many at a time.
use crate::answer::{Found, Result};
use crate::extract::{Can, Id, IfMatch, Valid};
use crate::routes::Routes;
use crate::{language, worker};
use ::marketing::coupon::Coupon;
use ::marketing::coupon::making::{self, CouponGeneration};
use ::marketing::evaluation::{self, PromotionCart, PromotionEvaluation};
use ::marketing::promotion::{self, Promotion, PromotionTransition, PromotionUsage};
use ::platform::Db;
use ::platform::job::Job;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, post};
use kernel::{Create, Language, PromotionId, Read, Update};

pub fn routes(cfg: &mut Routes) {
    cfg.service(evaluate_promotions)
        .service(get_promotion_usage)
        .service(transition_promotion)
        .service(generate_coupons);
}

/// Evaluate promotions
///
/// What those that are active come to on a cart: off each line and in all, to the last minor unit of its currency; which
/// were applied, and which were refused and why. Nothing is written or held: `POST /v1/redemptions` does that.
#[utoipa::path(tag = "promotions", request_body = PromotionCart,
    responses((status = 200, description = "the cart with its promotions", body = PromotionEvaluation)))]
#[post("/promotions/evaluate")]
async fn evaluate_promotions(
    req: HttpRequest,
    db: Data<Db>,
    Can(can): Can<Read<Promotion>>,
    Valid(cart): Valid<PromotionCart>,
) -> Result<HttpResponse> {
    let language = language::of(&req);
    let mut evaluation = db.read(can, move |conn, ctx| evaluation::evaluate(conn, ctx, &cart)).await?;
    say(&mut evaluation, language);
    let mut answer = HttpResponse::Ok().json(evaluation);
    language::tell(answer.headers_mut(), language);
    Ok(answer)
}

/// The reasons in the language of whoever asked.
pub fn say(evaluation: &mut PromotionEvaluation, language: Language) {
    for one in &mut evaluation.refused {
        one.message = evaluation::words(&one.reason).told(language, language::texts());
    }
}

/// Get how far a promotion is used
///
/// What is held counts, and what was given back does not.
#[utoipa::path(tag = "promotions", params(("id" = PromotionId, Path)),
    responses((status = 200, description = "how often it is used, and what is left", body = PromotionUsage)))]
#[get("/promotions/{id}/usage")]
async fn get_promotion_usage(
    db: Data<Db>,
    Can(can): Can<Read<Promotion>>,
    Id(id): Id<PromotionId>,
) -> Result<Json<PromotionUsage>> {
    Ok(Json(db.read(can, move |conn, ctx| promotion::usage(conn, ctx, id)).await?))
}

/// Bring a promotion to another status
///
/// A draft becomes active; what is active is paused, and goes on; what is active or paused is ended for good. One that has
/// the status already is answered as it is.
#[utoipa::path(tag = "promotions", params(("id" = PromotionId, Path)), request_body = PromotionTransition,
    responses((status = 200, description = "the promotion as it is now", body = Promotion)))]
#[post("/promotions/{id}/transition")]
async fn transition_promotion(
    db: Data<Db>,
    Can(can): Can<Update<Promotion>>,
    Id(id): Id<PromotionId>,
    IfMatch(base): IfMatch,
    Valid(ask): Valid<PromotionTransition>,
) -> Result<Found<Promotion>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| promotion::transition(conn, ctx, id, base, &ask)).await?))
}

/// Generate coupons of a promotion
///
/// Up to 100,000 at a time, in the background, each with a code that nobody can guess. `GET /v1/coupons?batch_id=` with the
/// id of the job lists them.
#[utoipa::path(tag = "promotions", params(("id" = PromotionId, Path)), request_body = CouponGeneration,
    responses((status = 202, description = "the job that makes them", body = Job)))]
#[post("/promotions/{id}/generate-coupons")]
async fn generate_coupons(
    db: Data<Db>,
    Can(can): Can<(Create<Coupon>, Read<Promotion>)>,
    Id(id): Id<PromotionId>,
    Valid(asked): Valid<CouponGeneration>,
) -> Result<HttpResponse> {
    let job = db.write(can, move |conn, ctx| making::begin(conn, ctx, id, &asked)).await?;
    worker::wake();
    Ok(HttpResponse::Accepted().json(job))
}
