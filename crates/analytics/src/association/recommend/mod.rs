//! What to recommend: the consequences of rules whose conditions were all bought, that are there, active, and not bought
//! yet. Each product once, by its best rule.
mod store;

use super::store as runs;
use crate::accounts;
use diesel::QueryableByName;
use diesel::sql_types::{Array, Integer, Numeric, Text as SqlText, Uuid as SqlUuid};
use kernel::{AccountId, Action, AssociationRuleId, Ctx, ProductId, Result, Text, error, text};
use platform::{Conn, visible};
use rust_decimal::Decimal;

/// A product, and the rule that recommends it.
#[derive(Clone, Debug, QueryableByName)]
pub struct Recommended {
    #[diesel(sql_type = SqlUuid)]
    pub product_id: ProductId,
    #[diesel(sql_type = SqlText)]
    pub sku: String,
    #[diesel(sql_type = SqlText)]
    pub name: String,
    #[diesel(sql_type = SqlUuid)]
    pub rule_id: AssociationRuleId,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub condition_ids: Vec<ProductId>,
    #[diesel(sql_type = Integer)]
    pub order_count: i32,
    #[diesel(sql_type = Numeric)]
    pub support: Decimal,
    #[diesel(sql_type = Numeric)]
    pub confidence: Decimal,
    #[diesel(sql_type = Numeric)]
    pub lift: Decimal,
}

impl Recommended {
    /// Why, as callers read it.
    pub fn reason(&self) -> Text {
        let percent = (self.confidence * Decimal::ONE_HUNDRED).round_dp(1).normalize();
        let lift = self.lift.round_dp(2).normalize();
        text!(
            "in {percent} % of the orders with what was bought it is there too, {lift} times as often as in all",
            percent,
            lift
        )
    }
}

/// What goes with a product that the caller sees.
pub fn for_product(conn: &mut Conn, ctx: &Ctx, id: ProductId, most: i64) -> Result<Vec<Recommended>> {
    let noun = accounts::catalogues()?.get("product").ok_or(error::NOT_FOUND)?;
    if visible::among(conn, ctx, noun, &[id.0], Action::Read)?.is_empty() {
        return Err(error::NOT_FOUND.into());
    }
    match runs::last(conn, ctx)? {
        Some(run) => Ok(store::fitting(conn, ctx, run, &[id], most)?),
        None => Ok(Vec::new()),
    }
}

/// What an account that the caller sees may like, by what it has bought.
pub fn for_account(conn: &mut Conn, ctx: &Ctx, id: AccountId, most: i64) -> Result<Vec<Recommended>> {
    accounts::seen(conn, ctx, id)?;
    let Some(run) = runs::last(conn, ctx)? else { return Ok(Vec::new()) };
    let bought = bought(conn, ctx, id)?;
    Ok(store::fitting(conn, ctx, run, &bought, most)?)
}

/// What was bought in the orders that the caller sees.
fn bought(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<Vec<ProductId>> {
    let noun = accounts::catalogues()?.get("order").ok_or(error::NOT_FOUND)?;
    if ctx.grants.hides("order", "account_id") || ctx.grants.hides("order_line", "product_id") {
        return Ok(Vec::new());
    }
    let orders = store::orders(conn, ctx, id)?;
    let seen: Vec<_> = visible::among(conn, ctx, noun, &orders, Action::Read)?.into_iter().map(|(id, _)| id).collect();
    Ok(store::bought(conn, ctx, &seen)?)
}
