//! What the contact says the account says, by whichever door it was changed.
use super::{at, is_one, somebody, whose};
use crate::platform::imports::{import, rows};
use crate::support::{Client, Person, Town, Value, json, make};

fn names(client: &Client, words: &str) -> Vec<String> {
    client.get(&format!("/v1/accounts?q={words}")).each("name")
}

#[test]
fn what_is_changed_of_the_contact_is_changed_of_the_account() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::person(&owner, json!({"given_name": "Ada", "family_name": "Byron", "display_name": null}));
    assert_eq!(account["name"], "Ada Byron");
    let (path, contact) = (at(&account), whose(&account));
    let change = json!({"family_name": "Lovelace", "email": "ada@example.com", "phone": "+4930123456",
        "owner_id": town.user(Person::Rep), "team_id": town.team("north"), "lifecycle_stage": "customer"});
    owner.patch(&contact, change).ok();
    let now = owner.get(&path).ok();
    assert_eq!((&now["name"], &now["version"]), (&json!("Ada Lovelace"), &json!(2)));
    is_one(&town);
    assert_eq!((names(&owner, "lovelace").len(), names(&owner, "byron").len()), (1, 0));
    // what the account does not take changes it in nothing
    owner.patch(&contact, json!({"job_title": "Countess", "birth_on": "1815-12-10"})).ok();
    assert_eq!(owner.get(&path).ok()["version"], 2);
    // the address of a contact is a point of it
    let point = json!({"kind": "email", "value": "countess@example.com", "is_primary": true});
    owner.post(&format!("{contact}/contact-points"), point).created();
    assert_eq!(owner.get(&path).ok()["email"], "countess@example.com");
    let points = owner.get(&format!("{contact}/contact-points")).ok();
    let phone = points.as_array().unwrap().iter().find(|point| point["kind"] == "phone").unwrap();
    owner.delete(&format!("/v1/contact-points/{}", make::id(phone, "id"))).is(204);
    assert_eq!(owner.get(&path).ok()["phone"], Value::Null);
    is_one(&town);
    // and so does a file
    let mapping = json!({"resource": "contacts", "columns": {"Mail": "email", "Name": "display_name"}});
    let done = import(&owner, "a.csv", b"Mail,Name\ncountess@example.com,Ada King\n", &mapping, &[]);
    assert_eq!(rows(&done), [1, 0, 1, 0, 0], "{done}");
    assert_eq!(names(&owner, "king"), ["Ada King"]);
    is_one(&town);
    let events =
        |verb: &str| town.database.count(&format!("SELECT count(*) FROM event_log WHERE name = 'account.{verb}'"));
    assert_eq!((events("updated"), events("lifecycle_changed")), (3, 1));
}

#[test]
fn what_is_changed_of_the_account_is_changed_of_the_contact() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::person(&owner, json!({"email": "ada@example.com", "phone": "+4930123456"}));
    let (path, contact) = (at(&account), whose(&account));
    let change = json!({"name": "Ada Lovelace", "email": "Ada.L@Example.com", "phone": null, "rating": "hot",
        "lifecycle_stage": "customer", "custom": {}});
    let now = owner.if_match(1).patch(&path, change).ok();
    assert_eq!((&now["version"], &now["rating"], &now["phone"]), (&json!(2), &json!("hot"), &Value::Null));
    let theirs = owner.get(&contact).ok();
    assert_eq!((&theirs["display_name"], &theirs["email"]), (&json!("Ada Lovelace"), &json!("ada.l@example.com")));
    assert_eq!(theirs["version"], 2, "once, however many fields");
    is_one(&town);
    let stale = owner.if_match(1).patch(&path, json!({"name": "Somebody else"}));
    assert_eq!(stale.refused(412, "stale")["conflicts"]["name"]["current"], "Ada Lovelace");
    // what is the contact's own affair leaves them alone
    owner.if_match(2).patch(&path, json!({"rating": "cold", "description": "x"})).ok();
    assert_eq!(owner.get(&contact).ok()["version"], 2);
    // neither takes what the contact cannot
    make::contact(&owner, json!({"email": "taken@example.com"}));
    owner.patch(&path, json!({"email": "taken@example.com"})).refused(409, "contact_email_taken");
    let long = owner.patch(&path, json!({"name": "x".repeat(201)}));
    assert_eq!(long.pointers(), ["/name"]);
    assert_eq!(owner.get(&path).ok()["email"], "ada.l@example.com");
    is_one(&town);
}

