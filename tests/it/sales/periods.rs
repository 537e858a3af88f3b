//! When a forecast's period begins: with the days of the tenant, and in the month in which its years do.
use super::forecast::{amount, deal, forecast};
use crate::support::{Client, Person, Town, json, make};

fn span(client: &Client, period: &str) -> [String; 2] {
    let told = forecast(client, &format!("period={period}"));
    ["first_on", "last_on"].map(|member| make::id(&told, member))
}

fn won(client: &Client, period: &str) -> String {
    amount(&forecast(client, &format!("period={period}"))["total"], "won").to_string()
}

#[test]
fn a_period_begins_and_ends_with_the_days_of_the_tenant() {
    let town = Town::start();
    let owner = town.owner();
    let stage = make::stages(&owner, None)["closed_won"].clone();
    for (sum, at) in [
        ("1", "2026-09-30T15:59:59Z"),
        ("10", "2026-09-30T16:00:00Z"),
        ("100", "2026-10-01T03:59:59Z"),
        ("1000", "2026-10-01T04:00:00Z"),
        ("10000", "2026-12-31T15:59:59Z"),
        ("100000", "2026-12-31T16:00:00Z"),
        ("1000000", "2027-01-01T04:59:59Z"),
        ("10000000", "2027-01-01T05:00:00Z"),
    ] {
        deal(&owner, &stage, sum, json!({"closed_at": at}));
    }
    for (zone, quarter, month) in [
        ("UTC", "111100", "110000"),
        ("Asia/Shanghai", "11110", "10000"),
        // in summer four hours behind, in winter five
        ("America/New_York", "1111000", "1110000"),
    ] {
        owner.patch("/v1/tenant", json!({"time_zone": zone})).ok();
        assert_eq!((won(&owner, "2026-Q4"), won(&owner, "2026-12")), (quarter.to_owned(), month.to_owned()), "{zone}");
        assert_eq!(span(&owner, "2026-Q4"), ["2026-10-01", "2026-12-31"], "{zone}");
    }
}

#[test]
fn years_and_quarters_begin_in_the_month_in_which_the_tenants_do() {
    let town = Town::start();
    let owner = town.owner();
    assert_eq!(owner.get("/v1/tenant").ok()["fiscal_year_start_month"], 1);
    for bad in [json!(0), json!(13), json!(-1)] {
        let refused = owner.patch("/v1/tenant", json!({"fiscal_year_start_month": bad}));
        refused.refused(422, "invalid");
        assert_eq!(refused.pointers(), ["/fiscal_year_start_month"]);
    }
    let april = json!({"fiscal_year_start_month": 4});
    town.client(Person::Manager).patch("/v1/tenant", &april).refused(403, "forbidden");
    let stages = make::stages(&owner, None);
    deal(&owner, &stages["proposal"], "100.00", json!({"name": "February", "expected_close_on": "2027-02-10"}));
    let open = |period: &str| forecast(&owner, &format!("period={period}"))["total"]["open_count"].clone();
    let periods = ["2026", "2026-Q4", "2027", "2027-Q1", "2027-02"];
    assert_eq!(periods.map(open), [0, 0, 1, 1, 1].map(|count| json!(count)));
    assert_eq!(owner.patch("/v1/tenant", &april).ok()["fiscal_year_start_month"], 4);
    assert_eq!(periods.map(open), [1, 1, 0, 0, 1].map(|count| json!(count)));
    assert_eq!(span(&owner, "2026"), ["2026-04-01", "2027-03-31"]);
    assert_eq!(span(&owner, "2026-Q1"), ["2026-04-01", "2026-06-30"]);
    assert_eq!(span(&owner, "2026-Q4"), ["2027-01-01", "2027-03-31"]);
    assert_eq!(span(&owner, "2027-02"), ["2027-02-01", "2027-02-28"], "a month is a month");
    // what they are to reach goes by the same name
    let quota = json!({"period": "2026-Q4", "amount": {"amount": "400.00", "currency": "USD"}});
    owner.post("/v1/quotas", quota).created();
    deal(&owner, &stages["closed_won"], "100", json!({"closed_at": "2027-03-31T23:59:59Z"}));
    assert_eq!(forecast(&owner, "period=2026-Q4")["total"]["attainment"], "0.25");
    let foreigner = town.client(Person::Foreigner);
    assert_eq!(span(&foreigner, "2026"), ["2026-01-01", "2026-12-31"], "the neighbours' years are their own");
}

#[test]
fn what_has_changed_goes_by_the_same_clock() {
    let town = Town::idle();
    let owner = town.owner();
    let stages = make::stages(&owner, None);
    deal(&owner, &stages["proposal"], "1.00", json!({"name": "February", "expected_close_on": "2027-02-10"}));
    let closed = json!({"name": "Midnight", "closed_at": "2026-12-31T16:00:00Z"});
    deal(&owner, &stages["closed_won"], "1.00", closed);
    let changed = |period: &str| {
        // everything is new since a night before
        let told = owner.get(&format!("/v1/forecasts/changes?since=2026-01-01&period={period}")).ok();
        let mut names: Vec<String> =
            told["changes"].as_array().unwrap().iter().map(|one| make::id(one, "name")).collect();
        names.sort();
        names
    };
    assert_eq!((changed("2026-Q4"), changed("2027-Q1")), (vec!["Midnight".to_owned()], vec!["February".to_owned()]));
    owner.patch("/v1/tenant", json!({"time_zone": "Asia/Shanghai"})).ok();
    assert_eq!(changed("2027-Q1"), ["February", "Midnight"], "there it is the new year");
    owner.patch("/v1/tenant", json!({"fiscal_year_start_month": 4})).ok();
    assert_eq!(changed("2026-Q4"), ["February", "Midnight"]);
    assert_eq!(changed("2027-Q1"), Vec::<String>::new());
}
