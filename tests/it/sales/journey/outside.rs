//! Whoever is of another company sees nothing of it, whichever way they look; and of the same company, another team.
use super::{MAIL, Scene};
use crate::support::{Client, Person, Value, encoded, json};

/// What all of it stands in.
const LISTS: [&str; 17] = [
    "accounts",
    "activities",
    "consents",
    "contacts",
    "contracts",
    "form-submissions",
    "installments",
    "leads",
    "opportunities",
    "orders",
    "payment-matches",
    "payments",
    "quote-approvals",
    "quote-links",
    "quotas",
    "quotes",
    "tasks",
];

/// `records` are all there are of it, each by its place.
pub fn nothing_is_seen(scene: &Scene, records: &[String]) {
    for person in [Person::Foreigner, Person::Stranger] {
        let client = scene.town.client(person);
        for list in LISTS {
            let found = client.get(&format!("/v1/{list}"));
            assert_eq!(found.ids(), Vec::<String>::new(), "{list} to {person:?}");
        }
        records.iter().for_each(|place| drop(client.get(place).refused(404, "not_found")));
        told_nothing(&client, records);
    }
}

/// Neither as a whole nor as a story, by no search and by no event.
fn told_nothing(client: &Client, records: &[String]) {
    for place in records {
        let (noun, id) = place.trim_start_matches("/v1/").split_once('/').unwrap();
        let noun = if noun == "opportunities" { "opportunity" } else { noun.trim_end_matches('s') };
        client.get(&format!("/v1/timeline?subject={noun}:{id}")).refused(404, "not_found");
        if ["account", "contact"].contains(&noun) {
            client.get(&format!("{place}/360")).refused(404, "not_found");
        }
        assert_eq!(client.walk(&format!("/v1/events?record_id={id}")), Vec::<Value>::new(), "{place}");
    }
    for word in [MAIL, "晨光商贸", "茶叶"] {
        let found = client.get(&format!("/v1/search?q={}", encoded(word))).ok();
        assert_eq!(found["data"], json!([]), "{word}");
    }
}
