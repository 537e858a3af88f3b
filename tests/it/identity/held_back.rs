//! Roles hold fields back: what they may name, how several go together, and that nobody shows what they do not see.
use crate::support::people::PASSWORD;
use crate::support::{Client, Person, Town, Value, fresh, json, make};

fn hidden(field: &str) -> Value {
    json!({"object": "contact", "field": field, "access": "hidden"})
}

fn opening(permissions: &[(&str, &str)], fields: Value) -> Value {
    let one = |&(object, action): &(&str, &str)| json!({"object": object, "action": action, "reach": "all"});
    let permissions: Vec<Value> = permissions.iter().map(one).collect();
    json!({"name": fresh("Role "), "permissions": permissions, "fields": fields})
}

/// Somebody with these roles, whose records lack members.
fn holding(town: &Town, roles: &[Value]) -> (Client, String) {
    let owner = town.owner();
    let ids: Vec<Value> = roles.iter().map(|role| owner.post("/v1/roles", role).created()["id"].clone()).collect();
    let user = make::user(&owner, json!({"password": PASSWORD, "role_ids": ids}));
    let login = json!({"email": user["email"], "password": PASSWORD});
    let tokens = town.anonymous().post("/v1/auth/login", login).ok();
    (town.anonymous().bearing(make::id(&tokens, "access_token")).sparse(), make::id(&user, "id"))
}

const READS: &[(&str, &str)] = &[("contact", "read"), ("contact", "update")];

/// What administers, and sees no phone.
fn administers(town: &Town) -> Client {
    let mut may = READS.to_vec();
    may.extend([("role", "create"), ("role", "read"), ("role", "update"), ("role", "delete"), ("role", "assign")]);
    may.extend([("user", "create"), ("user", "read"), ("user", "update"), ("user", "delete")]);
    may.extend([
        ("team", "read"),
        ("team", "update"),
        ("api_key", "create"),
        ("api_key", "read"),
        ("api_key", "update"),
    ]);
    holding(town, &[opening(&may, json!([hidden("phone")]))]).0
}

#[test]
fn a_role_names_fields_that_are_there_and_can_be_held_back() {
    let town = Town::start();
    let owner = town.owner();
    let fields = json!([
        {"object": "unicorn", "field": "horn", "access": "hidden"},
        {"object": "contact", "field": "horn", "access": "read"},
        {"object": "contact", "field": "owner_id", "access": "hidden"},
        {"object": "contact", "field": "version", "access": "hidden"},
        {"object": "order", "field": "currency", "access": "hidden"},
        {"object": "contact_point", "field": "contact_id", "access": "hidden"},
        {"object": "contact", "field": "owner_id", "access": "read"},
        {"object": "contact", "field": "phone", "access": "hidden"},
        {"object": "contact", "field": "phone", "access": "read"},
    ]);
    let answer = owner.post("/v1/roles", opening(READS, fields));
    answer.refused(422, "invalid");
    let expected = ["/0/object", "/1/field", "/2/access", "/3/access", "/4/access", "/5/access", "/8"];
    assert_eq!(answer.pointers(), expected.map(|place| format!("/fields{place}")));
    owner.post("/v1/roles", opening(READS, json!([{"object": "contact", "field": "phone", "access": "x"}]))).is(422);
    let role = owner.post("/v1/roles", opening(READS, json!([hidden("phone")]))).created();
    assert_eq!(role["fields"], json!([hidden("phone")]));
    let path = format!("/v1/roles/{}", make::id(&role, "id"));
    assert_eq!(owner.patch(&path, json!({"name": fresh("Role ")})).ok()["fields"], role["fields"], "they stay");
    assert_eq!(owner.patch(&path, json!({"fields": []})).ok()["fields"], json!([]));
    assert_eq!(owner.get(&format!("/v1/roles/{}", town.role("owner"))).ok()["fields"], json!([]));
}

