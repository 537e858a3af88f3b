//! All of it is seen in one answer, and told as one story in the order in which it has happened, to whoever had a part
//! in it.
use super::{BASE, MAIL, Scene, TOTAL, money, place};
use crate::customer::timeline::walk;
use crate::support::{Client, Value, json, make};

/// What has happened, the first first; what stands together has happened at one moment.
const STORY: [&[&str]; 15] = [
    &["form_submission", "consent pending", "lead created", "lead assigned"],
    &["consent granted"],
    &["activity"],
    &["task"],
    &["lead converted", "opportunity created"],
    &["opportunity stage_changed"],
    &["quote sent"],
    &["quote accepted"],
    &["order"],
    &["opportunity stage_changed"],
    &["contract signed"],
    &["payment received", "installment paid"],
    &["payment received", "installment paid"],
    &["installment overdue"],
    &["opportunity won"],
];
const SORTS: &str = "activity,task,order,email_message,form_submission,consent,lead,opportunity,quote,contract,payment,\
                     installment";

/// The 360 view of the contact and of their account.
pub fn seen_whole(scene: &Scene, done: &Value, contract: &Value) {
    for client in [scene.owner(), scene.leader(), scene.seller()] {
        let person = client.get(&format!("{}/360", place("contacts", done, "contact_id"))).ok();
        assert_eq!((&person["contact"]["email"], &person["account"]["id"]), (&json!(MAIL), &done["account_id"]));
        assert_eq!((&person["consents"][0]["status"], &person["consents"][1]), (&json!("granted"), &Value::Null));
        let company = client.get(&format!("{}/360", place("accounts", done, "account_id"))).ok();
        assert_eq!(company["contacts"][0]["id"], done["contact_id"]);
        for whole in [&person, &company] {
            came(whole, done);
            bought(whole, contract);
        }
    }
    for (noun, member) in [("accounts", "account_id"), ("contacts", "contact_id")] {
        let steps = scene.seller().get(&format!("{}/lifecycle", place(noun, done, member))).each("to_stage");
        assert_eq!(steps, ["customer", "opportunity"], "{noun}");
    }
}

/// As whom they came, and what was done about it.
fn came(whole: &Value, done: &Value) {
    let leads = &whole["leads"];
    assert_eq!((&leads["lead_count"], &leads["latest"][0]["id"]), (&json!(1), &done["lead"]["id"]));
    assert_eq!(whole["form_submissions"][0]["answers"]["mail"], MAIL);
    assert_eq!(whole["latest_activity"][0]["subject"], "报价前沟通");
    assert_eq!(whole["open_items"][0]["subject"], "寄样品");
}

/// What they have bought, and what of it is paid.
fn bought(whole: &Value, contract: &Value) {
    let deals = &whole["opportunities"];
    assert_eq!((&deals["open_count"], &deals["won_count"]), (&json!(0), &json!(1)));
    assert_eq!(deals["won_totals"], json!([money(BASE, "USD")]));
    assert_eq!(whole["quotes"]["open_count"], 0);
    let orders = &whole["orders"];
    assert_eq!((&orders["order_count"], &orders["totals"]), (&json!(1), &json!([money(TOTAL, "CNY")])));
    let contracts = &whole["contracts"];
    assert_eq!((&contracts["active_count"], &contracts["active"][0]["id"]), (&json!(1), &contract["id"]));
    let balance = &contracts["balances"][0];
    let sums = ["value", "paid", "unpaid", "overdue"].map(|sum| make::id(&balance[sum], "amount"));
    assert_eq!(sums, [TOTAL, "6312.18", "6312.18", "3156.09"], "{balance}");
    let positions = ["overdue_installments", "open_installments"].map(|some| &contracts[some][0]["position"]);
    assert_eq!(positions, [&json!(3), &json!(4)], "{contracts}");
}

/// The timeline of the contact, of their account and of the deal.
pub fn told(scene: &Scene, done: &Value) {
    // a form and a word are somebody's own, and an order is bought by somebody
    let of: [(&str, &str, &[&str]); 3] = [
        ("contact", "contact_id", &[]),
        ("account", "account_id", &["form_submission", "consent"]),
        ("opportunity", "opportunity_id", &["form_submission", "consent", "order"]),
    ];
    for client in [scene.owner(), scene.leader(), scene.seller()] {
        for (noun, member, without) in of {
            in_order(&steps(&client, &format!("{noun}:{}", make::id(done, member))), without);
        }
    }
    let names = scene.town.database.column("SELECT DISTINCT name FROM event_log");
    for name in [
        "lead.assigned",
        "lead.responded",
        "task.reminded",
        "lead.converted",
        "contact.created",
        "contact.consent_changed",
        "opportunity.stage_changed",
        "quote.sent",
        "quote.accepted",
        "order.created",
        "contract.signed",
        "payment.created",
        "installment.overdue",
        "opportunity.won",
    ] {
        assert!(names.iter().any(|one| one == name), "{name}: {names:?}");
    }
}

/// What a timeline tells, a few entries a page, the first first.
fn steps(client: &Client, subject: &str) -> Vec<String> {
    let told = walk(client, &format!("{subject}&types={SORTS}"), 7);
    let step = |one: &Value| match one["step"].as_str() {
        Some(step) => format!("{} {step}", make::id(one, "kind")),
        None => make::id(one, "kind"),
    };
    told.iter().rev().map(step).collect()
}

/// Whether this is the story, without some sorts of entries.
fn in_order(told: &[String], without: &[&str]) {
    let mut rest = told.iter().map(String::as_str);
    for chapter in STORY {
        let is_told = |step: &&str| step.split(' ').next().is_none_or(|kind| !without.contains(&kind));
        let mut wanted: Vec<&str> = chapter.iter().copied().filter(is_told).collect();
        let mut here: Vec<&str> = rest.by_ref().take(wanted.len()).collect();
        wanted.sort_unstable();
        here.sort_unstable();
        assert_eq!(here, wanted, "{told:#?}");
    }
    assert_eq!(rest.next(), None, "{told:#?}");
}
