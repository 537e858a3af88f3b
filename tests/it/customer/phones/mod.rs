//! Phone numbers as people write them: read where they are dialled, kept in E.164, with what they were given as beside.
mod brought;

use crate::support::{Answer, Client, Person, Town, Value, encoded, json, make};

const NUMBER: &str = "+8613800138000";

/// The tenant's own region from now on.
fn dials_in(owner: &Client, region: Value) {
    assert_eq!(owner.patch("/v1/tenant", json!({"phone_region": region})).ok()["phone_region"], region);
}

/// The number of a record, and what it was given as.
fn both(record: &Value) -> (Value, Value) {
    (record["phone"].clone(), record["phone_text"].clone())
}

fn told(number: &str, text: &str) -> (Value, Value) {
    (json!(number), json!(text))
}

fn at(contact: &Value) -> String {
    format!("/v1/contacts/{}", make::id(contact, "id"))
}

/// The points of a contact that are numbers.
fn numbers(client: &Client, contact: &Value) -> Vec<Value> {
    let points = client.get(&format!("{}/contact-points", at(contact))).ok();
    points.as_array().unwrap().iter().filter(|one| one["kind"] == "phone").cloned().collect()
}

#[test]
fn a_number_is_read_as_it_is_dialled_where_the_tenant_is() {
    let town = Town::idle();
    let owner = town.owner();
    assert_eq!(owner.get("/v1/tenant").ok()["phone_region"], Value::Null);
    assert_eq!(owner.patch("/v1/tenant", json!({"phone_region": " cn "})).ok()["phone_region"], "CN");
    for (given, number) in [
        ("13800138000", NUMBER),
        ("138 0013 8000", NUMBER),
        ("１３８－００１３－８０００", NUMBER),
        ("+86 138-0013-8000", NUMBER),
        ("021-6123 4567", "+862161234567"),
        ("(021) 61234567 转 8001", "+862161234567"),
        ("+1 (415) 555-0199", "+14155550199"),
    ] {
        let wanted = told(number, given);
        let phone = json!({"phone": format!(" {given} ")});
        let contact = make::contact(&owner, phone.clone());
        assert_eq!(both(&contact), wanted);
        let point = numbers(&owner, &contact).remove(0);
        assert_eq!((point["value_norm"].clone(), point["value"].clone()), wanted);
        assert_eq!(both(&make::account(&owner, phone.clone())), wanted);
        assert_eq!(both(&make::lead(&owner, phone.clone())), wanted);
        assert_eq!(both(&make::address(&owner, "contacts", &contact, phone)), wanted);
        let another = make::contact(&owner, json!({}));
        let more = json!({"kind": "phone", "value": given, "is_primary": true});
        owner.post(&format!("{}/contact-points", at(&another)), more.clone()).created();
        assert_eq!(both(&owner.get(&at(&another)).ok()), wanted);
        assert_eq!(both(&make::contact(&owner, json!({"contact_points": [more]}))), wanted);
    }
    dials_in(&owner, json!("US"));
    assert_eq!(
        both(&make::contact(&owner, json!({"phone": "(415) 555-0199"}))),
        told("+14155550199", "(415) 555-0199")
    );
    let refused = owner.post("/v1/contacts", json!({"display_name": "Li", "phone": "13800138000"}));
    assert_eq!((refused.status, refused.pointers()), (422, vec!["/phone".to_owned()]));
}

#[test]
fn without_a_region_a_number_says_its_country() {
    let town = Town::idle();
    let (owner, foreigner) = (town.owner(), town.client(Person::Foreigner));
    // a tenant's region is nobody else's
    dials_in(&foreigner, json!("CN"));
    let contact = make::contact(&owner, json!({}));
    let refused = |answer: Answer, place: &str| {
        let body = answer.refused(422, "invalid");
        assert_eq!(answer.pointers(), [place], "{body}");
        assert!(body["errors"][0]["message"].as_str().unwrap().contains("`phone_region`"), "{body}");
    };
    for number in ["13800138000", "021-6123 4567"] {
        refused(owner.post("/v1/contacts", json!({"display_name": "Li", "phone": number})), "/phone");
        refused(owner.post("/v1/accounts", json!({"name": "Tea", "phone": number})), "/phone");
        refused(owner.post("/v1/leads", json!({"display_name": "Li", "phone": number})), "/phone");
        refused(owner.patch(&at(&contact), json!({"phone": number})), "/phone");
        let address = json!({"kind": "home", "country": "CN", "city": "上海市", "phone": number});
        refused(owner.post(&format!("{}/addresses", at(&contact)), address), "/phone");
        let point = json!({"kind": "phone", "value": number});
        owner.post(&format!("{}/contact-points", at(&contact)), point).refused(422, "invalid");
        make::contact(&foreigner, json!({"phone": number}));
    }
    for bad in ["XX", "CHN", "001", ""] {
        let refused = owner.patch("/v1/tenant", json!({"phone_region": bad}));
        assert_eq!((refused.status, refused.pointers()), (422, vec!["/phone_region".to_owned()]), "{bad}");
    }
    dials_in(&owner, json!("CN"));
    make::contact(&owner, json!({"phone": "13800138000"}));
    dials_in(&owner, Value::Null);
    owner.post("/v1/contacts", json!({"display_name": "Li", "phone": "13800138000"})).refused(422, "invalid");
    town.client(Person::Rep).patch("/v1/tenant", json!({"phone_region": "CN"})).refused(403, "forbidden");
}

