//! The analytics wing, from outside.
mod dashboards;
mod figures;
mod packs;
mod reports;
mod schedules;
mod times;

use crate::support::{Answer, Client, Town, Value, json, make};

/// What records come to.
fn ask(client: &Client, query: Value) -> Answer {
    client.post("/v1/analytics/query", query)
}

/// Somebody who may read all of these, with fields hidden from them.
fn blinkered(town: &Town, objects: &[&str], hidden: &[(&str, &str)]) -> Client {
    let owner = town.owner();
    let one = |object: &&str| json!({"object": object, "action": "read", "reach": "all"});
    let permissions: Vec<Value> = objects.iter().chain([&"report", &"dashboard"]).map(one).collect();
    let field = |(object, field): &(&str, &str)| json!({"object": object, "field": field, "access": "hidden"});
    let fields: Vec<Value> = hidden.iter().map(field).collect();
    let role = json!({"name": crate::support::fresh("Role "), "permissions": permissions, "fields": fields});
    let role = owner.post("/v1/roles", role).created();
    let password = crate::support::people::PASSWORD;
    let user = make::user(&owner, json!({"password": password, "role_ids": [role["id"]]}));
    let login = json!({"email": user["email"], "password": password});
    town.anonymous().bearing(make::id(&town.anonymous().post("/v1/auth/login", login).ok(), "access_token"))
}
