//! Roles: nobody gives what they lack, and there is always an owner.
use super::{out_soon, tokens, with};
use crate::support::{Person, Town, json, make};

#[test]
fn a_role_given_is_a_right_gained_and_taken_is_lost() {
    let town = Town::start();
    let owner = town.owner();
    let nobody = with(&town, &tokens(&town, Person::Nobody));
    nobody.get("/v1/contacts").refused(403, "forbidden");
    let role = make::role(&owner, &[("contact", "read", "own")]);
    let path = format!("/v1/users/{}/roles/{}", town.user(Person::Nobody), make::id(&role, "id"));
    owner.put(&path, json!({})).is_one_of(&[200, 204]);
    out_soon(&nobody, "/v1/contacts", 200);
    owner.delete(&path).ok();
    out_soon(&nobody, "/v1/contacts", 403);
}

#[test]
fn nobody_gives_what_they_lack() {
    let town = Town::start();
    let admin = town.client(Person::Admin);
    let nobody = town.user(Person::Nobody);
    admin.put(&format!("/v1/users/{nobody}/roles/{}", town.role("owner")), json!({})).refused(403, "beyond_own_rights");
    admin.put(&format!("/v1/users/{nobody}/roles/{}", town.role("manager")), json!({})).is_one_of(&[200, 204]);
    let purge = json!({"name": "Purger", "permissions": [{"object": "contact", "action": "purge", "reach": "own"}]});
    admin.post("/v1/roles", &purge).refused(403, "beyond_own_rights");
    let role = town.owner().post("/v1/roles", &purge).created();
    let path = format!("/v1/roles/{}", make::id(&role, "id"));
    admin.patch(&path, json!({"name": "x"})).is_one_of(&[403]);
    admin
        .put(&format!("/v1/users/{nobody}/roles/{}", make::id(&role, "id")), json!({}))
        .refused(403, "beyond_own_rights");
    let owner = format!("/v1/users/{}", town.user(Person::Owner));
    for refused in [
        admin.patch(&owner, json!({"password": "another good password"})),
        admin.patch(&owner, json!({"email": "x@town.example"})),
        admin.delete(&owner),
        admin.patch(&owner, json!({"is_active": false})),
    ] {
        refused.refused(403, "beyond_own_rights");
    }
    let new = json!({"email": "new@town.example", "display_name": "New", "role_ids": [town.role("owner")]});
    admin.post("/v1/users", new).refused(403, "beyond_own_rights");
}

#[test]
fn the_last_owner_stays() {
    let town = Town::start();
    let owner = town.owner();
    let me = town.user(Person::Owner);
    let (path, role) = (format!("/v1/users/{me}"), format!("/v1/users/{me}/roles/{}", town.role("owner")));
    owner.delete(&role).refused(409, "last_owner");
    owner.delete(&path).refused(409, "last_owner");
    owner.patch(&path, json!({"is_active": false})).refused(409, "last_owner");
    let second = make::user(&owner, json!({"role_ids": [town.role("owner")]}));
    owner.delete(&role).ok();
    let login = json!({"email": second["email"], "password": "x"});
    town.anonymous().post("/v1/auth/login", login).refused(401, "invalid_credentials");
}

/// Two owners who demote each other at once: one stays.
#[test]
fn two_owners_cannot_remove_each_other() {
    let town = Town::start();
    let owner = town.owner();
    let second = make::user(&owner, json!({"role_ids": [town.role("owner")]}));
    let ids = [town.user(Person::Owner), make::id(&second, "id")];
    std::thread::scope(|scope| {
        for id in &ids {
            let (owner, path) = (&owner, format!("/v1/users/{id}/roles/{}", town.role("owner")));
            scope.spawn(move || owner.delete(&path).is_one_of(&[200, 401, 403, 409]));
        }
    });
    let left = format!("SELECT count(*) FROM user_roles WHERE role_id = '{}'", town.role("owner"));
    assert_eq!(town.database.count(&left), 1);
}

#[test]
fn built_in_roles_stay_as_they_are() {
    let town = Town::start();
    let owner = town.owner();
    for key in ["owner", "admin", "manager", "representative", "read_only"] {
        let path = format!("/v1/roles/{}", town.role(key));
        let role = owner.get(&path).ok();
        assert!(!role["permissions"].as_array().unwrap().is_empty(), "{key}");
        owner.patch(&path, json!({"name": "x"})).refused(403, "role_built_in");
        owner.delete(&path).refused(403, "role_built_in");
    }
}

#[test]
fn a_role_of_ones_own_goes_through_its_life() {
    let town = Town::start();
    let owner = town.owner();
    let role = make::role(&owner, &[("contact", "read", "team")]);
    let path = format!("/v1/roles/{}", make::id(&role, "id"));
    let more = json!({"permissions": [{"object": "contact", "action": "read", "reach": "all"}]});
    assert_eq!(owner.if_match(1).patch(&path, &more).ok()["permissions"][0]["reach"], "all");
    owner.if_match(1).patch(&path, &more).refused(412, "stale");
    for permission in [
        json!({"object": "contact", "action": "fly", "reach": "all"}),
        json!({"object": "unicorn", "action": "read", "reach": "all"}),
        json!({"object": "contact", "action": "read", "reach": "galaxy"}),
        json!({"object": "contact", "action": "read"}),
    ] {
        owner.post("/v1/roles", json!({"name": "x", "permissions": [permission]})).is(422);
    }
    owner.post("/v1/roles", json!({"name": role["name"]})).refused(409, "role_name_taken");
    owner.delete(&path).is(204);
    owner.act(&format!("{path}/restore")).ok();
    owner.delete(&format!("{path}?purge=true")).is(204);
}
