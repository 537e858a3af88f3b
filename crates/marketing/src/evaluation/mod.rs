//! What the promotions of a tenant come to on a cart: which are asked is decided here, what they take off is reckoned
//! ([`crate::promotion::reckoning`]). Nothing is written, and the same cart at the same moment comes to the same, as long
//! as nothing is used meanwhile.
//!
//! Those that need no coupon are asked as they are active; the others by their coupons. Each that is not applied says why.
mod body;
mod candidates;
mod reason;
mod told;

pub use body::{CartLine, PromotionCart};
pub use reason::words;
pub use told::{AppliedPromotion, CartGift, PromotedCartLine, PromotionEvaluation, PromotionPart, RefusedPromotion};

use crate::coupon::Coupon;
use crate::foreign;
use crate::promotion::Promotion;
use crate::promotion::reckoning::{self, Cart, Evaluation, Line};
use candidates::Candidates;
use chrono::{DateTime, Utc};
use customer::{account, contact};
use kernel::{Action, Ctx, Error, Fault, ProductId, Reach, Result, error, text};
use platform::Conn;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A cart with what the promotions come to on it.
pub(crate) struct Weighed {
    pub at: DateTime<Utc>,
    pub evaluation: Evaluation,
    pub candidates: Candidates,
}

impl Weighed {
    /// What was applied, each with the coupon by which it was.
    pub fn applied(&self) -> impl Iterator<Item = (&Promotion, Option<&Coupon>, &reckoning::Applied)> {
        self.evaluation.applied.iter().filter_map(|applied| {
            let asked = self.candidates.asked.get(&applied.promotion)?;
            Some((&asked.promotion, asked.coupon.as_ref(), applied))
        })
    }
}

/// Discounts by line and in all, what was applied, and what was not and why.
pub fn evaluate(conn: &mut Conn, ctx: &Ctx, cart: &PromotionCart) -> Result<PromotionEvaluation> {
    let at = cart.at.unwrap_or(ctx.now);
    Ok(told::tell(&weigh(conn, ctx, cart, at)?))
}

pub(crate) fn weigh(conn: &mut Conn, ctx: &Ctx, cart: &PromotionCart, at: DateTime<Utc>) -> Result<Weighed> {
    contact::is_there(conn, ctx, cart.contact_id)?;
    account::is_there(conn, ctx, cart.account_id)?;
    let lines = lines(conn, ctx, cart)?;
    let candidates = Candidates::of(conn, ctx, cart, at)?;
    let promotions: Vec<reckoning::Promotion> = candidates.asked.values().map(|asked| asked.terms.clone()).collect();
    let plain = Cart { currency: cart.currency.clone(), at, lines };
    let evaluation = reckoning::evaluate(&plain, &promotions).map_err(refused)?;
    Ok(Weighed { at, evaluation, candidates })
}

pub(crate) use told::tell;

/// The lines as they are reckoned with: products by their ids or their SKUs, as far as the caller may know these.
fn lines(conn: &mut Conn, ctx: &Ctx, cart: &PromotionCart) -> Result<Vec<Line>> {
    let skus: Vec<&str> =
        cart.lines.iter().filter(|line| line.product_id.is_none()).filter_map(|line| line.sku.as_deref()).collect();
    let knows = ctx.grants.reach("product", Action::Read) > Reach::None && !ctx.grants.hides("product", "sku");
    let known =
        if knows && !skus.is_empty() { foreign::store::products_of(conn, ctx, &skus)? } else { BTreeMap::new() };
    let mut faults = Vec::new();
    let mut lines = Vec::with_capacity(cart.lines.len());
    for (at, line) in cart.lines.iter().enumerate() {
        let product = line.product_id.or_else(|| known.get(line.sku.as_deref()?).copied());
        if product.is_none() && line.sku.is_some() {
            let (place, code) = (format!("/lines/{at}/sku"), error::UNKNOWN_REFERENCE.name);
            faults.push(Fault::new(place, code, text!("there is no such product")));
        }
        lines.push(plain(at, line, product));
    }
    if faults.is_empty() { Ok(lines) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

fn plain(at: usize, line: &CartLine, product_id: Option<ProductId>) -> Line {
    Line {
        line_key: line.line_key.clone().unwrap_or_else(|| (at + 1).to_string()),
        product_id,
        quantity: line.quantity,
        unit_price: line.unit_price,
        discount: line.discount.unwrap_or(Decimal::ZERO),
    }
}

/// What is wrong with the cart, all of it. A promotion that cannot be reckoned with is told with the cart.
fn refused(faults: Vec<reckoning::Fault>) -> Error {
    let told = |fault: reckoning::Fault| match fault.pointer.starts_with("/promotions") {
        true => Fault::new("/lines", "range", text!("comes to more than can be reckoned")),
        false => Fault::new(fault.pointer, fault.code, crate::promotion::word(fault.code)),
    };
    Error::from(error::INVALID).faults(faults.into_iter().map(told).collect())
}
