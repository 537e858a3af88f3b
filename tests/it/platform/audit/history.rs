//! What has happened to a record, for those who see it.
use crate::support::{Person, Town, Value, json, make, nobodys_id};

fn versions(page: &Value) -> Vec<i64> {
    page["data"].as_array().unwrap().iter().map(|one| one["version"].as_i64().unwrap()).collect()
}

#[test]
fn a_history_tells_what_changed_from_version_to_version() {
    let town = Town::idle();
    let owner = town.owner();
    let product = make::product(&owner, json!({}));
    let place = format!("/v1/products/{}", make::id(&product, "id"));
    owner.patch(&place, json!({"unit_price": {"amount": "13.00", "currency": "USD"}, "name": "Green tea"})).ok();
    owner.delete(&place).is(204);
    let page = owner.get(&format!("{place}/history")).ok();
    assert_eq!(versions(&page), [3, 2, 1]);
    let rows = page["data"].as_array().unwrap();
    let actions: Vec<&str> = rows.iter().filter_map(|row| row["action"].as_str()).collect();
    assert_eq!(actions, ["product.deleted", "product.updated", "product.created"], "archived ones have one too");
    assert_eq!(rows[1]["changed"]["name"], json!({"before": "Tea", "after": "Green tea"}));
    let price = &rows[1]["changed"]["unit_price"];
    assert_eq!((price["before"]["currency"].clone(), price["after"]["currency"].clone()), (json!("USD"), json!("USD")));
    assert_ne!(price["before"]["amount"], price["after"]["amount"], "{price}");
    assert_eq!(rows[1]["changed"].as_object().unwrap().len(), 2, "{}", rows[1]);
    assert_eq!(rows[2]["changed"]["sku"]["before"], Value::Null);
    assert_eq!(rows[0]["changed"].as_object().unwrap().keys().collect::<Vec<_>>(), ["deleted_at"]);
    assert!(rows.iter().all(|row| row["actor_id"] == json!(town.user(Person::Owner)) && row["request_id"].is_string()));
}

#[test]
fn its_pages_go_on_where_the_last_ended() {
    let town = Town::idle();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({}));
    let place = format!("/v1/contacts/{}", make::id(&contact, "id"));
    for n in 0..6 {
        owner.patch(&place, json!({"job_title": format!("{n}")})).ok();
    }
    let whole = owner.get(&format!("{place}/history")).ok()["data"].clone();
    let walked = owner.walk(&format!("{place}/history?limit=2"));
    assert_eq!(json!(walked), whole, "what a page's last row was before stands on the next");
    assert_eq!(walked.len(), 7);
    let first = owner.get(&format!("{place}/history?limit=2")).ok();
    let cursor = first["page"]["next_cursor"].as_str().unwrap();
    let other = make::id(&make::contact(&owner, json!({})), "id");
    owner.get(&format!("/v1/contacts/{other}/history?cursor={cursor}")).refused(400, "cursor_mismatch");
    for bad in ["limit=0", "limit=201", "limit=x", "sort=id"] {
        owner.get(&format!("{place}/history?{bad}")).refused(400, "unknown_parameter");
    }
}

#[test]
fn who_does_not_see_the_record_sees_no_history() {
    let town = Town::idle();
    let owner = town.owner();
    let theirs = make::id(&make::contact(&town.client(Person::Foreigner), json!({})), "id");
    let mine = make::id(&make::contact(&owner, json!({})), "id");
    for id in [theirs, nobodys_id(), "nonsense".to_owned()] {
        owner.get(&format!("/v1/contacts/{id}/history")).refused(404, "not_found");
    }
    let place = format!("/v1/contacts/{mine}/history");
    owner.get(&place).ok();
    let some = make::holder(&town, &[("contact", "read", "own"), ("contact", "create", "all")]);
    some.get(&place).refused(404, "not_found");
    let own = make::id(&make::contact(&some, json!({})), "id");
    some.get(&format!("/v1/contacts/{own}/history")).ok();
    make::holder(&town, &[("account", "read", "all")]).get(&place).refused(403, "forbidden");
}

#[test]
fn every_recorded_noun_has_one() {
    let town = Town::idle();
    let owner = town.owner();
    for (segment, noun) in
        [("accounts", "account"), ("orders", "order"), ("teams", "team"), ("users", "user"), ("roles", "role")]
    {
        let id = crate::house::made(&owner, segment);
        let page = owner.get(&format!("/v1/{segment}/{id}/history")).ok();
        let first = page["data"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(first["action"], format!("{noun}.created"), "{page}");
    }
    let role = make::id(&make::role(&owner, &[("contact", "read", "own")]), "id");
    owner
        .patch(
            &format!("/v1/roles/{role}"),
            json!({"permissions": [{"object": "contact", "action": "read", "reach": "all"}]}),
        )
        .ok();
    let changed = owner.get(&format!("/v1/roles/{role}/history?limit=1")).ok()["data"][0]["changed"].clone();
    assert_eq!(changed["permissions"]["after"][0]["reach"], "all", "{changed}");
}
