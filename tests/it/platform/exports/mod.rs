//! Lists taken out: what a list shows is what its export holds, for whoever asks, and it comes in again as it went out.
mod again;
mod deaths;
mod files;
mod hostile;
mod large;
mod parity;

use crate::support::{Client, Town, Value, json, make};
use std::time::{Duration, Instant};

/// Asks for a list to be taken out, and waits for its end.
#[track_caller]
pub fn export(client: &Client, asked: Value) -> Value {
    let answer = client.post("/v1/exports", asked);
    let made = answer.is(202);
    assert_eq!(answer.header("location"), format!("/v1/exports/{}", make::id(&made, "id")));
    ended(client, &make::id(&made, "id"))
}

#[track_caller]
pub fn ended(client: &Client, id: &str) -> Value {
    let since = Instant::now();
    loop {
        let now = client.get(&format!("/v1/exports/{id}")).ok();
        if !["queued", "running"].contains(&now["status"].as_str().unwrap_or_default()) {
            return now;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "the export goes no further: {now}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// The file of a list that was taken out.
#[track_caller]
pub fn file(client: &Client, asked: Value) -> Vec<u8> {
    let done = export(client, asked);
    assert_eq!(done["status"], "succeeded", "{done}");
    fetched(client, &done)
}

#[track_caller]
pub fn fetched(client: &Client, export: &Value) -> Vec<u8> {
    let answer = client.get(&format!("/v1/exports/{}/file", make::id(export, "id")));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.body
}

/// The records of an NDJSON file.
pub fn records(bytes: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(bytes).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Something of every sort, related, with texts that are hard on every format.
pub fn filled(town: &Town) -> Client {
    let owner = town.owner();
    let texts =
        ["=1+1", "+cmd", "-12", "@x", "'=y", "''z", "a,b;c\t\"d\"", "line\r\nbreak", "上海 <&> _x000D_", "plain"];
    let accounts = texts.iter().enumerate().map(|(n, text)| {
        json!({"name": format!("Account {n}"), "legal_name": text, "description": text, "website": "https://example.com/a",
            "email": format!("a{n}@example.com"), "phone": "+4930123456", "tax_number": format!("DE{n:09}"),
            "employee_count": n, "annual_revenue": {"amount": format!("{n}.50"), "currency": "EUR"}, "rating": "hot"})
    });
    let accounts = make::many(&owner, "accounts", accounts);
    let contacts = texts.iter().zip(&accounts).enumerate().map(|(n, (text, account))| {
        json!({"given_name": "Ada", "family_name": format!("No {n}"), "display_name": format!("Ada {n}"), "job_title": text,
            "email": format!("c{n}@example.com"), "phone": format!("+49301234{n:02}"), "birth_on": "1990-12-31",
            "account_id": account["id"], "do_not_contact": n % 2 == 0,
            "contact_points": [{"kind": "wechat", "value": format!("ada_{n}"), "label": text}]})
    });
    let contacts = make::many(&owner, "contacts", contacts);
    for ((account, contact), text) in accounts.iter().zip(&contacts).zip(texts) {
        make::address(&owner, "accounts", account, json!({"label": text, "is_primary": true}));
        make::address(&owner, "contacts", contact, json!({"recipient": text, "phone": "+49 30 123456"}));
    }
    for contact in contacts.iter().take(3) {
        make::email(&owner, json!({"contact_id": contact["id"]}));
        make::tag(&owner, json!({"description": "=1+1"}));
    }
    for (contact, text) in contacts.iter().zip(texts) {
        let links = json!([{"resource": "contact", "record_id": contact["id"]}]);
        make::activity(
            &owner,
            json!({"subject": text, "body": text, "direction": "inbound", "outcome": text,
            "started_at": "2026-01-02T03:04:05.678901Z", "ended_at": "2026-01-02T04:04:05Z", "links": links}),
        );
        make::task(
            &owner,
            json!({"subject": text, "description": text, "due_on": "2026-01-02", "priority": "high",
            "time_zone": "Asia/Shanghai", "status": "waiting", "links": links}),
        );
    }
    for (n, (contact, text)) in contacts.iter().zip(texts).enumerate() {
        let word = json!({"contact_id": contact["id"], "purpose": format!("purpose_{n}"), "channel": "email",
            "status": "granted", "lawful_basis": "consent", "source": text, "occurred_at": "2026-01-02T03:04:05.678901Z"});
        owner.post("/v1/consents", word).created();
    }
    let form = make::id(&make::form(&owner, json!({})), "id");
    for n in 0..3 {
        let mail = format!("c{n}@example.com");
        make::submission(&owner, &form, json!({"mail": mail})).is(202);
    }
    let products = texts.iter().enumerate().map(|(n, text)| {
        json!({"sku": format!("SKU-{n}"), "name": text, "description": text, "is_active": n % 3 > 0,
            "unit_price": {"amount": format!("-{n}.25"), "currency": "USD"}})
    });
    let products = make::many(&owner, "products", products);
    sells(&owner, &texts, &accounts, &contacts, &products);
    for (n, (contact, product)) in contacts.iter().zip(&products).enumerate() {
        let line = |key: &str, quantity: &str| {
            json!({"line_key": key, "product_id": product["id"], "name": texts[n], "quantity": quantity,
                "unit_price": "12.3456", "discount_rate": "0.05", "tax_rate": "0.19"})
        };
        make::order(
            &owner,
            json!({"number": format!("SO-{n}"), "contact_id": contact["id"], "account_id": contact["account_id"],
            "currency": "EUR", "shipping": "4.90", "source": "web", "description": texts[n], "placed_at": "2026-01-02T03:04:05.678901Z",
            "lines": [line("1", "2"), line("2", "-0.5")]}),
        );
        let other = json!({"account_id": accounts[(n + 1) % accounts.len()]["id"], "role": texts[n], "started_on": "2020-02-29"});
        owner.post(&format!("/v1/contacts/{}/accounts", make::id(contact, "id")), other).created();
        let name = json!({"resource": "contact", "record_id": contact["id"], "source_system": "shop", "external_id": format!("={n}")});
        owner.post("/v1/external-refs", name).is_one_of(&[200, 201]);
    }
    owner
}

/// What may be sold, at which price, and what was to be reached.
fn sells(owner: &Client, texts: &[&str], accounts: &[Value], contacts: &[Value], products: &[Value]) {
    for (n, text) in texts.iter().enumerate() {
        let name = format!("{text} {n}");
        let book = make::price_book(owner, json!({"name": name, "currency": "EUR", "valid_from_on": "2026-01-02"}));
        let price = json!({"product_id": products[n]["id"], "min_quantity": format!("{n}.5"), "unit_price": "12.3456"});
        owner.post(&format!("/v1/price-books/{}/entries", make::id(&book, "id")), price).created();
        let deal = make::opportunity(
            owner,
            json!({"name": name, "account_id": accounts[n]["id"], "next_step": text,
            "expected_close_on": "2026-12-31", "source": "web"}),
        );
        let part = json!({"contact_id": contacts[n]["id"], "role": "champion"});
        owner.post(&format!("/v1/opportunities/{}/contacts", make::id(&deal, "id")), part).created();
        make::lead(
            owner,
            json!({"display_name": name, "company_name": text, "description": text, "rating": "hot",
            "email": format!("lead{n}@example.com"), "source": "event", "country": "CN", "region": text, "city": text}),
        );
        make::territory(owner, json!({"name": name, "description": text}));
    }
    for (n, text) in texts.iter().enumerate() {
        let line = json!({"product_id": products[n]["id"], "name": text, "quantity": "2", "unit_price": "3.50",
            "tax_rate": "0.19", "discount_fixed": "1.00"});
        let quote = make::quote(
            owner,
            json!({"number": format!("Q-{n}"), "account_id": accounts[n]["id"], "contact_id": contacts[n]["id"],
            "currency": "EUR", "terms": text, "valid_until_on": "2030-01-02", "discount_rate": "0.1", "lines": [line]}),
        );
        let path = format!("/v1/quotes/{}", make::id(&quote, "id"));
        owner.act(&format!("{path}/submit")).ok();
        owner.post(&format!("{path}/reject"), json!({"reason": text})).ok();
    }
    for (n, text) in texts.iter().enumerate() {
        let money = json!({"amount": format!("{n}00.00"), "currency": "EUR"});
        let plan = if n == 0 {
            json!([])
        } else {
            json!([{"due_on": "2030-01-02", "amount": format!("{n}00.00"), "description": text}])
        };
        let contract = make::contract(
            owner,
            json!({"number": format!("C-{n}"), "title": format!("{text} {n}"), "account_id": accounts[n]["id"], "value": money,
            "start_on": "2026-01-02", "end_on": "2030-01-02", "renewal": "manual", "description": text, "installments": plan,
            "signed_at": "2026-01-02T03:04:05.678901Z"}),
        );
        let paid = json!({"amount": format!("{}.50", n + 1), "currency": "EUR"});
        make::payment(
            owner,
            json!({"contract_id": contract["id"], "amount": paid, "received_on": "2026-01-02", "method": "cash",
            "reference": format!("={n}"), "description": text}),
        );
    }
    for (n, product) in products.iter().take(3).enumerate() {
        let lines = json!([{"product_id": product["id"], "quantity": "2", "unit_price": "3.50"}]);
        make::opportunity(
            owner,
            json!({"name": format!("With lines {n}"), "amount": null, "currency": "USD", "lines": lines}),
        );
        let rate = json!({"from_currency": "EUR", "valid_on": format!("2026-01-0{}", n + 1), "rate": "1.1"});
        owner.post("/v1/exchange-rates", rate).created();
        let quota = json!({"period": format!("202{n}"), "amount": {"amount": "1.00", "currency": "USD"}});
        owner.post("/v1/quotas", quota).created();
    }
}

/// The exporters, without those of what the house itself keeps.
pub fn resources() -> Vec<&'static str> {
    let all = api::worker::exports::EXPORTERS.iter().map(|exporter| exporter.resource());
    all.filter(|resource| *resource != "audit_logs").collect()
}
