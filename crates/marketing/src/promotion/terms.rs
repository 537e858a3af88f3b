//! What somebody has set of a promotion, as it is reckoned with; and all that is wrong with it at once.
use super::reckoning::{self, Benefit, Conditions, Stacking};
use super::{Promotion, PromotionBenefit};
use kernel::{Fault, Money, Text, text};
use rust_decimal::Decimal;

/// # Errors
/// All that is wrong with the terms: where, which rule, and in words.
pub(crate) fn terms(promotion: &Promotion) -> Result<reckoning::Promotion, Vec<Fault>> {
    let mut faults = Vec::new();
    let benefit = benefit(promotion, &mut faults);
    let needed = [
        ("/cap", promotion.cap.is_some()),
        ("/budget", promotion.budget.is_some()),
        ("/conditions/minimum_subtotal", promotion.conditions.0.minimum_subtotal.is_some()),
        ("/benefit/amount", promotion.benefit.0.amount.is_some()),
    ];
    if promotion.currency.is_none() {
        let lacking = needed.into_iter().filter(|(_, is_sum)| *is_sum);
        faults.extend(
            lacking.map(|(place, _)| Fault::new(place, "currency_required", text!("is a sum and needs a currency"))),
        );
    }
    let Some(benefit) = benefit else { return Err(faults) };
    let terms = reckoning::Promotion {
        code: promotion.code.clone(),
        priority: promotion.priority,
        stacking: stacking(&promotion.stacking),
        conditions: conditions(promotion),
        benefit,
        cap: money(promotion, promotion.cap),
    };
    faults.extend(reckoning::faults(&terms).into_iter().map(told));
    let is_fine = |budget: &Money| kernel::money::round(budget.amount, &budget.currency) == budget.amount;
    if money(promotion, promotion.budget).is_some_and(|budget| !is_fine(&budget)) {
        faults.push(Fault::new("/budget", "decimals", word("decimals")));
    }
    if faults.is_empty() { Ok(terms) } else { Err(faults) }
}

fn conditions(promotion: &Promotion) -> Conditions {
    let asked = &promotion.conditions.0;
    Conditions {
        products: asked.products.iter().copied().collect(),
        minimum_subtotal: money(promotion, asked.minimum_subtotal),
        minimum_quantity: asked.minimum_quantity,
        currencies: promotion.currency.iter().cloned().collect(),
        valid_from: promotion.starts_at,
        valid_until: promotion.ends_at,
    }
}

fn money(promotion: &Promotion, amount: Option<Decimal>) -> Option<Money> {
    Some(Money::new(amount?, promotion.currency.clone()?))
}

fn stacking(name: &str) -> Stacking {
    match name {
        "exclusive" => Stacking::Exclusive,
        "priority" => Stacking::Priority,
        _ => Stacking::Combinable,
    }
}

/// Of its kind, with the members that it needs and no others.
fn benefit(promotion: &Promotion, faults: &mut Vec<Fault>) -> Option<Benefit> {
    let given = &promotion.benefit.0;
    let (needed, allowed): (&[&str], &[&str]) = match promotion.kind.as_str() {
        "percentage" => (&["rate"], &["rate"]),
        "fixed_amount" => (&["amount"], &["amount"]),
        "buy_x_get_y" => (&["buy", "get", "rate"], &["buy", "get", "rate", "most"]),
        _ => (&["product_id", "quantity"], &["product_id", "quantity"]),
    };
    for (name, is_there) in members(given) {
        let place = format!("/benefit/{name}");
        if !is_there && needed.contains(&name) {
            faults.push(Fault::new(place, "required", text!("is needed by a promotion of this kind")));
        } else if is_there && !allowed.contains(&name) {
            faults.push(Fault::new(place, "unexpected", text!("does not belong to a promotion of this kind")));
        }
    }
    Some(match promotion.kind.as_str() {
        "percentage" => Benefit::Percentage { rate: given.rate? },
        "fixed_amount" => Benefit::FixedAmount { amount: money(promotion, given.amount)? },
        "buy_x_get_y" => Benefit::BuyXGetY { buy: given.buy?, get: given.get?, rate: given.rate?, most: given.most },
        _ => Benefit::FreeGift { product_id: given.product_id?, quantity: given.quantity? },
    })
}

fn members(given: &PromotionBenefit) -> [(&'static str, bool); 7] {
    [
        ("rate", given.rate.is_some()),
        ("amount", given.amount.is_some()),
        ("buy", given.buy.is_some()),
        ("get", given.get.is_some()),
        ("most", given.most.is_some()),
        ("product_id", given.product_id.is_some()),
        ("quantity", given.quantity.is_some()),
    ]
}

/// A fault of the reckoning, where and as the record has it.
fn told(fault: reckoning::Fault) -> Fault {
    let place = fault.pointer.trim_start_matches("/promotions/0");
    let place = match place {
        "/conditions/valid_until" => "/ends_at",
        "/conditions/currencies" => "/currency",
        other => other,
    };
    Fault::new(place, fault.code, word(fault.code))
}

/// What a broken rule of the reckoning is in words.
pub(crate) fn word(code: &str) -> Text {
    match code {
        "currency" => text!("is not an ISO 4217 currency"),
        "decimals" => text!("is finer than its currency"),
        "duplicate" => text!("is there twice"),
        "order" => text!("ends before it starts"),
        "required" => text!("is empty"),
        _ => text!("is a figure that cannot be"),
    }
}
