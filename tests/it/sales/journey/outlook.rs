//! What the seller's leader sees of it in the morning: the board, the forecast, and what has changed since yesterday.
use super::{BASE, Scene, TOTAL, money, year};
use crate::sales::board::{board, column};
use crate::sales::forecast::{amount, forecast, group};
use crate::support::{Client, Person, Value, json, make};

/// A night passes, in which what is open is written down: what is done next is done on the day after it.
pub fn night(scene: &Scene) {
    sales::forecast::change::take(&mut scene.town.database.conn(), kernel::clock::now()).unwrap();
    assert_eq!(scene.town.database.count("SELECT count(*) FROM forecast_snapshots"), 1);
    let passes = "UPDATE forecast_snapshots SET taken_on = taken_on - 1, taken_at = taken_at - interval '1 day'";
    scene.town.database.run(passes);
}

/// How many cards stand in each stage, by its key, and what those of one come to.
fn columns(client: &Client, of: &str) -> (Vec<(String, u64)>, Value) {
    let stages = make::stages(client, None);
    let pipeline = make::id(&client.get("/v1/pipelines?is_default=true").ok()["data"][0], "id");
    let shown = board(client, &pipeline, "limit=10");
    let count = |stage: &String| column(&shown, stage)["count"].as_u64().unwrap();
    let filled = stages.iter().map(|(key, stage)| (key.clone(), count(stage))).filter(|(_, count)| *count > 0);
    (filled.collect(), column(&shown, &stages[of]).clone())
}

/// What was sold and is not signed: one card, and what is to be expected of it.
pub fn open(scene: &Scene, done: &Value) {
    let leader = scene.leader();
    let (filled, here) = columns(&leader, "negotiation");
    assert_eq!(filled, [("negotiation".to_owned(), 1_u64)]);
    assert_eq!(here["cards"][0]["id"], done["opportunity_id"]);
    let sums = [&here["totals"], &here["base_totals"]];
    assert_eq!(sums, [&json!([money(TOTAL, "CNY")]), &json!([money(BASE, "USD")])]);
    let (elsewhere, _) = columns(&scene.town.client(Person::Stranger), "negotiation");
    assert!(elsewhere.is_empty(), "another team sees nothing of it: {elsewhere:?}");
    let quota = json!({"owner_id": scene.town.user(Person::Rep), "team_id": scene.town.team("north"),
        "period": year().to_string(), "amount": money("5000.00", "USD")});
    leader.post("/v1/quotas", quota).created();
    assert_eq!(expected(scene), ["0", BASE, "1413.93", "0"]);
    let told = changed(scene);
    assert_eq!(told["totals"], json!([{"change": "amount_up", "count": 1, "amount": money("87.41", "USD")}]));
    let one = &told["changes"][0];
    assert_eq!((&one["opportunity_id"], &one["name"]), (&done["opportunity_id"], &json!("茶叶年度采购")));
    assert_eq!([&one["amount_before"], &one["amount_after"]], [&money("1680.00", "USD"), &money(BASE, "USD")]);
}

/// What was won counts, and a part of what was to be reached is.
pub fn won(scene: &Scene) {
    let (filled, here) = columns(&scene.leader(), "closed_won");
    assert_eq!((filled, &here["base_totals"]), (vec![("closed_won".to_owned(), 1)], &json!([money(BASE, "USD")])));
    assert_eq!(expected(scene), [BASE, "0", BASE, "0.3535"]);
    let told = changed(scene);
    assert_eq!(told["totals"], json!([{"change": "won", "count": 1, "amount": money(BASE, "USD")}]));
}

/// Won, committed, weighted, and attained, of the seller; of the teams above them it is the same.
fn expected(scene: &Scene) -> [String; 4] {
    let leader = scene.leader();
    let of = |group_by: &str| forecast(&leader, &format!("period={}&group_by={group_by}", year()));
    let figures = |group: &Value| ["won", "commit", "weighted"].map(|sum| amount(group, sum).to_string());
    let (sellers, teams) = (of("owner"), of("team"));
    let own = group(&sellers, "owner_id", &scene.town.user(Person::Rep));
    for team in ["north", "sales"] {
        assert_eq!(figures(group(&teams, "team_id", &scene.town.team(team))), figures(own), "{team}");
    }
    assert_eq!(figures(&sellers["total"]), figures(own));
    let [won, commit, weighted] = figures(own);
    [won, commit, weighted, make::id(own, "attainment")]
}

fn changed(scene: &Scene) -> Value {
    let yesterday = kernel::clock::now().date_naive() - chrono::Duration::days(1);
    let told = scene.leader().get(&format!("/v1/forecasts/changes?since={yesterday}&period={}", year())).ok();
    let night = scene.town.database.text("SELECT taken_on FROM forecast_snapshots");
    assert_eq!((&told["taken_on"], told["changes"].as_array().map(Vec::len)), (&json!(night), Some(1)), "{told}");
    told
}
