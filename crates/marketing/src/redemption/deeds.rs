//! What may be done with promotions that are used. Locks are taken in one order: the order, the customer, then the
//! promotions by their ids, each with its coupon.
use super::body::{Gifts, Lines, NewRedemption, PromotionsRedeemed, RedeemedGift, RedeemedLine};
use super::{COUPON_REFUSED, NOT_HELD, NOT_REDEEMED, ORDER_REDEEMED, Redemption, USED_UP, store};
use crate::evaluation::{self, RefusedPromotion, Weighed};
use crate::promotion::Promotion;
use crate::{coupon, foreign, promotion};
use diesel::Connection;
use kernel::{Code, CouponId, Ctx, Error, Fault, Money, RedemptionId, Result, error, text, tidy};
use platform::Conn;
use platform::deed::{in_turn, untouched};
use rust_decimal::Decimal;

/// Redeems what the promotions come to on the cart, all of it or nothing. For an order that has its redemptions by these
/// coupons already, these.
pub fn redeem(conn: &mut Conn, ctx: &Ctx, new: &NewRedemption) -> Result<PromotionsRedeemed> {
    conn.transaction(|conn| {
        order_is_there(conn, ctx, new)?;
        in_its_turn(conn, ctx, new)?;
        let live = store::live_of(conn, ctx, new)?;
        if !live.is_empty() {
            return again(conn, ctx, new, live);
        }
        let weighed = evaluation::weigh(conn, ctx, &new.cart, ctx.now).map_err(in_cart)?;
        let evaluation = evaluation::tell(&weighed);
        let refused = refusals(&evaluation.refused);
        if !refused.is_empty() {
            return Err(Error::from(COUPON_REFUSED).faults(refused));
        }
        let redemptions = use_all(conn, ctx, new, &weighed)?;
        platform::crash::point("promotions_redeemed");
        Ok(PromotionsRedeemed { redemptions, evaluation: Some(evaluation) })
    })
}

/// What stands in the way of coupons, each a fault of the cart.
fn refusals(refused: &[RefusedPromotion]) -> Vec<Fault> {
    let coupons = refused.iter().filter(|one| one.coupon_code.is_some());
    coupons.map(|one| Fault::new("/cart/coupon_codes", one.reason.clone(), evaluation::words(&one.reason))).collect()
}

/// The same by one coupon more, which is named apart, by its code or its id.
pub fn redeem_coupon(conn: &mut Conn, ctx: &Ctx, code: &str, new: &NewRedemption) -> Result<PromotionsRedeemed> {
    let mut code = code.to_owned();
    tidy::capital(&mut code);
    let found = coupon::store::coded(conn, ctx, std::slice::from_ref(&code))?.pop();
    let code = match (found, code.parse::<CouponId>()) {
        (Some(coupon), _) => coupon.code,
        (None, Ok(id)) => coupon::find(conn, ctx, id)?.code,
        (None, Err(_)) => return Err(error::NOT_FOUND.into()),
    };
    let mut new = new.clone();
    if !new.cart.coupon_codes.contains(&code) {
        new.cart.coupon_codes.insert(0, code);
    }
    redeem(conn, ctx, &new)
}

/// What was held is redeemed. What is redeemed already is answered as it is.
pub fn confirm(conn: &mut Conn, ctx: &Ctx, id: RedemptionId, base: Option<i32>) -> Result<Redemption> {
    settle(conn, ctx, id, base, ("held", "redeemed", NOT_HELD))
}

/// What was held is given back.
pub fn release(conn: &mut Conn, ctx: &Ctx, id: RedemptionId, base: Option<i32>) -> Result<Redemption> {
    settle(conn, ctx, id, base, ("held", "released", NOT_HELD))
}

/// What was redeemed is given back; so is what is held, which is released by it.
pub fn reverse(conn: &mut Conn, ctx: &Ctx, id: RedemptionId, base: Option<i32>) -> Result<Redemption> {
    settle(conn, ctx, id, base, ("redeemed", "reversed", NOT_REDEEMED))
}

fn settle(
    conn: &mut Conn,
    ctx: &Ctx,
    id: RedemptionId,
    base: Option<i32>,
    (from, to, refused): (&str, &str, Code),
) -> Result<Redemption> {
    ctx.may_write::<Redemption>("status")?;
    conn.transaction(|conn| {
        let found = match store::lock(conn, ctx, id)? {
            Some(found) if base.is_none_or(|version| version == found.version) => found,
            _ => return Err(untouched(conn, ctx, store::find, id, base)),
        };
        match found.status.as_str() {
            now if now == to => Ok(found),
            now if now == from => moved(conn, ctx, &found, to),
            // whoever takes back an order need not know how far it has come
            "held" if to == "reversed" => moved(conn, ctx, &found, "released"),
            _ if ctx.sees::<Redemption>("status") => {
                Err(Error::from(refused).detail(text!("it is {status}", status = found.status)))
            }
            _ => Err(refused.into()),
        }
    })
}

