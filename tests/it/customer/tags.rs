//! Words by which records of any noun are sorted.
use crate::support::{Client, Person, Town, Value, encoded, json, make, nobodys_id};

fn give(client: &Client, tag: &Value, resource: &str, records: &[&Value]) -> crate::support::Answer {
    let ids: Vec<&Value> = records.iter().map(|record| &record["id"]).collect();
    client.post(&format!("/v1/tags/{}/assign", make::id(tag, "id")), json!({"resource": resource, "ids": ids}))
}

#[test]
fn records_of_every_ordinary_noun_are_sorted() {
    let town = Town::start();
    let owner = town.owner();
    let vip = make::tag(&owner, json!({"name": "ＶＩＰ", "color": "#B8860B"}));
    let taken = owner.post("/v1/tags", json!({"name": " vip "}));
    assert_eq!(taken.refused(409, "tag_name_taken")["existing"][0]["id"], vip["id"]);
    owner.post("/v1/tags", json!({"name": "x", "color": "red"})).refused(422, "invalid");
    let records = [
        ("account", "accounts", make::account(&owner, json!({}))),
        ("contact", "contacts", make::contact(&owner, json!({}))),
        ("product", "products", make::product(&owner, json!({}))),
        ("order", "orders", make::order(&owner, json!({}))),
        ("activity", "activities", make::activity(&owner, json!({}))),
        ("task", "tasks", make::task(&owner, json!({}))),
    ];
    let filter = encoded("tags.exists(t, t.name == \"ＶＩＰ\")");
    for (noun, place, record) in &records {
        assert_eq!(give(&owner, &vip, noun, &[record]).ok()["changed_count"], 1, "{noun}");
        assert_eq!(give(&owner, &vip, noun, &[record]).ok()["changed_count"], 0, "{noun} has it");
        for filter in [&filter, &encoded("\"ＶＩＰ\" in tags")] {
            assert_eq!(owner.get(&format!("/v1/{place}?filter={filter}")).ids(), [make::id(record, "id")], "{noun}");
        }
        let others = encoded("!(\"ＶＩＰ\" in tags)");
        assert_eq!(owner.get(&format!("/v1/{place}?filter={others}")).ids(), Vec::<String>::new(), "{noun}");
        let shown = owner.get(&format!("/v1/{place}/{}?include=tags", make::id(record, "id"))).ok();
        assert_eq!((&shown["tags"][0]["name"], &shown["tags"][0]["source"]), (&json!("ＶＩＰ"), &json!("manual")));
        assert_eq!(shown["version"], 2);
        let history = owner.get(&format!("/v1/{place}/{}/history", make::id(record, "id"))).ok();
        assert_eq!(history["data"][0]["action"], format!("{noun}.tagged"));
        let body = json!({"resource": noun, "ids": [record["id"]]});
        let less = owner.post(&format!("/v1/tags/{}/unassign", make::id(&vip, "id")), body).ok();
        assert_eq!(less["changed_count"], 1, "{noun}");
        assert_eq!(owner.get(&format!("/v1/{place}?filter={filter}")).ids().len(), 0, "{noun}");
    }
}

#[test]
fn whoever_may_change_a_record_may_sort_it() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let tag = make::tag(&owner, json!({}));
    let own = make::contact(&rep, json!({}));
    let seen = make::contact(&owner, json!({"team_id": town.team("north")}));
    let unseen = make::contact(&owner, json!({}));
    give(&rep, &tag, "contact", &[&own]).ok();
    give(&rep, &tag, "contact", &[&own, &seen]).refused(403, "forbidden");
    let answer = give(&rep, &tag, "contact", &[&own, &unseen]);
    answer.refused(422, "unknown_reference");
    assert_eq!(answer.pointers(), ["/ids/1"]);
    give(&rep, &tag, "user", &[&own]).refused(422, "invalid");
    give(&town.client(Person::ReadOnly), &tag, "contact", &[&seen]).refused(403, "forbidden");
    give(&town.client(Person::Foreigner), &tag, "contact", &[&own]).refused(404, "not_found");
    rep.post("/v1/tags", json!({"name": "mine"})).refused(403, "forbidden");
    assert_eq!(town.database.count("SELECT count(*) FROM taggings"), 1);
    owner.delete(&format!("/v1/contacts/{}?purge=true", make::id(&own, "id"))).is(204);
    assert_eq!(town.database.count("SELECT count(*) FROM taggings"), 0, "its id may come again");
}

#[test]
fn two_tags_become_one() {
    let town = Town::start();
    let owner = town.owner();
    let (one, other) = (make::tag(&owner, json!({})), make::tag(&owner, json!({})));
    let (first, second) = (make::contact(&owner, json!({})), make::contact(&owner, json!({})));
    give(&owner, &one, "contact", &[&first]).ok();
    give(&owner, &other, "contact", &[&first, &second]).ok();
    let merge =
        |ids: Value| owner.post(&format!("/v1/tags/{}/merge", make::id(&one, "id")), json!({"source_ids": ids}));
    assert_eq!(merge(json!([one["id"]])).refused(422, "unknown_reference")["errors"][0]["code"], "itself");
    merge(json!([nobodys_id()])).refused(422, "unknown_reference");
    assert_eq!(merge(json!([other["id"]])).ok()["id"], one["id"]);
    owner.get(&format!("/v1/tags/{}", make::id(&other, "id"))).refused(404, "not_found");
    let having = encoded(&format!("tags.exists(t, t.id == \"{}\")", make::id(&one, "id")));
    assert_eq!(owner.get(&format!("/v1/contacts?filter={having}")).ids().len(), 2);
    assert_eq!(town.database.count("SELECT count(*) FROM taggings"), 2);
}
