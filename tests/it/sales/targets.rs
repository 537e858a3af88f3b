//! What people are to reach counts for their teams too, however deep those stand; a quota of a team's own wins.
use super::forecast::{amount, deal, forecast, group};
use crate::support::{Client, Person, Town, Value, json, make};

/// Five teams, each below the one before.
fn levels(owner: &Client) -> Vec<String> {
    let mut teams: Vec<String> = Vec::new();
    for level in 0..5 {
        let team = json!({"name": format!("Level {level}"), "parent_id": teams.last()});
        teams.push(make::id(&owner.post("/v1/teams", team).created(), "id"));
    }
    teams
}

fn quota(owner: &Client, sum: &str, extra: Value) -> String {
    let basis = json!({"period": "2026-Q4", "amount": {"amount": sum, "currency": "USD"}});
    let made = owner.post("/v1/quotas", make::with(basis, extra)).created();
    format!("/v1/quotas/{}", make::id(&made, "id"))
}

/// Somebody who works in these teams, and is to reach so much.
fn seller(owner: &Client, teams: &[&String], sum: &str) -> String {
    let user = make::user(owner, json!({"team_ids": teams}));
    quota(owner, sum, json!({"owner_id": user["id"]}))
}

/// What each of the teams is to reach.
fn aims(told: &Value, teams: &[String]) -> Vec<Option<String>> {
    let groups = told["groups"].as_array().unwrap();
    let of = |team: &String| {
        let group = groups.iter().find(|group| group["team_id"] == *team)?;
        group["quota"].is_object().then(|| amount(group, "quota").to_string())
    };
    teams.iter().map(of).collect()
}

fn some(sums: [&str; 5]) -> Vec<Option<String>> {
    sums.map(|sum| (sum != "-").then(|| sum.to_owned())).into()
}

#[test]
fn what_people_are_to_reach_counts_in_all_teams_above_them() {
    let town = Town::watched();
    let owner = town.owner();
    let teams = levels(&owner);
    let by_team = || forecast(&owner, "period=2026-Q4&group_by=team");
    seller(&owner, &[&teams[4]], "1000");
    assert_eq!(aims(&by_team(), &teams), some(["1000"; 5]));
    let few = town.statements(|| drop(by_team()));
    // whoever works in two teams counts in the older one alone; a quota may say itself where it counts
    seller(&owner, &[&teams[4], &teams[3]], "30");
    quota(&owner, "500", json!({"owner_id": town.user(Person::Rep), "team_id": teams[2]}));
    quota(&owner, "70", json!({}));
    // of another period
    quota(&owner, "9999", json!({"period": "2026", "team_id": teams[4]}));
    let told = by_team();
    assert_eq!(aims(&told, &teams), some(["1530", "1530", "1530", "1030", "1000"]));
    assert_eq!(amount(&told["total"], "quota").to_string(), "1600", "with those of no team");
    let loose = told["groups"].as_array().unwrap().iter().find(|group| group["team_id"].is_null()).unwrap();
    assert_eq!(amount(loose, "quota").to_string(), "70");
    assert_eq!(town.statements(|| drop(by_team())).len(), few.len(), "however many there are");
    let stages = make::stages(&owner, None);
    let won = json!({"team_id": teams[4], "closed_at": "2026-11-11T00:00:00Z"});
    deal(&owner, &stages["closed_won"], "765", won);
    let told = by_team();
    let reached = |team: &str| group(&told, "team_id", team)["attainment"].clone();
    assert_eq!((reached(&teams[4]), reached(&teams[0])), (json!("0.765"), json!("0.5")));
    let by_owner = forecast(&owner, "period=2026-Q4");
    assert_eq!(amount(&by_owner["total"], "quota").to_string(), "1600", "the same, person by person");
}

#[test]
fn a_quota_of_a_teams_own_wins() {
    let town = Town::start();
    let owner = town.owner();
    let teams = levels(&owner);
    let by_team = || forecast(&owner, "period=2026-Q4&group_by=team");
    seller(&owner, &[&teams[4]], "1000");
    let own = quota(&owner, "3000", json!({"kind": "team", "team_id": teams[1]}));
    let told = by_team();
    assert_eq!(aims(&told, &teams), some(["3000", "3000", "1000", "1000", "1000"]));
    assert_eq!(amount(&told["total"], "quota").to_string(), "3000");
    assert_eq!(amount(&forecast(&owner, "period=2026-Q4")["total"], "quota").to_string(), "1000", "of people alone");
    let top = quota(&owner, "10", json!({"kind": "team", "team_id": teams[0]}));
    assert_eq!(aims(&by_team(), &teams), some(["10", "3000", "1000", "1000", "1000"]));
    [&top, &own].into_iter().for_each(|path| drop(owner.delete(path).is(204)));
    assert_eq!(aims(&by_team(), &teams), some(["1000"; 5]), "what is archived is none");
    owner.act(&format!("{own}/restore")).ok();
    assert_eq!(aims(&by_team(), &teams), some(["3000", "3000", "1000", "1000", "1000"]));
}

/// Nobody is told more of what others are to reach than they see.
#[test]
fn what_is_not_seen_adds_to_nothing() {
    let town = Town::start();
    let owner = town.owner();
    quota(&owner, "100", json!({"owner_id": town.user(Person::Rep), "team_id": town.team("north")}));
    quota(&owner, "1000", json!({"owner_id": town.user(Person::Stranger), "team_id": town.team("south")}));
    let total = |client: &Client| forecast(client, "period=2026-Q4&group_by=team")["total"].clone();
    let seen = [&owner, &town.client(Person::Rep)].map(|client| amount(&total(client), "quota").to_string());
    assert_eq!(seen, ["1100", "100"]);
    let blind = make::holder(&town, &[("opportunity", "read", "all")]);
    assert_eq!(total(&blind)["quota"], json!(null));
}
