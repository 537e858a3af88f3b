//! What a promotion asks of a cart.
use super::cart::Standing;
use super::{Benefit, Cart, Promotion, Reason};
use rust_decimal::Decimal;

/// Whether a line counts for it.
pub(super) fn counts(promotion: &Promotion, line: &Standing) -> bool {
    let products = &promotion.conditions.products;
    products.is_empty() || line.product.is_some_and(|product| products.contains(&product))
}

/// Why the cart is not as the promotion asks.
pub(super) fn refused(cart: &Cart, promotion: &Promotion, lines: &[Standing]) -> Option<Reason> {
    let asked = &promotion.conditions;
    if asked.valid_from.is_some_and(|from| cart.at < from) {
        return Some(Reason::NotYetValid);
    }
    if asked.valid_until.is_some_and(|until| cart.at >= until) {
        return Some(Reason::Expired);
    }
    let amount = match &promotion.benefit {
        Benefit::FixedAmount { amount } => Some(amount),
        _ => None,
    };
    let mut sums = [amount, promotion.cap.as_ref(), asked.minimum_subtotal.as_ref()].into_iter().flatten();
    let is_meant = asked.currencies.is_empty() || asked.currencies.contains(&cart.currency);
    if !is_meant || sums.any(|sum| sum.currency != cart.currency) {
        return Some(Reason::Currency);
    }
    let counted = || lines.iter().filter(|line| counts(promotion, line));
    if counted().next().is_none() {
        return Some(Reason::NoMatchingProducts);
    }
    let subtotal: Decimal = counted().map(Standing::net).sum();
    if asked.minimum_subtotal.as_ref().is_some_and(|least| subtotal < least.amount) {
        return Some(Reason::MinimumSubtotal);
    }
    let is_too_few = |least: Decimal| {
        // units that cannot be summed are many
        let all = counted().try_fold(Decimal::ZERO, |sum, line| sum.checked_add(line.quantity));
        all.is_some_and(|all| all < least)
    };
    asked.minimum_quantity.is_some_and(is_too_few).then_some(Reason::MinimumQuantity)
}
