//! Files that say which account stands above which: in any order, by whatever each is called.
use crate::platform::imports::{ended, import, kept, rows};
use crate::platform::upload;
use crate::support::{Client, Person, Town, Value, json, make};

fn mapping(by: &str) -> Value {
    json!({"resource": "accounts", "source_system": "old",
        "columns": {"No": "external_id", "Name": "name", "Tax": "tax_number", "Above": by}})
}

fn bring(client: &Client, by: &str, text: &str, more: &[(&str, &str)]) -> Value {
    import(client, "a.csv", format!("No,Name,Tax,Above\n{text}").as_bytes(), &mapping(by), more)
}

fn called(client: &Client, no: u8) -> Value {
    client.put(&format!("/v1/accounts/by/ext:old/{no}?mode=update_only"), json!({})).ok()
}

fn errors(client: &Client, import: &Value) -> String {
    client.get(&format!("/v1/imports/{}/errors", make::id(import, "id"))).text()
}

/// Who stands above 1, 2 and 3.
fn above(client: &Client) -> [Value; 3] {
    [1, 2, 3].map(|no| called(client, no)["parent_id"].clone())
}

#[test]
fn rows_lead_to_their_parents_in_any_order_and_by_any_name() {
    for (by, names) in [
        ("parent.external_id", ["", "1", "2"]),
        ("parent.name", ["", "Top", "Middle"]),
        ("parent.tax_number", ["", "T1", "T2"]),
    ] {
        let lines =
            [format!("1,Top,T1,{}", names[0]), format!("2,Middle,T2,{}", names[1]), format!("3,Low,T3,{}", names[2])];
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let town = Town::start();
            let owner = town.owner();
            let file: String = order.map(|at| format!("{}\n", lines[at])).concat();
            let done = bring(&owner, by, &file, &[]);
            assert_eq!(rows(&done), [3, 3, 0, 0, 0], "{by} {order:?} {}", errors(&owner, &done));
            assert_eq!(done["status"], "succeeded");
            let wanted = [Value::Null, called(&owner, 1)["id"].clone(), called(&owner, 2)["id"].clone()];
            assert_eq!(above(&owner), wanted, "{by} {order:?}");
            let again = bring(&owner, by, &file, &[]);
            assert_eq!(rows(&again), [3, 0, 0, 3, 0], "{by} {order:?}");
            // another place is another parent
            let moved = bring(&owner, by, &format!("3,Low,T3,{}\n", names[1]), &[]);
            assert_eq!(rows(&moved), [1, 0, 1, 0, 0]);
            assert_eq!(called(&owner, 3)["parent_id"], called(&owner, 1)["id"]);
            assert_eq!(town.database.count("SELECT count(*) FROM import_links"), 0);
            kept(&town);
            owner.act(&format!("/v1/imports/{}/revert", make::id(&done, "id"))).ok();
            let back = ended(&owner, &make::id(&done, "id"));
            assert_eq!((&back["status"], &back["records_kept"]), (&json!("reverted"), &json!(0)), "{back}");
            assert_eq!(town.database.count("SELECT count(*) FROM accounts"), 0);
        }
    }
}

/// What a row says by itself is kept; where it was to stand is told.
#[test]
fn a_parent_that_is_nowhere_is_told_and_the_record_stays() {
    let town = Town::start();
    let owner = town.owner();
    let done = bring(&owner, "parent.external_id", "1,Top,,\n2,Lost,,9\n3,Low,,1\n", &[]);
    assert_eq!((rows(&done), &done["status"]), ([3, 2, 0, 0, 1], &json!("partially_succeeded")));
    let told = errors(&owner, &done);
    assert!(told.contains("2,Lost,,9,2,unknown_reference,Above: there is no such account"), "{told}");
    assert_eq!(above(&owner)[1], Value::Null, "it is there, below nobody");
    // mended, the row comes in again
    bring(&owner, "parent.external_id", "9,Found,,\n", &[]);
    let mended = bring(&owner, "parent.external_id", "2,Lost,,9\n", &[]);
    assert_eq!(rows(&mended), [1, 0, 1, 0, 0]);
    assert_eq!(above(&owner)[1], called(&owner, 9)["id"]);
    // who is called so by several, or is somebody, is nobody's parent
    for _ in 0..2 {
        make::account(&owner, json!({"name": "Twin"}));
    }
    make::person(&owner, json!({"display_name": "Ada"}));
    let done = bring(&owner, "parent.name", "4,Four,,Twin\n5,Five,,Ada\n6,Six,,Later\n7,Later,,\n", &[]);
    assert_eq!(rows(&done), [4, 2, 0, 0, 2]);
    let told = errors(&owner, &done);
    assert!(told.contains("Above: several accounts have this name"), "{told}");
    assert!(told.contains("Above: is somebody's"), "{told}");
    assert_eq!(called(&owner, 6)["parent_id"], called(&owner, 7)["id"]);
    kept(&town);
}

