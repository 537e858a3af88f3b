//! Nobody learns by a segment what they do not see.
use super::{dynamic, follow, matching, members, path, set, told};
use crate::customer::without;
use crate::support::{Client, Person, Town, Value, encoded, json, make};

fn share(owner: &Client, town: &Town, segment: &Value, person: Person) {
    let share = json!({"resource": "segment", "record_id": segment["id"], "user_id": town.user(person)});
    owner.post("/v1/shares", share).created();
}

fn within(segment: &Value) -> String {
    format!("segments.exists(s, s.id == {})", segment["id"])
}

#[test]
fn a_segment_is_out_of_sight_of_whoever_does_not_see_what_it_is_made_of() {
    let town = Town::idle();
    let owner = town.owner();
    let rich = make::account(&owner, json!({"industry": "banking"}));
    let contact = make::contact(&owner, json!({"account_id": rich["id"]}));
    let segment = dynamic(&owner, "account", "industry == \"banking\"");
    let above = dynamic(&owner, "contact", &format!("account.{}", within(&segment)));
    let plain = dynamic(&owner, "account", "name != \"\"");
    follow(&town);
    assert_eq!(members(&owner, &above), set(&[&contact]));
    let blind = without(&town, &[("account", "industry", "hidden")]);
    for one in [&segment, &above] {
        blind.get(&path(one)).refused(404, "not_found");
        blind.get(&format!("{}/members", path(one))).refused(404, "not_found");
        blind.get(&format!("{}/state", path(one))).refused(404, "not_found");
        blind.get(&format!("{}/history", path(one))).refused(404, "not_found");
        blind.patch(&path(one), json!({"name": "x"})).refused(404, "not_found");
    }
    assert_eq!(blind.get("/v1/segments?count=exact").ids(), [make::id(&plain, "id")]);
    assert_eq!(matching(&blind, "account", &within(&segment)), set(&[]));
    assert_eq!(matching(&blind, "contact", &within(&above)), set(&[]));
    let shown = blind.get(&format!("/v1/accounts/{}?include=segments", make::id(&rich, "id"))).ok();
    assert_eq!(shown["segments"].as_array().unwrap().len(), 1);
    let new = json!({"name": "x", "resource": "account", "kind": "dynamic"});
    let say = |filter: String| blind.post("/v1/segments", make::with(new.clone(), json!({"filter": filter})));
    say("industry == \"banking\"".into()).refused(400, "filter_unknown_field");
    say(within(&segment)).refused(422, "unknown_reference");
    // nor do they hear of it
    let poor = make::account(&owner, json!({"industry": "banking"}));
    follow(&town);
    assert!(told(&owner).iter().any(|(_, id)| *id == make::id(&poor, "id")));
    let events = blind.get("/v1/events?after=0&limit=200&types=segment.*,segment_member.*").ok();
    assert!(!events.to_string().contains(&make::id(&segment, "id")), "{events}");
    assert!(events.to_string().contains(&make::id(&plain, "id")), "{events}");
    // a filter that is changed takes the sight of what is made of it along
    owner.patch(&path(&plain), json!({"filter": "industry != null"})).ok();
    blind.get(&path(&plain)).refused(404, "not_found");
    owner.patch(&path(&segment), json!({"filter": "name != \"\""})).ok();
    blind.get(&path(&segment)).ok();
    blind.get(&path(&above)).ok();
}

#[test]
fn who_does_not_see_all_orders_asks_nothing_of_orders() {
    let town = Town::idle();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let contact = make::contact(&rep, json!({}));
    make::order(&owner, json!({"contact_id": contact["id"]}));
    let buys = "orders.exists(o, o.total.amount > 1)";
    assert_eq!(matching(&rep, "contact", buys), set(&[]), "the order is not theirs to see");
    let new = json!({"name": "x", "resource": "contact", "kind": "dynamic", "filter": buys});
    rep.post("/v1/segments", new).refused(403, "segment_beyond_sight");
    let segment = dynamic(&owner, "contact", buys);
    let open = dynamic(&owner, "contact", "display_name != \"\"");
    follow(&town);
    assert_eq!(members(&owner, &segment), set(&[&contact]));
    for one in [&segment, &open] {
        share(&owner, &town, one, Person::Rep);
    }
    rep.get(&path(&segment)).refused(404, "not_found");
    assert_eq!(matching(&rep, "contact", &within(&segment)), set(&[]));
    // what asks of the record alone is shown as far as its records are
    let unseen = make::contact(&owner, json!({}));
    follow(&town);
    assert_eq!(members(&rep, &open), set(&[&contact]));
    assert_eq!(members(&owner, &open), set(&[&contact, &unseen]));
    assert_eq!(rep.get(&format!("{}/members?count=exact", path(&open))).json()["page"]["count"], 1);
    assert_eq!(rep.get(&format!("{}/state", path(&open))).ok()["count"], 1);
    let events = rep.get("/v1/events?after=0&limit=200").ok().to_string();
    assert!(!events.contains(&make::id(&unseen, "id")), "{events}");
    // a rep's own segment holds those of the whole tenant, and shows them theirs
    let own = dynamic(&rep, "contact", "display_name != \"\"");
    follow(&town);
    assert_eq!((members(&rep, &own), members(&owner, &own).len()), (set(&[&contact]), 2));
}

#[test]
fn a_segment_is_its_tenants() {
    let town = Town::idle();
    let (owner, foreigner) = (town.owner(), town.client(Person::Foreigner));
    make::contact(&owner, json!({"do_not_contact": true}));
    let theirs = make::contact(&foreigner, json!({"do_not_contact": true}));
    let (one, other) = (dynamic(&owner, "contact", "do_not_contact"), dynamic(&foreigner, "contact", "do_not_contact"));
    follow(&town);
    assert_eq!(members(&foreigner, &other), set(&[&theirs]));
    foreigner.get(&path(&one)).refused(404, "not_found");
    assert_eq!(matching(&foreigner, "contact", &within(&one)), set(&[]));
    let new = json!({"name": "x", "resource": "contact", "kind": "dynamic", "filter": within(&one)});
    foreigner.post("/v1/segments", new).refused(422, "unknown_reference");
    let events = foreigner.get(&format!("/v1/events?after=0&types={}", encoded("segment.*"))).ok();
    assert!(!events.to_string().contains(&make::id(&one, "id")));
}
