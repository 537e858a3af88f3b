//! Why a promotion is not applied, in words. The names keep their meaning.
use crate::promotion::reckoning::Reason;
use kernel::{Text, text};

/// The name of a reason of the reckoning.
pub(super) fn name(reason: Reason) -> &'static str {
    match reason {
        Reason::NotYetValid => "not_yet_valid",
        Reason::Expired => "expired",
        Reason::Currency => "currency",
        Reason::NoMatchingProducts => "no_matching_products",
        Reason::MinimumSubtotal => "minimum_subtotal",
        Reason::MinimumQuantity => "minimum_quantity",
        Reason::Excluded => "excluded",
        Reason::NotAlone => "not_alone",
        Reason::Outranked => "outranked",
        Reason::TooFewUnits => "too_few_units",
        Reason::NothingLeft => "nothing_left",
    }
}

/// What a reason says to people.
#[must_use]
pub fn words(reason: &str) -> Text {
    coupon(reason).or_else(|| terms(reason)).unwrap_or_else(|| text!("It does not apply."))
}

fn coupon(reason: &str) -> Option<Text> {
    Some(match reason {
        "coupon_unknown" => text!("There is no such coupon."),
        "coupon_disabled" => text!("The coupon is not in use."),
        "coupon_expired" => text!("The coupon has expired."),
        "coupon_used_up" => text!("The coupon has been used as often as it may be."),
        "coupon_assigned" => text!("The coupon is somebody else's."),
        "coupon_twice" => text!("Another coupon of the same promotion is used."),
        "inactive" => text!("The promotion is not active."),
        "used_up" => text!("The promotion has been used as often as it may be."),
        "budget_spent" => text!("The budget of the promotion is spent."),
        "customer_limit" => text!("The customer has used it as often as each may."),
        "customer_unknown" => text!("It is for customers who are known, and none is named."),
        "audience" => text!("It is not for this customer."),
        _ => return None,
    })
}

fn terms(reason: &str) -> Option<Text> {
    Some(match reason {
        "not_yet_valid" => text!("The promotion has not begun."),
        "expired" => text!("The promotion is over."),
        "currency" => text!("The promotion is not for this currency."),
        "no_matching_products" => text!("No line is of its products."),
        "minimum_subtotal" => text!("Its lines come to less than the promotion asks."),
        "minimum_quantity" => text!("There are fewer units than the promotion asks."),
        "excluded" => text!("Another promotion stands alone."),
        "not_alone" => text!("The promotion stands alone, and another is applied."),
        "outranked" => text!("Another promotion that comes first is applied."),
        "too_few_units" => text!("There are not enough units to get one."),
        "nothing_left" => text!("There is nothing left to take off."),
        _ => return None,
    })
}
