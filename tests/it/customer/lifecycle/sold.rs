//! What moves them on by itself: leads, deals and orders, however they come.
use super::{both, place, stage, step, steps};
use crate::customer::forms::people;
use crate::platform::imports::import;
use crate::support::{Town, Value, fresh, json, make, seal};

#[test]
fn who_buys_is_a_customer_and_nobody_goes_back_by_itself() {
    let town = Town::idle();
    let owner = town.owner();
    let [(_, account), (_, contact)] = both(&owner);
    let whose = json!({"account_id": account["id"], "contact_id": contact["id"]});
    let order = make::order(&owner, whose.clone());
    make::order(&owner, whose.clone());
    for (noun, record) in [("account", &account), ("contact", &contact)] {
        let path = place(noun, record);
        let wanted = [step("-", "lead", "created"), step("lead", "customer", "order_placed")];
        assert_eq!(steps(&owner, &path), wanted, "{noun}");
        assert_eq!(owner.get(&format!("{path}/lifecycle")).ok()["data"][0]["cause_id"], order["id"]);
        // somebody knows better, and what is changed of the order says nothing of whom it is
        owner.patch(&path, json!({"lifecycle_stage": "lead"})).ok();
        owner.patch(&place("order", &order), json!({"description": "x", "shipping": "1.00"})).ok();
        owner.patch(&place("order", &order), make::with(whose.clone(), json!({"status": order["status"]}))).ok();
        assert_eq!(stage(&owner, &path), "lead");
    }
    seal(&town);
    let told = owner.walk("/v1/events?types=contact.lifecycle_changed");
    let told: Vec<&Value> = told.iter().map(|event| &event["data"]["lifecycle_stage"]).collect();
    assert_eq!(told, [&json!("customer"), &json!("lead")]);
    // whoever has come further stays there
    for further in ["customer", "evangelist", "churned"] {
        let one = make::contact(&owner, json!({"lifecycle_stage": further}));
        make::order(&owner, json!({"contact_id": one["id"]}));
        assert_eq!(stage(&owner, &place("contact", &one)), further);
    }
    let other = make::contact(&owner, json!({}));
    let path = place("contact", &other);
    make::order(&owner, json!({"contact_id": other["id"], "status": "cancelled"}));
    assert_eq!(stage(&owner, &path), "lead", "nothing was bought");
    owner.patch(&place("order", &order), json!({"contact_id": other["id"]})).ok();
    assert_eq!(stage(&owner, &path), "customer", "it was theirs");
    let third = make::contact(&owner, json!({}));
    let called_off = make::order(&owner, json!({"contact_id": third["id"], "status": "cancelled"}));
    owner.patch(&place("order", &called_off), json!({"status": "confirmed"})).ok();
    assert_eq!(stage(&owner, &place("contact", &third)), "customer", "it is bought after all");
    let back = make::contact(&owner, json!({}));
    make::order(&owner, json!({"contact_id": back["id"], "status": "returned"}));
    assert_eq!(stage(&owner, &place("contact", &back)), "lead", "what came back was bought by nobody");
}

#[test]
fn a_deal_that_is_won_makes_customers_of_all_who_take_part() {
    let town = Town::idle();
    let owner = town.owner();
    let stages = make::stages(&owner, None);
    let [(_, account), (_, contact)] = both(&owner);
    let deal = make::opportunity(&owner, json!({"account_id": account["id"]}));
    let path = format!("/v1/opportunities/{}", make::id(&deal, "id"));
    let joins = |who: &Value| owner.post(&format!("{path}/contacts"), json!({"contact_id": who["id"]})).created();
    joins(&contact);
    let to = |stage: &str, extra: Value| {
        let body = make::with(json!({"stage_id": stages[stage]}), extra);
        owner.post(&format!("{path}/transition"), body).ok();
    };
    to("closed_lost", json!({"lost_reason": "price"}));
    assert_eq!(stage(&owner, &place("account", &account)), "lead");
    to("closed_won", json!({}));
    let late = make::contact(&owner, json!({}));
    joins(&late);
    for (noun, record) in [("account", &account), ("contact", &contact), ("contact", &late)] {
        let path = place(noun, record);
        assert_eq!(steps(&owner, &path)[1..], [step("lead", "customer", "opportunity_won")], "{noun}");
        assert_eq!(owner.get(&format!("{path}/lifecycle")).ok()["data"][0]["cause_id"], deal["id"]);
    }
    let other = make::account(&owner, json!({}));
    owner.patch(&path, json!({"account_id": other["id"]})).ok();
    assert_eq!(stage(&owner, &place("account", &other)), "customer", "it was won with them");
    let third = make::account(&owner, json!({}));
    make::opportunity(&owner, json!({"account_id": third["id"], "stage_id": stages["closed_won"]}));
    assert_eq!(stage(&owner, &place("account", &third)), "customer", "it came as won");
}

