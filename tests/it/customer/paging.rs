//! Lists are walked by cursor: nothing twice, nothing skipped, whatever the sort and whatever happens meanwhile.
use crate::support::{Client, Person, Town, Value, encoded, json, make};
use std::collections::BTreeSet;

const MANY: usize = 1050;

fn crowd(owner: &Client) -> BTreeSet<String> {
    let accounts = make::many(owner, "accounts", (0..5).map(|n| json!({"name": format!("Account {n}")})));
    let new = |n: usize| {
        let mut new = json!({"display_name": format!("Person {:03}", n % 300), "birth_on": format!("19{:02}-01-01", 50 + n % 40)});
        if !n.is_multiple_of(3) {
            new["job_title"] = json!(format!("Title {}", n % 7));
        }
        if !n.is_multiple_of(4) {
            new["account_id"] = accounts[n % 5]["id"].clone();
        }
        new
    };
    make::many(owner, "contacts", (0..MANY).map(new)).iter().map(|one| make::id(one, "id")).collect()
}

#[test]
fn a_walk_meets_everybody_once_in_every_order() {
    let town = Town::start();
    let owner = town.owner();
    let all = crowd(&owner);
    assert_eq!(all.len(), MANY);
    let sorts = [
        "",
        "&sort=display_name",
        "&sort=-display_name",
        "&sort=job_title",
        "&sort=-job_title",
        "&sort=account.name,-display_name",
        "&sort=-account.name",
        "&sort=birth_on,-job_title,created_at",
        "&sort=-created_at",
        "&sort=-updated_at,account.name",
    ];
    for sort in sorts {
        let rows = owner.walk(&format!("/v1/contacts?limit=100{sort}&include=account"));
        let ids: BTreeSet<String> = rows.iter().map(|row| make::id(row, "id")).collect();
        assert_eq!((rows.len(), ids == all), (MANY, true), "{sort}");
        if let Some(field) = sort.strip_prefix("&sort=") {
            let first = field.split(',').next().unwrap();
            in_order(&rows, first.trim_start_matches('-'), first.starts_with('-'));
        }
    }
}

/// By its first field; absent values last, whichever way it goes.
fn in_order(rows: &[Value], field: &str, down: bool) {
    let value = |row: &Value| {
        let place = format!("/{}", field.replace('.', "/"));
        row.pointer(&place).and_then(Value::as_str).map(str::to_owned)
    };
    let keys: Vec<Option<String>> = rows.iter().map(value).collect();
    let there: Vec<&String> = keys.iter().flatten().collect();
    assert!(keys[..there.len()].iter().all(Option::is_some), "absent values do not stand last by {field}");
    let good = there.windows(2).all(|pair| if down { pair[0] >= pair[1] } else { pair[0] <= pair[1] });
    assert!(good, "not in the order of {field}");
}

#[test]
fn who_comes_or_goes_meanwhile_shifts_nobody() {
    let town = Town::start();
    let owner = town.owner();
    let all = crowd(&owner);
    for sort in ["", "&sort=display_name", "&sort=-display_name"] {
        let (mut met, mut cursor, mut gone) = (Vec::new(), String::new(), BTreeSet::new());
        loop {
            let page = owner.get(&format!("/v1/contacts?limit=100{sort}{cursor}")).ok();
            met.extend(page["data"].as_array().unwrap().iter().map(|row| make::id(row, "id")));
            for name in ["A newcomer", "Person 150", "Zoe"] {
                make::contact(&owner, json!({"display_name": name}));
            }
            let last = met.last().unwrap().clone();
            if all.contains(&last) && gone.insert(last.clone()) {
                owner.delete(&format!("/v1/contacts/{last}")).is(204);
                owner.act(&format!("/v1/contacts/{last}/restore")).ok();
            }
            match page["page"]["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let once: BTreeSet<&String> = met.iter().collect();
        assert_eq!(once.len(), met.len(), "somebody came twice: {sort}");
        assert!(all.iter().all(|id| once.contains(id)), "somebody was skipped: {sort}");
    }
}

#[test]
fn a_cursor_is_good_for_its_list_only() {
    let town = Town::start();
    let owner = town.owner();
    make::many(&owner, "contacts", (0..5).map(|n| json!({"display_name": format!("P{n}")})));
    make::many(&owner, "accounts", (0..5).map(|n| json!({"name": format!("A{n}")})));
    let next = |path: &str| make::id(&owner.get(path).ok()["page"], "next_cursor");
    let cursor = next("/v1/contacts?limit=2");
    owner.get(&format!("/v1/contacts?limit=3&cursor={cursor}")).ok();
    let filter = encoded("display_name != \"x\"");
    let mut flipped = cursor.clone().into_bytes();
    flipped[30] = if flipped[30] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    for wrong in [
        format!("/v1/contacts?sort=display_name&cursor={cursor}"),
        format!("/v1/contacts?filter={filter}&cursor={cursor}"),
        format!("/v1/contacts?display_name=x&cursor={cursor}"),
        format!("/v1/contacts?deleted=include&cursor={cursor}"),
        format!("/v1/accounts?cursor={cursor}"),
        format!("/v1/contacts?cursor={flipped}"),
        format!("/v1/contacts?cursor={}", &cursor[1..]),
        "/v1/contacts?cursor=nonsense".into(),
        "/v1/contacts?cursor=".into(),
        format!("/v1/contacts?cursor={}", "A".repeat(7000)),
    ] {
        owner.get(&wrong).refused(400, "cursor_mismatch");
    }
    town.client(Person::Foreigner).get(&format!("/v1/contacts?cursor={cursor}")).refused(400, "cursor_mismatch");
}

#[test]
fn a_page_says_how_many_there_are_when_asked() {
    let town = Town::start();
    let owner = town.owner();
    make::many(&owner, "contacts", (0..7).map(|n| json!({"display_name": format!("P{n}")})));
    let page = |query: &str| owner.get(&format!("/v1/contacts{query}")).ok()["page"].clone();
    assert_eq!(page("?limit=7"), json!({"next_cursor": null, "has_more": false}));
    assert_eq!(page("?limit=6")["has_more"], true);
    for count in ["exact", "estimated"] {
        assert_eq!(page(&format!("?limit=2&count={count}"))["count"], 7);
        assert_eq!(
            page(&format!("?limit=2&count={count}&filter={}", encoded("display_name in [\"P4\", \"P5\", \"P6\"]")))["count"],
            3
        );
    }
    let next = make::id(&page("?limit=2&count=exact"), "next_cursor");
    assert_eq!(page(&format!("?limit=2&count=exact&cursor={next}"))["count"], 7);
}

#[test]
fn parameters_that_make_no_sense_are_refused() {
    let town = Town::start();
    for query in [
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=ten",
        "limit=1&limit=2",
        "count=maybe",
        "deleted=yes",
        "sort=nope",
        "sort=display_name,,",
        "sort=account",
        "sort=search",
        "sort=a,b,c,d,e",
        "sort=description",
        "fields=nope",
        "order=asc",
        "page=2",
        "sort=contact_points.value",
    ] {
        let answer = town.owner().get(&format!("/v1/contacts?{query}"));
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
    }
}

#[test]
fn equal_names_keep_one_order() {
    let town = Town::start();
    let owner = town.owner();
    make::many(&owner, "contacts", (0..40).map(|_| json!({"display_name": "Same"})));
    let ids = |limit: u32| -> Vec<String> {
        owner
            .walk(&format!("/v1/contacts?sort=display_name&limit={limit}"))
            .iter()
            .map(|row| make::id(row, "id"))
            .collect()
    };
    assert_eq!(ids(7), ids(200));
}
