use super::{product, promotion};
use crate::promotion::reckoning::{Applied, Benefit, Cart, Evaluation, Line, Promotion, Stacking, evaluate};
use kernel::Money;
use kernel::money::{decimals, round};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Currencies of no, two and three decimals.
const CURRENCIES: [&str; 3] = ["JPY", "CNY", "KWD"];

fn carts() -> impl Strategy<Value = Cart> {
    let quantity = prop_oneof![3 => (1_i64..12).prop_map(|units| units * 1_000), 1 => 1_i64..20_000];
    // many are alike, so that something has to decide between them
    let price = prop_oneof![0_i64..2_000_000, prop::sample::select(vec![50_i64, 10_000, 333_300])];
    let line = (quantity, price, 0_i64..=100, 1_u128..5);
    (prop::sample::select(&CURRENCIES[..]), prop::collection::vec(line, 1..12)).prop_map(|(currency, lines)| {
        let line = |(at, (quantity, price, off, kind)): (usize, (i64, i64, i64, u128))| {
            let (quantity, unit_price) = (Decimal::new(quantity, 3), Decimal::new(price, 4));
            let whole = round(quantity * unit_price, currency);
            let off = if off > 80 { Decimal::new(off, 2) } else { Decimal::ZERO };
            let discount = round(whole * off, currency);
            Line { line_key: format!("line {at}"), product_id: Some(product(kind)), quantity, unit_price, discount }
        };
        let lines = lines.into_iter().enumerate().map(line).collect();
        Cart { currency: currency.to_owned(), at: "2026-11-11T00:00:00Z".parse().unwrap(), lines }
    })
}

/// Sums are whole units, which every currency has; each of its currency alone.
fn benefits() -> impl Strategy<Value = Benefit> {
    let currency = || prop::sample::select(&CURRENCIES[..]);
    prop_oneof![
        (1_i64..=1_000).prop_map(|rate| Benefit::Percentage { rate: Decimal::new(rate, 3) }),
        (1_i64..3_000, currency())
            .prop_map(|(amount, currency)| Benefit::FixedAmount { amount: Money::new(amount.into(), currency) }),
        (1_u32..4, 1_u32..3, 1_i64..=100, prop::option::of(1_u32..4))
            .prop_map(|(buy, get, rate, most)| { Benefit::BuyXGetY { buy, get, rate: Decimal::new(rate, 2), most } }),
        Just(Benefit::FreeGift { product_id: product(9), quantity: Decimal::ONE }),
    ]
}

fn one() -> impl Strategy<Value = Promotion> {
    let stacking =
        prop::sample::select(vec![Stacking::Exclusive, Stacking::Priority, Stacking::Combinable, Stacking::Combinable]);
    let products = prop::collection::btree_set((1_u128..5).prop_map(product), 0..4);
    let sums = (prop::option::weighted(0.3, 1_i64..500), prop::option::weighted(0.3, 1_i64..2_000));
    (benefits(), -3_i32..3, stacking, products, sums, prop::sample::select(&CURRENCIES[..])).prop_map(
        |(benefit, priority, stacking, products, (cap, least), currency)| {
            let mut one = promotion("", priority, stacking, benefit);
            one.conditions.products = products;
            one.conditions.minimum_subtotal = least.map(|least| Money::new(least.into(), currency));
            one.cap = cap.map(|cap| Money::new(cap.into(), currency));
            one
        },
    )
}

fn promotions() -> impl Strategy<Value = Vec<Promotion>> {
    prop::collection::vec(one(), 0..6).prop_map(|mut all| {
        all.iter_mut().enumerate().for_each(|(at, one)| one.code = format!("promotion {at}"));
        all
    })
}

fn of(found: &Evaluation, promotion: &str) -> Decimal {
    let parts = found.lines.iter().flat_map(|line| &line.parts);
    parts.filter(|part| part.promotion == promotion).map(|part| part.amount).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn sums_foot_to_the_minor_unit_and_nothing_falls_below_zero(cart in carts(), all in promotions()) {
        let found = evaluate(&cart, &all).unwrap();
        let scale = decimals(&cart.currency).unwrap();
        let mut total = Decimal::ZERO;
        for (line, asked) in found.lines.iter().zip(&cart.lines) {
            prop_assert_eq!(&line.line_key, &asked.line_key);
            prop_assert_eq!(line.subtotal, round(asked.quantity * asked.unit_price, &cart.currency));
            prop_assert_eq!(line.promoted, line.parts.iter().map(|part| part.amount).sum::<Decimal>());
            prop_assert_eq!(line.subtotal - line.discount - line.promoted, line.total);
            prop_assert!(line.total >= Decimal::ZERO);
            for part in &line.parts {
                prop_assert!(part.amount > Decimal::ZERO && part.amount.normalize().scale() <= scale);
            }
            total += line.total;
        }
        prop_assert_eq!(found.total, total);
        prop_assert_eq!(found.subtotal - found.discount - found.promoted, found.total);
        for Applied { promotion, amount, .. } in &found.applied {
            prop_assert_eq!(of(&found, promotion), *amount);
            let cap = all.iter().find(|one| one.code == *promotion).and_then(|one| one.cap.clone());
            prop_assert!(cap.is_none_or(|cap| *amount <= cap.amount && cap.currency == cart.currency));
        }
        prop_assert_eq!(found.applied.iter().map(|one| one.amount).sum::<Decimal>(), found.promoted);
        prop_assert_eq!(found.applied.len() + found.rejected.len(), all.len());
    }

    #[test]
    fn the_order_of_lines_and_promotions_changes_nothing(
        cart in carts(), (all, shuffled) in promotions().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        seed in any::<u64>(),
    ) {
        let found = evaluate(&cart, &all).unwrap();
        let mut other = cart.clone();
        let turn = usize::try_from(seed % u64::try_from(cart.lines.len()).unwrap()).unwrap();
        other.lines.rotate_left(turn);
        if seed % 2 == 0 {
            other.lines.reverse();
        }
        let mut again = evaluate(&other, &shuffled).unwrap();
        again.lines.sort_by_key(|line| cart.lines.iter().position(|one| one.line_key == line.line_key));
        prop_assert_eq!(found, again);
    }

    #[test]
    fn what_ranks_below_an_exclusive_one_changes_nothing(cart in carts(), mut all in promotions(), mut more in one()) {
        // that is exclusive and comes first
        let mut alone = promotion("alone", 10, Stacking::Exclusive, Benefit::Percentage { rate: Decimal::new(1, 1) });
        alone.conditions.products.clear();
        all.push(alone);
        let without = evaluate(&cart, &all).unwrap();
        prop_assume!(without.applied.iter().any(|one| one.promotion == "alone"));
        more.code = "more".to_owned();
        all.push(more);
        let with = evaluate(&cart, &all).unwrap();
        prop_assert_eq!((&with.lines, &with.gifts, &with.applied), (&without.lines, &without.gifts, &without.applied));
        prop_assert_eq!(with.total, without.total);
        prop_assert_eq!(with.rejected.len(), without.rejected.len() + 1);
    }
}
