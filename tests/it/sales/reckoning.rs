//! What quotes come to, against another program in another language: currencies of no, two and three decimals, discounts
//! of lines and of the whole as rates and as sums, tax beside prices and in them, rounded by line and by document.
use crate::support::{Town, Value, json, make};
use std::io::Write;
use std::process::{Command, Stdio};

/// As random as it has to be, and the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
    fn figure(&mut self, most: u64, decimals: u32) -> String {
        let figure = rust_decimal::Decimal::new(i64::try_from(self.below(most)).unwrap() + 1, decimals);
        figure.to_string()
    }
}

fn asked(dice: &mut Dice) -> Value {
    let currency = dice.one(&["JPY", "CNY", "KWD"]);
    let decimals = match currency {
        "JPY" => 0,
        "CNY" => 2,
        _ => 3,
    };
    let count = dice.below(12) + 1;
    let lines: Vec<Value> = (0..count)
        .map(|_| {
            let mut line = json!({"name": "A", "quantity": dice.figure(50_000, 3), "unit_price": dice.figure(9_000_000, 4),
                "tax_rate": dice.one(&["0", "0.06", "0.13", "0.0825", "0.333333"])});
            match dice.below(3) {
                0 => line["discount_rate"] = json!(dice.one(&["0.05", "0.333333", "1", "0.015"])),
                1 => line["discount_fixed"] = json!(dice.figure(3, decimals)),
                _ => {}
            }
            line
        })
        .collect();
    let mut quote = json!({"currency": currency, "lines": lines, "is_tax_included": dice.below(2) == 0,
        "rounding": dice.one(&["line", "document"]), "shipping": dice.figure(5000, decimals)});
    match dice.below(3) {
        0 => quote["discount_rate"] = json!(dice.one(&["0.1", "0.033333", "0.5", "1"])),
        1 => quote["discount_fixed"] = json!(dice.figure(20, decimals)),
        _ => {}
    }
    quote
}

#[test]
fn quotes_come_to_what_another_program_says() {
    let town = Town::idle();
    let owner = town.owner();
    let mut dice = Dice(20_261_126);
    let wanted: Vec<Value> = (0..240).map(|_| asked(&mut dice)).collect();
    let mut reckoned = Vec::new();
    for asked in wanted {
        let answer = owner.post("/v1/quotes", asked.clone());
        if answer.status == 422 {
            // more was off than there was
            assert_eq!(answer.json()["errors"][0]["code"], "range", "{}", answer.text());
            continue;
        }
        let quote = answer.created();
        let lines = owner.get(&format!("/v1/quotes/{}/lines", make::id(&quote, "id"))).ok();
        reckoned.push(json!({"asked": asked, "quote": quote, "lines": lines}));
    }
    assert!(reckoned.len() > 180, "{}", reckoned.len());
    foots(&reckoned);
    let python = std::env::var("TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let child = Command::new(&python)
        .args(["-c", include_str!("reckon.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("left out: there is no {python}; TEST_PYTHON names one");
        return;
    };
    child.stdin.take().unwrap().write_all(json!(reckoned).to_string().as_bytes()).unwrap();
    let told = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert_eq!(told.trim(), "wrong: 0", "{told}");
}

/// Whatever the other program says: what is printed adds up.
fn foots(reckoned: &[Value]) {
    let amount = |money: &Value| money["amount"].as_str().unwrap().parse::<rust_decimal::Decimal>().unwrap();
    for one in reckoned {
        let (quote, lines) = (&one["quote"], one["lines"].as_array().unwrap());
        let sum = |name: &str| lines.iter().map(|line| amount(&line[name])).sum::<rust_decimal::Decimal>();
        assert_eq!(sum("total") + amount(&quote["shipping"]), amount(&quote["total"]), "{one}");
        assert_eq!(sum("tax"), amount(&quote["tax"]), "{one}");
        assert_eq!(sum("discount") + sum("shared_discount"), amount(&quote["discount"]), "{one}");
    }
}
