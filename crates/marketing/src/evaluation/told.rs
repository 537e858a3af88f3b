//! What an evaluation answers.
use super::{Weighed, reason, words};
use crate::figure;
use chrono::{DateTime, Utc};
use kernel::{CouponId, Money, ProductId, PromotionId};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

/// What a cart comes to with the promotions, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PromotionEvaluation {
    /// the moment at which the promotions had to be valid
    pub at: DateTime<Utc>,
    /// of all lines, before anything is off
    pub subtotal: Money,
    /// what was off the lines by themselves
    pub discount: Money,
    /// what the promotions take off
    pub promoted: Money,
    /// what is left of the subtotal; without tax and shipping
    pub total: Money,
    /// as the cart has them
    pub lines: Vec<PromotedCartLine>,
    pub gifts: Vec<CartGift>,
    /// in the order in which they were applied
    pub applied: Vec<AppliedPromotion>,
    pub refused: Vec<RefusedPromotion>,
}

/// A line with what the promotions take off it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PromotedCartLine {
    #[schema(example = "1")]
    pub line_key: String,
    pub subtotal: Money,
    pub discount: Money,
    pub promoted: Money,
    pub total: Money,
    /// those that take something off, which come to `promoted`
    pub parts: Vec<PromotionPart>,
}

/// What one promotion takes off a line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PromotionPart {
    pub promotion_id: PromotionId,
    pub amount: Money,
}

/// Something to add to the order that costs nothing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CartGift {
    pub promotion_id: PromotionId,
    pub product_id: ProductId,
    #[serde(serialize_with = "figure::plain")]
    #[schema(value_type = String, format = "decimal", example = "1")]
    pub quantity: Decimal,
}

/// A promotion that is applied.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AppliedPromotion {
    pub promotion_id: PromotionId,
    #[schema(example = "SINGLES11")]
    pub code: String,
    #[schema(example = "双十一九折")]
    pub name: String,
    /// the coupon by which it is
    pub coupon_id: Option<CouponId>,
    #[schema(example = "WELCOME10")]
    pub coupon_code: Option<String>,
    pub amount: Money,
    /// whether it would have been more but for its cap, its budget, or what there was
    pub is_capped: bool,
}

/// A promotion or a coupon that is not applied.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RefusedPromotion {
    /// null where a coupon is of none that is known
    pub promotion_id: Option<PromotionId>,
    #[schema(example = "SINGLES11")]
    pub code: Option<String>,
    #[schema(example = "WELCOME10")]
    pub coupon_code: Option<String>,
    /// a name that keeps its meaning
    #[schema(example = "minimum_subtotal")]
    pub reason: String,
    /// the same for people, in their language
    #[schema(example = "Its lines come to less than the promotion asks.")]
    pub message: String,
    /// the promotion that stands in its way
    pub by: Option<PromotionId>,
}

pub(crate) fn tell(weighed: &Weighed) -> PromotionEvaluation {
    let Weighed { at, evaluation, candidates } = weighed;
    let money = |amount: Decimal| Money::new(amount, evaluation.currency.as_str());
    let id = |code: &String| candidates.asked.get(code).map(|asked| asked.promotion.id);
    PromotionEvaluation {
        at: *at,
        subtotal: money(evaluation.subtotal),
        discount: money(evaluation.discount),
        promoted: money(evaluation.promoted),
        total: money(evaluation.total),
        lines: lines(weighed),
        gifts: evaluation
            .gifts
            .iter()
            .filter_map(|gift| {
                let (product_id, quantity) = (gift.product_id, gift.quantity);
                Some(CartGift { promotion_id: id(&gift.promotion)?, product_id, quantity })
            })
            .collect(),
        applied: weighed
            .applied()
            .map(|(promotion, coupon, applied)| AppliedPromotion {
                promotion_id: promotion.id,
                code: promotion.code.clone(),
                name: promotion.name.clone(),
                coupon_id: coupon.map(|coupon| coupon.id),
                coupon_code: coupon.map(|coupon| coupon.code.clone()),
                amount: money(applied.amount),
                is_capped: applied.is_capped,
            })
            .collect(),
        refused: refused(weighed),
    }
}

fn lines(Weighed { evaluation, candidates, .. }: &Weighed) -> Vec<PromotedCartLine> {
    let money = |amount: Decimal| Money::new(amount, evaluation.currency.as_str());
    let one = |line: &crate::promotion::reckoning::PromotedLine| PromotedCartLine {
        line_key: line.line_key.clone(),
        subtotal: money(line.subtotal),
        discount: money(line.discount),
        promoted: money(line.promoted),
        total: money(line.total),
        parts: line
            .parts
            .iter()
            .filter_map(|part| {
                let promotion_id = candidates.asked.get(&part.promotion)?.promotion.id;
                Some(PromotionPart { promotion_id, amount: money(part.amount) })
            })
            .collect(),
    };
    evaluation.lines.iter().map(one).collect()
}

/// First what was not asked at all, then what the reckoning refused.
fn refused(Weighed { evaluation, candidates, .. }: &Weighed) -> Vec<RefusedPromotion> {
    let before = candidates.refused.iter().map(|one| RefusedPromotion {
        promotion_id: one.promotion.as_ref().map(|promotion| promotion.id),
        code: one.promotion.as_ref().map(|promotion| promotion.code.clone()),
        coupon_code: one.coupon.clone(),
        reason: one.reason.to_owned(),
        message: words(one.reason).to_string(),
        by: None,
    });
    let after = evaluation.rejected.iter().filter_map(|one| {
        let asked = candidates.asked.get(&one.promotion)?;
        let reason = reason::name(one.reason);
        Some(RefusedPromotion {
            promotion_id: Some(asked.promotion.id),
            code: Some(asked.promotion.code.clone()),
            coupon_code: asked.coupon.as_ref().map(|coupon| coupon.code.clone()),
            reason: reason.to_owned(),
            message: words(reason).to_string(),
            by: one.by.as_ref().and_then(|code| Some(candidates.asked.get(code)?.promotion.id)),
        })
    });
    before.chain(after).collect()
}
