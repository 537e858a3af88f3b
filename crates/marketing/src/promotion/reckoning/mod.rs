//! What promotions take off a cart. Pure arithmetic on exact decimals: what the lines come to is reckoned as in a quote
//! (`subtotal = round(quantity × unit_price)`, halves away from zero), and what a promotion takes off is parted among its
//! lines so that the parts are the whole to the last minor unit of the currency, and no line falls below zero.
//!
//! Promotions are looked at by their priority, the highest first, and by their code where they are alike; each takes off
//! what the ones before have left. What they ask of a cart is asked of it as it came, so that no promotion is lost to
//! another's discount. How they bear with each other is their [`Stacking`].
//!
//! The order in which lines and promotions are given is of no account.
mod benefit;
mod cart;
mod condition;
mod fault;
mod share;
mod terms;
#[cfg(test)]
mod tests;

pub use cart::{Cart, Line};
pub use fault::Fault;
pub(crate) use share::{Share, parted};
pub use terms::{Benefit, Conditions, Promotion, Stacking, faults};

use benefit::Off;
use cart::Standing;
use kernel::ProductId;
use rust_decimal::Decimal;
use serde::Serialize;

/// What a cart comes to with its promotions, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    pub currency: String,
    /// of all lines, before anything is off
    pub subtotal: Decimal,
    /// what was off the lines by themselves
    pub discount: Decimal,
    /// what the promotions take off
    pub promoted: Decimal,
    /// what is left of the subtotal; without tax and shipping
    pub total: Decimal,
    /// as the cart has them
    pub lines: Vec<PromotedLine>,
    pub gifts: Vec<Gift>,
    /// in the order in which they were applied
    pub applied: Vec<Applied>,
    /// by the same order
    pub rejected: Vec<Rejected>,
}

/// A line with what each promotion takes off it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PromotedLine {
    pub line_key: String,
    pub subtotal: Decimal,
    pub discount: Decimal,
    pub promoted: Decimal,
    pub total: Decimal,
    /// those that take something off, which come to `promoted`
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    pub promotion: String,
    pub amount: Decimal,
}

/// Something to add to the order that costs nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gift {
    pub promotion: String,
    pub product_id: ProductId,
    pub quantity: Decimal,
}

/// A promotion that was applied; what it takes off is the sum of its parts, and nothing for a gift.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Applied {
    pub promotion: String,
    pub amount: Decimal,
    /// whether it would have been more but for its cap, or for what there was
    pub is_capped: bool,
}

/// A promotion that was not applied.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rejected {
    pub promotion: String,
    pub reason: Reason,
    /// the promotion that stands in its way
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Why a promotion was not applied: names that keep their meaning. The first that holds is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// it begins later
    NotYetValid,
    /// it has ended
    Expired,
    /// it is not for this currency, or its sums are of another
    Currency,
    /// no line is of its products
    NoMatchingProducts,
    /// its lines come to less
    MinimumSubtotal,
    /// its lines have fewer units
    MinimumQuantity,
    /// an exclusive one is applied
    Excluded,
    /// it is exclusive, and another is applied
    NotAlone,
    /// another of those of which the first alone counts is applied
    Outranked,
    /// there are not as many units as it takes to get one
    TooFewUnits,
    /// what it would take off is nothing
    NothingLeft,
}

/// # Errors
/// All that is wrong with the cart and the promotions at once: where, and which rule ([`Fault`]).
pub fn evaluate(cart: &Cart, promotions: &[Promotion]) -> Result<Evaluation, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut lines = cart::stand(cart, &mut faults);
    terms::check(promotions, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut ranked: Vec<(usize, &Promotion)> = promotions.iter().enumerate().collect();
    ranked.sort_by(|(_, one), (_, other)| other.priority.cmp(&one.priority).then_with(|| one.code.cmp(&other.code)));
    let mut course = Course::default();
    for (at, promotion) in ranked {
        let too_large = |_| vec![Fault::new(format!("/promotions/{at}"), "range")];
        course.take(cart, promotion, &mut lines).map_err(too_large)?;
    }
    Ok(course.sum(cart, lines))
}

/// What has come of the promotions so far.
#[derive(Default)]
struct Course<'a> {
    /// those that are applied
    promotions: Vec<&'a Promotion>,
    applied: Vec<Applied>,
    rejected: Vec<Rejected>,
    gifts: Vec<Gift>,
}

/// It comes to more than can be reckoned.
#[derive(Clone, Copy, Debug)]
struct TooLarge;

impl<'a> Course<'a> {
    fn take(&mut self, cart: &Cart, promotion: &'a Promotion, lines: &mut [Standing]) -> Result<(), TooLarge> {
        let refused = condition::refused(cart, promotion, lines).map(|reason| (reason, None));
        if let Some((reason, by)) = refused.or_else(|| self.in_the_way(promotion)) {
            self.reject(promotion, reason, by);
            return Ok(());
        }
        let off = match benefit::off(promotion, lines, &cart.currency).ok_or(TooLarge)? {
            Off::Gift(product_id, quantity) => {
                self.gifts.push(Gift { promotion: promotion.code.clone(), product_id, quantity });
                Decimal::ZERO
            }
            Off::Nothing(reason) => {
                self.reject(promotion, reason, None);
                return Ok(());
            }
            Off::Amount { amount, is_capped, parts } => {
                for (line, part) in lines.iter_mut().zip(parts) {
                    line.take(&promotion.code, part);
                }
                self.apply(promotion, amount, is_capped);
                return Ok(());
            }
        };
        self.apply(promotion, off, false);
        Ok(())
    }

    fn apply(&mut self, promotion: &'a Promotion, amount: Decimal, is_capped: bool) {
        self.promotions.push(promotion);
        self.applied.push(Applied { promotion: promotion.code.clone(), amount, is_capped });
    }

    fn reject(&mut self, promotion: &Promotion, reason: Reason, by: Option<&str>) {
        self.rejected.push(Rejected { promotion: promotion.code.clone(), reason, by: by.map(str::to_owned) });
    }

    fn in_the_way(&self, promotion: &Promotion) -> Option<(Reason, Option<&'a str>)> {
        let one = |stacking| self.promotions.iter().find(|one| one.stacking == stacking);
        if let Some(alone) = one(Stacking::Exclusive) {
            return Some((Reason::Excluded, Some(&alone.code)));
        }
        match promotion.stacking {
            Stacking::Exclusive => self.promotions.first().map(|first| (Reason::NotAlone, Some(first.code.as_str()))),
            Stacking::Priority => one(Stacking::Priority).map(|first| (Reason::Outranked, Some(first.code.as_str()))),
            Stacking::Combinable => None,
        }
    }

    fn sum(self, cart: &Cart, lines: Vec<Standing>) -> Evaluation {
        let of = |figure: fn(&PromotedLine) -> Decimal, lines: &[PromotedLine]| lines.iter().map(figure).sum();
        let lines: Vec<PromotedLine> = lines.into_iter().map(Standing::told).collect();
        Evaluation {
            currency: cart.currency.clone(),
            subtotal: of(|line| line.subtotal, &lines),
            discount: of(|line| line.discount, &lines),
            promoted: of(|line| line.promoted, &lines),
            total: of(|line| line.total, &lines),
            lines,
            gifts: self.gifts,
            applied: self.applied,
            rejected: self.rejected,
        }
    }
}
