//! After random changes of all that filters ask of, each segment equals what its filter finds. `GUANXI_FUZZ=10` makes ten
//! times as many worlds.
use super::world::World;
use super::{dynamic, follow, matching, members};
use crate::support::Town;
use std::collections::BTreeMap;

const CONTACTS: [&str; 13] = [
    "lifecycle_stage == \"customer\" && !do_not_contact",
    "orders.exists(o, o.total.amount > 100 && o.status != \"cancelled\")",
    "orders.exists(o, o.lines.exists(l, l.quantity > 5))",
    "account.industry == \"retail\"",
    "account != null && account.orders.all(o, o.status == \"pending\")",
    "tags.exists(t, t.name == \"VIP\")",
    "consents.exists(c, c.purpose == \"newsletter\" && c.status == \"granted\")",
    "memberships.exists(m, m.account.industry == \"retail\")",
    "activities.exists(a, a.kind == \"visit\")",
    "contact_points.exists(p, p.kind == \"wechat\")",
    "opportunity_contacts.exists(p, p.opportunity.name == \"Big\")",
    "account.tags.exists(t, t.name == \"VIP\") || tags.exists(t, t.name == \"Old\")",
    "account.contacts.exists(c, c.do_not_contact)",
];
const ACCOUNTS: [&str; 7] = [
    "contacts.exists(c, c.lifecycle_stage == \"customer\")",
    "contacts.all(c, !c.do_not_contact)",
    "memberships.exists(m, m.contact.do_not_contact)",
    "orders.exists(o, o.contact.lifecycle_stage == \"customer\")",
    "opportunities.exists(o, o.stage.key == \"prospecting\" && o.opportunity_contacts.exists(p, p.contact.do_not_contact))",
    "activities.exists(a, a.contacts.exists(c, c.do_not_contact))",
    "tags.exists(t, t.name == \"VIP\") && industry != \"retail\"",
];

#[test]
fn after_random_changes_each_equals_what_its_filter_finds() {
    let worlds = std::env::var("GUANXI_FUZZ").ok().and_then(|n| n.parse::<u64>().ok()).unwrap_or(1);
    let mut held: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..2 * worlds {
        let town = Town::idle();
        let mut world = World::new(&town, seed);
        let owner = world.owner.clone();
        let of = |noun: &'static str, filters: &[&str]| {
            let one = |filter: &&str| (noun, (*filter).to_owned(), dynamic(&owner, noun, filter));
            filters.iter().map(one).collect::<Vec<_>>()
        };
        let mut all = of("contact", &CONTACTS);
        all.extend(of("account", &ACCOUNTS));
        // and some that are made of them
        let within = |at: usize| format!("segments.exists(s, s.id == {})", all[at].2["id"]);
        let nested = [
            ("contact", format!("{} && !({})", within(0), within(5))),
            ("contact", format!("account.{}", within(CONTACTS.len()))),
            ("account", format!("contacts.exists(c, c.{})", within(1))),
        ];
        all.extend(nested.map(|(noun, filter)| (noun, filter.clone(), dynamic(&owner, noun, &filter))));
        follow(&town);
        for round in 0..12 {
            (0..15).for_each(|_| world.change());
            follow(&town);
            for (noun, filter, segment) in &all {
                let found = matching(&owner, noun, filter);
                assert_eq!(members(&owner, segment), found, "world {seed}, round {round}: {filter}");
                *held.entry(filter.split('"').next().unwrap().to_owned()).or_default() += found.len();
            }
        }
    }
    let empty: Vec<_> = held.iter().filter(|(_, many)| **many == 0).collect();
    assert!(empty.is_empty(), "nobody was ever found by {empty:?}");
}
