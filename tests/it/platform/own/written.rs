//! What stands in `custom` is strictly of its type, in one form, and merged as everything else is.
use super::{field, one_of_each};
use crate::support::{Town, Value, json, make};

#[test]
fn every_type_takes_what_is_its_own_and_refuses_all_else() {
    let town = Town::idle();
    let owner = town.owner();
    one_of_each(&owner, "account");
    let contact = make::contact(&owner, json!({}))["id"].clone();
    let good = [
        ("text", json!("  灰雀 "), json!("灰雀")),
        ("int", json!(-7), json!(-7)),
        ("decimal", json!("12.50"), json!("12.5")),
        ("money", json!({"amount": "5", "currency": "CNY"}), json!({"amount": "5.00", "currency": "CNY"})),
        ("bool", json!(false), json!(false)),
        ("date", json!("2026-02-28"), json!("2026-02-28")),
        ("instant", json!("2026-02-28T08:00:00+08:00"), json!("2026-02-28T00:00:00.000Z")),
        ("option", json!("a"), json!("a")),
        ("options", json!(["b", "a", "b"]), json!(["b", "a"])),
        ("reference", contact.clone(), contact),
        ("email", json!(" Ada@Example.COM "), json!("ada@example.com")),
        ("phone", json!("+86 138-0013-8000"), json!("+8613800138000")),
        ("url", json!("www.example.com/x"), json!("https://www.example.com/x")),
    ];
    let all: Value = good.iter().map(|(kind, given, _)| (format!("a_{kind}"), given.clone())).collect();
    let made = make::account(&owner, json!({"custom": all}));
    let kept: Value = good.iter().map(|(kind, _, kept)| (format!("a_{kind}"), kept.clone())).collect();
    assert_eq!(made["custom"], kept);
    let read = owner.get(&format!("/v1/accounts/{}", make::id(&made, "id"))).ok();
    assert_eq!(read["custom"], kept);

    let bad = [
        ("text", json!(5)),
        ("text", json!("")),
        ("int", json!("5")),
        ("int", json!(1.5)),
        ("int", json!(9_007_199_254_740_992_i64)),
        ("decimal", json!(1.5)),
        ("decimal", json!("1e3")),
        ("decimal", json!("1,5")),
        ("money", json!("5 CNY")),
        ("money", json!({"amount": "5.001", "currency": "CNY"})),
        ("money", json!({"amount": "5", "currency": "XYZ"})),
        ("bool", json!("true")),
        ("date", json!("2026-02-30")),
        ("date", json!("2026-2-3")),
        ("instant", json!("2026-02-28T08:00:00")),
        ("instant", json!(0)),
        ("option", json!("z")),
        ("option", json!(["a"])),
        ("options", json!("a")),
        ("options", json!(["a", "z"])),
        ("reference", json!("nonsense")),
        ("email", json!("ada")),
        ("phone", json!("13800138000")),
        ("url", json!("ftp://example.com")),
    ];
    for (kind, given) in bad {
        let key = format!("a_{kind}");
        let answer = owner.post("/v1/accounts?duplicates=allow", json!({"name": "x", "custom": {&key: given}}));
        answer.refused(422, "invalid");
        assert!(answer.pointers()[0].starts_with(&format!("/custom/{key}")), "{kind}: {}", answer.text());
    }
}

