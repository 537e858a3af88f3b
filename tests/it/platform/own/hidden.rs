//! A field of the tenant's own that is hidden is as if it were not there; one to read cannot be written. What such fields
//! tell of somebody goes with them.
use super::field;
use crate::support::{Client, Town, Value, encoded, json, make, people::PASSWORD};

/// Somebody who may do everything with contacts, less what is held back.
pub fn holder(town: &Town, fields: Value) -> Client {
    let owner = town.owner();
    let everything = owner.get("/v1/me/permissions").ok()["permissions"].clone();
    let role = json!({"name": crate::support::fresh("All but "), "permissions": everything, "fields": fields});
    let role = owner.post("/v1/roles", role).created();
    let user = make::user(&owner, json!({"password": PASSWORD, "role_ids": [role["id"]]}));
    let login = json!({"email": user["email"], "password": PASSWORD});
    let tokens = town.anonymous().post("/v1/auth/login", login).ok();
    town.anonymous().bearing(make::id(&tokens, "access_token")).sparse()
}

pub fn held_back(access: &str) -> Value {
    json!([{"object": "contact", "field": "custom.badge", "access": access}])
}

#[test]
fn a_hidden_field_is_nowhere() {
    let town = Town::idle();
    let owner = town.owner();
    field(&owner, "contact", "badge", "text", json!({"is_searched": true, "is_unique": true}));
    field(&owner, "contact", "open", "text", json!({}));
    let custom = json!({"badge": "zqbadge", "open": "yes"});
    let made = make::contact(&owner, json!({"display_name": "Ada", "custom": custom}));
    let path = format!("/v1/contacts/{}", make::id(&made, "id"));
    let blind = holder(&town, held_back("hidden"));
    let seen = blind.get(&path).ok();
    assert_eq!(seen["custom"], json!({"open": "yes"}));
    let patched = blind.patch(&path, json!({"custom": {"open": "no"}})).ok();
    assert_eq!(patched["custom"], json!({"open": "no"}));
    assert_eq!(owner.get(&path).ok()["custom"]["badge"], "zqbadge");
    let like = |name: &str| name.replace("badge", "xxxxx");
    for query in ["filter=custom.badge%20!%3D%20null", "sort=custom.badge", "fields=custom.badge", "custom.badge=x"] {
        let (hidden, unknown) =
            (blind.get(&format!("/v1/contacts?{query}")), blind.get(&format!("/v1/contacts?{}", like(query))));
        assert_eq!(hidden.status, 400, "{query}");
        assert_eq!(like(&hidden.json()["errors"].to_string()), unknown.json()["errors"].to_string(), "{query}");
    }
    assert_eq!(blind.get(&format!("/v1/contacts?q={}", encoded("zqbadge"))).ids(), Vec::<String>::new());
    assert_eq!(owner.get("/v1/contacts?q=zqbadge").ids().len(), 1);
    let told =
        |name: &str| blind.patch(&path, json!({"custom": {name: "x"}})).refused(422, "invalid")["errors"].to_string();
    assert_eq!(like(&told("badge")), told("xxxxx"));
    blind.put("/v1/contacts/by/custom.badge/zqbadge", json!({"display_name": "x"})).refused(422, "invalid");
    for answer in
        [blind.get("/v1/contacts"), blind.get(&format!("{path}/history")), blind.get("/v1/metadata/objects/contact")]
    {
        assert!(!answer.text().contains("badge"), "{}", answer.text());
    }
    let document = blind.unheld("GET", "/openapi.json?tenant=mine", None);
    assert!(document.text().contains("\"open\"") && !document.text().contains("\"badge\""));
}

#[test]
fn a_field_to_read_cannot_be_written() {
    let town = Town::idle();
    let owner = town.owner();
    field(&owner, "contact", "badge", "text", json!({"is_required": true}));
    let reader = holder(&town, held_back("read"));
    let made = make::contact(&owner, json!({"custom": {"badge": "1"}}));
    let path = format!("/v1/contacts/{}", make::id(&made, "id"));
    assert_eq!(reader.get(&path).ok()["custom"]["badge"], "1");
    let refused = reader.patch(&path, json!({"custom": {"badge": "1"}}));
    assert_eq!(refused.refused(422, "invalid")["errors"][0]["code"], "read_only");
    // nor is it demanded of them
    reader.post("/v1/contacts", json!({"display_name": "new"})).created();
    let roles = json!({"name": "x", "permissions": [], "fields": [{"object": "contact", "field": "custom.none", "access": "read"}]});
    owner.post("/v1/roles", roles).refused(422, "invalid");
}
