//! Rules give leads out: in turn, by load; and say why. By territories they do elsewhere ([`super::by_territory`]).
use super::place;
use crate::customer::without;
use crate::platform::imports::import;
use crate::support::{Client, Person, Town, Value, json, make};

/// Among three of them, in this way.
fn rule(town: &Town, strategy: &str, capacity: Option<i32>, extra: Value) -> Value {
    let people = [Person::Rep, Person::Mate, Person::Stranger];
    let members = people.map(|one| json!({"user_id": town.user(one), "capacity": capacity}));
    let basis = json!({"strategy": strategy, "members": members});
    make::assignment_rule(&town.owner(), make::with(basis, extra))
}

fn owners(client: &Client, count: usize) -> Vec<Value> {
    (0..count).map(|_| make::lead(client, json!({}))["owner_id"].clone()).collect()
}

#[test]
fn each_has_their_turn() {
    let town = Town::start();
    let owner = town.owner();
    rule(&town, "round_robin", Some(2), json!({"response_minutes": 30, "team_id": town.team("north")}));
    let [rep, mate, stranger] = [Person::Rep, Person::Mate, Person::Stranger].map(|one| json!(town.user(one)));
    let first = make::lead(&owner, json!({}));
    assert_eq!((&first["owner_id"], &first["team_id"]), (&rep, &json!(town.team("north"))));
    assert_eq!((&first["status"], &first["response_status"]), (&json!("assigned"), &json!("pending")));
    let due = first["response_due_at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let since = first["assigned_at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert_eq!((due - since).num_minutes(), 30);
    assert_eq!(owners(&owner, 5), [&mate, &stranger, &rep, &mate, &stranger].map(Clone::clone));
    let left = make::lead(&owner, json!({}));
    let me = owner.get("/v1/me").ok()["user"]["id"].clone();
    assert_eq!((&left["owner_id"], &left["status"]), (&me, &json!("new")), "all are full");
    owner.post(&format!("{}/disqualify", place(&first)), json!({"disqualify_reason": "gone"})).ok();
    let explained = owner.get(&format!("{}/assignment", place(&left))).ok();
    assert_eq!((&explained["last"], &explained["now"]["owner_id"]), (&json!(null), &rep));
    let outcomes = explained["now"]["rules"][0]["members"].as_array().unwrap();
    let outcomes: Vec<_> = outcomes.iter().map(|one| (one["outcome"].as_str().unwrap(), &one["open_leads"])).collect();
    assert_eq!(outcomes, [("chosen", &json!(1)), ("full", &json!(2)), ("full", &json!(2))]);
    let named = make::lead(&owner, json!({"owner_id": stranger}));
    assert_eq!((&named["owner_id"], &named["response_due_at"]), (&stranger, &json!(null)), "whoever is named gets it");
}

#[test]
fn whoever_has_least_in_hand_gets_the_next() {
    let town = Town::start();
    let owner = town.owner();
    let [rep, mate, stranger] = [Person::Rep, Person::Mate, Person::Stranger].map(|one| json!(town.user(one)));
    (0..2).for_each(|_| drop(make::lead(&owner, json!({"owner_id": rep}))));
    make::lead(&owner, json!({"owner_id": mate}));
    rule(&town, "load", None, json!({}));
    assert_eq!(owners(&owner, 3), [&stranger, &mate, &stranger].map(Clone::clone));
}

#[test]
fn the_first_rule_that_holds_gives_it_out() {
    let town = Town::start();
    let owner = town.owner();
    let queue = owner.post("/v1/queues", json!({"display_name": "Web"})).created();
    let to = |id: Value| json!([{"user_id": id}]);
    let web = json!({"position": 1, "filter": "source == \"web\"", "members": to(queue["id"].clone())});
    let web = make::assignment_rule(&owner, web);
    let rest = json!({"position": 2, "members": to(json!(town.user(Person::Mate)))});
    let rest = make::assignment_rule(&owner, rest);
    let rep = to(json!(town.user(Person::Rep)));
    make::assignment_rule(&owner, json!({"position": 0, "members": rep, "is_active": false}));
    let gone = make::assignment_rule(&owner, json!({"position": 0, "members": rep}));
    owner.delete(&format!("/v1/assignment-rules/{}", make::id(&gone, "id"))).is(204);
    assert_eq!(make::lead(&owner, json!({"source": "web"}))["owner_id"], queue["id"]);
    let other = make::lead(&owner, json!({"source": "phone"}));
    assert_eq!(other["owner_id"], json!(town.user(Person::Mate)));
    let told = owner.get(&format!("{}/assignment", place(&other))).ok()["last"].clone();
    let outcomes: Vec<_> =
        told["rules"].as_array().unwrap().iter().map(|one| (&one["rule_id"], &one["outcome"])).collect();
    assert_eq!(outcomes, [(&web["id"], &json!("not_matched")), (&rest["id"], &json!("chosen"))]);
    let mapping = json!({"resource": "leads", "columns": {"Firm": "company_name", "Source": "source"}});
    import(&owner, "leads.csv", b"Firm,Source\nTea,web\n", &mapping, &[("mode", "create_only")]);
    let brought = owner.get("/v1/leads?company_name=Tea").ok()["data"][0].clone();
    assert_eq!(brought["owner_id"], queue["id"], "files too");
    let batch = make::many(&owner, "leads", [json!({"display_name": "In a batch", "source": "web"})]);
    assert_eq!(batch[0]["owner_id"], queue["id"]);
}

#[test]
fn leads_are_given_out_when_somebody_says_so() {
    let town = Town::start();
    let owner = town.owner();
    let all: Vec<Value> = (0..4).map(|_| make::lead(&owner, json!({}))).collect();
    owner.post(&format!("{}/disqualify", place(&all[3])), json!({"disqualify_reason": "gone"})).ok();
    rule(&town, "round_robin", None, json!({}));
    let assign = |body: Value| owner.post("/v1/leads/assign", body);
    let before = town.database.count("SELECT count(*) FROM audit_log");
    let tried = assign(json!({"filter": "status == \"new\"", "dry_run": true})).ok();
    assert_eq!((&tried["assigned_count"], town.database.count("SELECT count(*) FROM audit_log")), (&json!(3), before));
    assert_eq!(owner.get(&place(&all[0])).ok()["owner_id"], all[0]["owner_id"], "nothing is done by trying");
    let done = assign(json!({"filter": "status == \"new\""})).ok();
    assert_eq!(done["results"], tried["results"], "what is tried is what is done");
    let owners: Vec<Value> = all.iter().take(3).map(|one| owner.get(&place(one)).ok()["owner_id"].clone()).collect();
    assert_eq!(owners, [Person::Rep, Person::Mate, Person::Stranger].map(|one| json!(town.user(one))));
    let lost = assign(json!({"ids": [all[3]["id"]]})).ok();
    assert_eq!((&lost["assigned_count"], &lost["results"][0]["owner_id"]), (&json!(0), &json!(null)));
    assert_eq!(assign(json!({"ids": [crate::support::nobodys_id()]})).pointers(), ["/ids/0"]);
    assert_eq!(assign(json!({"filter": "nonsense"})).pointers(), ["/filter"]);
    assign(json!({})).refused(422, "invalid");
    town.client(Person::Rep).post("/v1/leads/assign", json!({"ids": [all[0]["id"]]})).refused(403, "forbidden");
}

#[test]
fn a_rule_says_among_whom_or_by_what() {
    let town = Town::start();
    let owner = town.owner();
    let ask = |extra: Value| {
        owner.post("/v1/assignment-rules", make::with(json!({"name": "x", "position": 1, "strategy": "load"}), extra))
    };
    let rep = json!([{"user_id": town.user(Person::Rep)}]);
    assert_eq!(ask(json!({})).pointers(), ["/members"]);
    let territory = make::territory(&owner, json!({}));
    assert_eq!(ask(json!({"strategy": "territory", "members": rep})).pointers(), ["/members"]);
    assert_eq!(ask(json!({"members": rep, "territory_id": territory["id"]})).pointers(), ["/territory_id"]);
    let unknown = json!({"strategy": "territory", "territory_id": crate::support::nobodys_id()});
    let unknown = ask(unknown);
    unknown.refused(422, "unknown_reference");
    assert_eq!(unknown.pointers(), ["/territory_id"]);
    assert_eq!(ask(json!({"members": [{"user_id": crate::support::nobodys_id()}]})).pointers(), ["/members/0/user_id"]);
    assert_eq!(ask(json!({"members": [{"user_id": town.user(Person::Rep), "capacity": 0}]})).pointers(), ["/members"]);
    assert_eq!(ask(json!({"members": rep, "filter": "owner.email == \"x\""})).pointers(), ["/filter"]);
    let made = ask(json!({"members": rep})).created();
    let path = format!("/v1/assignment-rules/{}", make::id(&made, "id"));
    assert_eq!(owner.patch(&path, json!({"members": []})).pointers(), ["/members"]);
    assert_eq!(owner.patch(&path, json!({"response_minutes": 15})).ok()["response_minutes"], 15);
    owner.if_match(1).patch(&path, json!({"position": 2})).refused(412, "stale");
    let other = json!({"strategy": "territory", "members": [], "territory_id": territory["id"]});
    assert_eq!(owner.patch(&path, other).ok()["territory_id"], territory["id"]);
    assert_eq!(owner.patch(&path, json!({"strategy": "load", "members": rep})).pointers(), ["/territory_id"]);
    owner.delete(&path).is(204);
}

/// What a rule said of a lead, and whether one behind it was reached, tells of the fields that it looks at.
#[test]
fn why_somebody_has_a_lead_tells_nothing_that_is_hidden() {
    let town = Town::start();
    let owner = town.owner();
    let [rep, mate] = [Person::Rep, Person::Mate].map(|one| json!([{"user_id": town.user(one)}]));
    let rule = |position: u8, filter: Option<&str>, members: &Value| {
        make::assignment_rule(&owner, json!({"position": position, "filter": filter, "members": members}))
    };
    let web = rule(1, Some("source == \"web\""), &rep);
    let hot = rule(2, Some("rating == \"hot\""), &rep);
    let rest = rule(3, None, &mate);
    let lead = make::lead(&owner, json!({"rating": "hot"}));
    let path = format!("{}/assignment", place(&lead));
    let outcomes = |told: &Value| -> Vec<String> {
        told["rules"].as_array().unwrap().iter().map(|one| make::id(one, "outcome")).collect()
    };
    let all = owner.get(&path).ok();
    for told in [&all["last"], &all["now"]] {
        assert_eq!(outcomes(told), ["not_matched", "chosen", "not_reached"]);
        assert_eq!((&told["rule_id"], &told["owner_id"]), (&hot["id"], &json!(town.user(Person::Rep))));
    }
    let told = without(&town, &[("lead", "company_name", "hidden")]).get(&path).ok();
    assert_eq!(told["last"], all["last"], "no rule looks at that");
    let blind = without(&town, &[("lead", "rating", "hidden")]);
    let told = blind.get(&path).ok();
    for told in [&told["last"], &told["now"]] {
        assert_eq!(outcomes(told), ["not_matched", "withheld", "withheld"]);
        assert!(told["rule_id"].is_null() && told["rules"][1]["members"] == json!([]), "{told}");
    }
    assert_eq!((&told["now"]["owner_id"], &told["last"]["owner_id"]), (&json!(null), &lead["owner_id"]));
    let again = blind.post("/v1/leads/assign", json!({"ids": [lead["id"]], "dry_run": true})).ok();
    assert_eq!(outcomes(&again["results"][0]), ["not_matched", "withheld", "withheld"]);
    for (gone, left) in [(&web, 2), (&rest, 1)] {
        owner.delete(&format!("/v1/assignment-rules/{}?purge=true", make::id(gone, "id"))).is(204);
        assert_eq!(blind.get(&path).ok()["now"]["rules"].as_array().map(Vec::len), Some(left));
    }
    let last = blind.get(&path).ok()["last"].clone();
    assert_eq!(outcomes(&last), ["withheld", "withheld", "withheld"], "what one looked at that has gone, nobody knows");
}