#[test]
fn a_lead_brings_whom_it_becomes_as_far_as_it_goes() {
    let town = Town::idle();
    let owner = town.owner();
    let convert = |ask: Value| {
        let lead = make::lead(&owner, json!({"company_name": fresh("Mill ")}));
        let done = owner.post(&format!("/v1/leads/{}/convert", make::id(&lead, "id")), ask).ok();
        [("account", "account_id"), ("contact", "contact_id")]
            .map(|(noun, member)| (format!("/v1/{noun}s/{}", make::id(&done, member)), lead["id"].clone()))
    };
    for (path, _) in convert(json!({})) {
        assert_eq!(steps(&owner, &path), [step("-", "sales_qualified_lead", "created")]);
    }
    for (path, _) in convert(json!({"opportunity": {}})) {
        assert_eq!(steps(&owner, &path), [step("-", "opportunity", "created")]);
    }
    // those that were there come on, unless they have come as far
    let [(_, account), (_, contact)] = both(&owner);
    let into = json!({"account": {"id": account["id"]}, "contact": {"id": contact["id"]}});
    for (path, lead) in convert(into.clone()) {
        assert_eq!(steps(&owner, &path)[1..], [step("lead", "sales_qualified_lead", "lead_converted")]);
        assert_eq!(owner.get(&format!("{path}/lifecycle")).ok()["data"][0]["cause_id"], lead);
    }
    owner.patch(&place("contact", &contact), json!({"lifecycle_stage": "customer"})).ok();
    convert(make::with(into, json!({"opportunity": {}})));
    assert_eq!(stage(&owner, &place("account", &account)), "opportunity");
    assert_eq!(stage(&owner, &place("contact", &contact)), "customer");
    // what the body says of a new one holds
    let [(path, _), _] = convert(json!({"account": {"fields": {"lifecycle_stage": "subscriber"}}, "opportunity": {}}));
    assert_eq!(steps(&owner, &path), [step("-", "subscriber", "created")]);
}

#[test]
fn files_move_on_like_bodies() {
    let town = Town::start();
    let owner = town.owner();
    let mapping = json!({"resource": "contacts", "columns": {"Mail": "email", "Name": "display_name", "Stage": "lifecycle_stage"}});
    let file = b"Mail,Name,Stage\na@x.example,A,lead\nb@x.example,B,opportunity\n";
    assert_eq!(import(&owner, "c.csv", file, &mapping, &[("mode", "upsert")])["rows_created"], 2);
    let file = b"Mail,Name,Stage\na@x.example,A,customer\nb@x.example,Bob,opportunity\n";
    assert_eq!(import(&owner, "d.csv", file, &mapping, &[("mode", "upsert")])["rows_updated"], 2);
    let path = |mail: &str| place("contact", &people(&owner, mail)[0]);
    assert_eq!(steps(&owner, &path("a@x.example"))[1..], [step("lead", "customer", "set")]);
    assert_eq!(steps(&owner, &path("b@x.example")), [step("-", "opportunity", "created")]);
    seal(&town);
    let told = owner.walk("/v1/events?types=contact.updated,contact.lifecycle_changed");
    let mut told: Vec<&str> = told.iter().map(|event| event["type"].as_str().unwrap()).collect();
    told.sort_unstable();
    assert_eq!(told, ["contact.lifecycle_changed", "contact.updated"]);
    let mapping = json!({"resource": "orders", "columns": {"No": "number", "Cur": "currency", "Mail": "contact.email",
        "State": "status"}});
    make::contact(&owner, json!({"email": "c@x.example"}));
    let file = b"No,Cur,Mail,State\nO-1,EUR,b@x.example,confirmed\nO-2,EUR,c@x.example,cancelled\n";
    assert_eq!(import(&owner, "o.csv", file, &mapping, &[])["rows_created"], 2);
    assert_eq!(steps(&owner, &path("b@x.example"))[1..], [step("opportunity", "customer", "order_placed")]);
    assert_eq!(stage(&owner, &path("c@x.example")), "lead");
}
