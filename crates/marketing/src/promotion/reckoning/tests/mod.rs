mod examples;
mod faults;
mod properties;
mod sharing;

use super::{Benefit, Cart, Conditions, Line, Promotion, Stacking};
use kernel::{Money, ProductId};
use rust_decimal::Decimal;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn product(number: u128) -> ProductId {
    ProductId(uuid::Uuid::from_u128(number))
}

fn cny(amount: &str) -> Money {
    Money::new(decimal(amount), "CNY")
}

/// Lines with the products 1, 2, 3 …, of so many units at such a price.
fn cart(currency: &str, lines: &[(&str, &str)]) -> Cart {
    let line = |(number, (quantity, price)): (u128, &(&str, &str))| Line {
        line_key: number.to_string(),
        product_id: Some(product(number)),
        quantity: decimal(quantity),
        unit_price: decimal(price),
        discount: Decimal::ZERO,
    };
    let at = "2026-11-11T00:00:00Z".parse().unwrap();
    Cart { currency: currency.to_owned(), at, lines: (1..).zip(lines).map(line).collect() }
}

fn promotion(code: &str, priority: i32, stacking: Stacking, benefit: Benefit) -> Promotion {
    Promotion { code: code.to_owned(), priority, stacking, conditions: Conditions::default(), benefit, cap: None }
}

fn percentage(rate: &str) -> Benefit {
    Benefit::Percentage { rate: decimal(rate) }
}
