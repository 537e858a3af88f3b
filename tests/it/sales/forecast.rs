//! A forecast says what a period will come to, to each as far as they see; what has changed since a night is told.
use crate::support::{Client, Person, Town, Value, json, make};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

pub fn forecast(client: &Client, query: &str) -> Value {
    client.get(&format!("/v1/forecasts?{query}")).ok()
}

pub fn amount(group: &Value, member: &str) -> Decimal {
    make::id(&group[member], "amount").parse::<Decimal>().unwrap().normalize()
}

pub fn group<'a>(told: &'a Value, member: &str, id: &str) -> &'a Value {
    let groups = told["groups"].as_array().unwrap();
    groups.iter().find(|group| group[member] == id).unwrap_or_else(|| panic!("no {member} {id}: {told}"))
}

pub fn deal(client: &Client, stage: &str, sum: &str, more: Value) -> Value {
    let basis =
        json!({"stage_id": stage, "amount": {"amount": sum, "currency": "USD"}, "expected_close_on": "2026-11-20"});
    make::opportunity(client, make::with(basis, more))
}

#[test]
fn a_period_comes_to_what_is_won_and_what_is_open() {
    let town = Town::start();
    let owner = town.owner();
    let stages = make::stages(&owner, None);
    deal(&owner, &stages["prospecting"], "1000.00", json!({}));
    deal(&owner, &stages["proposal"], "2000.00", json!({}));
    deal(&owner, &stages["negotiation"], "500.00", json!({"probability": 90}));
    deal(&owner, &stages["proposal"], "70.00", json!({"forecast_category": "omitted"}));
    deal(&owner, &stages["proposal"], "4000.00", json!({"expected_close_on": "2027-01-01"}));
    deal(&owner, &stages["closed_won"], "300.00", json!({"closed_at": "2026-10-01T00:00:00Z"}));
    deal(&owner, &stages["closed_won"], "9000.00", json!({"closed_at": "2026-09-30T23:59:59Z"}));
    deal(&owner, &stages["closed_lost"], "80.00", json!({"closed_at": "2026-12-31T23:59:59Z", "lost_reason": "price"}));
    make::opportunity(
        &owner,
        json!({"amount": {"amount": "5.00", "currency": "EUR"}, "expected_close_on": "2026-12-31"}),
    );
    let told = forecast(&owner, "period=2026-Q4");
    let total = &told["total"];
    let counts = ["open_count", "won_count", "lost_count", "unknown_count"].map(|name| total[name].as_i64().unwrap());
    assert_eq!(counts, [5, 1, 1, 1]);
    let sums = ["won", "pipeline", "best_case", "commit", "weighted"].map(|name| amount(total, name).to_string());
    assert_eq!(sums, ["300", "1000", "2000", "500", "2050"]);
    assert_eq!(told["groups"].as_array().map(Vec::len), Some(1));
    let told = forecast(&owner, "period=2026-11&group_by=category");
    assert_eq!(amount(group(&told, "forecast_category", "best_case"), "weighted").to_string(), "1200");
    assert_eq!(amount(&forecast(&owner, "period=2026")["total"], "won").to_string(), "9300");
    for bad in ["2026-Q5", "now", ""] {
        owner.get(&format!("/v1/forecasts?period={bad}")).is(400);
    }
    owner.get("/v1/forecasts").is(400);
}

/// Five levels of teams: what counts in one counts in those above it.
#[test]
fn teams_come_to_what_those_below_them_come_to() {
    let town = Town::start();
    let owner = town.owner();
    let stages = make::stages(&owner, None);
    let (mut above, mut teams) = (Value::Null, Vec::new());
    for level in 0..5 {
        let team = owner.post("/v1/teams", json!({"name": format!("Level {level}"), "parent_id": above})).created();
        deal(
            &owner,
            &stages["closed_won"],
            &format!("{}", 10_i64.pow(level)),
            json!({"team_id": team["id"], "closed_at": "2026-11-11T00:00:00Z"}),
        );
        above = team["id"].clone();
        teams.push(make::id(&team, "id"));
    }
    deal(&owner, &stages["closed_won"], "7", json!({"closed_at": "2026-11-11T00:00:00Z"}));
    let quota = json!({"kind": "team", "team_id": teams[3], "period": "2026-Q4", "amount": {"amount": "22000", "currency": "USD"}});
    owner.post("/v1/quotas", &quota).created();
    owner.post("/v1/quotas", &quota).refused(409, "quota_period_taken");
    let told = forecast(&owner, "period=2026-Q4&group_by=team");
    let won = teams.iter().map(|team| amount(group(&told, "team_id", team), "won").to_string()).collect::<Vec<_>>();
    assert_eq!(won, ["11111", "11110", "11100", "11000", "10000"]);
    assert_eq!(group(&told, "team_id", &teams[3])["attainment"], "0.5");
    assert_eq!(group(&told, "team_id", &teams[4])["quota"], json!(null), "nobody below it is to reach anything");
    assert_eq!(amount(&told["total"], "won").to_string(), "11118");
}

