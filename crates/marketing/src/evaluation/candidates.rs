//! Which promotions are asked of a cart: those that need no coupon, and those of its coupons; and which are refused before
//! anything is reckoned, since they or their coupons may not be used by this customer, or no more.
use super::{PromotionCart, foreign};
use crate::coupon::{self, Coupon};
use crate::promotion::reckoning;
use crate::promotion::{self, Promotion};
use crate::redemption::store::{Used, used_by};
use chrono::{DateTime, Utc};
use kernel::{CouponId, Ctx, Money, PromotionId, Result, SegmentId};
use platform::Conn;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// One that is asked, with its terms as far as its budget goes.
pub(crate) struct Asked {
    pub promotion: Promotion,
    pub coupon: Option<Coupon>,
    pub terms: reckoning::Promotion,
}

/// One that is not, and why.
pub(crate) struct Refused {
    pub promotion: Option<Promotion>,
    /// as it was given
    pub coupon: Option<String>,
    pub reason: &'static str,
}

#[derive(Default)]
pub(crate) struct Candidates {
    /// by the codes of the promotions
    pub asked: BTreeMap<String, Asked>,
    pub refused: Vec<Refused>,
}

/// What is known of the customer and of how far everything is used.
struct Standing {
    is_known: bool,
    uses: BTreeMap<PromotionId, (i32, Decimal)>,
    used: Used,
    segments: BTreeSet<SegmentId>,
}

impl Candidates {
    pub fn of(conn: &mut Conn, ctx: &Ctx, cart: &PromotionCart, at: DateTime<Utc>) -> Result<Self> {
        let coupons = coupon::store::coded(conn, ctx, &cart.coupon_codes)?;
        let ids: Vec<PromotionId> = coupons.iter().map(|coupon| coupon.promotion_id).collect();
        let by_coupon = promotion::many(conn, ctx, &ids)?;
        let automatic = promotion::store::automatic(conn, ctx, at, &cart.currency)?;
        let all: BTreeMap<PromotionId, Promotion> =
            by_coupon.into_iter().chain(automatic).map(|one| (one.id, one)).collect();
        let standing = Standing::of(conn, ctx, cart, &all)?;
        let mut found = Self::default();
        let mut seen: BTreeSet<&String> = BTreeSet::new();
        for code in cart.coupon_codes.iter().filter(|code| seen.insert(*code)) {
            let coupon = coupons.iter().find(|coupon| coupon.code == *code);
            let promotion = coupon.and_then(|coupon| all.get(&coupon.promotion_id));
            let Some((coupon, promotion)) = coupon.zip(promotion) else {
                found.refused.push(Refused { promotion: None, coupon: Some(code.clone()), reason: "coupon_unknown" });
                continue;
            };
            if found.asked.contains_key(&promotion.code) {
                found.refuse(promotion, Some(coupon), "coupon_twice");
                continue;
            }
            match standing.against_coupon(cart, coupon, at) {
                Some(reason) => found.refuse(promotion, Some(coupon), reason),
                None => found.ask(promotion, Some(coupon), &standing),
            }
        }
        for promotion in all.values().filter(|one| !one.is_coupon_needed) {
            if !found.asked.contains_key(&promotion.code) {
                found.ask(promotion, None, &standing);
            }
        }
        Ok(found)
    }

    fn refuse(&mut self, promotion: &Promotion, coupon: Option<&Coupon>, reason: &'static str) {
        let (promotion, coupon) = (Some(promotion.clone()), coupon.map(|coupon| coupon.code.clone()));
        self.refused.push(Refused { promotion, coupon, reason });
    }

    fn ask(&mut self, promotion: &Promotion, coupon: Option<&Coupon>, standing: &Standing) {
        let terms = match (standing.against(promotion), promotion::terms(promotion)) {
            (Some(reason), _) => return self.refuse(promotion, coupon, reason),
            // what breaks the rules was never let in
            (None, Err(_)) => return self.refuse(promotion, coupon, "inactive"),
            (None, Ok(terms)) => terms,
        };
        let terms = reckoning::Promotion { cap: standing.cap(promotion, terms.cap), ..terms };
        let asked = Asked { promotion: promotion.clone(), coupon: coupon.cloned(), terms };
        self.asked.insert(promotion.code.clone(), asked);
    }
}

