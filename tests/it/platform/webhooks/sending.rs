//! What is sent, to whom, and how it is signed.
use super::{deliveries, endpoint, path, types, until};
use crate::support::{How, Receiver, Town, Value, json, make};

#[test]
fn what_happens_is_sent_signed_and_told_as_the_feed_tells_it() {
    let (town, receiver) = (Town::start(), Receiver::start());
    let owner = town.owner();
    let endpoint = endpoint(&owner, &receiver, json!({}));
    let secret = make::id(&endpoint, "secret");
    let contact = make::contact(&owner, json!({"job_title": "Buyer"}));
    let place = format!("/v1/contacts/{}", make::id(&contact, "id"));
    owner.patch(&place, json!({"job_title": "Head of purchasing"})).ok();
    owner.delete(&place).is(204);
    make::account(&owner, json!({}));
    let mut parcels = receiver.parcels(3);
    parcels.sort_by_key(|one| one.json()["seq"].as_i64());
    assert_eq!(types(&parcels), ["contact.created", "contact.updated", "contact.deleted"]);
    for parcel in &parcels {
        assert!(parcel.is_signed_by(&secret), "{parcel:?}");
        assert_eq!((parcel.path.as_str(), &*parcel.headers["content-type"]), ("/hook?of=test", "application/json"));
        let delivery = owner.get(&format!("/v1/webhook-deliveries/{}", parcel.id())).ok();
        assert_eq!((&delivery["event_id"], &delivery["seq"]), (&parcel.json()["id"], &parcel.json()["seq"]));
    }
    let updated = parcels[1].json();
    assert_eq!((&updated["changed"], &updated["previous"]), (&json!(["job_title"]), &json!({"job_title": "Buyer"})));
    let feed = owner.get("/v1/events?types=contact.*").ok();
    let told: Vec<Value> = parcels.iter().map(|one| one.json()).collect();
    assert_eq!(feed["data"].as_array().unwrap(), &told, "the same as the feed");
    until("all are delivered", || owner.get(&deliveries(&endpoint, "&status=delivered")).ids().len() == 3);
    let one = owner.get(&deliveries(&endpoint, "&limit=1")).ok()["data"][0].clone();
    assert_eq!((&one["attempt_count"], &one["attempts"][0]["status"]), (&json!(1), &json!(200)));
    assert!(one["next_attempt_at"].is_null() && !one["finished_at"].is_null(), "{one}");
}

/// Of three names for the same thing each is taken, and no other event.
#[test]
fn events_are_chosen_by_name_by_condition_and_by_what_has_changed() {
    let town = Town::start();
    let owner = town.owner();
    let [all, named, filtered, changed] = [(); 4].map(|()| Receiver::start());
    endpoint(&owner, &all, json!({"events": ["*"]}));
    endpoint(&owner, &named, json!({"events": ["contact.created", "account.deleted"]}));
    endpoint(&owner, &filtered, json!({"filter": "lifecycle_stage == \"customer\""}));
    let fields = json!({"events": ["contact.updated"], "changed_fields": ["phone", "email"]});
    endpoint(&owner, &changed, fields);
    let lead = make::contact(&owner, json!({"lifecycle_stage": "lead"}));
    let customer = make::contact(&owner, json!({"lifecycle_stage": "customer"}));
    make::account(&owner, json!({}));
    let place = |contact: &Value| format!("/v1/contacts/{}", make::id(contact, "id"));
    owner.patch(&place(&customer), json!({"job_title": "Buyer"})).ok();
    owner.patch(&place(&lead), json!({"email": "lead@example.com"})).ok();
    owner.delete(&format!("{}?purge=true", place(&lead))).is(204);
    // the creation of the later endpoints, and of what follows
    let everything = all.parcels(9);
    assert!(types(&everything).contains(&"webhook_endpoint.created".to_owned()));
    assert_eq!(types(&named.parcels(2)), ["contact.created", "contact.created"]);
    let of_customers = filtered.parcels(3);
    let mut names = types(&of_customers);
    names.sort();
    // what is gone for good can be asked nothing any more
    assert_eq!(names, ["contact.created", "contact.purged", "contact.updated"]);
    let about = |one: &crate::support::receiver::Parcel| one.json()["record_id"].clone();
    assert_eq!(of_customers.iter().filter(|one| about(one) == customer["id"]).count(), 2);
    let moved = changed.parcels(1);
    assert_eq!((types(&moved), about(&moved[0])), (vec!["contact.updated".to_owned()], lead["id"].clone()));
    std::thread::sleep(std::time::Duration::from_millis(800));
    let counts = [&all, &named, &filtered, &changed].map(|receiver| receiver.kept().len());
    assert_eq!(counts, [everything.len(), 2, 3, 1]);
}

