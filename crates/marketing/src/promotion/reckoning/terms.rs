//! What somebody sets of a promotion, and the rules that it has to keep.
use super::Fault;
use chrono::{DateTime, Utc};
use kernel::money::{decimal, decimals, in_range, round};
use kernel::{Money, ProductId};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeSet;

/// Something off, or something on top, for carts that are as it asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promotion {
    /// its name among the promotions, unique
    pub code: String,
    /// the higher comes first
    #[serde(default)]
    pub priority: i32,
    #[serde(default)]
    pub stacking: Stacking,
    #[serde(default)]
    pub conditions: Conditions,
    pub benefit: Benefit,
    /// the most that it takes off
    #[serde(default)]
    pub cap: Option<Money>,
}

/// How promotions bear with each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stacking {
    /// it is applied where nothing is yet, and then nothing else is
    Exclusive,
    /// of these the first alone is applied, beside those that combine
    Priority,
    /// beside all that are not exclusive
    #[default]
    Combinable,
}

/// What a cart must be like, as it came: after the discounts of its own lines, before any promotion.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Conditions {
    /// the products that count and that something is off; all, where there are none
    pub products: BTreeSet<ProductId>,
    /// what the lines that count come to at least
    pub minimum_subtotal: Option<Money>,
    /// how many units they have at least
    #[serde(deserialize_with = "maybe")]
    pub minimum_quantity: Option<Decimal>,
    /// ISO 4217 codes; all, where there are none
    pub currencies: BTreeSet<String>,
    /// the first moment of its validity
    pub valid_from: Option<DateTime<Utc>>,
    /// the first moment after it
    pub valid_until: Option<DateTime<Utc>>,
}

/// An exact figure or none.
fn maybe<'de, D: Deserializer<'de>>(de: D) -> Result<Option<Decimal>, D::Error> {
    #[derive(Deserialize)]
    struct Exact(#[serde(deserialize_with = "decimal")] Decimal);
    Ok(Option::<Exact>::deserialize(de)?.map(|Exact(figure)| figure))
}

/// What a promotion gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Benefit {
    /// `round(rate × what the lines that count have left)`
    Percentage {
        /// more than 0, up to 1
        #[serde(deserialize_with = "decimal")]
        rate: Decimal,
    },
    /// so much off the lines that count, as far as they have it
    FixedAmount { amount: Money },
    /// of every `buy + get` whole units of the lines that count, `get` are cheaper by the rate: those that cost least
    BuyXGetY {
        buy: u32,
        get: u32,
        /// more than 0, up to 1, which is for nothing
        #[serde(deserialize_with = "decimal")]
        rate: Decimal,
        /// how often at most
        #[serde(default)]
        most: Option<u32>,
    },
    /// something on top, once
    FreeGift {
        product_id: ProductId,
        #[serde(deserialize_with = "decimal")]
        quantity: Decimal,
    },
}

/// All that is wrong with one promotion, as if it were the only one: `/promotions/0/…`.
#[must_use]
pub fn faults(promotion: &Promotion) -> Vec<Fault> {
    let mut faults = Vec::new();
    check(std::slice::from_ref(promotion), &mut faults);
    faults
}

/// All that is wrong with the promotions, which are told by their places.
pub(super) fn check(promotions: &[Promotion], faults: &mut Vec<Fault>) {
    let mut codes = BTreeSet::new();
    for (at, promotion) in promotions.iter().enumerate() {
        let mut wrong = |name: &str, code| faults.push(Fault::new(format!("/promotions/{at}/{name}"), code));
        if promotion.code.is_empty() {
            wrong("code", "required");
        }
        if !codes.insert(&promotion.code) {
            wrong("code", "duplicate");
        }
        if let Some(code) = promotion.cap.as_ref().and_then(|cap| sum(cap, Decimal::ZERO)) {
            wrong("cap", code);
        }
        conditions(&promotion.conditions, &mut wrong);
        benefit(&promotion.benefit, &mut wrong);
    }
}

fn conditions(conditions: &Conditions, wrong: &mut impl FnMut(&str, &'static str)) {
    let Conditions { minimum_subtotal, minimum_quantity, currencies, valid_from, valid_until, .. } = conditions;
    if let Some(code) = minimum_subtotal.as_ref().and_then(|least| sum(least, Decimal::NEGATIVE_ONE)) {
        wrong("conditions/minimum_subtotal", code);
    }
    if minimum_quantity.is_some_and(|least| least < Decimal::ZERO) {
        wrong("conditions/minimum_quantity", "range");
    }
    if currencies.iter().any(|currency| decimals(currency).is_none()) {
        wrong("conditions/currencies", "currency");
    }
    if valid_from.zip(*valid_until).is_some_and(|(from, until)| until <= from) {
        wrong("conditions/valid_until", "order");
    }
}

fn benefit(benefit: &Benefit, wrong: &mut impl FnMut(&str, &'static str)) {
    let is_part = |rate: &Decimal| *rate > Decimal::ZERO && *rate <= Decimal::ONE;
    match benefit {
        Benefit::Percentage { rate } if !is_part(rate) => wrong("benefit/rate", "range"),
        Benefit::FixedAmount { amount } => {
            if let Some(code) = sum(amount, Decimal::ZERO) {
                wrong("benefit/amount", code);
            }
        }
        Benefit::BuyXGetY { buy, get, rate, most } => {
            let figures = [("buy", *buy > 0), ("get", *get > 0), ("rate", is_part(rate)), ("most", *most != Some(0))];
            for (name, _) in figures.into_iter().filter(|(_, is_sound)| !is_sound) {
                wrong(&format!("benefit/{name}"), "range");
            }
        }
        Benefit::FreeGift { quantity, .. } if *quantity <= Decimal::ZERO => wrong("benefit/quantity", "range"),
        Benefit::Percentage { .. } | Benefit::FreeGift { .. } => {}
    }
}

/// What is wrong with a sum, which has to be more than `floor`.
fn sum(money: &Money, floor: Decimal) -> Option<&'static str> {
    if decimals(&money.currency).is_none() {
        return Some("currency");
    }
    if money.amount <= floor || !in_range(money.amount) {
        return Some("range");
    }
    (round(money.amount, &money.currency) != money.amount).then_some("decimals")
}
