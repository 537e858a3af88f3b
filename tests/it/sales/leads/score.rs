//! The score is always what the rules that hold come to, and the ledger says how it came about.
use super::place;
use crate::customer::without;
use crate::support::{Town, json, make};

#[test]
fn rules_rate_a_lead_at_each_of_its_changes() {
    let town = Town::start();
    let owner = town.owner();
    let form = make::lead_score_rule(&owner, json!({"name": "Form"}));
    let hot = make::lead_score_rule(&owner, json!({"name": "Hot", "filter": "rating == \"hot\"", "points": 30}));
    make::lead_score_rule(
        &owner,
        json!({"name": "Free mail", "filter": "email.endsWith(\"@mail.example\")", "points": -5}),
    );
    let lead = make::lead(&owner, json!({"source": "form", "email": "ada@mail.example"}));
    assert_eq!((&lead["score"], &lead["version"]), (&json!(15), &json!(2)));
    let path = place(&lead);
    assert_eq!(owner.patch(&path, json!({"rating": "hot"})).ok()["score"], 45);
    assert_eq!(owner.get("/v1/leads?filter=score%20%3E%2040&sort=-score").ids().len(), 1);
    assert_eq!(owner.patch(&path, json!({"rating": "cold"})).ok()["score"], 15);
    owner.patch(&format!("/v1/lead-score-rules/{}", make::id(&form, "id")), json!({"points": 50})).ok();
    assert_eq!(owner.get(&path).ok()["score"], 15, "what it gave stands until the lead changes");
    owner.delete(&format!("/v1/lead-score-rules/{}", make::id(&hot, "id"))).is(204);
    let after = owner.patch(&path, json!({"rating": "hot"})).ok();
    assert_eq!(after["score"], 45);
    let told = owner.get(&format!("{path}/score")).ok();
    assert_eq!(told["score"], 45);
    let parts = told["parts"].as_array().unwrap();
    let parts: Vec<_> = parts.iter().map(|part| (part["rule_name"].as_str().unwrap(), &part["points"])).collect();
    assert_eq!(parts, [("Form", &json!(50)), ("Free mail", &json!(-5))]);
    let entries = told["entries"].as_array().unwrap();
    let sum: i64 = entries.iter().map(|entry| entry["points"].as_i64().unwrap()).sum();
    assert_eq!((sum, entries.len()), (45, 5), "{told}");
}

#[test]
fn a_rule_looks_at_the_lead_alone() {
    let town = Town::start();
    let owner = town.owner();
    let ask = |filter: &str| owner.post("/v1/lead-score-rules", json!({"name": "x", "filter": filter, "points": 1}));
    for bad in ["score >", "nonsense == 1", "owner.display_name == \"x\"", "tags.exists(t, t.name == \"vip\")"] {
        assert_eq!(ask(bad).pointers(), ["/filter"], "{bad}");
    }
    ask("company_name != null && created_at > now() - duration(\"24h\")").created();
    let zero = json!({"name": "x", "filter": "score > 1", "points": 0});
    assert_eq!(owner.post("/v1/lead-score-rules", zero).pointers(), ["/points"]);
}

/// That a rule holds of a lead tells of the fields that it looks at.
#[test]
fn a_score_tells_nothing_that_is_hidden() {
    let town = Town::start();
    let owner = town.owner();
    make::lead_score_rule(&owner, json!({"name": "Form"}));
    let hot = make::lead_score_rule(&owner, json!({"name": "Hot", "filter": "rating == \"hot\"", "points": 30}));
    let lead = make::lead(&owner, json!({"source": "form", "rating": "hot"}));
    let path = format!("{}/score", place(&lead));
    let all = owner.get(&path).ok();
    assert_eq!((&all["withheld_points"], all["parts"].as_array().map(Vec::len)), (&json!(0), Some(2)), "{all}");
    let told = |hidden: &str| {
        let told = without(&town, &[("lead", hidden, "hidden")]).get(&path).ok();
        let names = |of: &str| told[of].as_array().unwrap().iter().map(|one| make::id(one, "rule_name")).collect();
        let (parts, entries): (Vec<String>, Vec<String>) = (names("parts"), names("entries"));
        assert_eq!(parts, entries, "{told}");
        (told["score"].clone(), told["withheld_points"].clone(), parts)
    };
    assert_eq!(told("rating"), (json!(50), json!(30), vec!["Form".to_owned()]));
    // what one looked at that has gone, nobody knows
    owner.delete(&format!("/v1/lead-score-rules/{}", make::id(&hot, "id"))).is(204);
    assert_eq!(told("rating").1, json!(30));
    owner.delete(&format!("/v1/lead-score-rules/{}?purge=true", make::id(&hot, "id"))).is(204);
    assert_eq!(told("company_name"), (json!(50), json!(30), vec!["Form".to_owned()]));
    assert_eq!(owner.get(&path).ok()["parts"], all["parts"]);
}
