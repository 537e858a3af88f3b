//! Everything that changes something, sent twice by one key: it happens once, and is answered twice alike.
use super::ids::make_one;
use super::{call, filled, is_open, walk};
use crate::support::{Town, Value};

/// After these the caller is let in no more, and so is told nothing twice.
const ENDS_THE_SESSION: &[&str] = &["logout", "revoke_session"];

/// All that is counted of what happens.
const TRACES: [&str; 3] = ["audit_log", "jobs", "idempotency_keys"];

/// What may be done once may be done twice by the same key, and is done once.
#[test]
fn what_is_sent_twice_by_one_key_is_done_once() {
    let (mut done, mut walked) = (0, 0);
    let mut town = Town::idle();
    for one in walk(&town.owner()).iter().filter(|one| one.writes() && !is_open(one)) {
        let told = one.parameters("header").iter().any(|one| one["name"] == "Idempotency-Key");
        assert!(told, "{} does not tell of the key", one.name());
        let owner = town.owner().with("idempotency-key", &one.id);
        let path = filled(one, |segment, name| match name {
            "key" => "ext:test".into(),
            "value" => one.id.clone(),
            _ => make_one(&town.owner(), segment, &one.name()).id,
        });
        let first = call(&owner, one, &path);
        let traces = || TRACES.map(|table| town.database.count(&format!("SELECT count(*) FROM {table}")));
        let before = traces();
        let second = call(&owner, one, &path);
        walked += 1;
        assert_eq!(before, traces(), "{} left a trace twice", one.name());
        if ENDS_THE_SESSION.contains(&one.id.as_str()) {
            assert_eq!((first.status, second.status), (204, 401), "{}", one.name());
            town = Town::idle();
        } else if first.status >= 300 {
            let code = |answer: &Value| answer["code"].clone();
            assert_eq!((first.status, code(&first.json())), (second.status, code(&second.json())), "{}", one.name());
        } else if first.header("cache-control") == "no-store" {
            second.refused(409, "idempotency_answer_gone");
            done += 1;
        } else {
            assert!(!first.text().contains("gx_"), "{} answers a secret that anybody may keep", one.name());
            crate::platform::once::is_replay(&first, &second);
            done += 1;
        }
    }
    assert!(done > 30, "{done} of {walked}");
}
