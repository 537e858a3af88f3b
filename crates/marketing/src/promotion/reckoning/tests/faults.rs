use super::{cart, decimal, percentage, promotion};
use crate::promotion::reckoning::{Benefit, Fault, Promotion, Stacking, evaluate};
use kernel::Money;
use rust_decimal::Decimal;

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let mut wrong = cart("CNY", &[("0", "1"), ("1", "-1"), ("1", "1"), ("999999999999", "999999999")]);
    wrong.lines[1].line_key = "1".to_owned();
    wrong.lines[2].discount = decimal("1.001");
    let mut first = promotion("", 0, Stacking::Combinable, percentage("1.1"));
    first.conditions.valid_from = Some(wrong.at);
    first.conditions.valid_until = Some(wrong.at);
    first.cap = Some(Money::new(Decimal::ONE, "ABC"));
    let free = Benefit::BuyXGetY { buy: 0, get: 1, rate: Decimal::ONE, most: Some(0) };
    let second = promotion("", 0, Stacking::Combinable, free);
    let amount = Money::new(decimal("1.5"), "JPY");
    let third = promotion("yen", 0, Stacking::Combinable, Benefit::FixedAmount { amount });
    let found = evaluate(&wrong, &[first, second, third]).unwrap_err();
    let all = [
        ("/lines/0/quantity", "range"),
        ("/lines/1/line_key", "duplicate"),
        ("/lines/1/unit_price", "range"),
        ("/lines/2/discount", "decimals"),
        ("/lines/2/discount", "range"),
        ("/lines/3/quantity", "range"),
        ("/promotions/0/code", "required"),
        ("/promotions/0/cap", "currency"),
        ("/promotions/0/conditions/valid_until", "order"),
        ("/promotions/0/benefit/rate", "range"),
        ("/promotions/1/code", "required"),
        ("/promotions/1/code", "duplicate"),
        ("/promotions/1/benefit/buy", "range"),
        ("/promotions/1/benefit/most", "range"),
        ("/promotions/2/benefit/amount", "decimals"),
    ];
    let found: Vec<(&str, &str)> = found.iter().map(|Fault { pointer, code }| (pointer.as_str(), *code)).collect();
    assert_eq!(found, all);
    let nowhere = evaluate(&cart("XQZ", &[]), &[]).unwrap_err();
    assert_eq!((nowhere[0].pointer.as_str(), nowhere[0].code), ("/currency", "currency"));
}

#[test]
fn a_promotion_is_read_from_json() {
    let json = r#"{"code":"three","stacking":"exclusive","conditions":{"minimum_quantity":"3"},
        "benefit":{"kind":"buy_x_get_y","buy":2,"get":1,"rate":"1"},"cap":{"amount":"50.00","currency":"CNY"}}"#;
    let read: Promotion = serde_json::from_str(json).unwrap();
    let benefit = Benefit::BuyXGetY { buy: 2, get: 1, rate: Decimal::ONE, most: None };
    assert_eq!((&read.benefit, read.stacking), (&benefit, Stacking::Exclusive));
    let again: Promotion = serde_json::from_value(serde_json::to_value(&read).unwrap()).unwrap();
    assert_eq!(read, again);
    let floats = [
        r#"{"code":"a","benefit":{"kind":"percentage","rate":0.1}}"#,
        r#"{"code":"a","conditions":{"minimum_quantity":0.5},"benefit":{"kind":"percentage","rate":"0.1"}}"#,
    ];
    assert!(floats.iter().all(|float| serde_json::from_str::<Promotion>(float).is_err()));
    assert!(serde_json::from_str::<Promotion>(&floats[1].replace("0.5", "null")).is_ok());
}
