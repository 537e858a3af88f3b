//! A quote that gives away more than anybody may is approved by somebody else, goes out by mail in Chinese, and is
//! accepted by its link.
use super::{ADDRESS, BASE, MAIL, Scene, TOTAL, money, news, place};
use crate::platform::until;
use crate::sales::printed;
use crate::support::{Person, Value, json, make};

/// The quote as it was made, and the order of it.
pub fn sold(scene: &Scene, done: &Value) -> (Value, Value) {
    let quote = offered(scene, done);
    approved(scene, &quote);
    let token = sent(scene, &quote);
    accepted(scene, &quote, &token);
    let seller = scene.seller();
    let deal = seller.get(&place("opportunities", done, "opportunity_id")).ok();
    assert_eq!((&deal["amount"], &deal["base_amount"]), (&quote["total"], &money(BASE, "USD")), "as was agreed upon");
    let path = format!("{}/order", place("quotes", &quote, "id"));
    let order = seller.act(&path).created();
    assert_eq!((&order["total"], &order["contact_id"]), (&quote["total"], &done["contact_id"]));
    assert_eq!(seller.act(&path).ok()["id"], order["id"], "one order comes of it");
    (quote, order)
}

/// Three lines with a discount and taxes, each rounded by itself: (40 × 268 + 40 × 18.50 + 300) × 0.95 × 1.13.
fn offered(scene: &Scene, done: &Value) -> Value {
    let lines = [("西湖龙井 250克", "40", "268.00"), ("礼盒", "40", "18.50"), ("物流与包装", "1", "300.00")];
    let lines = lines.map(|(name, quantity, price)| {
        json!({"name": name, "quantity": quantity, "unit_price": price,
            "tax_rate": "0.13"})
    });
    let new = json!({"opportunity_id": done["opportunity_id"], "contact_id": done["contact_id"],
        "team_id": scene.town.team("north"), "currency": "CNY", "discount_rate": "0.05", "valid_until_on": "2099-12-31",
        "terms": "款到发货", "lines": lines});
    let quote = make::quote(&scene.seller(), new);
    assert_eq!((&quote["account_id"], &quote["status"]), (&done["account_id"], &json!("draft")));
    let sums = ["subtotal", "discount", "tax", "total"].map(|sum| make::id(&quote[sum], "amount"));
    assert_eq!(sums, ["11760.00", "588.00", "1452.36", TOTAL], "{quote}");
    quote
}

/// Whoever has asked for it says no yes to it; whoever may is asked, by a letter too.
fn approved(scene: &Scene, quote: &Value) {
    let (seller, leader, path) = (scene.seller(), scene.leader(), place("quotes", quote, "id"));
    let wanted = json!({"approval_requested": {"email": "immediately"}});
    leader.put("/v1/me/notification-preferences", wanted).ok();
    let send = || seller.post(&format!("{path}/send"), json!({"to": MAIL}));
    send().refused(409, "quote_approval_needed");
    assert_eq!(seller.act(&format!("{path}/submit")).ok()["status"], "in_review");
    seller.act(&format!("{path}/approve")).refused(403, "forbidden");
    send().refused(409, "quote_transition_refused");
    until("asked", || news(&leader, "approval_requested").len() == 1);
    assert_eq!(news(&leader, "approval_requested")[0]["record_id"], quote["id"]);
    let letter = scene.smtp.letters(&Person::Manager.email(), 1).remove(0);
    let page = format!("https://app.town.example/quotes/{}", make::id(quote, "id"));
    assert!(letter.text.contains("It waits for your approval") && letter.text.contains(&page), "{}", letter.text);
    let yes = leader.act(&format!("{path}/approve")).ok();
    assert_eq!(yes["status"], "approved");
    let people = [Person::Rep, Person::Manager].map(|one| json!(scene.town.user(one)));
    assert_eq!([&yes["approval_requested_by"], &yes["approval_decided_by"]], [&people[0], &people[1]]);
    until("told", || news(&seller, "approval_decided").len() == 1);
}

/// The token of its letter, with which the PDF has come.
fn sent(scene: &Scene, quote: &Value) -> String {
    let ask = json!({"to": MAIL, "language": "zh-Hans", "message": "王总您好，报价请见附件。"});
    let sent = scene.seller().post(&format!("{}/send", place("quotes", quote, "id")), ask).ok();
    assert_eq!((&sent["status"], sent["sent_at"].is_string()), (&json!("sent"), true));
    let letter = scene.smtp.letters(MAIL, 2).remove(1);
    for word in ["王总您好，报价请见附件。", "您可以在此查看、接受或拒绝", "2099-12-31"] {
        assert!(letter.text.contains(word), "{word}: {}", letter.text);
    }
    let (name, attached) = &letter.files[0];
    assert_eq!((letter.files.len(), name), (1, &format!("{}.pdf", make::id(quote, "number"))));
    let token = letter.token();
    let by_link = scene.visitor().get(&format!("/q/{token}/pdf"));
    assert_eq!((by_link.status, by_link.header("content-type")), (200, "application/pdf"));
    assert!(attached.starts_with(b"%PDF-") && by_link.body.starts_with(b"%PDF-"));
    on_paper(quote, attached, &by_link.body);
    token
}

/// Both are one sheet in Chinese, with every line and every sum.
fn on_paper(quote: &Value, attached: &[u8], by_link: &[u8]) {
    if !printed::is_read() {
        return println!("not read: there is no pdftotext");
    }
    let [sheet, other] = [attached, by_link].map(|pdf| printed::close(&printed::said(pdf)));
    assert_eq!(sheet, other);
    let number = make::id(quote, "number");
    let lines = ["西湖龙井250克", "礼盒", "物流与包装"];
    let words = ["报价单", "晨光商贸", "王伟", "2099-12-31", "款到发货", number.as_str()];
    for word in words.into_iter().chain(lines) {
        assert!(sheet.contains(word), "{word}: {sheet}");
    }
    for sum in ["小计11,760.00", "折扣-588.00", "税额13%1,452.36", "CNY12,624.36", "第1页，共1页"] {
        assert_eq!(sheet.matches(sum).count(), 1, "{sum}: {sheet}");
    }
}

/// By whoever has the link, without a login; who that was is kept with it.
fn accepted(scene: &Scene, quote: &Value, token: &str) {
    let (customer, path) = (scene.visitor(), place("quotes", quote, "id"));
    let shown = customer.get(&format!("/q/{token}")).ok();
    let told = [&shown["language"], &shown["words"]["title"], &shown["status"]];
    assert_eq!((told, &shown["total"]), ([&json!("zh-Hans"), &json!("报价单"), &json!("sent")], &quote["total"]));
    let yes = json!({"name": "王伟", "job_title": "采购经理"});
    assert_eq!(customer.post(&format!("/q/{token}/accept"), yes).ok()["status"], "accepted");
    let links = scene.seller().get(&format!("{path}/links")).ok();
    let members = ["kind", "recipient", "decision", "name", "job_title", "address", "user_agent"];
    let said = members.map(|member| &links[0][member]);
    assert_eq!(said, ["letter", MAIL, "accepted", "王伟", "采购经理", ADDRESS, "Probe/1.0"]);
    assert!(links[0]["decided_at"].is_string(), "{links}");
}
