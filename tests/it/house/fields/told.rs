//! What events and those who follow are told of a record is what its own answer shows, member for member.
use super::{Walk, all, one_of_each, place};
use crate::support::{Client, Value, make};
use kernel::catalogue::Catalogue;
use platform::event::{is_told, sync};

/// The resource of a noun that can be followed.
pub fn followed(noun: &Catalogue) -> Option<String> {
    Some(sync::resource(noun)).filter(|resource| sync::noun(all(), resource).is_some())
}

/// All of a resource, as those are told who follow it from the beginning.
fn walked(client: &Client, resource: &str) -> Vec<Value> {
    let (mut records, mut token) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("/v1/sync?limit=2&resources={resource}{token}")).ok();
        records.extend(page["upserted"][resource].as_array().cloned().into_iter().flatten());
        if page["has_more"] == false {
            return records;
        }
        token = format!("&token={}", page["token"].as_str().unwrap());
    }
}

/// A record less some members.
fn without(less: &[&str], record: &Value) -> Value {
    let mut record = record.clone();
    record.as_object_mut().unwrap().retain(|name, _| !less.contains(&name.as_str()));
    record
}

#[test]
fn what_is_told_is_what_is_shown() {
    let walk = Walk::start();
    let made = one_of_each(&walk);
    walk.seal();
    let mut compared = 0;
    // of an instalment is told when it comes to be overdue or is waived, and no sooner
    let is_told = |noun: &Catalogue| is_told(noun) && noun.noun != "installment";
    for (noun, record) in made.iter().filter(|(noun, _)| is_told(noun)) {
        let id = make::id(record, "id");
        let shown = walk.owner.get(&format!("{}/{id}", place(noun))).ok();
        let events = walk.owner.walk(&format!("/v1/events?record_id={id}"));
        let last = events.last().unwrap_or_else(|| panic!("nothing is told of {}", noun.noun));
        // what a role gives stands partly in no row
        let told = if noun.noun == "role" { without(&["permissions", "fields"], &shown) } else { shown.clone() };
        assert_eq!(last["data"], told, "the last event of {}", noun.noun);
        assert_eq!(last["version"], shown["version"]);
        if let Some(resource) = followed(noun) {
            let records = walked(&walk.owner, &resource);
            let found = records.iter().find(|one| one["id"] == id.as_str());
            assert_eq!(found, Some(&told), "{resource} as they are followed");
            let listed = walk.owner.walk(&format!("/v1/{resource}?limit=200&sort=id"));
            let ids = |all: &[Value]| all.iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
            assert_eq!(ids(&records), ids(&listed), "all {resource}");
        }
        compared += 1;
    }
    assert!(compared >= 9, "{compared}");
}
