//! How far a promotion is used.
use super::store;
use kernel::{Ctx, Money, PromotionId, Result};
use platform::Conn;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

/// How far a promotion is used: what is held counts.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "promotion_id": "0192f0c1-8a8a-7000-8000-000000000031", "used_count": 120, "remaining_count": 9880,
    "spent": {"amount": "4310.50", "currency": "CNY"}, "remaining_budget": {"amount": "195689.50", "currency": "CNY"}
}))]
pub struct PromotionUsage {
    pub promotion_id: PromotionId,
    /// how often it is used now
    #[schema(minimum = 0)]
    pub used_count: i32,
    /// how often it may still be; null: as often as anybody likes
    pub remaining_count: Option<i32>,
    /// what it has taken off, where it is of one currency
    pub spent: Option<Money>,
    /// what it may still take off; null: whatever comes
    pub remaining_budget: Option<Money>,
}

pub fn usage(conn: &mut Conn, ctx: &Ctx, id: PromotionId) -> Result<PromotionUsage> {
    let promotion = store::find(conn, ctx, id)?;
    let (used_count, spent) = store::uses(conn, ctx, &[id])?.get(&id).copied().unwrap_or_default();
    let money = |amount: Decimal| promotion.currency.as_ref().map(|currency| Money::new(amount, currency.as_str()));
    Ok(PromotionUsage {
        promotion_id: id,
        used_count,
        remaining_count: promotion.total_limit.map(|most| (most - used_count).max(0)),
        spent: money(spent),
        remaining_budget: promotion.budget.and_then(|budget| money((budget - spent).max(Decimal::ZERO))),
    })
}
