//! The whole story of a customer, from the form to the money: told step by step, in one order, to whoever sees its parts.
use super::timeline::{kinds, page, walk};
use super::without;
use crate::sales::contracts::{act, watch};
use crate::sales::payments::plan;
use crate::support::{Client, Person, Town, Value, json, make};
use std::collections::BTreeSet;

/// Whom it is of, and what is in it.
struct Tale {
    lead: Value,
    account: String,
    contact: String,
    deal: String,
    quote: Value,
    contract: Value,
}

/// Somebody fills in a form and becomes a customer; of three quotes one is accepted, one rejected, and one runs out; the
/// contract has two instalments, of which one is paid and one overdue, and is terminated.
fn tale(town: &Town) -> Tale {
    let owner = town.owner();
    let form = make::id(&make::form(&owner, json!({"makes": "lead"})), "id");
    let answers = json!({"mail": "ada@x.example", "name": "Ada", "news": true});
    make::submission(&town.anonymous(), &form, answers).is(202);
    let lead = owner.get("/v1/leads").ok()["data"][0].clone();
    let path = format!("/v1/leads/{}", make::id(&lead, "id"));
    owner.patch(&path, json!({"owner_id": town.user(Person::Rep)})).ok();
    let into = json!({"account": {"fields": {"name": "Engines"}}, "opportunity": {"fields": {"name": "Looms"}}});
    let done = owner.post(&format!("{path}/convert"), into).ok();
    let [account, contact, deal] = ["account_id", "contact_id", "opportunity_id"].map(|member| make::id(&done, member));
    let quote = |end: &str| {
        let whose = json!({"account_id": account, "contact_id": contact, "opportunity_id": deal});
        let quote = make::quote(&owner, whose);
        let path = format!("/v1/quotes/{}", make::id(&quote, "id"));
        owner.post(&format!("{path}/send"), json!({"to": "ada@x.example"})).ok();
        match end {
            "expired" => town.database.run(&format!(
                "UPDATE quotes SET status = 'expired', updated_at = now() WHERE id = '{}'",
                make::id(&quote, "id")
            )),
            "reject" => drop(owner.post(&format!("{path}/reject"), json!({"reason": "too dear"})).ok()),
            verb => drop(owner.act(&format!("{path}/{verb}")).ok()),
        }
        quote
    };
    quote("reject");
    quote("expired");
    let quote = quote("accept");
    let contract = owner.act(&format!("/v1/quotes/{}/contract", make::id(&quote, "id"))).created();
    let split = json!({"count": 2, "first_due_on": "2020-01-31"});
    owner.post(&format!("/v1/contracts/{}/installments/split", make::id(&contract, "id")), split).ok();
    let first = plan(&owner, &contract)[0]["amount"].clone();
    let payment = json!({"contract_id": contract["id"], "amount": first, "received_on": "2020-01-30"});
    make::payment(&owner, payment);
    act(&owner, &contract, "sign").ok();
    watch(town);
    act(&owner, &contract, "terminate").ok();
    let stages = make::stages(&owner, None);
    for stage in ["negotiation", "closed_won"] {
        let to = json!({"stage_id": stages[stage]});
        owner.post(&format!("/v1/opportunities/{deal}/transition"), to).ok();
    }
    for status in ["granted", "withdrawn"] {
        make::consent(&owner, json!({"contact_id": contact, "purpose": "calls", "status": status}));
    }
    Tale { lead, account, contact, deal, quote, contract }
}

/// The steps of one sort, in the order of their names.
#[track_caller]
fn steps(client: &Client, subject: &str, kind: &str) -> Vec<String> {
    let mut all: Vec<String> = walk(client, &format!("{subject}&types={kind}"), 200)
        .iter()
        .map(|one| one["step"].as_str().unwrap_or("-").to_owned())
        .collect();
    all.sort();
    all
}

#[test]
fn it_is_told_from_the_form_to_the_money() {
    let town = Town::idle();
    let (owner, tale) = (town.owner(), tale(&town));
    let whole = [
        ("lead", vec!["assigned", "converted", "created"]),
        ("opportunity", vec!["created", "stage_changed", "won"]),
        ("quote", vec!["accepted", "expired", "rejected", "sent", "sent", "sent"]),
        ("contract", vec!["ended", "signed"]),
        ("payment", vec!["received"]),
        ("installment", vec!["overdue", "paid"]),
    ];
    let contact = format!("contact:{}", tale.contact);
    for subject in [contact.clone(), format!("account:{}", tale.account), format!("opportunity:{}", tale.deal)] {
        for (kind, wanted) in &whole {
            assert_eq!(steps(&owner, &subject, kind), *wanted, "{kind} of {subject}");
        }
    }
    assert_eq!(steps(&owner, &contact, "form_submission"), ["-"]);
    let said = steps(&owner, &contact, "consent");
    assert!(said.contains(&"granted".to_owned()) && said.contains(&"withdrawn".to_owned()), "{said:?}");
    // of each record its own part
    let lead = format!("lead:{}", make::id(&tale.lead, "id"));
    assert_eq!(steps(&owner, &lead, "lead"), whole[0].1);
    assert_eq!(steps(&owner, &lead, "form_submission"), ["-"]);
    let quote = format!("quote:{}", make::id(&tale.quote, "id"));
    assert_eq!(steps(&owner, &quote, "quote"), ["accepted", "sent"]);
    let contract = format!("contract:{}", make::id(&tale.contract, "id"));
    for subject in [quote, contract] {
        for (kind, wanted) in &whole[3..] {
            assert_eq!(steps(&owner, &subject, kind), *wanted, "{kind} of {subject}");
        }
    }
}