/// A number is written as it was given last, by whichever door.
#[test]
fn what_a_number_was_given_as_is_the_same_of_both() {
    let town = Town::start();
    let owner = town.owner();
    owner.patch("/v1/tenant", json!({"phone_region": "CN"})).ok();
    let account = make::person(&owner, json!({"phone": "138 0013 8000"}));
    let (path, contact) = (at(&account), whose(&account));
    let both = |path: &str| {
        let one = owner.get(path).ok();
        (one["phone"].clone(), one["phone_text"].clone())
    };
    let told = |number: &str, text: &str| (json!(number), json!(text));
    assert_eq!(both(&path), told("+8613800138000", "138 0013 8000"));
    for (door, given, number) in [
        (&contact, "021-6123 4567", "+862161234567"),
        (&path, "(021) 6123 4567", "+862161234567"),
        (&path, "138-0013-8000", "+8613800138000"),
    ] {
        owner.patch(door, json!({"phone": given})).ok();
        assert_eq!([both(&path), both(&contact)], [told(number, given), told(number, given)], "{door}");
    }
    let points = owner.get(&format!("{contact}/contact-points")).ok();
    let primary = points.as_array().unwrap().iter().find(|one| one["is_primary"] == true).unwrap();
    assert_eq!(primary["value"], "138-0013-8000");
    owner.patch(&path, json!({"phone": null})).ok();
    assert_eq!([both(&path), both(&contact)], [(Value::Null, Value::Null), (Value::Null, Value::Null)]);
    // files of people, and files of accounts, which change nothing of somebody's number
    let mapping = json!({"resource": "person_accounts", "columns": {"Id": "id", "Phone": "phone"}});
    let file = format!("Id,Phone\n{},138 0013 8000\n", make::id(&account, "id"));
    let done = import(&owner, "a.csv", file.as_bytes(), &mapping, &[]);
    assert_eq!(rows(&done), [1, 0, 1, 0, 0], "{done}");
    assert_eq!(both(&path), told("+8613800138000", "138 0013 8000"));
    assert_eq!(rows(&import(&owner, "a.csv", file.as_bytes(), &mapping, &[])), [1, 0, 0, 1, 0]);
    let mapping = json!({"resource": "accounts", "columns": {"Id": "id", "Phone": "phone"}});
    let file = file.replace("138 0013 8000", "138-0013-8000");
    assert_eq!(rows(&import(&owner, "a.csv", file.as_bytes(), &mapping, &[])), [1, 0, 0, 1, 0]);
    assert_eq!(both(&path), told("+8613800138000", "138 0013 8000"));
    is_one(&town);
}

/// Whoever sees the account alone changes nothing of the contact; whoever may change the contact changes both.
#[test]
fn who_may_change_the_contact_decides() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::person(&owner, json!({"email": "ada@example.com"}));
    let (path, contact) = (at(&account), whose(&account));
    for rights in [&[][..], &["read"]] {
        let clerk = somebody(&town, rights, &["read", "update"]);
        clerk.patch(&path, json!({"name": "x"})).refused(403, "forbidden");
        clerk.patch(&path, json!({"rating": "hot"})).ok();
    }
    let keeper = somebody(&town, &["read", "update"], &[]);
    keeper.patch(&contact, json!({"display_name": "Ada King"})).ok();
    assert_eq!(owner.get(&path).ok()["name"], "Ada King");
    let reader = crate::customer::without(&town, &[("contact", "email", "read")]);
    reader.patch(&path, json!({"email": "x@example.com"})).refused(403, "forbidden");
    reader.patch(&path, json!({"email": "ada@example.com", "rating": "warm"})).ok();
    town.client(Person::Foreigner).patch(&path, json!({"name": "x"})).refused(404, "not_found");
    is_one(&town);
}

/// Forty at once, by either door, some of them with a file of points and some who archive.
#[test]
fn changes_by_both_doors_at_once_leave_both_the_same() {
    let town = Town::start();
    let account = make::person(&town.owner(), json!({"email": "ada@example.com"}));
    let change = |client: &Client, n: usize| {
        let (path, contact) = (at(&account), whose(&account));
        match n % 6 {
            0 => client.patch(&path, json!({"name": format!("Ada {n}")})),
            1 => client.patch(&contact, json!({"display_name": format!("Ada {n}")})),
            2 => client.patch(&path, json!({"email": format!("ada{n}@example.com"), "rating": "hot"})),
            3 => client.patch(&contact, json!({"email": format!("ada{n}@example.com"), "job_title": "x"})),
            4 => {
                let point = json!({"kind": "phone", "value": format!("+49301234{n:03}"), "is_primary": true});
                client.post(&format!("{contact}/contact-points"), point)
            }
            _ => client.patch(&path, json!({"description": format!("{n}"), "lifecycle_stage": "customer"})),
        }
    };
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let one = |n: usize| {
            let (client, change) = (town.owner(), &change);
            scope.spawn(move || (0..5).map(|k| change(&client, n * 5 + k).status).collect::<Vec<u16>>())
        };
        let threads: Vec<_> = (0..40).map(one).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let odd: Vec<&u16> = statuses.iter().filter(|status| ![200, 201].contains(*status)).collect();
    assert!(odd.is_empty(), "{odd:?} of {}", statuses.len());
    is_one(&town);
    let lacks = "SELECT count(*) FROM (SELECT id, version FROM accounts UNION ALL SELECT id, version FROM contacts) r
        WHERE r.version <> (SELECT count(DISTINCT e.version) FROM event_log e WHERE e.object_id = r.id)";
    assert_eq!(town.database.count(lacks), 0, "every version is an event");
}
