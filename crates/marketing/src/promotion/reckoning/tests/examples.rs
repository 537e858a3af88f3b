use super::{cart, cny, decimal, percentage, product, promotion};
use crate::promotion::reckoning::{Benefit, Evaluation, Promotion, Reason, Stacking, evaluate};
use rust_decimal::Decimal;

fn parts(found: &Evaluation) -> Vec<Decimal> {
    found.lines.iter().map(|line| line.promoted).collect()
}

fn rejected(found: &Evaluation) -> Vec<(&str, Reason, Option<&str>)> {
    found.rejected.iter().map(|one| (one.promotion.as_str(), one.reason, one.by.as_deref())).collect()
}

fn combinable(code: &str, benefit: Benefit) -> Promotion {
    promotion(code, 0, Stacking::Combinable, benefit)
}

#[test]
fn ten_off_a_hundred_in_three_like_lines_is_ten() {
    let three = cart("CNY", &[("1", "33.33"), ("1", "33.33"), ("1", "33.34")]);
    let found = evaluate(&three, &[combinable("ten", Benefit::FixedAmount { amount: cny("10") })]).unwrap();
    assert_eq!(parts(&found), ["3.33", "3.33", "3.34"].map(decimal));
    assert_eq!((found.subtotal, found.promoted, found.total), (decimal("100"), decimal("10"), decimal("90")));
}

#[test]
fn a_part_is_rounded_once_and_capped() {
    let two = cart("CNY", &[("1", "0.05"), ("1", "0.10")]);
    let found = evaluate(&two, &[combinable("tenth", percentage("0.1"))]).unwrap();
    // 0.015, rounded as a quote is
    assert_eq!(found.promoted, decimal("0.02"));
    let mut capped = combinable("capped", percentage("0.5"));
    capped.cap = Some(cny("30"));
    let found = evaluate(&cart("CNY", &[("1", "100"), ("1", "50")]), &[capped]).unwrap();
    assert_eq!(parts(&found), ["20", "10"].map(decimal));
    assert!(found.applied[0].is_capped);
}

#[test]
fn more_than_there_is_takes_what_there_is() {
    let found = evaluate(&cart("CNY", &[("2", "3")]), &[combinable("ten", Benefit::FixedAmount { amount: cny("10") })]);
    let found = found.unwrap();
    assert_eq!((found.promoted, found.total, found.applied[0].is_capped), (decimal("6"), Decimal::ZERO, true));
}

#[test]
fn of_three_the_cheapest_is_for_nothing() {
    let free = Benefit::BuyXGetY { buy: 2, get: 1, rate: Decimal::ONE, most: None };
    let mixed = cart("CNY", &[("4", "10"), ("3", "8")]);
    let found = evaluate(&mixed, &[combinable("three", free.clone())]).unwrap();
    // seven units are two times three: two of those at eight
    assert_eq!(parts(&found), ["0", "16"].map(decimal));
    let few = evaluate(&cart("CNY", &[("2.9", "10")]), &[combinable("three", free)]).unwrap();
    assert_eq!(rejected(&few), [("three", Reason::TooFewUnits, None)]);
    let half = Benefit::BuyXGetY { buy: 1, get: 1, rate: decimal("0.5"), most: Some(1) };
    let once = evaluate(&mixed, &[combinable("half", half)]).unwrap();
    assert_eq!(parts(&once), ["0", "4"].map(decimal));
    // three units that come to 0.10: a quarter of them is half a cent more than two
    let quarter = Benefit::BuyXGetY { buy: 1, get: 1, rate: decimal("0.25"), most: None };
    let found = evaluate(&cart("CNY", &[("3", "10"), ("3", "0.0333")]), &[combinable("quarter", quarter)]).unwrap();
    assert_eq!(parts(&found), ["0", "0.03"].map(decimal));
}

#[test]
fn a_gift_is_on_top_and_takes_nothing_off() {
    let gift = Benefit::FreeGift { product_id: product(9), quantity: Decimal::ONE };
    let mut cup = combinable("cup", gift);
    cup.conditions.minimum_subtotal = Some(cny("100"));
    let found = evaluate(&cart("CNY", &[("1", "100")]), &[cup.clone()]).unwrap();
    assert_eq!((found.gifts.len(), found.promoted), (1, Decimal::ZERO));
    assert_eq!((found.gifts[0].product_id, found.applied[0].promotion.as_str()), (product(9), "cup"));
    let found = evaluate(&cart("CNY", &[("1", "99.99")]), &[cup]).unwrap();
    assert_eq!((found.gifts.len(), rejected(&found)), (0, vec![("cup", Reason::MinimumSubtotal, None)]));
}

