//! Numbers that come by files and forms, and go with records that become one.
use super::{NUMBER, at, both, dials_in, numbers, told};
use crate::customer::forms::last;
use crate::customer::merges::merge;
use crate::platform::{import, rows};
use crate::support::{Town, Value, json, make};

fn mapping(resource: &str, columns: Value, region: Value) -> Value {
    json!({"resource": resource, "source_system": "old", "phone_region": region, "columns": columns})
}

#[test]
fn a_file_has_a_region_of_its_own_else_that_of_the_tenant() {
    let town = Town::start();
    let owner = town.owner();
    let columns = json!({"No": "external_id", "Name": "display_name", "Tel": "phone"});
    let of = |region: Value| mapping("contacts", columns.clone(), region);
    let shanghai = "No,Name,Tel\n1,Li,021-6123 4567\n2,Wang,13800138000\n";
    let failed = import(&owner, "a.csv", shanghai.as_bytes(), &of(Value::Null), &[]);
    assert_eq!(rows(&failed), [2, 0, 0, 0, 2]);
    let why = owner.get(&format!("/v1/imports/{}/errors", make::id(&failed, "id"))).text();
    assert!(why.contains("`phone_region` of the mapping"), "{why}");
    dials_in(&owner, json!("DE"));
    // the mapping goes before the tenant
    assert_eq!(rows(&import(&owner, "a.csv", shanghai.as_bytes(), &of(json!("cn")), &[])), [2, 2, 0, 0, 0]);
    let li = owner.put("/v1/contacts/by/ext:old/1", json!({})).ok();
    assert_eq!(both(&li), told("+862161234567", "021-6123 4567"));
    assert_eq!(numbers(&owner, &li)[0]["value"], "021-6123 4567");
    let berlin = "No,Name,Tel\n3,Ada,030 123456\n";
    import(&owner, "b.csv", berlin.as_bytes(), &of(Value::Null), &[]);
    assert_eq!(both(&owner.put("/v1/contacts/by/ext:old/3", json!({})).ok()), told("+4930123456", "030 123456"));
    // once more is nothing new; another spelling is, and is written to the point too
    assert_eq!(rows(&import(&owner, "a.csv", shanghai.as_bytes(), &of(json!("CN")), &[])), [2, 0, 0, 2, 0]);
    let spelt = "No,Name,Tel\n2,Wang,138 0013 8000\n";
    assert_eq!(rows(&import(&owner, "c.csv", spelt.as_bytes(), &of(json!("CN")), &[])), [1, 0, 1, 0, 0]);
    let wang = owner.put("/v1/contacts/by/ext:old/2", json!({})).ok();
    assert_eq!(both(&wang), told(NUMBER, "138 0013 8000"));
    let points = numbers(&owner, &wang);
    assert_eq!((points.len(), &points[0]["value"]), (1, &json!("138 0013 8000")));
}

#[test]
fn every_noun_with_a_number_is_brought_in_with_its_text() {
    let town = Town::start();
    let owner = town.owner();
    dials_in(&owner, json!("CN"));
    for (resource, name) in [("accounts", "name"), ("contacts", "display_name"), ("leads", "display_name")] {
        let file = "No,Name,Tel,Text\n1,Li,13800138000,\n2,Wang,+86 21 61234567,(021) 6123 4567\n3,Ada,,nothing\n";
        let columns = json!({"No": "external_id", "Name": name, "Tel": "phone", "Text": "phone_text"});
        let mapping = mapping(resource, columns, Value::Null);
        assert_eq!(rows(&import(&owner, "a.csv", file.as_bytes(), &mapping, &[])), [3, 3, 0, 0, 0], "{resource}");
        let by = |id: u8| both(&owner.put(&format!("/v1/{resource}/by/ext:old/{id}"), json!({})).ok());
        assert_eq!((by(1), by(2)), (told(NUMBER, "13800138000"), told("+862161234567", "(021) 6123 4567")));
        assert_eq!(by(3), (Value::Null, Value::Null));
        assert_eq!(rows(&import(&owner, "a.csv", file.as_bytes(), &mapping, &[])), [3, 0, 0, 3, 0], "{resource}");
    }
    let contact = make::contact(&owner, json!({"email": "li@x.example"}));
    let columns = json!({"Mail": "contact.email", "Kind": "kind", "Value": "value"});
    let points = mapping("contact_points", columns, Value::Null);
    for (value, outcome) in
        [("13700137000", [1, 1, 0, 0, 0]), ("13700137000", [1, 0, 0, 1, 0]), ("137 0013 7000", [1, 0, 1, 0, 0])]
    {
        let file = format!("Mail,Kind,Value\nli@x.example,phone,{value}\n");
        assert_eq!(rows(&import(&owner, "p.csv", file.as_bytes(), &points, &[])), outcome, "{value}");
    }
    let kept = numbers(&owner, &contact);
    assert_eq!((kept.len(), &kept[0]["value_norm"]), (1, &json!("+8613700137000")));
    assert_eq!(kept[0]["value"], "137 0013 7000");
}

