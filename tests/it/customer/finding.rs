//! Filters on real records: fields, relations, what equality is short for, and what is refused. (What filters mean is
//! proven beside the compiler.)
use crate::support::{Client, Person, Town, encoded, json, make};

/// Names of the contacts that a filter finds, in order.
fn found(client: &Client, filter: &str) -> String {
    client.get(&format!("/v1/contacts?sort=display_name&filter={}", encoded(filter))).each("display_name").join(" ")
}

fn three(town: &Town) -> Client {
    let owner = town.owner();
    let retail = make::account(
        &owner,
        json!({"name": "Retail Ltd", "industry": "retail", "employee_count": 120,
        "annual_revenue": {"amount": "5000000.00", "currency": "CNY"}}),
    );
    let bank = make::account(&owner, json!({"name": "Bank Ltd", "industry": "finance"}));
    make::contact(
        &owner,
        json!({"display_name": "Ada", "account_id": retail["id"], "job_title": "CTO", "email": "ada@example.com",
        "birth_on": "1990-01-31", "source": "web"}),
    );
    make::contact(
        &owner,
        json!({"display_name": "Bob", "account_id": bank["id"], "job_title": "cto", "do_not_contact": true}),
    );
    make::contact(&owner, json!({"display_name": "王伟", "phone": "+8613800138000"}));
    owner
}

#[test]
fn filters_find_by_fields() {
    let town = Town::start();
    let owner = three(&town);
    for (filter, names) in [
        ("job_title == \"CTO\"", "Ada"),
        ("job_title != null", "Ada Bob"),
        ("job_title == null", "王伟"),
        ("!(job_title == \"CTO\")", "Bob 王伟"),
        ("display_name.contains(\"伟\") || display_name.startsWith(\"B\")", "Bob 王伟"),
        ("display_name in [\"Ada\", \"王伟\"]", "Ada 王伟"),
        ("do_not_contact", "Bob"),
        ("source == \"web\"", "Ada"),
        ("email.endsWith(\"@example.com\")", "Ada"),
        ("created_at > timestamp(\"2020-01-01T00:00:00Z\")", "Ada Bob 王伟"),
        ("created_at < now() - duration(\"1h\")", ""),
        ("version >= 1 && version < 2", "Ada Bob 王伟"),
    ] {
        assert_eq!(found(&owner, filter), names, "{filter}");
    }
}

#[test]
fn filters_cross_relations() {
    let town = Town::start();
    let owner = three(&town);
    for (filter, names) in [
        ("account.industry == \"retail\"", "Ada"),
        ("account == null", "王伟"),
        ("account.employee_count > 100", "Ada"),
        ("account.annual_revenue.amount >= 5000000 && account.annual_revenue.currency == \"CNY\"", "Ada"),
        ("owner.email == \"owner@town.example\"", "Ada Bob 王伟"),
        ("contact_points.exists(p, p.kind == \"phone\" && p.value_norm == \"+8613800138000\")", "王伟"),
        ("memberships.exists(m, m.account.name == \"Bank Ltd\")", "Bob"),
        ("memberships.all(m, m.is_primary)", "Ada Bob 王伟"),
    ] {
        assert_eq!(found(&owner, filter), names, "{filter}");
    }
    let accounts = owner.get(&format!("/v1/accounts?filter={}", encoded("contacts.exists(c, c.job_title == \"CTO\")")));
    assert_eq!(accounts.each("name"), ["Retail Ltd"]);
}

#[test]
fn equality_has_a_short_form() {
    let town = Town::start();
    let owner = three(&town);
    let names = |query: &str| owner.get(&format!("/v1/contacts?{query}")).each("display_name");
    assert_eq!(names("job_title=CTO"), ["Ada"]);
    assert_eq!(names("do_not_contact=true"), ["Bob"]);
    assert_eq!(names("account.industry=finance"), ["Bob"]);
    assert_eq!(names(&format!("owner_id={}&source=web", town.user(Person::Owner))), ["Ada"]);
    assert_eq!(names(&format!("display_name={}", encoded("王伟"))), ["王伟"]);
    assert!(names(&format!("source=web&filter={}", encoded("job_title == null"))).is_empty());
}

#[test]
fn a_bad_filter_is_refused_with_its_place() {
    let town = Town::start();
    for filter in [
        "nope == 1",
        "job_title == 1",
        "job_title ==",
        "account.nope == 1",
        "description.matches(\"a\")",
        "search != null",
        "tenant_id != null",
        "contact_points == null && true",
        "1",
        "\"a\" == \"a\" &&",
    ] {
        let answer = town.owner().get(&format!("/v1/contacts?filter={}", encoded(filter)));
        assert_eq!(answer.status, 400, "{filter}: {}", answer.text());
        let fault = answer.json()["errors"][0].clone();
        assert_eq!(fault["pointer"], "?filter", "{filter}: {fault}");
    }
    let wrong = town.owner().get(&format!("/v1/contacts?filter={}", encoded("source == \"web\" && nope == 1")));
    assert!(wrong.text().contains("1:20"), "where it is wrong is told: {}", wrong.text());
    town.owner().get(&format!("/v1/contacts?filter={}", encoded(&"!".repeat(9000)))).is(400);
}

/// No text of a caller ever becomes SQL.
#[test]
fn quotes_and_comments_are_only_text() {
    let town = Town::start();
    let owner = three(&town);
    let nasty = "'; DROP TABLE contacts; --";
    make::contact(&owner, json!({"display_name": nasty}));
    assert_eq!(found(&owner, &format!("display_name == {}", json!(nasty))), nasty);
    assert_eq!(owner.get(&format!("/v1/contacts?display_name={}", encoded(nasty))).each("display_name"), [nasty]);
    for path in
        ["sort=display_name;drop", "sort=display_name%27", "fields=id%22", "q=%27%29%3B--", "q=%5C%27%26%7C%21%28"]
    {
        assert!(owner.get(&format!("/v1/contacts?{path}")).status < 500);
    }
    assert_eq!(owner.get("/v1/contacts?count=exact").ok()["page"]["count"], 4);
}
