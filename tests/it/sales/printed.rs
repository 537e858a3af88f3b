//! What a quote looks like on paper: every line, every page, each total once, and whom it goes to.
use super::offers::path;
use crate::support::{Client, Town, Value, json, make};
use std::io::Write;
use std::process::{Command, Stdio};

/// Whether there is a program here that reads what a PDF says.
pub fn is_read() -> bool {
    Command::new("pdftotext").arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// What a PDF says, with the spaces that a layout puts between things.
pub fn said(pdf: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let done = Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(file.path()).arg("-").output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// The same without any spaces.
pub fn close(text: &str) -> String {
    text.chars().filter(|one| !one.is_whitespace()).collect()
}

/// A figure with its thousands apart.
fn grouped(amount: &str) -> String {
    let (whole, cents) = amount.split_once('.').unwrap();
    let digits: Vec<char> = whole.chars().rev().collect();
    let groups: Vec<String> = digits.chunks(3).rev().map(|some| some.iter().rev().collect()).collect();
    format!("{}.{cents}", groups.join(","))
}

#[test]
fn fifty_lines_in_chinese_are_all_on_paper() {
    if !is_read() {
        return println!("skipped: there is no pdftotext");
    }
    let town = Town::idle();
    let owner = town.owner();
    let account = make::account(&owner, json!({"name": "上海晨光商贸有限公司"}));
    let line = |n: u32| {
        json!({"name": format!("龙井礼盒第{n:02}号"), "quantity": (n + 2).to_string(),
            "unit_price": format!("{}.37", 100 + n), "tax_rate": "0.13"})
    };
    let lines: Vec<Value> = (1..=50).map(line).collect();
    let quote = make::quote(
        &owner,
        json!({"currency": "CNY", "account_id": account["id"], "discount_rate": "0.05", "shipping": "88.00",
            "valid_until_on": "2099-12-31", "terms": "款到发货，含开票。", "lines": lines}),
    );
    let printed = owner.get(&format!("{}/pdf?language=zh-Hans", path(&quote)));
    let text = said(&printed.body);
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert!(pages.len() > 1, "fifty lines are more than a page: {text}");
    for (at, page) in pages.iter().enumerate() {
        let foot = format!("第{}页，共{}页", at + 1, pages.len());
        assert_eq!(close(page).matches(&foot).count(), 1, "{foot}: {page}");
    }
    let whole = close(&text);
    for n in 1..=50 {
        assert_eq!(whole.matches(&format!("龙井礼盒第{n:02}号")).count(), 1, "line {n}: {text}");
    }
    for (member, words) in [("subtotal", "小计"), ("shipping", "运费")] {
        let sum = format!("{words}{}", grouped(&make::id(&quote[member], "amount")));
        assert_eq!(whole.matches(&sum).count(), 1, "{sum}: {text}");
    }
    let tax = format!("税额13%{}", grouped(&make::id(&quote["tax"], "amount")));
    let total = format!("CNY{}", grouped(&make::id(&quote["total"], "amount")));
    let discount = format!("折扣-{}", grouped(&make::id(&quote["discount"], "amount")));
    for sum in [tax, total, discount] {
        assert_eq!(whole.matches(&sum).count(), 1, "{sum}: {text}");
    }
    let number = make::id(&quote, "number");
    for word in ["报价单", "上海晨光商贸有限公司", "2099-12-31", "款到发货，含开票。", number.as_str()]
    {
        assert!(whole.contains(word), "{word}: {text}");
    }
}

/// Whom the page behind a link says that it is for.
fn addressed(owner: &Client, anybody: &Client, whose: Value) -> Vec<String> {
    let quote = make::quote(owner, whose);
    let link = owner.post(&format!("{}/links", path(&quote)), json!({})).created();
    let shown = anybody.get(&format!("/q/{}", make::id(&link, "token"))).ok();
    shown["customer"].as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_quote_goes_to_where_bills_go() {
    let town = Town::idle();
    let (owner, anybody) = (town.owner(), town.anonymous());
    let account = make::account(
        &owner,
        json!({"name": "Tea House", "street": "Old Road 1", "city": "Leipzig", "postal_code": "04109", "country": "DE"}),
    );
    let to = || addressed(&owner, &anybody, json!({"account_id": account["id"]}));
    assert_eq!(to(), ["Tea House", "Old Road 1", "04109 Leipzig"]);
    let add = |extra: Value| make::address(&owner, "accounts", &account, extra);
    // one that is not primary is none to write to
    add(json!({"kind": "billing", "is_primary": false}));
    assert_eq!(to(), ["Tea House", "Old Road 1", "04109 Leipzig"]);
    add(json!({"kind": "shipping", "is_primary": true}));
    assert_eq!(to(), ["Tea House", "中国上海市黄浦区南京东路100号"]);
    let berlin = json!({"kind": "billing", "is_primary": true, "country": "DE", "region": null, "city": "Berlin",
        "district": null, "street": "Unter den Linden 1", "postal_code": "10117"});
    add(berlin.clone());
    assert_eq!(to(), ["Tea House", "Unter den Linden 1", "10117 Berlin", "DE"]);
    // a person's, where it is for nobody else
    let ada = make::contact(&owner, json!({"display_name": "Ada"}));
    make::address(&owner, "contacts", &ada, berlin);
    let person = addressed(&owner, &anybody, json!({"contact_id": ada["id"]}));
    assert_eq!(person, ["Ada", "Unter den Linden 1", "10117 Berlin", "DE"]);
    let both = addressed(&owner, &anybody, json!({"account_id": account["id"], "contact_id": ada["id"]}));
    assert_eq!(both, ["Tea House", "Unter den Linden 1", "10117 Berlin", "DE", "Ada"]);
}