#[test]
fn an_endpoint_begins_with_what_happens_after_it_was_enabled() {
    let (town, receiver) = (Town::start(), Receiver::start());
    let owner = town.owner();
    make::contact(&owner, json!({}));
    let endpoint = endpoint(&owner, &receiver, json!({}));
    let first = make::contact(&owner, json!({}));
    let came = receiver.parcels(1);
    assert_eq!(came[0].json()["record_id"], first["id"]);
    owner.act(&format!("{}/disable", path(&endpoint))).ok();
    make::contact(&owner, json!({}));
    let again = owner.act(&format!("{}/enable", path(&endpoint))).ok();
    assert_eq!((again["status"].as_str(), &again["disabled_reason"]), (Some("enabled"), &Value::Null));
    let last = make::contact(&owner, json!({}));
    let came = receiver.parcels(2);
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!((receiver.kept().len(), &came[1].json()["record_id"]), (2, &last["id"]));
    // what is told of it, of itself
    let history = owner.get(&format!("{}/history", path(&endpoint))).each("action");
    assert_eq!(history, ["webhook_endpoint.enabled", "webhook_endpoint.disabled", "webhook_endpoint.created"]);
}

#[test]
fn while_a_secret_takes_the_place_of_another_both_sign() {
    let (town, receiver) = (Town::start(), Receiver::start());
    let owner = town.owner();
    let endpoint = endpoint(&owner, &receiver, json!({}));
    let rotate = |seconds: i64| {
        let fresh = owner.post(&format!("{}/rotate-secret", path(&endpoint)), json!({"overlap_seconds": seconds}));
        assert_eq!(fresh.header("cache-control"), "no-store");
        make::id(&fresh.ok(), "secret")
    };
    let test = |count: usize| {
        owner.act(&format!("{}/test", path(&endpoint))).is(202);
        receiver.parcels(count).pop().unwrap()
    };
    let first = make::id(&endpoint, "secret");
    assert!(test(1).is_signed_by(&first));
    let second = rotate(600);
    let both = test(2);
    assert!(both.is_signed_by(&first) && both.is_signed_by(&second));
    let third = rotate(600);
    let two = test(3);
    assert!(!two.is_signed_by(&first) && two.is_signed_by(&second) && two.is_signed_by(&third));
    assert_eq!(two.headers["webhook-signature"].split(' ').count(), 2);
    let fourth = rotate(0);
    let one = test(4);
    assert!(!one.is_signed_by(&third) && one.is_signed_by(&fourth));
    // nobody is told a secret a second time, and no table has it in the open
    assert!(owner.get(&path(&endpoint)).ok().get("secret").is_none());
    let key = fourth.trim_start_matches("whsec_").to_owned();
    let tables = town
        .database
        .column("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace");
    for table in tables {
        let here = format!("SELECT count(*) FROM {table} AS t WHERE strpos(t::text, '{key}') > 0");
        assert_eq!(town.database.count(&here), 0, "{table}");
    }
}

#[test]
fn a_test_says_whether_it_arrives() {
    let (town, receiver) = (Town::start(), Receiver::start());
    let owner = town.owner();
    let endpoint = endpoint(&owner, &receiver, json!({}));
    receiver.does(How::Answer(404, String::new(), b"no hook here".to_vec()));
    let test = owner.act(&format!("{}/test", path(&endpoint))).is(202);
    let came = receiver.parcels(1);
    assert_eq!((types(&came), came[0].id()), (vec!["webhook_endpoint.test".to_owned()], make::id(&test, "id")));
    let place = format!("/v1/webhook-deliveries/{}", make::id(&test, "id"));
    until("it is written down", || owner.get(&place).ok()["attempt_count"] == 1);
    let tried = owner.get(&place).ok();
    let attempt = &tried["attempts"][0];
    assert_eq!((&attempt["status"], &attempt["answer"]), (&json!(404), &json!("no hook here")), "{tried}");
    assert_eq!((tried["status"].as_str(), &tried["seq"]), (Some("pending"), &Value::Null));
    receiver.does(How::fine());
    let again = owner.act(&format!("{place}/retry")).ok();
    assert_eq!(again["attempt_count"], 0);
    assert_eq!(receiver.parcels(2)[1].id(), came[0].id());
    until("it came through", || owner.get(&place).ok()["status"] == "delivered");
    owner.act(&format!("{}/disable", path(&endpoint))).ok();
    owner.act(&format!("{}/test", path(&endpoint))).refused(409, "webhook_endpoint_disabled");
    owner.act(&format!("{place}/retry")).refused(409, "webhook_endpoint_disabled");
}
