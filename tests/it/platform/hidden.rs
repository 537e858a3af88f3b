//! What is hidden stays so on the way round: in what was kept of an answer, and in files that are brought in.
use crate::customer::without;
use crate::support::people::PASSWORD;
use crate::support::{Client, Town, Value, json, make};

/// Somebody who may do everything, and where their role is.
fn clerk(town: &Town) -> (Client, String) {
    let owner = town.owner();
    let all = owner.get("/v1/me/permissions").ok()["permissions"].clone();
    let role = owner.post("/v1/roles", json!({"name": "Clerk", "permissions": all})).created();
    let user = make::user(&owner, json!({"password": PASSWORD, "role_ids": [role["id"]]}));
    let tokens = town.anonymous().post("/v1/auth/login", json!({"email": user["email"], "password": PASSWORD})).ok();
    let client = town.anonymous().bearing(make::id(&tokens, "access_token")).sparse();
    (client, format!("/v1/roles/{}", make::id(&role, "id")))
}

fn ended(owner: &Client, import: &Value) -> String {
    let path = format!("/v1/imports/{}", make::id(import, "id"));
    let since = std::time::Instant::now();
    while owner.get(&path).ok()["status"] != "failed" {
        assert!(since.elapsed() < std::time::Duration::from_secs(30), "{}", owner.get(&path).text());
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    path
}

/// What is answered a second time is trimmed to what is seen by then.
#[test]
fn an_answer_that_was_kept_tells_no_more_than_a_new_one() {
    let town = Town::start();
    let owner = town.owner();
    let (client, role) = clerk(&town);
    let client = client.with("idempotency-key", "the-one-and-only");
    let new = json!({"display_name": "Ada", "given_name": "Augusta"});
    assert_eq!(client.post("/v1/contacts", &new).created()["given_name"], "Augusta");
    let hidden = json!([{"object": "contact", "field": "birth_on", "access": "hidden"},
        {"object": "account", "field": "name", "access": "hidden"}]);
    owner.patch(&role, json!({"fields": hidden})).ok();
    let again = client.post("/v1/contacts", &new);
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, "true"));
    assert_eq!((&again.json()["given_name"], again.json().get("birth_on")), (&json!("Augusta"), None));
}

/// The rows of a file that failed are shown to others as far as they see what its columns become.
#[test]
fn rows_that_failed_do_not_tell_what_is_hidden() {
    let town = Town::start();
    let owner = town.owner();
    let mapping = json!({"resource": "contacts",
        "columns": {"Name": "display_name", "Mail": "email", "Phone": "phone", "Born": "birth_on"}});
    let file = b"Name,Mail,Phone,Born,Note\nAda,ada@example.com,+4930123456,never,secret\n";
    let import = crate::platform::upload(&owner, "people.csv", file, &mapping, &[]).is(202);
    let path = ended(&owner, &import);
    let rows = |client: &Client| client.get(&format!("{path}/errors")).text();
    let all = rows(&owner);
    assert!(["+4930123456", "secret", "ada@example.com"].iter().all(|text| all.contains(text)), "{all}");
    let some = rows(&without(&town, &[("contact", "phone", "hidden")]));
    assert!(some.contains("Ada") && some.contains("ada@example.com") && some.contains("Born: "), "{some}");
    assert!(!some.contains("4930123456") && !some.contains("secret"), "{some}");
    assert!(!rows(&without(&town, &[("contact", "birth_on", "hidden")])).contains("never"));
    assert_eq!(rows(&without(&town, &[("order", "total", "hidden")])), all);
}

/// An import is looked at again when it begins: what was hidden meanwhile is not written.
#[test]
fn an_import_writes_no_field_that_is_held_back_when_it_runs() {
    let town = Town::idle();
    let owner = town.owner();
    let (client, role) = clerk(&town);
    let mapping = json!({"resource": "contacts", "columns": {"Name": "display_name", "Phone": "phone"}});
    let file = b"Name,Phone\nAda,+4930123456\n";
    let import = crate::platform::upload(&client, "people.csv", file, &mapping, &[]).is(202);
    let hidden = json!([{"object": "contact", "field": "phone", "access": "hidden"}]);
    owner.patch(&role, json!({"fields": hidden})).ok();
    let town = Town::on(town.leave());
    let owner = town.owner();
    ended(&owner, &import);
    assert_eq!(town.database.count("SELECT count(*) FROM contacts"), 0);
}