impl Standing {
    fn of(conn: &mut Conn, ctx: &Ctx, cart: &PromotionCart, all: &BTreeMap<PromotionId, Promotion>) -> Result<Self> {
        let ids: Vec<PromotionId> = all.keys().copied().collect();
        let segments: Vec<SegmentId> = all.values().filter_map(|one| one.segment_id).collect();
        let customer = [cart.contact_id.map(Uuid::from), cart.account_id.map(Uuid::from)];
        let customer: Vec<Uuid> = customer.into_iter().flatten().collect();
        Ok(Self {
            is_known: !customer.is_empty(),
            uses: promotion::store::uses(conn, ctx, &ids)?,
            used: used_by(conn, ctx, cart.contact_id, cart.account_id, &ids)?,
            segments: match segments.is_empty() || customer.is_empty() {
                true => BTreeSet::new(),
                false => foreign::store::segments_with(conn, ctx, &segments, &customer)?,
            },
        })
    }

    fn against_coupon(&self, cart: &PromotionCart, coupon: &Coupon, at: DateTime<Utc>) -> Option<&'static str> {
        let is_over = |used: i64, most: Option<i32>| most.is_some_and(|most| used >= i64::from(most));
        match coupon {
            _ if coupon.status != "active" => Some("coupon_disabled"),
            _ if coupon.expires_at.is_some_and(|end| at >= end) => Some("coupon_expired"),
            _ if is_over(i64::from(coupon.used_count), coupon.total_limit) => Some("coupon_used_up"),
            _ if coupon.contact_id.is_some() && coupon.contact_id != cart.contact_id => Some("coupon_assigned"),
            _ if coupon.customer_limit.is_some() && !self.is_known => Some("customer_unknown"),
            _ if is_over(self.by_coupon(coupon.id), coupon.customer_limit) => Some("customer_limit"),
            _ => None,
        }
    }

    fn against(&self, promotion: &Promotion) -> Option<&'static str> {
        let (count, spent) = self.uses.get(&promotion.id).copied().unwrap_or_default();
        let used: i64 = self.used.iter().filter(|(one, ..)| *one == promotion.id).map(|(.., count)| count).sum();
        match promotion {
            _ if promotion.status != "active" => Some("inactive"),
            _ if promotion.total_limit.is_some_and(|most| count >= most) => Some("used_up"),
            _ if promotion.budget.is_some_and(|budget| spent >= budget) => Some("budget_spent"),
            _ if (promotion.segment_id.is_some() || promotion.customer_limit.is_some()) && !self.is_known => {
                Some("customer_unknown")
            }
            _ if promotion.segment_id.is_some_and(|id| !self.segments.contains(&id)) => Some("audience"),
            _ if promotion.customer_limit.is_some_and(|most| used >= i64::from(most)) => Some("customer_limit"),
            _ => None,
        }
    }

    fn by_coupon(&self, id: CouponId) -> i64 {
        self.used.iter().filter(|(_, coupon, _)| *coupon == Some(id)).map(|(.., count)| count).sum()
    }

    /// What it takes off at most: its own cap, or what is left of its budget where that is less.
    fn cap(&self, promotion: &Promotion, cap: Option<Money>) -> Option<Money> {
        let (_, spent) = self.uses.get(&promotion.id).copied().unwrap_or_default();
        let left = promotion.budget.zip(promotion.currency.as_ref());
        let left = left.map(|(budget, currency)| Money::new(budget - spent, currency.as_str()));
        match (cap, left) {
            (Some(cap), Some(left)) => Some(if left.amount < cap.amount { left } else { cap }),
            (cap, left) => cap.or(left),
        }
    }
}