#[test]
fn quotas_are_for_those_who_are_to_reach_them() {
    let town = Town::start();
    let (owner, rep, manager) = (town.owner(), town.client(Person::Rep), town.client(Person::Manager));
    let stages = make::stages(&owner, None);
    let new = |sum: &str| {
        json!({"owner_id": town.user(Person::Rep), "team_id": town.team("north"), "period": "2026-Q4",
            "amount": {"amount": sum, "currency": "USD"}})
    };
    rep.post("/v1/quotas", json!({"period": "2026-Q4", "amount": {"amount": "1", "currency": "USD"}}))
        .refused(403, "forbidden");
    let made = manager.post("/v1/quotas", new("400.00")).created();
    let path = format!("/v1/quotas/{}", make::id(&made, "id"));
    assert_eq!(rep.get(&path).ok(), made);
    town.client(Person::Stranger).get(&path).refused(404, "not_found");
    manager.if_match(1).patch(&path, json!({"amount": {"amount": "500.00", "currency": "USD"}})).ok();
    manager.if_match(1).delete(&path).refused(412, "stale");
    for (bad, place) in [
        (json!({"period": "2026-Q9", "amount": {"amount": "1", "currency": "USD"}}), "/period"),
        (json!({"period": "2026", "amount": {"amount": "0", "currency": "USD"}}), "/amount"),
        (json!({"period": "2026", "kind": "team", "amount": {"amount": "1", "currency": "USD"}}), "/team_id"),
    ] {
        assert_eq!(manager.post("/v1/quotas", bad).pointers(), [place]);
    }
    deal(&rep, &stages["closed_won"], "100.00", json!({"closed_at": "2026-11-11T00:00:00Z"}));
    let told = forecast(&rep, "period=2026-Q4");
    let own = group(&told, "owner_id", &town.user(Person::Rep));
    assert_eq!((&own["attainment"], amount(own, "quota").to_string()), (&json!("0.2"), "500".to_owned()));
    manager.delete(&path).is(204);
    assert_eq!(forecast(&rep, "period=2026-Q4")["total"]["quota"], json!(null), "archived, it is reached by nobody");
    manager.act(&format!("{path}/restore")).ok();
    assert_eq!(amount(&forecast(&rep, "period=2026-Q4")["total"], "quota").to_string(), "500");
}

/// What changed since a night: each sort of change once, to those who see it.
#[test]
fn what_has_changed_since_a_night_is_told() {
    let town = Town::idle();
    let owner = town.owner();
    let stages = make::stages(&owner, None);
    let all: BTreeMap<&str, Value> = ["up", "down", "in", "out", "won", "lost", "removed", "same", "closed"]
        .into_iter()
        .map(|name| {
            let day = if name == "in" { "2027-05-05" } else { "2026-11-20" };
            let stage = if name == "closed" { "closed_won" } else { "proposal" };
            (name, deal(&owner, &stages[stage], "100.00", json!({"name": name, "expected_close_on": day})))
        })
        .collect();
    let path = |name: &str| format!("/v1/opportunities/{}", make::id(&all[name], "id"));
    let today = town.database.text("SELECT (now() AT TIME ZONE 'UTC')::date::text");
    let changes = |client: &Client| client.get(&format!("/v1/forecasts/changes?since={today}&period=2026-Q4")).ok();
    assert_eq!(
        (&changes(&owner)["taken_on"], changes(&owner)["totals"].as_array().map(Vec::len)),
        (&json!(null), Some(2))
    );
    sales::forecast::change::take(&mut town.database.conn(), kernel::clock::now()).unwrap();
    let again = sales::forecast::change::take(&mut town.database.conn(), kernel::clock::now()).unwrap();
    assert_eq!((again, town.database.count("SELECT count(*) FROM forecast_snapshots")), (0, 8));
    assert_eq!((&changes(&owner)["totals"], &changes(&owner)["changes"]), (&json!([]), &json!([])));
    let sum = |sum: &str| json!({"amount": {"amount": sum, "currency": "USD"}});
    owner.patch(&path("up"), sum("130.00")).ok();
    owner.patch(&path("down"), sum("90.00")).ok();
    owner.patch(&path("in"), json!({"expected_close_on": "2026-12-31"})).ok();
    owner.patch(&path("out"), json!({"expected_close_on": "2027-01-01"})).ok();
    owner.patch(&path("won"), json!({"stage_id": stages["closed_won"]})).ok();
    owner.patch(&path("lost"), json!({"stage_id": stages["closed_lost"], "lost_reason": "price"})).ok();
    owner.patch(&path("same"), json!({"next_step": "call"})).ok();
    owner.delete(&path("removed")).is(204);
    deal(&owner, &stages["proposal"], "7.00", json!({"name": "added"}));
    let told = changes(&owner);
    assert_eq!(told["taken_on"], today.as_str());
    let each: BTreeMap<&str, &str> = told["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one["change"].as_str().unwrap()))
        .collect();
    let wanted = [
        ("up", "amount_up"),
        ("down", "amount_down"),
        ("in", "moved_in"),
        ("out", "moved_out"),
        ("won", "won"),
        ("lost", "lost"),
        ("removed", "removed"),
        ("added", "added"),
    ];
    assert_eq!(each, wanted.into_iter().collect::<BTreeMap<_, _>>(), "{told}");
    let totals: BTreeMap<&str, String> = told["totals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["change"].as_str().unwrap(), amount(one, "amount").to_string()))
        .collect();
    assert_eq!(
        (totals["amount_up"].as_str(), totals["amount_down"].as_str(), totals["moved_out"].as_str()),
        ("30", "-10", "100")
    );
    assert_eq!(changes(&town.client(Person::Rep))["changes"], json!([]), "who sees none of them is told none");
}