#[test]
fn it_comes_in_one_order_however_it_is_paged() {
    let town = Town::idle();
    let (owner, tale) = (town.owner(), tale(&town));
    let subject = format!("contact:{}", tale.contact);
    let all = walk(&owner, &subject, 200);
    let moment = |at: &Value| at.as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let moments: Vec<_> = all.iter().map(|one| moment(&one["at"])).collect();
    assert!(moments.windows(2).all(|pair| pair[0] >= pair[1]), "{moments:?}");
    let told = |all: &[Value]| -> Vec<Value> {
        all.iter().map(|one| json!([one["kind"], one["step"], one["id"], one["at"]])).collect()
    };
    let each: BTreeSet<String> = told(&all).iter().map(Value::to_string).collect();
    assert_eq!(each.len(), all.len(), "one step is told twice");
    for limit in [1, 2, 3, 7] {
        assert_eq!(told(&walk(&owner, &subject, limit)), told(&all), "by {limit}");
    }
    // a step comes with what it is of
    let one = |kind: &str, step: &str| {
        let found = all.iter().find(|one| one["kind"] == kind && one["step"] == step);
        found.unwrap_or_else(|| panic!("no {kind} {step}")).clone()
    };
    let won = one("opportunity", "won");
    assert_eq!(
        (&won["record"]["to_stage"], &won["record"]["from_stage"]),
        (&json!("closed_won"), &json!("negotiation"))
    );
    assert_eq!(won["record"]["opportunity"]["name"], "Looms");
    let overdue = one("installment", "overdue");
    assert_eq!((&overdue["record"]["position"], &overdue["at"]), (&json!(2), &overdue["record"]["overdue_at"]));
    assert_eq!(overdue["record"]["contract"]["id"], tale.contract["id"]);
    let paid = one("installment", "paid");
    assert_eq!((&paid["record"]["position"], &paid["at"]), (&json!(1), &paid["record"]["paid_at"]));
    assert_eq!(one("payment", "received")["at"], "2020-01-30T00:00:00Z", "money is told by its day");
    let ended = one("contract", "ended");
    assert_eq!((&ended["at"], &ended["record"]["status"]), (&ended["record"]["ended_at"], &json!("terminated")));
    let accepted = one("quote", "accepted");
    assert_eq!(accepted["id"], tale.quote["id"]);
    assert!(moment(&accepted["at"]) >= moment(&accepted["record"]["sent_at"]), "{accepted}");
}

#[test]
fn each_sees_the_parts_that_are_theirs_to_see() {
    let town = Town::idle();
    let (owner, tale) = (town.owner(), tale(&town));
    let subject = format!("contact:{}", tale.contact);
    let told =
        |client: &Client, subject: &str| -> BTreeSet<String> { kinds(&page(client, subject)).into_iter().collect() };
    let wanted = |names: &[&str]| -> BTreeSet<String> { names.iter().map(|name| (*name).to_owned()).collect() };
    let one = make::holder(&town, &[("contact", "read", "all")]);
    assert_eq!(told(&one, &subject), wanted(&["change", "consent"]));
    // a contract is the contact's by a quote: whoever sees no quote does not know
    let rights = [("contact", "read", "all"), ("account", "read", "all"), ("contract", "read", "all")];
    let two = make::holder(&town, &rights);
    assert_eq!(told(&two, &subject), wanted(&["change", "consent"]));
    let account = format!("account:{}", tale.account);
    assert_eq!(told(&two, &account), wanted(&["change", "contract", "installment"]));
    // whoever sees the deals of their own sees none of others'
    let three = make::holder(&town, &[("account", "read", "all"), ("opportunity", "read", "own")]);
    assert_eq!(told(&three, &account), wanted(&["change"]));
    for (object, field, gone) in [
        ("quote", "status", "quote"),
        ("contract", "account_id", "installment"),
        ("installment", "paid_at", "installment"),
        ("opportunity", "stage_id", "opportunity"),
        ("lead", "converted_at", "lead"),
        ("consent", "status", "consent"),
    ] {
        let blind = without(&town, &[(object, field, "hidden")]);
        let seen = told(&blind, &subject);
        assert!(!seen.contains(gone) && seen.contains("payment"), "{object}.{field}: {seen:?}");
    }
    let blind = without(&town, &[("contract", "title", "hidden"), ("opportunity", "name", "hidden")]);
    for (kind, part, field) in [("installment", "contract", "title"), ("opportunity", "opportunity", "name")] {
        let seen = page(&blind, &format!("{subject}&types={kind}"));
        let first = &seen["data"][0]["record"][part];
        assert!(first["id"].is_string() && first.get(field).is_none(), "{seen}");
    }
    for client in [town.client(Person::Stranger), town.client(Person::Foreigner)] {
        client.get(&format!("/v1/timeline?subject={subject}")).refused(404, "not_found");
    }
    // what is archived is in no story
    owner.delete(&format!("/v1/opportunities/{}", tale.deal)).is(204);
    assert_eq!(steps(&owner, &account, "opportunity"), Vec::<String>::new());
}