#[test]
fn all_faults_come_at_once_with_those_of_the_body() {
    let town = Town::idle();
    let owner = town.owner();
    field(&owner, "contact", "size", "int", json!({"limits": {"min": "0", "max": "9"}}));
    field(&owner, "contact", "badge", "text", json!({"is_required": true}));
    let answer = owner.post("/v1/contacts", json!({"email": "nonsense", "custom": {"size": 10, "colour": "red"}}));
    answer.refused(422, "invalid");
    let mut pointers = answer.pointers();
    pointers.sort();
    assert_eq!(pointers, ["/custom/badge", "/custom/colour", "/custom/size", "/email"]);
    owner.post("/v1/contacts", json!({"display_name": "x", "custom": []})).refused(422, "invalid");
    owner.post("/v1/contacts", json!({"display_name": "x"})).refused(422, "invalid");
    owner.post("/v1/contacts", json!({})).refused(422, "invalid");
    make::contact(&owner, json!({"custom": {"badge": "1", "size": 9}}));
    // and in a batch
    let items = json!([{"op": "create", "data": {"display_name": "x"}},
        {"op": "create", "data": {"display_name": "y", "custom": {"badge": "2"}}}]);
    let done = owner.post("/v1/contacts/batch", json!({"items": items})).is(207);
    assert_eq!(done["results"][0]["problem"]["errors"][0]["pointer"], "/custom/badge");
    assert_eq!(done["results"][1]["data"]["custom"], json!({"badge": "2"}));
}

#[test]
fn a_patch_touches_what_it_names() {
    let town = Town::idle();
    let owner = town.owner();
    field(&owner, "product", "size", "int", json!({"default": 3}));
    field(&owner, "product", "color", "text", json!({}));
    field(&owner, "product", "grade", "text", json!({"is_required": true, "default": "b"}));
    let product = make::product(&owner, json!({"custom": {"color": "red"}}));
    assert_eq!(product["custom"], json!({"size": 3, "color": "red", "grade": "b"}));
    let path = format!("/v1/products/{}", make::id(&product, "id"));
    assert_eq!(owner.patch(&path, json!({"name": "Tea"})).ok()["custom"], product["custom"]);
    let after = owner.patch(&path, json!({"custom": {"color": null, "size": 4}})).ok();
    assert_eq!(after["custom"], json!({"size": 4, "grade": "b"}));
    assert_eq!(owner.patch(&path, json!({"custom": {}})).ok()["custom"], after["custom"]);
    owner.patch(&path, json!({"custom": {"grade": null}})).refused(422, "invalid");
    owner.patch(&path, json!({"custom": null})).refused(422, "invalid");
    owner.patch(&path, json!({"custom": {"": 1}})).refused(422, "invalid");
    let history = owner.get(&format!("{path}/history")).ok();
    assert_eq!(history["data"][1]["changed"]["custom.size"], json!({"before": 3, "after": 4}), "{history}");
    let kept = town.database.text("SELECT data->>'custom' FROM event_log WHERE name = 'product.created' LIMIT 1");
    assert!(kept.contains("\"color\": \"red\"") && !kept.contains("\"\""), "{kept}");
}

