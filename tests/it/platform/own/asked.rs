//! Fields of a tenant's own are filtered, sorted, searched and chosen as built-in ones are.
use super::{field, one_of_each};
use crate::support::{Client, Person, Town, Value, encoded, json, make};

fn names(client: &Client, filter: &str) -> Vec<String> {
    let mut names = client.get(&format!("/v1/accounts?filter={}", encoded(filter))).each("name");
    names.sort();
    names
}

/// Two accounts with values of every type, and one without any.
fn town_of_three() -> Town {
    let town = Town::idle();
    let owner = town.owner();
    one_of_each(&owner, "account");
    let contact = make::contact(&owner, json!({}));
    let one = json!({"a_text": "Zug", "a_int": 9, "a_decimal": "9.5", "a_money": {"amount": "9", "currency": "CNY"},
        "a_bool": true, "a_date": "2026-01-09", "a_instant": "2026-01-09T00:00:00Z", "a_option": "a",
        "a_options": ["a", "b"], "a_reference": contact["id"], "a_email": "a@example.com", "a_phone": "+8613800138000",
        "a_url": "https://example.com"});
    let two = json!({"a_text": "amt", "a_int": 10, "a_decimal": "10.25", "a_money": {"amount": "10", "currency": "USD"},
        "a_bool": false, "a_date": "2026-01-10", "a_instant": "2026-01-10T00:00:00.500Z", "a_option": "b",
        "a_options": ["b"], "a_email": "b@example.com"});
    make::account(&owner, json!({"name": "one", "custom": one}));
    make::account(&owner, json!({"name": "two", "custom": two}));
    make::account(&owner, json!({"name": "zero"}));
    town
}

#[test]
fn a_filter_compares_by_type() {
    let town = town_of_three();
    let owner = town.owner();
    for (filter, found) in [
        ("custom.a_int > 9", "two"),
        ("custom.a_int <= 9", "one"),
        ("custom.a_int in [9, 11]", "one"),
        ("custom.a_decimal > 9.5", "two"),
        ("custom.a_decimal == \"10.250\"", "two"),
        ("custom.a_decimal + 1 > custom.a_int + 1", "one,two"),
        ("custom.a_money > 9", "two"),
        ("custom.a_money.amount >= 9 && custom.a_money.currency == \"CNY\"", "one"),
        ("custom.a_bool", "one"),
        ("!custom.a_bool", "two,zero"),
        ("custom.a_bool == false", "two"),
        ("custom.a_date >= date(\"2026-01-10\")", "two"),
        ("custom.a_date in [\"2026-01-09\"]", "one"),
        ("custom.a_instant > timestamp(\"2026-01-10T00:00:00Z\")", "two"),
        ("custom.a_instant < now()", "one,two"),
        ("custom.a_option == \"a\"", "one"),
        ("\"a\" in custom.a_options", "one"),
        ("!(\"a\" in custom.a_options)", "two,zero"),
        ("custom.a_options.exists(t, t == \"b\")", "one,two"),
        ("custom.a_text.icontains(\"Z\")", "one"),
        ("custom.a_text.startsWith(\"a\")", "two"),
        ("custom.a_email == \"b@example.com\"", "two"),
        ("custom.a_phone != null", "one"),
        ("custom.a_int == null", "zero"),
        ("has(custom.a_options)", "one,two"),
    ] {
        assert_eq!(names(&owner, filter).join(","), found, "{filter}");
    }
    for (query, found) in [
        ("custom.a_int=10", 1),
        ("custom.a_options=b", 2),
        ("custom.a_money.currency=USD", 1),
        ("custom.a_instant=2026-01-09T08:00:00%2B08:00", 1),
    ] {
        assert_eq!(owner.get(&format!("/v1/accounts?{query}")).ids().len(), found, "{query}");
    }
    for (filter, code) in [
        ("custom.nothing == 1", "filter_unknown_field"),
        ("custom == null", "filter_unknown_field"),
        ("custom.a_int == \"x\"", "filter_bad_literal"),
        ("custom.a_text > \"a\"", "filter_type_mismatch"),
        ("custom.a_int.amount == 1", "filter_unknown_field"),
    ] {
        owner.get(&format!("/v1/accounts?filter={}", encoded(filter))).refused(400, code);
    }
    // another tenant has no such fields
    let foreigner = town.client(Person::Foreigner);
    foreigner.get("/v1/accounts?custom.a_int=1").refused(400, "filter_unknown_field");
    // across a relation
    make::contact(&owner, json!({"display_name": "of one", "account_id": owner.get("/v1/accounts?name=one").ids()[0]}));
    assert_eq!(owner.get("/v1/contacts?filter=account.custom.a_int%20%3D%3D%209").each("display_name"), ["of one"]);
    assert_eq!(owner.get("/v1/contacts?sort=account.custom.a_int").each("display_name")[0], "of one");
}

#[test]
fn a_list_is_sorted_by_type_page_by_page() {
    let town = town_of_three();
    let owner = town.owner();
    for kind in ["int", "decimal", "money", "date", "instant", "option"] {
        let up: Vec<Value> = owner.walk(&format!("/v1/accounts?sort=custom.a_{kind}&limit=1"));
        let told: Vec<&str> = up.iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(told, ["one", "two", "zero"], "{kind}");
        let down: Vec<Value> = owner.walk(&format!("/v1/accounts?sort=-custom.a_{kind}&limit=1"));
        let told: Vec<&str> = down.iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(told, ["two", "one", "zero"], "{kind}");
    }
    owner.get("/v1/accounts?sort=custom.a_options").refused(400, "sort_not_sortable");
    owner.get("/v1/accounts?sort=custom.nothing").refused(400, "sort_unknown_field");
    owner.get("/v1/accounts?sort=custom").refused(400, "sort_unknown_field");
}

