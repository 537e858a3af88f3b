//! Nobody comes by a right that they were not given: not by a role, a team, a user, or a key.
use super::{out_soon, tokens, with};
use crate::support::people::PASSWORD;
use crate::support::{Client, Person, Town, Value, json, make};

const TEAMS: [(&str, &str, &str); 4] =
    [("team", "read", "all"), ("team", "update", "all"), ("user", "read", "all"), ("contact", "read", "team")];

/// Who somebody is, and them.
fn me(client: &Client) -> String {
    client.get("/v1/me").ok()["user"]["id"].as_str().unwrap().to_owned()
}

/// What a member of a team sees of others' records, whoever puts people into teams must see themselves.
#[test]
fn nobody_joins_a_team_to_see_more() {
    let town = Town::start();
    let client = make::holder(&town, &TEAMS);
    let south = town.team("south");
    for user in [me(&client), town.user(Person::Rep), town.user(Person::Manager)] {
        let path = format!("/v1/teams/{south}/members/{user}");
        client.put(&path, json!({})).refused(403, "beyond_own_rights");
    }
    // who gains nothing by it may be put anywhere
    client.put(&format!("/v1/teams/{south}/members/{}", town.user(Person::Nobody)), json!({})).ok();
    let in_team = "SELECT count(*) FROM team_members WHERE team_id = ";
    assert_eq!(town.database.count(&format!("{in_team}'{south}'")), 2, "the stranger and nobody");
    // whoever sees all may
    town.owner().put(&format!("/v1/teams/{south}/members/{}", me(&client)), json!({})).ok();
}

/// In a team of one's own one may let others in, as far as they gain what one has.
#[test]
fn a_team_is_shared_by_those_who_are_in_it() {
    let town = Town::start();
    let client = make::holder(&town, &TEAMS);
    let like = make::holder(&town, &[("contact", "read", "team")]);
    let more = make::holder(&town, &[("contact", "read", "subtree")]);
    let sales = town.team("sales");
    town.owner().put(&format!("/v1/teams/{sales}/members/{}", me(&client)), json!({})).ok();
    let put = |who: &Client| client.put(&format!("/v1/teams/{sales}/members/{}", me(who)), json!({}));
    let since = std::time::Instant::now();
    while put(&like).status != 200 {
        assert!(since.elapsed() < std::time::Duration::from_secs(5), "what is known of the caller is old");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    put(&more).refused(403, "beyond_own_rights");
}

/// A team put below another is seen from there, so whoever puts it there must see it themselves.
#[test]
fn no_team_is_moved_to_be_seen() {
    let town = Town::start();
    let owner = town.owner();
    let client = make::holder(&town, &TEAMS);
    let east = make::id(&owner.post("/v1/teams", json!({"name": "east"})).created(), "id");
    let path = format!("/v1/teams/{east}");
    client.patch(&path, json!({"parent_id": town.team("north")})).refused(403, "beyond_own_rights");
    assert_eq!(owner.get(&path).ok()["parent_id"], Value::Null);
    // from below `north` to below `sales` nobody gains: the manager sees it from above already
    owner.patch(&path, json!({"parent_id": town.team("north")})).ok();
    client.patch(&path, json!({"parent_id": town.team("sales")})).ok();
    client.patch(&path, json!({"name": "Far east", "parent_id": null})).ok();
}

/// Rights that one lacks are not one's to take away either.
#[test]
fn nobody_empties_a_role_that_goes_beyond_them() {
    let town = Town::start();
    let purger = make::role(&town.owner(), &[("contact", "purge", "own"), ("contact", "read", "own")]);
    let path = format!("/v1/roles/{}", make::id(&purger, "id"));
    let admin = town.client(Person::Admin);
    admin.patch(&path, json!({"permissions": []})).refused(403, "beyond_own_rights");
    admin.delete(&path).refused(403, "beyond_own_rights");
    assert_eq!(town.owner().get(&path).ok(), purger);
}

/// Of a role and a reach, each as far as one's own and no farther.
#[test]
fn a_reach_is_given_no_farther_than_it_is_held() {
    let town = Town::start();
    let reaches = ["none", "own", "team", "subtree", "all"];
    for (at, held) in reaches.iter().enumerate().skip(1) {
        let client =
            make::holder(&town, &[("role", "create", "all"), ("role", "read", "all"), ("contact", "read", held)]);
        for (asked, reach) in reaches.iter().enumerate() {
            let name = crate::support::fresh("Role ");
            let permission = json!({"object": "contact", "action": "read", "reach": reach});
            let answer = client.post("/v1/roles", json!({"name": name, "permissions": [permission]}));
            match asked <= at {
                true => drop(answer.created()),
                false => drop(answer.refused(403, "beyond_own_rights")),
            }
        }
    }
}

/// What its maker loses, a key loses, whatever its scopes say.
#[test]
fn a_key_shrinks_with_its_maker() {
    let town = Town::start();
    let owner = town.owner();
    let rep = with(&town, &tokens(&town, Person::Rep));
    let programs = ["*", "contacts:*", "*:create", "contacts:create"].map(|scope| {
        let made = rep.post("/v1/api-keys", json!({"name": "test", "scopes": [scope]})).created();
        town.anonymous().bearing(make::id(&made, "key"))
    });
    for program in &programs {
        make::contact(program, json!({}));
    }
    let role = make::role(&owner, &[("contact", "read", "own")]);
    let path = format!("/v1/users/{}/roles", town.user(Person::Rep));
    owner.put(&format!("{path}/{}", make::id(&role, "id")), json!({})).ok();
    owner.delete(&format!("{path}/{}", town.role("representative"))).ok();
    out_soon(&rep, "/v1/orders", 403);
    for program in &programs {
        let create = || program.post("/v1/contacts?duplicates=allow", json!({"display_name": "x"}));
        let since = std::time::Instant::now();
        while create().status != 403 {
            assert!(since.elapsed() < std::time::Duration::from_secs(5), "the key still writes");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        create().refused(403, "forbidden");
    }
}

/// Every way out for the last owner is shut, and opens when there is another.
#[test]
fn the_last_owner_leaves_by_no_door() {
    let town = Town::start();
    let owner = town.owner();
    let path = format!("/v1/users/{}", town.user(Person::Owner));
    let role = format!("{path}/roles/{}", town.role("owner"));
    let second = make::user(&owner, json!({"role_ids": [town.role("owner")], "password": PASSWORD}));
    let second = format!("/v1/users/{}", make::id(&second, "id"));
    owner.patch(&second, json!({"is_active": false})).ok();
    // one who is not active is no owner to count on
    owner.delete(&role).refused(409, "last_owner");
    owner.delete(&path).refused(409, "last_owner");
    owner.delete(&format!("{path}?purge=true")).refused(409, "last_owner");
    owner.patch(&path, json!({"is_active": false})).refused(409, "last_owner");
    owner.patch(&second, json!({"is_active": true})).ok();
    owner.delete(&role).ok();
}
