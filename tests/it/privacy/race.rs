//! Somebody is written to while they are erased: whatever comes first, nothing of it is left.
use super::{begun, when};
use crate::support::{Town, json, make};
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn who_is_changed_while_they_are_erased_is_erased_all_the_same() {
    let town = Town::start();
    let owner = town.owner();
    for round in 0..4 {
        let word = format!("canary{round}");
        let new = json!({"display_name": format!("{word} name"), "email": format!("{word}@example.com")});
        let id = make::id(&make::contact(&owner, new), "id");
        let request = begun(&owner, "erasure", "contact", &id);
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for writer in 0..3 {
                let (client, id, word, over) = (owner.clone(), &id, &word, &over);
                scope.spawn(move || {
                    let mut n = 0;
                    while !over.load(Ordering::Relaxed) {
                        n += 1;
                        let keyed = client.with("idempotency-key", format!("{word}-{writer}-{n}"));
                        let patch =
                            json!({"description": format!("{word} {n}"), "job_title": format!("{word} {writer}")});
                        keyed.patch(&format!("/v1/contacts/{id}"), patch).is_one_of(&[200, 404, 503]);
                        let point = json!({"kind": "social", "value": format!("{word}-{writer}-{n}")});
                        client.post(&format!("/v1/contacts/{id}/contact-points"), point).is_one_of(&[201, 404, 503]);
                    }
                });
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
            owner.act(&format!("/v1/privacy-requests/{request}/complete")).ok();
            when(&owner, &request, |request| request["status"] == "completed");
            over.store(true, Ordering::Relaxed);
        });
        let tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";
        for table in town.database.column(tables) {
            let here = format!("SELECT left(t::text, 300) FROM {table} AS t WHERE t::text LIKE '%{word}%' LIMIT 3");
            assert_eq!(town.database.column(&here), Vec::<String>::new(), "{table}");
        }
    }
}