#[test]
fn each_takes_off_what_the_ones_before_have_left_and_asks_of_the_cart_as_it_came() {
    let first = promotion("b", 2, Stacking::Combinable, percentage("0.5"));
    let mut second = promotion("a", 1, Stacking::Combinable, percentage("0.5"));
    second.conditions.minimum_subtotal = Some(cny("100"));
    let found = evaluate(&cart("CNY", &[("1", "100")]), &[second, first]).unwrap();
    assert_eq!(found.promoted, decimal("75"));
    let parts = found.lines[0].parts.iter().map(|part| (part.promotion.as_str(), part.amount));
    assert_eq!(parts.collect::<Vec<_>>(), [("b", decimal("50")), ("a", decimal("25"))]);
}

#[test]
fn promotions_bear_with_each_other_as_they_say() {
    let one = |code, priority, stacking| promotion(code, priority, stacking, percentage("0.1"));
    let hundred = cart("CNY", &[("1", "100")]);
    let alone = one("alone", 5, Stacking::Exclusive);
    let found = evaluate(&hundred, &[one("with", 1, Stacking::Combinable), alone.clone()]).unwrap();
    assert_eq!((found.promoted, rejected(&found)), (decimal("10"), vec![("with", Reason::Excluded, Some("alone"))]));
    let found = evaluate(&hundred, &[one("with", 9, Stacking::Combinable), alone]).unwrap();
    assert_eq!(rejected(&found), [("alone", Reason::NotAlone, Some("with"))]);
    let ranked =
        [one("low", 1, Stacking::Priority), one("high", 2, Stacking::Priority), one("with", 0, Stacking::Combinable)];
    let found = evaluate(&hundred, &ranked).unwrap();
    assert_eq!((found.promoted, rejected(&found)), (decimal("19"), vec![("low", Reason::Outranked, Some("high"))]));
}

#[test]
fn why_a_promotion_is_not_applied_is_said() {
    let mut all: Vec<Promotion> = ["a", "b", "c", "d", "e", "f", "g"]
        .map(|code| promotion(code, 0, Stacking::Combinable, percentage("0.1")))
        .into();
    all[0].conditions.valid_from = Some("2026-11-11T00:00:01Z".parse().unwrap());
    all[1].conditions.valid_until = Some("2026-11-11T00:00:00Z".parse().unwrap());
    all[2].conditions.currencies = ["USD".to_owned()].into();
    all[3].cap = Some(kernel::Money::new(Decimal::ONE, "JPY"));
    all[4].conditions.products = [product(7)].into();
    all[5].conditions.minimum_quantity = Some(decimal("3"));
    all[6].conditions.valid_from = Some("2026-11-11T00:00:00Z".parse().unwrap());
    let found = evaluate(&cart("CNY", &[("2", "10")]), &all).unwrap();
    let reasons = [
        Reason::NotYetValid,
        Reason::Expired,
        Reason::Currency,
        Reason::Currency,
        Reason::NoMatchingProducts,
        Reason::MinimumQuantity,
    ];
    assert_eq!(found.rejected.iter().map(|one| one.reason).collect::<Vec<_>>(), reasons);
    assert_eq!(found.applied.len(), 1);
    let nothing =
        evaluate(&cart("CNY", &[("1", "0.01")]), &[promotion("a", 0, Stacking::Combinable, percentage("0.1"))]);
    assert_eq!(rejected(&nothing.unwrap()), [("a", Reason::NothingLeft, None)]);
    assert_eq!(serde_json::to_value(Reason::NoMatchingProducts).unwrap(), "no_matching_products");
}

#[test]
fn only_the_products_that_count_are_cheaper_and_own_discounts_are_taken_first() {
    let mut some = combinable("some", percentage("0.1"));
    some.conditions.products = [product(2)].into();
    let mut two = cart("CNY", &[("1", "100"), ("1", "100")]);
    two.lines[1].discount = decimal("50");
    let found = evaluate(&two, &[some]).unwrap();
    assert_eq!(parts(&found), ["0", "5"].map(decimal));
    assert_eq!((found.discount, found.total), (decimal("50"), decimal("145")));
}