#[test]
fn batches_keys_and_comparisons_read_it_likewise() {
    let town = Town::idle();
    let owner = town.owner();
    dials_in(&owner, json!("CN"));
    let made = make::many(&owner, "contacts", [json!({"display_name": "Li Na", "phone": "138 0013 8000"})]).remove(0);
    assert_eq!(both(&made), told(NUMBER, "138 0013 8000"));
    for key in ["13800138000", "138-0013-8000", NUMBER] {
        let path = format!("/v1/contacts/by/phone/{}", encoded(key));
        let found = owner.put(&path, json!({"job_title": "Buyer", "phone": "138 00138000"})).ok();
        assert_eq!((&found["id"], both(&found)), (&made["id"], told(NUMBER, "138 00138000")), "{key}");
    }
    let fresh = owner.put("/v1/contacts/by/phone/139%200013%209000", json!({"display_name": "Wang"})).created();
    assert_eq!(both(&fresh), told("+8613900139000", "139 0013 9000"));
    let other = json!({"display_name": "Wang", "phone": "13700137000"});
    owner.put("/v1/contacts/by/phone/13900139000", other).refused(422, "invalid");
    let lead = owner.put("/v1/leads/by/phone/13800138000", json!({"display_name": "Li"})).created();
    assert_eq!(both(&lead), told(NUMBER, "13800138000"));
    let item = json!({"op": "upsert", "key": "phone/138 0013 8000", "data": {"display_name": "Li"}});
    let done = owner.post("/v1/leads/batch", json!({"items": [item]})).ok();
    assert_eq!(done["results"][0]["data"]["id"], lead["id"], "{done}");
    let like = json!({"display_name": "Li Na", "phone": "13800138000"});
    let found = owner.post("/v1/contacts/duplicates", like).ok();
    assert_eq!(found[0]["id"], made["id"], "{found}");
}

#[test]
fn another_spelling_is_no_other_number() {
    let town = Town::idle();
    let owner = town.owner();
    dials_in(&owner, json!("CN"));
    let contact = make::contact(&owner, json!({"phone": "13800138000"}));
    let first = numbers(&owner, &contact).remove(0);
    town.database.run("UPDATE contact_points SET verified_at = now()");
    let now = owner.patch(&at(&contact), json!({"phone": "138-0013-8000"})).ok();
    assert_eq!(both(&now), told(NUMBER, "138-0013-8000"));
    let points = numbers(&owner, &contact);
    assert_eq!((points.len(), &points[0]["id"], &points[0]["value"]), (1, &first["id"], &json!("138-0013-8000")));
    assert!(points[0]["verified_at"].is_string() && points[0]["version"] != first["version"], "{points:?}");
    // and the other way round
    let spelt = json!({"kind": "phone", "value": "+86 138 0013 8000"});
    let point = owner.post(&format!("{}/contact-points", at(&contact)), spelt).created();
    assert_eq!((&point["id"], &point["is_primary"]), (&first["id"], &json!(true)));
    assert_eq!(both(&owner.get(&at(&contact)).ok()), told(NUMBER, "+86 138 0013 8000"));
    // what says nothing of the number leaves both
    assert_eq!(both(&owner.patch(&at(&contact), json!({"job_title": "x"})).ok()), told(NUMBER, "+86 138 0013 8000"));
    let now = owner.patch(&at(&contact), json!({"phone": "021-6123 4567"})).ok();
    assert_eq!(both(&now), told("+862161234567", "021-6123 4567"));
    let gone = (Value::Null, Value::Null);
    assert_eq!(both(&owner.patch(&at(&contact), json!({"phone": null})).ok()), gone);
    let number = json!({"phone": "13800138000"});
    let (account, lead) = (make::account(&owner, number.clone()), make::lead(&owner, number.clone()));
    for (resource, record) in [("accounts", account), ("leads", lead)] {
        let path = format!("/v1/{resource}/{}", make::id(&record, "id"));
        assert_eq!(both(&owner.patch(&path, json!({"phone": "138 0013 8000"})).ok()), told(NUMBER, "138 0013 8000"));
        assert_eq!(both(&owner.patch(&path, json!({"phone": null})).ok()), gone, "{resource}");
        owner.patch(&path, json!({"phone_text": "138"})).refused(422, "invalid");
    }
    let with_point = make::contact(&owner, number);
    owner.delete(&format!("/v1/contact-points/{}", make::id(&numbers(&owner, &with_point)[0], "id"))).is(204);
    assert_eq!(both(&owner.get(&at(&with_point)).ok()), gone);
}

#[test]
fn a_number_is_found_however_it_is_asked_for() {
    let town = Town::idle();
    let owner = town.owner();
    dials_in(&owner, json!("CN"));
    let person = make::contact(&owner, json!({"phone": "138 0013 8000"}));
    let shop = make::contact(&owner, json!({}));
    let point = json!({"kind": "phone", "value": "021-6123 4567"});
    owner.post(&format!("{}/contact-points", at(&shop)), point).created();
    make::contact(&owner, json!({"phone": "13912345678"}));
    let found = |asked: &str| owner.get(&format!("/v1/contacts?q={}", encoded(asked))).ids();
    for asked in ["13800138000", "138 0013 8000", "138-0013-8000", "8000", "+8613800138000"] {
        assert_eq!(found(asked), [make::id(&person, "id")], "{asked}");
    }
    for asked in ["021-6123 4567", "02161234567", "61234567", "4567"] {
        assert_eq!(found(asked), [make::id(&shop, "id")], "{asked}");
    }
    let lead = make::lead(&owner, json!({"phone": "138 0013 8000"}));
    assert_eq!(owner.get("/v1/leads?q=138%200013%208000").ids(), [make::id(&lead, "id")]);
    let by_text = encoded("phone_text == \"138 0013 8000\"");
    assert_eq!(owner.get(&format!("/v1/contacts?filter={by_text}")).ids(), [make::id(&person, "id")]);
}