#[test]
fn of_several_roles_the_largest_access_counts() {
    let town = Town::start();
    let contact = make::contact(&town.owner(), json!({"phone": "+4930123456", "department": "Tea"}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    let read = json!([{"object": "contact", "field": "phone", "access": "read"}, hidden("department")]);
    let both = [opening(READS, json!([hidden("phone"), hidden("department")])), opening(READS, read)];
    let (client, _) = holding(&town, &both);
    let shown = client.get(&path).ok();
    assert_eq!((&shown["phone"], shown.get("department")), (&contact["phone"], None));
    client.patch(&path, json!({"phone": null})).refused(422, "invalid");
    // a role that opens no contacts has no say in their fields
    let (client, _) = holding(
        &town,
        &[both[0].clone(), opening(&[("product", "read")], json!([]))].map(|mut role| {
            role["name"] = fresh("Role ").into();
            role
        }),
    );
    assert_eq!(client.get(&path).ok().get("phone"), None);
    // and one that opens them and says nothing says write
    let (client, _) =
        holding(&town, &[opening(READS, json!([hidden("phone")])), opening(&[("contact", "read")], json!([]))]);
    assert_eq!(client.get(&path).ok()["phone"], contact["phone"]);
    client.patch(&path, json!({"phone": null})).ok();
}

#[test]
fn an_application_is_told_what_is_held_back() {
    let town = Town::start();
    let fields = json!([hidden("email"), {"object": "contact", "field": "department", "access": "read"}]);
    let (client, _) = holding(&town, &[opening(READS, fields.clone())]);
    let told = client.get("/v1/me/permissions").ok();
    assert_eq!(told["permissions"][0], json!({"object": "contact", "action": "read", "reach": "all"}));
    let told = told["fields"].as_array().unwrap().clone();
    for one in fields.as_array().unwrap() {
        assert!(told.contains(one), "{told:?}");
    }
    // the points of a contact would tell its address
    assert!(told.contains(&json!({"object": "contact_point", "field": "value", "access": "hidden"})), "{told:?}");
    assert_eq!(client.get("/v1/me").ok()["fields"], json!(told));
    assert_eq!(town.owner().get("/v1/me/permissions").ok()["fields"], json!([]));
}

/// By no role that they make, change, give, take or restore.
#[test]
fn nobody_shows_by_a_role_what_they_do_not_see() {
    let town = Town::start();
    let (owner, client) = (town.owner(), administers(&town));
    let refused = |answer: crate::support::Answer| drop(answer.refused(403, "beyond_own_rights"));
    refused(client.post("/v1/roles", opening(READS, json!([]))));
    refused(
        client.post("/v1/roles", opening(READS, json!([{"object": "contact", "field": "phone", "access": "read"}]))),
    );
    let own = client.post("/v1/roles", opening(READS, json!([hidden("phone"), hidden("email")]))).created();
    let path = format!("/v1/roles/{}", make::id(&own, "id"));
    refused(client.patch(&path, json!({"fields": []})));
    refused(client.patch(&path, json!({"fields": [hidden("email")]})));
    client.patch(&path, json!({"fields": [hidden("phone")]})).ok();
    // neither half of it goes beyond, both together do
    let empty = client.post("/v1/roles", opening(&[], json!([]))).created();
    let empty = format!("/v1/roles/{}", make::id(&empty, "id"));
    refused(client.patch(&empty, json!({"permissions": opening(READS, json!([]))["permissions"]})));
    let shows = make::role(&owner, &[("contact", "read", "own")]);
    let shows_path = format!("/v1/roles/{}", make::id(&shows, "id"));
    refused(client.patch(&shows_path, json!({"name": "x"})));
    refused(client.delete(&shows_path));
    let nobody = format!("/v1/users/{}", town.user(Person::Nobody));
    refused(client.put(&format!("{nobody}/roles/{}", make::id(&shows, "id")), json!({})));
    client.put(&format!("{nobody}/roles/{}", make::id(&own, "id")), json!({})).ok();
    owner.delete(&shows_path).is(204);
    refused(client.act(&format!("{shows_path}/restore")));
    let new = |role: &Value| json!({"email": format!("{}@town.example", fresh("n")), "display_name": "N", "role_ids": [role]});
    refused(client.post("/v1/users", new(&json!(town.role("read_only")))));
    client.post("/v1/users", new(&own["id"])).created();
}

/// By nobody whom they act on, put into a team, or make a key for.
#[test]
fn nobody_reaches_what_they_do_not_see_through_others() {
    let town = Town::start();
    let (owner, client) = (town.owner(), administers(&town));
    let (_, seeing) = holding(&town, &[opening(READS, json!([]))]);
    let (_, blind) = holding(&town, &[opening(READS, json!([hidden("phone")]))]);
    let password = json!({"password": "a good long password"});
    client.patch(&format!("/v1/users/{seeing}"), &password).refused(403, "beyond_own_rights");
    client.delete(&format!("/v1/users/{seeing}")).refused(403, "beyond_own_rights");
    client.patch(&format!("/v1/users/{blind}"), &password).ok();
    let in_teams = |fields: Value| {
        let mut role = opening(&[], fields);
        role["permissions"] = json!([{"object": "contact", "action": "read", "reach": "team"}]);
        holding(&town, &[role]).1
    };
    let north = format!("/v1/teams/{}/members", town.team("north"));
    client.put(&format!("{north}/{}", in_teams(json!([]))), json!({})).refused(403, "beyond_own_rights");
    client.put(&format!("{north}/{}", in_teams(json!([hidden("phone")]))), json!({})).ok();
    let account = |fields: Value| {
        let role = owner.post("/v1/roles", opening(READS, fields)).created();
        make::user(&owner, json!({"kind": "service", "role_ids": [role["id"]]}))["id"].clone()
    };
    let key =
        |user: Value| client.post("/v1/api-keys", json!({"name": "k", "scopes": ["contacts:read"], "user_id": user}));
    key(account(json!([]))).refused(403, "beyond_own_rights");
    key(account(json!([hidden("phone")]))).created();
}

/// Whatever its scopes say, a key sees what its maker sees.
#[test]
fn a_key_shrinks_with_the_fields_of_its_maker() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"phone": "+4930123456"}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    let role = owner.post("/v1/roles", opening(&[READS, &[("api_key", "create")]].concat(), json!([]))).created();
    let user = make::user(&owner, json!({"password": PASSWORD, "role_ids": [role["id"]]}));
    let login = json!({"email": user["email"], "password": PASSWORD});
    let tokens = town.anonymous().post("/v1/auth/login", login).ok();
    let maker = town.anonymous().bearing(make::id(&tokens, "access_token"));
    let keys = ["*", "contacts:*", "contacts:read"].map(|scope| {
        let key = maker.post("/v1/api-keys", json!({"name": "k", "scopes": [scope]})).created();
        town.anonymous().bearing(make::id(&key, "key")).sparse()
    });
    for key in &keys {
        assert_eq!(key.get(&path).ok()["phone"], contact["phone"]);
    }
    owner.patch(&format!("/v1/roles/{}", make::id(&role, "id")), json!({"fields": [hidden("phone")]})).ok();
    for key in &keys {
        assert_eq!(key.get(&path).ok().get("phone"), None);
        key.get("/v1/contacts?phone=%2B4930123456").refused(400, "filter_unknown_field");
    }
}

#[test]
fn a_price_that_is_hidden_is_told_by_no_way() {
    let town = Town::start();
    let owner = town.owner();
    let tea = make::product(&owner, json!({}));
    let book = make::price_book(&owner, json!({"is_default": true}));
    let entries = format!("/v1/price-books/{}/entries", make::id(&book, "id"));
    owner.post(&entries, json!({"product_id": tea["id"], "unit_price": "11"})).created();
    let reads = [("product", "read"), ("price_book", "read")];
    let held = |object: &str| json!({"object": object, "field": "unit_price", "access": "hidden"});
    let price = format!("/v1/products/{}/price?currency=USD", make::id(&tea, "id"));
    let seeing = |fields: Value| holding(&town, &[opening(&reads, fields)]).0;
    assert_eq!(seeing(json!([held("product")])).get(&price).ok()["unit_price"], "11");
    assert_eq!(seeing(json!([held("price_book_entry")])).get(&price).ok()["unit_price"], "12.5");
    let neither = seeing(json!([held("product"), held("price_book_entry")]));
    neither.get(&price).refused(404, "price_unknown");
}
