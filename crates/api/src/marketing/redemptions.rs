//! `/v1/redemptions`, `/v1/coupons/{code}/redeem`: promotions that are used, and given back.
use super::promotion_steps::say;
use crate::answer::{Found, Result, Shown};
use crate::extract::{Can, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::language;
use crate::routes::Routes;
use ::marketing::promotion::Promotion;
use ::marketing::redemption::{self, NewRedemption, PromotionsRedeemed, Redemption};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use kernel::{Create, Page, Read, RedemptionId, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_redemptions)
        .service(redeem_promotions)
        .service(redeem_coupon)
        .service(get_redemption)
        .service(confirm_redemption)
        .service(release_redemption)
        .service(reverse_redemption);
}

type RedemptionPage = Page<Redemption>;

/// List redemptions
///
/// Newest first, unless `sort` says otherwise. They are neither archived nor searched by words.
#[utoipa::path(tag = "redemptions", params(ListQuery),
    responses((status = 200, description = "a page of redemptions", body = RedemptionPage)))]
#[get("/redemptions")]
async fn list_redemptions(
    db: Data<Db>,
    Can(can): Can<Read<Redemption>>,
    List(listing, view): List<redemption::Table>,
) -> Result<Shown<RedemptionPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| redemption::list(conn, ctx, &listing)).await
}

/// Redeem promotions
///
/// Whatever they come to on the cart now, with its coupons: all of it, or nothing where a coupon is refused or somebody was
/// quicker. With an order, the same asked again comes to the same redemptions. Held for a while, they count against all
/// limits until they are confirmed or released, or their time is over.
#[utoipa::path(tag = "redemptions", request_body = NewRedemption,
    responses((status = 200, description = "the redemptions, and what they came of", body = PromotionsRedeemed)))]
#[post("/redemptions")]
async fn redeem_promotions(
    req: HttpRequest,
    db: Data<Db>,
    Can(can): Can<(Create<Redemption>, Read<Promotion>)>,
    Valid(new): Valid<NewRedemption>,
) -> Result<HttpResponse> {
    let done = db.write(can, move |conn, ctx| redemption::redeem(conn, ctx, &new)).await?;
    Ok(told(&req, done))
}

/// Redeem a coupon
///
/// As `POST /v1/redemptions` does, with this coupon beside those of the cart. Of many who redeem one coupon at the same
/// time as many are let as its limit says: 409 `coupon_refused` or `promotion_used_up` tells the others.
#[utoipa::path(tag = "redemptions", request_body = NewRedemption,
    params(("code" = String, Path, description = "the code, in whatever case", example = "WELCOME10")),
    responses((status = 200, description = "the redemptions, and what they came of", body = PromotionsRedeemed)))]
#[post("/coupons/{code}/redeem")]
async fn redeem_coupon(
    req: HttpRequest,
    db: Data<Db>,
    Can(can): Can<(Create<Redemption>, Read<Promotion>)>,
    code: Path<String>,
    Valid(new): Valid<NewRedemption>,
) -> Result<HttpResponse> {
    let code = code.into_inner();
    let done = db.write(can, move |conn, ctx| redemption::redeem_coupon(conn, ctx, &code, &new)).await?;
    Ok(told(&req, done))
}

/// Get a redemption
#[utoipa::path(tag = "redemptions", params(("id" = RedemptionId, Path), ViewQuery),
    responses((status = 200, description = "the redemption", body = Redemption)))]
#[get("/redemptions/{id}")]
async fn get_redemption(
    db: Data<Db>,
    Can(can): Can<Read<Redemption>>,
    Id(id): Id<RedemptionId>,
    view: View,
) -> Result<Found<Redemption>> {
    view.one(&db, can, id).await
}

/// Confirm a redemption that is held
///
/// It is redeemed from now on. One that is redeemed already is answered as it is.
#[utoipa::path(tag = "redemptions", params(("id" = RedemptionId, Path)),
    responses((status = 200, description = "the redemption as it is now", body = Redemption)))]
#[post("/redemptions/{id}/confirm")]
async fn confirm_redemption(
    db: Data<Db>,
    Can(can): Can<Update<Redemption>>,
    Id(id): Id<RedemptionId>,
    IfMatch(base): IfMatch,
) -> Result<Found<Redemption>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| redemption::confirm(conn, ctx, id, base)).await?))
}

/// Release a redemption that is held
///
/// What it used of the promotion, the budget and the coupon is given back.
#[utoipa::path(tag = "redemptions", params(("id" = RedemptionId, Path)),
    responses((status = 200, description = "the redemption as it is now", body = Redemption)))]
#[post("/redemptions/{id}/release")]
async fn release_redemption(
    db: Data<Db>,
    Can(can): Can<Update<Redemption>>,
    Id(id): Id<RedemptionId>,
    IfMatch(base): IfMatch,
) -> Result<Found<Redemption>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| redemption::release(conn, ctx, id, base)).await?))
}

/// Reverse a redemption
///
/// What it used of the promotion, the budget and the coupon is given back. What was redeemed for an order is reversed by
/// itself when the order is cancelled.
#[utoipa::path(tag = "redemptions", params(("id" = RedemptionId, Path)),
    responses((status = 200, description = "the redemption as it is now", body = Redemption)))]
#[post("/redemptions/{id}/reverse")]
async fn reverse_redemption(
    db: Data<Db>,
    Can(can): Can<Update<Redemption>>,
    Id(id): Id<RedemptionId>,
    IfMatch(base): IfMatch,
) -> Result<Found<Redemption>> {
    Ok(Found::plain(db.write(can, move |conn, ctx| redemption::reverse(conn, ctx, id, base)).await?))
}

fn told(req: &HttpRequest, mut done: PromotionsRedeemed) -> HttpResponse {
    let language = language::of(req);
    done.evaluation.iter_mut().for_each(|evaluation| say(evaluation, language));
    let mut answer = HttpResponse::Ok().json(done);
    language::tell(answer.headers_mut(), language);
    answer
}
