//! Teams: who sees whose records follows from who is in which team, at once and everywhere.
use super::{out_soon, tokens, with};
use crate::support::{Person, Town, json, make};

#[test]
fn who_joins_a_team_sees_its_records() {
    let town = Town::start();
    let owner = town.owner();
    let contact = make::contact(&owner, json!({"team_id": town.team("south")}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    let rep = with(&town, &tokens(&town, Person::Rep));
    rep.get(&path).refused(404, "not_found");
    let member = format!("/v1/teams/{}/members/{}", town.team("south"), town.user(Person::Rep));
    owner.put(&member, json!({})).is_one_of(&[200, 204]);
    out_soon(&rep, &path, 200);
    assert_eq!(
        owner.get(&format!("/v1/teams/{}/members?sort=email", town.team("south"))).each("email"),
        ["rep@town.example", "stranger@town.example"]
    );
    owner.delete(&member).ok();
    out_soon(&rep, &path, 404);
}

#[test]
fn a_team_moved_below_another_is_seen_from_there() {
    let town = Town::start();
    let owner = town.owner();
    let team = owner.post("/v1/teams", json!({"name": "east"})).created();
    let contact = make::contact(&owner, json!({"team_id": team["id"]}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    let manager = with(&town, &tokens(&town, Person::Manager));
    manager.get(&path).refused(404, "not_found");
    owner.patch(&format!("/v1/teams/{}", make::id(&team, "id")), json!({"parent_id": town.team("north")})).ok();
    out_soon(&manager, &path, 200);
}

#[test]
fn no_team_stands_above_itself() {
    let town = Town::start();
    let owner = town.owner();
    let sales = format!("/v1/teams/{}", town.team("sales"));
    for below in ["sales", "north"] {
        owner.patch(&sales, json!({"parent_id": town.team(below)})).refused(422, "team_own_parent");
    }
    owner.post("/v1/teams", json!({"name": "north"})).refused(409, "team_name_taken");
    owner
        .post("/v1/teams", json!({"name": "x", "parent_id": crate::support::nobodys_id()}))
        .refused(422, "unknown_reference");
}

/// Two teams that are put below each other at once: one of the two is refused.
#[test]
fn two_teams_cannot_be_put_below_each_other_at_once() {
    let town = Town::start();
    let owner = town.owner();
    let (north, south) = (town.team("north"), town.team("south"));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = [(&north, &south), (&south, &north)]
            .map(|(team, above)| {
                let owner = &owner;
                scope.spawn(move || owner.patch(&format!("/v1/teams/{team}"), json!({"parent_id": above})).status)
            })
            .into();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(statuses.contains(&422), "{statuses:?}");
}