#[test]
fn nobody_is_led_into_a_circle() {
    let town = Town::start();
    let owner = town.owner();
    let done = bring(&owner, "parent.external_id", "1,One,,3\n2,Two,,1\n3,Three,,2\n", &[]);
    assert_eq!((rows(&done)[1], rows(&done)[4]), (2, 1), "{}", errors(&owner, &done));
    assert!(errors(&owner, &done).contains("account_own_parent"), "{}", errors(&owner, &done));
    assert_eq!(above(&owner).iter().filter(|parent| parent.is_null()).count(), 1);
    // of those that are there already, too, and with themselves
    let top = above(&owner).iter().position(Value::is_null).unwrap() + 1;
    let low = (1..=3).find(|no| !above(&owner).contains(&called(&owner, *no)["id"])).unwrap();
    let before = above(&owner);
    let file = format!("{top},Renamed,,{low}\n{low},Low,,{low}\n");
    let done = bring(&owner, "parent.external_id", &file, &[]);
    assert_eq!(rows(&done), [2, 0, 0, 0, 2], "{}", errors(&owner, &done));
    assert_eq!(errors(&owner, &done).matches("Above: ").count(), 2);
    assert_eq!(above(&owner), before);
    assert_ne!(called(&owner, u8::try_from(top).unwrap())["name"], "Renamed", "its row has failed as a whole");
    kept(&town);
}

#[test]
fn a_dry_run_knows_who_comes_later() {
    let town = Town::start();
    let owner = town.owner();
    let file = "1,One,,2\n2,Two,,3\n3,Three,,\n4,Four,,9\n";
    let done = bring(&owner, "parent.external_id", file, &[("dry_run", "true")]);
    assert_eq!(rows(&done), [4, 3, 0, 0, 1], "{}", errors(&owner, &done));
    assert!(errors(&owner, &done).contains("4,Four,,9,4,"), "{}", errors(&owner, &done));
    for table in ["accounts", "import_links"] {
        assert_eq!(town.database.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
}

/// A file of many chunks, of which each leads to the next one.
#[test]
fn a_parent_may_come_many_rows_later() {
    let town = Town::start();
    let owner = town.owner();
    let line = |n: usize| match n % 2000 {
        0 => format!("{n},Account {n},,\n"),
        _ => format!("{n},Account {n},,{}\n", n - n % 2000 + 2000),
    };
    let file: String = (1..=4000).map(line).collect();
    let done = bring(&owner, "parent.external_id", &file, &[]);
    assert_eq!(rows(&done), [4000, 4000, 0, 0, 0], "{}", errors(&owner, &done));
    let below = "SELECT string_agg(n::text, ',' ORDER BY n) FROM (SELECT count(*) AS n FROM accounts WHERE parent_id IS NOT NULL
        GROUP BY parent_id) AS below";
    assert_eq!(town.database.text(below), "1999,1999");
    kept(&town);
}

#[test]
fn whoever_does_not_see_where_accounts_stand_brings_in_no_parents() {
    let town = Town::start();
    for (held, columns) in [
        (("account", "parent_id", "hidden"), vec!["parent_id", "parent.name", "parent.external_id"]),
        (("account", "parent_id", "read"), vec!["parent_id", "parent.name"]),
        (("account", "name", "hidden"), vec!["parent.name"]),
        (("external_ref", "external_id", "hidden"), vec!["parent.external_id"]),
    ] {
        let blind = crate::customer::without(&town, &[held]);
        for column in columns {
            let mapping = json!({"resource": "accounts", "source_system": "old", "columns": {"Tax": "tax_number", "Above": column}});
            let refused = upload(&blind, "a.csv", b"Tax,Above\nT1,x\n", &mapping, &[]);
            assert!(
                refused.refused(422, "invalid").to_string().contains("/mapping/columns/Above"),
                "{held:?} {column}"
            );
        }
    }
    // and an account that is not seen is none
    let (owner, rep) = (town.owner(), town.client(Person::Manager));
    owner.put("/v1/accounts/by/ext:old/1", json!({"name": "Unseen"})).created();
    let done = bring(&rep, "parent.external_id", "2,Seen,,1\n", &[]);
    assert_eq!(rows(&done), [1, 0, 0, 0, 1], "{}", errors(&rep, &done));
    assert!(errors(&rep, &done).contains("there is no such account"));
}