#[test]
fn a_form_has_a_region_of_its_own_else_that_of_the_tenant() {
    let town = Town::idle();
    let owner = town.owner();
    let fields = json!([
        {"key": "name", "kind": "text", "label": {"en": "Name"}, "target": "contact.display_name"},
        {"key": "tel", "kind": "phone", "label": {"en": "Telephone"}, "target": "contact.phone"},
    ]);
    let form = |extra: Value| make::form(&owner, make::with(json!({"fields": fields}), extra));
    let fill = |form: &Value, tel: &str| {
        make::submission(&town.anonymous(), &make::id(form, "id"), json!({"name": "Li", "tel": tel}))
    };
    let became =
        |noun: &str| both(&owner.get(&format!("/v1/{noun}s/{}", make::id(&last(&owner), &format!("{noun}_id")))).ok());
    let plain = form(json!({}));
    let refused = fill(&plain, "138 0013 8000");
    assert_eq!((refused.status, refused.pointers()), (422, vec!["/answers/tel".to_owned()]));
    dials_in(&owner, json!("DE"));
    fill(&plain, "030 123456").is(202);
    assert_eq!(became("contact"), told("+4930123456", "030 123456"));
    let refused = fill(&plain, "138 0013 8000");
    assert!(refused.text().contains("no phone number of DE"), "{}", refused.text());
    let chinese = form(json!({"phone_region": "cn"}));
    assert_eq!(chinese["phone_region"], "CN");
    fill(&chinese, "138 0013 8000").is(202);
    assert_eq!(became("contact"), told(NUMBER, "138 0013 8000"));
    let leads = form(json!({"phone_region": "CN", "makes": "lead"}));
    fill(&leads, "021-6123 4567").is(202);
    assert_eq!(became("lead"), told("+862161234567", "021-6123 4567"));
    // whoever has the number already is found by it
    fill(&chinese, "+86 138 0013 8000").is(202);
    let found = format!("/v1/contacts/{}", make::id(&last(&owner), "contact_id"));
    assert_eq!(both(&owner.get(&found).ok()), told(NUMBER, "138 0013 8000"));
    let path = format!("/v1/forms/{}", make::id(&chinese, "id"));
    let refused = owner.patch(&path, json!({"phone_region": "XX"}));
    assert_eq!((refused.status, refused.pointers()), (422, vec!["/phone_region".to_owned()]));
    assert_eq!(owner.patch(&path, json!({"phone_region": null})).ok()["phone_region"], Value::Null);
    fill(&chinese, "13800138000").refused(422, "invalid");
}

#[test]
fn what_a_number_was_given_as_goes_with_it_to_whoever_it_becomes_one_with() {
    let town = Town::idle();
    let owner = town.owner();
    dials_in(&owner, json!("CN"));
    let (empty, with) = (make::contact(&owner, json!({})), make::contact(&owner, json!({"phone": "138 0013 8000"})));
    merge(&owner, &empty, &[&with], json!({"field_choices": {"phone_text": with["id"]}})).refused(422, "invalid");
    let merged = merge(&owner, &empty, &[&with], json!({})).ok();
    let fields: Vec<&Value> = merged["fields"].as_array().unwrap().iter().map(|one| &one["field"]).collect();
    assert!(fields.contains(&&json!("phone")) && fields.contains(&&json!("phone_text")), "{merged}");
    assert_eq!(both(&owner.get(&at(&empty)).ok()), told(NUMBER, "138 0013 8000"));
    assert_eq!(numbers(&owner, &empty)[0]["value"], "138 0013 8000");
    // written otherwise meanwhile, it is the same number still, and goes back
    owner.patch(&at(&empty), json!({"phone": "13800138000"})).ok();
    owner.act(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"))).ok();
    assert_eq!(both(&owner.get(&at(&empty)).ok()), (Value::Null, Value::Null));
    assert_eq!(owner.get(&at(&with)).ok()["phone"], NUMBER);
}