/// One that is locked comes to another status, and what it used is given back with it.
pub(super) fn moved(conn: &mut Conn, ctx: &Ctx, found: &Redemption, to: &str) -> Result<Redemption> {
    if to != "redeemed" {
        let promotion = promotion::store::any(conn, ctx, found.promotion_id)?;
        let spent = spent(&promotion, found.amount.amount);
        promotion::store::give_back(conn, ctx.tenant, found.promotion_id, spent)?;
        if let Some(coupon) = found.coupon_id {
            coupon::store::give_back(conn, ctx, coupon)?;
        }
    }
    Ok(store::set_status(conn, ctx, found.id, to)?)
}

fn order_is_there(conn: &mut Conn, ctx: &Ctx, new: &NewRedemption) -> Result<()> {
    match new.order_id {
        Some(id) if !foreign::store::has_order(conn, ctx, id)? => {
            Err(Error::invalid("/order_id", error::UNKNOWN_REFERENCE.name, text!("there is no such record")))
        }
        _ => Ok(()),
    }
}

/// Until the transaction ends, nobody else redeems anything for the same order or the same customer.
fn in_its_turn(conn: &mut Conn, ctx: &Ctx, new: &NewRedemption) -> Result<()> {
    if let Some(id) = new.order_id {
        in_turn(conn, &format!("{} redeem order {id}", ctx.tenant))?;
    }
    if let Some(name) = &new.order_ref {
        in_turn(conn, &format!("{} redeem ref {name}", ctx.tenant))?;
    }
    if let Some(id) = new.cart.contact_id {
        in_turn(conn, &format!("{} redeem contact {id}", ctx.tenant))?;
    }
    if let Some(id) = new.cart.account_id {
        in_turn(conn, &format!("{} redeem account {id}", ctx.tenant))?;
    }
    Ok(())
}

/// The order has its redemptions: the same coupons come to the same.
fn again(conn: &mut Conn, ctx: &Ctx, new: &NewRedemption, live: Vec<Redemption>) -> Result<PromotionsRedeemed> {
    let coupons = coupon::store::coded(conn, ctx, &new.cart.coupon_codes)?;
    let is_used = |code: &String| {
        let coupon = coupons.iter().find(|coupon| coupon.code == *code);
        coupon.is_some_and(|coupon| live.iter().any(|one| one.coupon_id == Some(coupon.id)))
    };
    if !new.cart.coupon_codes.iter().all(is_used) {
        return Err(ORDER_REDEEMED.into());
    }
    let ids: Vec<RedemptionId> = live.iter().map(|one| one.id).collect();
    let mut redemptions = store::many(conn, ctx, &ids)?;
    redemptions.sort_by_key(|one| one.id);
    Ok(PromotionsRedeemed { redemptions, evaluation: None })
}

fn use_all(conn: &mut Conn, ctx: &Ctx, new: &NewRedemption, weighed: &Weighed) -> Result<Vec<Redemption>> {
    let mut applied: Vec<_> = weighed.applied().collect();
    applied.sort_by_key(|(promotion, ..)| promotion.id);
    let mut made = Vec::with_capacity(applied.len());
    for (promotion, coupon, applied) in applied {
        let amount = applied.amount;
        if !promotion::store::count_use(conn, ctx, promotion, spent(promotion, amount))? {
            return Err(USED_UP.into());
        }
        if let Some(coupon) = coupon
            && coupon::store::count_use(conn, ctx, coupon.id)?.is_none()
        {
            return Err(USED_UP.into());
        }
        let used = store::Use {
            promotion: promotion.id,
            coupon: coupon.map(|coupon| coupon.id),
            amount: Money::new(amount, weighed.evaluation.currency.as_str()),
            lines: lines(weighed, &promotion.code),
            gifts: gifts(weighed, &promotion.code),
        };
        made.push(store::insert(conn, ctx, new, used)?);
    }
    Ok(made)
}

/// What counts against its budget: nothing, where it is not of one currency.
fn spent(promotion: &Promotion, amount: Decimal) -> Decimal {
    if promotion.currency.is_some() { amount } else { Decimal::ZERO }
}

fn lines(weighed: &Weighed, code: &str) -> Lines {
    let of = |line: &promotion::reckoning::PromotedLine| {
        let part = line.parts.iter().find(|part| part.promotion == code)?;
        Some(RedeemedLine { line_key: line.line_key.clone(), amount: part.amount })
    };
    Lines(weighed.evaluation.lines.iter().filter_map(of).collect())
}

fn gifts(weighed: &Weighed, code: &str) -> Gifts {
    let of_it = weighed.evaluation.gifts.iter().filter(|gift| gift.promotion == code);
    Gifts(of_it.map(|gift| RedeemedGift { product_id: gift.product_id, quantity: gift.quantity }).collect())
}

/// Faults of a cart are those of a member here.
fn in_cart(error: Error) -> Error {
    let place = |fault: Fault| Fault { pointer: format!("/cart{}", fault.pointer), ..fault };
    Error { faults: error.faults.into_iter().map(place).collect(), ..error }
}
