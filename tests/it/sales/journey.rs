//! From a stranger to money, through the public doors alone: a form, a confirmed address, a lead that is given out and
//! answered, a customer, a deal, a quote in Chinese that is accepted by its link, an order, a contract with its instalments
//! and what was paid of them, and one story of it all.
use crate::customer::forms::{holds, people};
use crate::platform::until;
use crate::support::{Client, Smtp, Town, Value, json, make};

const MAIL: &str = "wang.wei@chenguang.example";

/// A visitor of the form becomes a lead, which a rule gives to somebody, and whose address is confirmed.
fn visitor(town: &Town, smtp: &Smtp) -> Value {
    let owner = town.owner();
    make::assignment_rule(&owner, json!({"filter": "source == \"form\"", "response_minutes": 30}));
    let company = json!({"key": "company", "kind": "text", "label": {"en": "Company"}, "target": "lead.company_name"});
    let form = make::form(&owner, json!({"makes": "lead", "has_double_opt_in": true}));
    let mut fields = form["fields"].as_array().unwrap().clone();
    fields.push(company);
    let form = make::id(&form, "id");
    owner.patch(&format!("/v1/forms/{form}"), json!({"fields": fields})).ok();
    let chinese = town.anonymous().with("accept-language", "zh-CN");
    let shown = chinese.get(&format!("/f/{form}")).ok();
    let said = json!({"token": shown["token"], "utm": {"source": "wechat", "campaign": "autumn"},
        "answers": {"mail": MAIL, "name": "王伟", "company": "晨光商贸", "news": true}});
    chinese.post(&format!("/f/{form}"), said).is(202);
    assert!(people(&owner, MAIL).is_empty());
    let letter = smtp.letters(MAIL, 1).remove(0);
    town.anonymous().post("/f/confirm", json!({"token": letter.token()})).ok();
    owner.get("/v1/leads").ok()["data"][0].clone()
}

/// The lead is answered within the promise, and becomes a deal; what they agreed to is the contact's, and holds.
fn worked(owner: &Client, lead: &Value) -> Value {
    assert_eq!((&lead["utm"]["source"], &lead["company_name"]), (&json!("wechat"), &json!("晨光商贸")));
    assert_eq!((&lead["response_status"], lead["assigned_at"].is_string()), (&json!("pending"), true), "{lead}");
    let links = json!([{"resource": "lead", "record_id": lead["id"]}]);
    make::activity(owner, json!({"kind": "call", "direction": "outbound", "subject": "报价前沟通", "links": links}));
    make::task(owner, json!({"subject": "寄样品", "due_at": "2099-12-01T02:00:00Z", "links": links}));
    let path = format!("/v1/leads/{}", make::id(lead, "id"));
    until("answered", || owner.get(&path).ok()["response_status"] == "met");
    let deal = json!({"fields": {"name": "茶叶年度采购", "expected_close_on": "2099-12-15"}});
    let done = owner.post(&format!("{path}/convert"), json!({"opportunity": deal})).ok();
    let contact = people(owner, MAIL).remove(0);
    assert_eq!((&done["contact_id"], holds(owner, &contact)), (&contact["id"], json!("granted")));
    done
}

/// Three lines with a discount and taxes, sent in Chinese, accepted by its link, and the order of it.
fn sold(town: &Town, smtp: &Smtp, done: &Value) -> (Value, Value) {
    let owner = town.owner();
    let line = |name: &str, quantity: &str, price: &str| json!({"name": name, "quantity": quantity, "unit_price": price, "tax_rate": "0.13"});
    let lines =
        json!([line("西湖龙井 250克", "40", "268.00"), line("礼盒", "40", "18.50"), line("物流与包装", "1", "300.00")]);
    let quote = make::quote(
        &owner,
        json!({"opportunity_id": done["opportunity_id"], "contact_id": done["contact_id"], "currency": "USD",
        "discount_rate": "0.05", "valid_until_on": "2099-12-31", "lines": lines}),
    );
    let path = format!("/v1/quotes/{}", make::id(&quote, "id"));
    // (40 × 268 + 40 × 18.50 + 300) × 0.95 × 1.13, each line rounded by itself
    assert_eq!(quote["total"]["amount"], "12624.36", "{quote}");
    owner.act(&format!("{path}/submit")).ok();
    owner.post(&format!("{path}/send"), json!({"to": MAIL, "language": "zh-Hans"})).ok();
    let letter = smtp.letters(MAIL, 2).remove(1);
    assert!(letter.files[0].1.starts_with(b"%PDF-"), "{}", letter.text);
    let place = format!("/q/{}", letter.token());
    let shown = town.anonymous().with("accept-language", "zh-CN").get(&place).ok();
    assert_eq!((&shown["language"], &shown["total"]), (&json!("zh-Hans"), &quote["total"]));
    town.anonymous().post(&format!("{place}/accept"), json!({"name": "王伟"})).ok();
    let order = owner.act(&format!("{path}/order")).created();
    assert_eq!(order["total"], quote["total"]);
    (quote, order)
}

