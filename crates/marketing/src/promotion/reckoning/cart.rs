//! The cart that promotions are held against, and what is left of its lines as they are applied.
use super::{Fault, Part, PromotedLine};
use chrono::{DateTime, Utc};
use kernel::ProductId;
use kernel::money::{decimal, decimals, in_range, round};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What somebody is about to buy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cart {
    /// ISO 4217 code
    pub currency: String,
    /// the moment at which promotions have to be valid
    pub at: DateTime<Utc>,
    pub lines: Vec<Line>,
}

/// A line, which comes to `round(quantity × unit_price)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// unique in the cart
    pub line_key: String,
    #[serde(default)]
    pub product_id: Option<ProductId>,
    /// more than nothing
    #[serde(deserialize_with = "decimal")]
    pub quantity: Decimal,
    /// nothing or more
    #[serde(deserialize_with = "decimal")]
    pub unit_price: Decimal,
    /// what is off the line by itself, at most what it comes to
    #[serde(deserialize_with = "decimal", default)]
    pub discount: Decimal,
}

/// A line with what has been taken off it.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub key: String,
    pub product: Option<ProductId>,
    pub quantity: Decimal,
    subtotal: Decimal,
    discount: Decimal,
    parts: Vec<Part>,
    /// what promotions may still take
    pub left: Decimal,
}

impl Standing {
    /// What it comes to after its own discount, whatever promotions have taken.
    pub fn net(&self) -> Decimal {
        self.subtotal - self.discount
    }

    pub fn take(&mut self, promotion: &str, amount: Decimal) {
        if !amount.is_zero() {
            self.left -= amount;
            self.parts.push(Part { promotion: promotion.to_owned(), amount });
        }
    }

    pub fn told(self) -> PromotedLine {
        let promoted = self.net() - self.left;
        let Self { key, subtotal, discount, parts, left, .. } = self;
        PromotedLine { line_key: key, subtotal, discount, promoted, total: left, parts }
    }
}

/// The lines before any promotion.
pub(super) fn stand(cart: &Cart, faults: &mut Vec<Fault>) -> Vec<Standing> {
    if decimals(&cart.currency).is_none() {
        faults.push(Fault::new("/currency", "currency"));
    }
    let mut keys = BTreeSet::new();
    let mut standing = Vec::with_capacity(cart.lines.len());
    for (at, line) in cart.lines.iter().enumerate() {
        let mut wrong = |name, code| faults.push(Fault::new(format!("/lines/{at}/{name}"), code));
        if line.line_key.is_empty() {
            wrong("line_key", "required");
        }
        if !keys.insert(&line.line_key) {
            wrong("line_key", "duplicate");
        }
        if line.quantity <= Decimal::ZERO {
            wrong("quantity", "range");
        }
        if line.unit_price < Decimal::ZERO {
            wrong("unit_price", "range");
        }
        if round(line.discount, &cart.currency) != line.discount {
            wrong("discount", "decimals");
        }
        let whole = line.quantity.checked_mul(line.unit_price).map(|whole| round(whole, &cart.currency));
        match whole.filter(|whole| in_range(*whole)) {
            None => wrong("quantity", "range"),
            Some(subtotal) if line.discount < Decimal::ZERO || line.discount > subtotal.max(Decimal::ZERO) => {
                wrong("discount", "range");
            }
            Some(subtotal) => standing.push(Standing {
                key: line.line_key.clone(),
                product: line.product_id,
                quantity: line.quantity,
                subtotal,
                discount: line.discount,
                parts: Vec::new(),
                left: subtotal - line.discount,
            }),
        }
    }
    if !in_range(standing.iter().map(|line| line.subtotal).sum()) {
        faults.push(Fault::new("/lines", "range"));
    }
    standing
}