#[test]
fn what_is_unique_is_so_for_all_who_write_at_once() {
    let town = Town::start();
    let owner = town.owner();
    field(&owner, "contact", "member_no", "text", json!({"is_unique": true}));
    let body = |n: usize| json!({"display_name": format!("c{n}"), "custom": {"member_no": "M1"}});
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..12)
            .map(|n| {
                scope.spawn({
                    let owner = owner.clone();
                    move || owner.post("/v1/contacts", body(n)).status
                })
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
    let answer = owner.post("/v1/contacts", body(99));
    answer.refused(409, "custom_value_taken");
    assert_eq!(answer.pointers(), ["/custom/member_no"]);
    // the same record may keep it; an archived one gives it away; a restored one asks for it again
    let id = owner.get("/v1/contacts?custom.member_no=M1").ids().remove(0);
    let path = format!("/v1/contacts/{id}");
    owner.patch(&path, json!({"custom": {"member_no": "M1"}, "job_title": "x"})).ok();
    owner.delete(&path).is(204);
    let other = owner.post("/v1/contacts", body(100)).created();
    owner.act(&format!("{path}/restore")).refused(409, "custom_value_taken");
    owner.delete(&format!("/v1/contacts/{}?purge=true", make::id(&other, "id"))).is(204);
    owner.act(&format!("{path}/restore")).ok();
    // by the key
    let put = |no: &str, name: &str| {
        owner.put(&format!("/v1/contacts/by/custom.member_no/{no}"), json!({"display_name": name}))
    };
    assert_eq!(put("M1", "Ada").ok()["id"], json!(id));
    let made = put("M2", "Bea").created();
    assert_eq!(made["custom"], json!({"member_no": "M2"}));
    assert_eq!(put("M2", "Bea B").ok()["id"], made["id"]);
    let wrong = json!({"display_name": "x", "custom": {"member_no": "M3"}});
    owner.put("/v1/contacts/by/custom.member_no/M2", wrong).refused(422, "invalid");
    owner.put("/v1/contacts/by/custom.nothing/M2", json!({"display_name": "x"})).refused(422, "invalid");
}

#[test]
fn a_reference_is_to_what_the_caller_sees() {
    let town = Town::idle();
    let owner = town.owner();
    field(&owner, "order", "buyer", "reference", json!({"reference": "contact"}));
    let (seen, theirs) =
        (make::contact(&owner, json!({})), make::contact(&town.client(crate::support::Person::Foreigner), json!({})));
    let order = |id: &Value| {
        let line = json!({"name": "Tea", "quantity": "1", "unit_price": "1"});
        owner.post("/v1/orders", json!({"currency": "USD", "lines": [line], "custom": {"buyer": id}}))
    };
    let made = order(&seen["id"]).created();
    for nobody in [&theirs["id"], &json!(crate::support::nobodys_id())] {
        let answer = order(nobody);
        answer.refused(422, "invalid");
        assert_eq!(answer.pointers(), ["/custom/buyer"]);
    }
    // what stands there stays, whatever has become of it
    owner.delete(&format!("/v1/contacts/{}", make::id(&seen, "id"))).is(204);
    owner.patch(&format!("/v1/orders/{}", make::id(&made, "id")), json!({"source": "web"})).ok();
    order(&seen["id"]).refused(422, "invalid");
}

/// A body that is only compared with what is there may leave out what a new record needs.
#[test]
fn whoever_asks_for_duplicates_is_not_asked_for_fields() {
    let town = Town::idle();
    let owner = town.owner();
    for object in ["account", "contact", "order", "product"] {
        field(&owner, object, "area", "int", json!({"is_required": true}));
    }
    make::account(&owner, json!({"name": "Siskin Ltd", "custom": {"area": 1}}));
    let found = owner.post("/v1/accounts/duplicates", json!({"name": "Siskin Ltd"})).ok();
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    owner.post("/v1/contacts/duplicates", json!({"display_name": "Ada"})).ok();
    owner.post("/v1/products/duplicates", json!({"sku": "A1", "name": "Anvil"})).ok();
    let wrong = owner.post("/v1/accounts/duplicates", json!({"name": "x", "custom": {"area": "x"}}));
    assert_eq!(wrong.refused(422, "invalid")["errors"][0]["pointer"], "/custom/area");
}

/// JSON has many ways to write a name.
#[test]
fn a_name_that_is_written_by_escapes_is_the_same_name() {
    let town = Town::idle();
    let owner = town.owner();
    field(&owner, "account", "score", "int", json!({}));
    let path = format!("/v1/accounts/{}", make::id(&make::account(&owner, json!({"custom": {"score": 7}})), "id"));
    let patch =
        |body: &str| owner.raw("PATCH", &path, Some(("application/merge-patch+json", body.as_bytes().to_vec())));
    let refused = patch(r#"{"\u0063ustom": {"score": "seven", "nonsense": 1}}"#).refused(422, "invalid");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 2, "{refused}");
    patch(r#"{"c\u0075stom": {"": "x"}}"#).refused(422, "invalid");
    assert_eq!(owner.get(&path).ok()["custom"], json!({"score": 7}));
    assert_eq!(patch(r#"{"\u0063ustom": {"score": 8}}"#).ok()["custom"], json!({"score": 8}));
}