#[test]
fn fields_are_chosen_one_by_one() {
    let town = town_of_three();
    let owner = town.owner();
    let page = owner.get("/v1/accounts?name=one&fields=name,custom.a_int").ok();
    assert_eq!(page["data"], json!([{"name": "one", "custom": {"a_int": 9}}]));
    assert_eq!(owner.get("/v1/accounts?name=zero&fields=custom").ok()["data"], json!([{"custom": {}}]));
    owner.get("/v1/accounts?fields=custom.nothing").refused(400, "unknown_parameter");
}

#[test]
fn what_is_searched_is_found_as_soon_as_it_is_written() {
    let town = Town::idle();
    let owner = town.owner();
    field(&owner, "contact", "nickname", "text", json!({"is_searched": true}));
    field(&owner, "contact", "quiet", "text", json!({}));
    let made =
        make::contact(&owner, json!({"display_name": "Ada", "custom": {"nickname": "灰雀 Siskin", "quiet": "Hidden"}}));
    let found = |word: &str| owner.get(&format!("/v1/contacts?q={}", encoded(word))).ids().len();
    assert_eq!((found("siskin"), found("灰雀"), found("ada"), found("hidden")), (1, 1, 1, 0));
    let path = format!("/v1/contacts/{}", make::id(&made, "id"));
    owner.patch(&path, json!({"custom": {"nickname": "Finch"}})).ok();
    assert_eq!((found("siskin"), found("finch"), found("ada")), (0, 1, 1));
    owner.patch(&path, json!({"job_title": "x", "given_name": "Grace"})).ok();
    assert_eq!((found("finch"), found("grace")), (1, 1));
}

/// Never so.
fn nap() -> bool {
    std::thread::sleep(std::time::Duration::from_millis(50));
    false
}

/// What records hold already is found once a job has gone through them, and not a word too many.
#[test]
fn a_field_that_comes_to_be_searched_finds_what_there_is() {
    let town = Town::start();
    let owner = town.owner();
    let defined = field(&owner, "contact", "nickname", "text", json!({}));
    let given = json!({"display_name": "Ada Lovelace", "email": "ada@example.com", "phone": "+8613800138000",
        "custom": {"nickname": "灰雀 Siskin"}});
    let made = make::contact(&owner, given);
    make::contact(&owner, json!({"display_name": "Siskin Green"}));
    let found = |word: &str, many: usize| {
        let path = format!("/v1/contacts?q={}", encoded(word));
        let is_so = || owner.get(&path).ids().len() == many;
        assert!((0..400).any(|_| is_so() || nap()), "{word}");
    };
    let words = format!("SELECT search::text FROM contacts WHERE id = '{}'", make::id(&made, "id"));
    let before = town.database.text(&words);
    found("siskin", 1);
    let path = format!("/v1/metadata/objects/contact/fields/{}", make::id(&defined, "id"));
    owner.patch(&path, json!({"is_searched": true})).ok();
    found("siskin", 2);
    for word in ["灰雀", "lovelace", "ada@example.com", "13800138000"] {
        found(word, 1);
    }
    owner.delete(&path).is(204);
    found("siskin", 1);
    assert_eq!(town.database.text(&words), before);
    owner.post(&format!("{path}/restore"), json!({})).ok();
    found("siskin", 2);
}

/// An index serves what it is for, and goes when it is no longer wanted.
#[test]
fn an_index_is_built_on_demand() {
    let town = Town::start();
    let owner = town.owner();
    let score = field(&owner, "account", "score", "int", json!({"is_indexed": true}));
    let names = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'accounts'::regclass AND indisvalid
        AND starts_with(indexrelid::regclass::text, 'custom_') UNION ALL SELECT stxname::text FROM pg_statistic_ext";
    let settled = |many: usize| {
        let is_so = || town.database.column(names).len() == many;
        assert!((0..400).any(|_| is_so() || nap()), "{:?}", town.database.column(names));
    };
    settled(3);
    town.database.run(
        "INSERT INTO accounts (tenant_id, id, owner_id, name, lifecycle_stage, created_at, updated_at, created_by, updated_by, custom)
         SELECT tenant_id, gen_random_uuid(), id, 'n' || n, 'lead', now(), now(), id, id, jsonb_build_object('score', n)
         FROM (SELECT * FROM users ORDER BY created_at LIMIT 1) AS u, generate_series(1, 5000) AS n; ANALYZE accounts",
    );
    let tenant = town.database.text("SELECT tenant_id FROM accounts LIMIT 1");
    town.database.run(
        "CREATE FUNCTION plan(asked text) RETURNS SETOF text LANGUAGE plpgsql AS
         $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN ' || asked; END $$",
    );
    let plan = |what: &str| {
        let asked = format!("SELECT id FROM accounts WHERE tenant_id = '{tenant}' AND deleted_at IS NULL {what}");
        town.database.column(&format!("SELECT plan('{}')", asked.replace('\'', "''"))).join("\n")
    };
    let equal = plan("AND custom_number(accounts.custom, 'score') = 7");
    assert!(equal.contains("Index") && equal.contains("custom_"), "{equal}");
    let range = plan("AND custom_number(accounts.custom, 'score') > 4990 ORDER BY id DESC LIMIT 51");
    assert!(range.contains("custom_"), "{range}");
    let sorted = plan("ORDER BY custom_number(accounts.custom, 'score') DESC NULLS LAST, id DESC LIMIT 10");
    assert!(sorted.contains("custom_") && !sorted.contains("Sort"), "{sorted}");
    let path = format!("/v1/metadata/objects/account/fields/{}", make::id(&score, "id"));
    owner.patch(&path, json!({"is_indexed": false})).ok();
    settled(0);
}
