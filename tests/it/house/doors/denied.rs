//! A change that is refused changes nothing: no row, no event, no job, no file. Every operation of the document that
//! writes is asked by everybody who may not, of records that are there; then all tables are as they were.
use super::ids::make_one;
use super::matrix::{logged_in, suspended};
use super::picture::Picture;
use super::{call, filled, is_open, walk};
use crate::support::{Client, Operation, Person, Town, json, make};

/// An operation, at a path with ids of the town in it.
struct Asked {
    one: Operation,
    path: String,
}

impl Asked {
    fn needed(&self) -> &str {
        self.one.spec["x-permission"].as_str().unwrap_or_default()
    }

    fn names_a_record(&self) -> bool {
        let parameters = self.one.parameters("path");
        parameters.iter().any(|one| !["key", "value", "object"].contains(&one["name"].as_str().unwrap_or_default()))
    }
}

/// Somebody, and what they may not do.
struct Denied {
    who: &'static str,
    client: Client,
    what: fn(&Asked) -> bool,
}

fn everybody(town: &Town) -> Vec<Denied> {
    let key = town.owner().post("/v1/api-keys", json!({"name": "none of it", "scopes": ["jobs:read"]})).created();
    let key = town.anonymous().bearing(make::id(&key, "key"));
    let lacks: fn(&Asked) -> bool = |asked| asked.needed() != "authenticated";
    // what looks is asked by POST too, such as for duplicates
    let changes: fn(&Asked) -> bool = |asked| asked.needed() != "authenticated" && !asked.needed().ends_with(":read");
    vec![
        Denied { who: "nobody in particular", client: town.anonymous(), what: |_| true },
        Denied { who: "a user without a role", client: logged_in(town, &Person::Nobody.email()), what: lacks },
        Denied { who: "a reader", client: logged_in(town, &Person::ReadOnly.email()), what: changes },
        Denied { who: "a key without the scope", client: key, what: lacks },
        Denied { who: "a suspended owner", client: suspended(town), what: |_| true },
        Denied { who: "the owner next door", client: town.client(Person::Foreigner), what: Asked::names_a_record },
    ]
}

#[test]
fn a_denied_change_changes_nothing() {
    let town = Town::idle();
    let owner = town.owner();
    let writing = walk(&owner).into_iter().filter(|one| one.writes() && !is_open(one));
    let asked = writing.map(|one| {
        let path = filled(&one, |segment, name| match name {
            "key" => "ext:test".into(),
            "value" => "x".into(),
            _ => make_one(&owner, segment, &one.name()).id,
        });
        Asked { one, path }
    });
    let asked: Vec<Asked> = asked.collect();
    let mut walked = 0;
    for Denied { who, client, what } in everybody(&town) {
        let asked: Vec<&Asked> = asked.iter().filter(|one| what(one)).collect();
        walked += asked.len();
        let before = Picture::of(&town);
        for Asked { one, path } in &asked {
            let answer = call(&client, one, path);
            let refused = [401, 403, 404].contains(&answer.status);
            assert!(refused, "{who} was not denied {}: {} {}", one.name(), answer.status, answer.text());
        }
        if before != Picture::of(&town) {
            blame(&town, who, &client, &asked);
            panic!("what was denied to {who} changed {:?}, the first time only", before.differs(&Picture::of(&town)));
        }
    }
    assert!(walked > 200, "{walked}");
}

/// Which of them it was.
fn blame(town: &Town, who: &str, client: &Client, asked: &[&Asked]) {
    for Asked { one, path } in asked {
        let before = Picture::of(town);
        call(client, one, path);
        let changed = Picture::of(town);
        assert_eq!(before, changed, "{}, denied to {who}, changed {:?}", one.name(), before.differs(&changed));
    }
}
