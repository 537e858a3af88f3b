//! An export holds what the list shows: the same rows, in the same order, of the same fields, for whoever asks.
use super::{ended, export, file, filled, records, resources};
use crate::support::{Client, Person, Town, Value, encoded, json, make};

/// All that the list shows.
fn listed(client: &Client, resource: &str, query: &str) -> Vec<Value> {
    client.walk(&format!("/v1/{}?limit=7{query}", resource.replace('_', "-")))
}

#[test]
fn an_export_is_the_list_for_every_noun() {
    let town = Town::start();
    let owner = filled(&town);
    for resource in resources() {
        let list = listed(&owner, resource, "");
        assert!(!list.is_empty(), "{resource}");
        let all = json!({"resource": resource, "format": "ndjson"});
        assert_eq!(records(&file(&owner, all)), list, "{resource}");
        // what is written once has neither
        let has = |name: &str| list[0].get(name).is_some();
        let sort = if has("updated_at") { "updated_at,-id" } else { "-id" };
        let fields = if has("version") { vec!["id", "version"] } else { vec!["id"] };
        let sorted = listed(&owner, resource, &format!("&sort={sort}&fields={}", fields.join(",")));
        let asked = json!({"resource": resource, "format": "ndjson", "sort": sort, "fields": fields});
        assert_eq!(records(&file(&owner, asked)), sorted, "{resource}, sorted");
        let filter = format!("id != \"{}\"", make::id(&list[0], "id"));
        let some = listed(&owner, resource, &format!("&filter={}", encoded(&filter)));
        let asked = json!({"resource": resource, "format": "ndjson", "filter": filter});
        assert_eq!(records(&file(&owner, asked)), some, "{resource}, filtered");
        assert_eq!(some.len() + 1, list.len(), "{resource}");
    }
    let found = listed(&owner, "contacts", "&q=ada&sort=created_at,id");
    let asked = json!({"resource": "contacts", "format": "ndjson", "q": "ada", "sort": "created_at,id"});
    assert_eq!((records(&file(&owner, asked)), found.len()), (found, 10));
}

#[test]
fn archived_records_are_there_where_they_are_asked_for() {
    let town = Town::start();
    let owner = filled(&town);
    let gone = owner.get("/v1/products").ids()[0].clone();
    owner.delete(&format!("/v1/products/{gone}")).is(204);
    for (deleted, count) in [("exclude", 9), ("only", 1), ("include", 10)] {
        let asked = json!({"resource": "products", "format": "ndjson", "deleted": deleted, "fields": ["id"]});
        assert_eq!(records(&file(&owner, asked)).len(), count, "{deleted}");
    }
}

/// Each of the built-in roles takes out what it sees and may take out.
#[test]
fn everybody_takes_out_what_they_may() {
    let town = Town::start();
    let owner = filled(&town);
    let mine = make::contact(&owner, json!({"team_id": town.team("north")}));
    for person in [Person::Owner, Person::Admin, Person::Manager] {
        let client = town.client(person);
        for resource in ["accounts", "contacts", "contact_points", "contact_addresses", "order_lines", "users"] {
            let list = listed(&client, resource, "");
            let answer = client.post("/v1/exports", json!({"resource": resource, "format": "ndjson"}));
            if answer.status == 403 {
                assert_eq!((person, resource), (Person::Manager, "users"));
                continue;
            }
            let done = ended(&client, &make::id(&answer.is(202), "id"));
            assert_eq!(records(&super::fetched(&client, &done)), list, "{person:?}: {resource}");
        }
    }
    assert_eq!(listed(&town.client(Person::Manager), "contacts", "").len(), 1, "{mine}");
    for person in [Person::Rep, Person::ReadOnly, Person::Nobody] {
        town.client(person)
            .post("/v1/exports", json!({"resource": "contacts", "format": "csv"}))
            .refused(403, "forbidden");
    }
    // a permission to take out that reaches less far than the one to see
    let holder = make::holder(
        &town,
        &[
            ("contact", "read", "all"),
            ("contact", "export", "own"),
            ("export", "create", "own"),
            ("export", "read", "own"),
        ],
    );
    assert_eq!(listed(&holder, "contacts", "").len(), 11);
    assert_eq!(records(&file(&holder, json!({"resource": "contacts", "format": "ndjson"}))).len(), 0);
    assert_eq!(records(&file(&holder, json!({"resource": "memberships", "format": "ndjson"}))).len(), 0);
    drop(owner);
}