/// A contract of four instalments, of which two are paid and the third is overdue.
fn paid(owner: &Client, quote: &Value) -> Value {
    let contract = owner.act(&format!("/v1/quotes/{}/contract", make::id(quote, "id"))).created();
    let path = format!("/v1/contracts/{}", make::id(&contract, "id"));
    let split = json!({"count": 4, "first_due_on": "2020-01-31", "every_months": 3});
    let plan = owner.post(&format!("{path}/installments/split"), split).ok();
    let first = make::id(&plan[0]["amount"], "amount");
    assert_eq!((first.as_str(), &plan[3]["due_on"]), ("3156.09", &json!("2020-10-31")));
    let last = format!("/v1/installments/{}", make::id(&plan[3], "id"));
    owner.patch(&last, json!({"due_on": "2099-10-31"})).ok();
    for day in ["2020-01-30", "2020-04-29"] {
        let amount = json!({"amount": first, "currency": "USD"});
        let payment = json!({"contract_id": contract["id"], "amount": amount, "received_on": day});
        assert_eq!(make::payment(owner, payment)["unmatched"]["amount"], "0.00");
    }
    assert_eq!(owner.act(&format!("{path}/sign")).ok()["status"], "active");
    let statuses = || {
        owner.get(&format!("/v1/installments?contract_id={}&sort=position", make::id(&contract, "id"))).each("status")
    };
    until("overdue", || statuses()[2] == "overdue");
    assert_eq!(statuses(), ["paid", "paid", "overdue", "planned"]);
    let balance = owner.get(&format!("{path}/balance")).ok();
    assert_eq!((&balance["paid"]["amount"], &balance["overdue"]["amount"]), (&json!("6312.18"), &json!("3156.09")));
    contract
}

/// All of it is one story, and has made them a customer.
fn story(owner: &Client, done: &Value) {
    let story = owner.get(&format!("/v1/timeline?subject=contact:{}&limit=200", make::id(done, "contact_id"))).ok();
    let text = story.to_string();
    for told in ["报价前沟通", "寄样品"] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let entries = story["data"].as_array().unwrap();
    for (kind, step) in [
        ("form_submission", None),
        ("consent", Some("granted")),
        ("lead", Some("created")),
        ("lead", Some("assigned")),
        ("lead", Some("converted")),
        ("opportunity", Some("created")),
        ("opportunity", Some("won")),
        ("quote", Some("sent")),
        ("quote", Some("accepted")),
        ("order", None),
        ("contract", Some("signed")),
        ("payment", Some("received")),
        ("installment", Some("paid")),
        ("installment", Some("overdue")),
    ] {
        let is_told = entries.iter().any(|one| one["kind"] == kind && one["step"].as_str() == step);
        assert!(is_told, "{kind} {step:?}: {text}");
    }
    for (noun, member) in [("accounts", "account_id"), ("contacts", "contact_id")] {
        let steps = owner.get(&format!("/v1/{noun}/{}/lifecycle", make::id(done, member))).each("to_stage");
        assert_eq!(steps, ["customer", "opportunity"], "{noun}");
    }
}

#[test]
fn a_stranger_becomes_money() {
    let smtp = Smtp::start();
    let town = Town::mailing(&smtp);
    let owner = town.owner();
    let lead = visitor(&town, &smtp);
    let done = worked(&owner, &lead);
    let (quote, order) = sold(&town, &smtp, &done);
    let deal = format!("/v1/opportunities/{}", make::id(&done, "opportunity_id"));
    assert_eq!(owner.get(&deal).ok()["amount"], quote["total"], "the deal comes to what was agreed upon");
    let stages = make::stages(&owner, None);
    owner.post(&format!("{deal}/transition"), json!({"stage_id": stages["closed_won"]})).ok();
    let place = format!("/v1/contacts/{}", make::id(&done, "contact_id"));
    let whole = owner.get(&format!("{place}/360")).ok();
    assert_eq!((&whole["orders"]["order_count"], &whole["orders"]["totals"][0]), (&json!(1), &order["total"]));
    assert_eq!(whole["open_items"][0]["subject"], "寄样品");
    let contract = paid(&owner, &quote);
    let whole = owner.get(&format!("/v1/accounts/{}/360", make::id(&done, "account_id"))).ok();
    assert_eq!(whole["contracts"]["active"][0]["number"], contract["number"]);
    assert_eq!(whole["contracts"]["overdue_installments"].as_array().unwrap().len(), 1);
    story(&owner, &done);
    let names = town.database.column("SELECT DISTINCT name FROM event_log");
    for name in [
        "contact.created",
        "contact.consent_changed",
        "lead.assigned",
        "lead.responded",
        "lead.converted",
        "quote.sent",
        "quote.accepted",
        "order.created",
        "contract.signed",
        "installment.overdue",
        "opportunity.won",
    ] {
        assert!(names.iter().any(|one| one == name), "{name}: {names:?}");
    }
}