/// Whose processing is restricted is in nobody's file, nor what belongs to them.
#[test]
fn who_is_restricted_is_in_no_file() {
    let town = Town::start();
    let owner = filled(&town);
    let id = owner.get("/v1/contacts").ids()[0].clone();
    let request = json!({"kind": "restriction", "subject_kind": "contact", "subject_id": id, "channel": "email"});
    let request = make::id(&owner.post("/v1/privacy-requests", request).created(), "id");
    owner.post(&format!("/v1/privacy-requests/{request}/verify"), json!({"how": "by phone"})).ok();
    owner.act(&format!("/v1/privacy-requests/{request}/start")).ok();
    owner.act(&format!("/v1/privacy-requests/{request}/complete")).ok();
    for (resource, member) in [
        ("contacts", "id"),
        ("contact_points", "contact_id"),
        ("contact_addresses", "contact_id"),
        ("contact_lifecycle_changes", "contact_id"),
        ("memberships", "contact_id"),
    ] {
        assert!(listed(&owner, resource, "").iter().any(|one| one[member] == *id), "{resource}");
        let asked = json!({"resource": resource, "format": "ndjson"});
        assert!(!records(&file(&owner, asked)).iter().any(|one| one[member] == *id), "{resource}");
    }
}

#[test]
fn nonsense_is_refused_at_its_place_before_anything_is_done() {
    let town = Town::idle();
    let owner = town.owner();
    for (asked, status, pointer) in [
        (json!({"resource": "nope", "format": "csv"}), 422, "/resource"),
        (json!({"resource": "contacts", "format": "pdf"}), 422, "/format"),
        (json!({"resource": "contacts", "format": "csv", "fields": ["id", "nope"]}), 422, "/fields/1"),
        (json!({"resource": "contacts", "format": "csv", "fields": ["id", "id"]}), 422, "/fields/1"),
        (json!({"resource": "contacts", "format": "csv", "filter": "nope == 1"}), 400, "/filter"),
        (json!({"resource": "contacts", "format": "csv", "sort": "nope"}), 400, "/sort"),
        (json!({"resource": "memberships", "format": "csv", "q": "x"}), 400, "/q"),
        (json!({"resource": "contacts", "format": "csv", "deleted": "perhaps"}), 422, "/deleted"),
        (json!({"resource": "contacts", "format": "csv", "tenant_id": "x"}), 422, "/tenant_id"),
    ] {
        let answer = owner.post("/v1/exports", &asked);
        assert_eq!(
            (answer.status, answer.pointers()),
            (status, vec![pointer.to_owned()]),
            "{asked}: {}",
            answer.text()
        );
    }
    assert_eq!(town.database.count("SELECT count(*) FROM exports"), 0);
    assert_eq!(town.database.count("SELECT count(*) FROM jobs"), 0);
}

/// What is written while the file is being written is not in it: each row as it was at one moment.
#[test]
fn an_export_is_one_moment_of_the_list() {
    let town = Town::start();
    let owner = town.owner();
    town.database.run(&format!(
        "INSERT INTO products (tenant_id, id, sku, name, is_active, version, created_at, updated_at, created_by, updated_by)
         SELECT tenant_id, gen_random_uuid(), 'S' || n, '0', true, 1, now(), now(), id, id FROM users, generate_series(1, 30000) n
         WHERE id = '{}'",
        town.user(Person::Owner)
    ));
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        // each change is of all rows at once: a file of one moment holds one name
        scope.spawn(|| {
            let mut n = 0;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                n += 1;
                town.database.run(&format!("UPDATE products SET name = '{n}'"));
            }
        });
        for _ in 0..3 {
            let done = records(&file(&owner, json!({"resource": "products", "format": "ndjson", "fields": ["name"]})));
            assert_eq!(done.len(), 30_000);
            assert!(done.iter().all(|one| *one == done[0]), "{} and others", done[0]);
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

#[test]
fn what_was_taken_out_and_fetched_is_in_the_trail() {
    let town = Town::start();
    let owner = filled(&town);
    let done = export(&owner, json!({"resource": "contacts", "format": "csv"}));
    super::fetched(&owner, &done);
    let actions = format!("/v1/audit-logs?object_id={}&sort=occurred_at,id", make::id(&done, "id"));
    let told = owner.get(&actions).each("action");
    assert_eq!(told, ["export.created", "export.updated", "export.completed", "export.downloaded"]);
    let job = owner.get(&format!("/v1/jobs/{}", make::id(&done, "job_id"))).ok();
    assert_eq!(job["status"], "succeeded", "{job}");
}
