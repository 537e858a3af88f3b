//! The ways of looking at contacts. Each gives the records that a user comes to see by it.
use super::world::{User, World};
use super::{Records, decided, filter, id};
use crate::platform::exports;
use crate::support::{json, make};

pub type Way = fn(&World, &User) -> Records;

pub const ALL: &[(&str, Way)] = &[
    ("the list, page after page", |world, user| {
        world.places(user.client.walk("/v1/contacts?limit=5&sort=-created_at").iter().map(id))
    }),
    ("one by one", |world, user| by_status(world, user, |contact| format!("/v1/contacts/{contact}"))),
    ("one by one, with what belongs to it", |world, user| {
        by_status(world, user, |contact| format!("/v1/contacts/{contact}?include=account"))
    }),
    ("its parts", |world, user| by_status(world, user, |contact| format!("/v1/contacts/{contact}/contact-points"))),
    ("all there is to know of it", |world, user| {
        by_status(world, user, |contact| format!("/v1/contacts/{contact}/360"))
    }),
    ("the search", |world, user| world.places(user.client.get("/v1/contacts?q=contact&limit=200").ids())),
    ("the search across nouns", |world, user| {
        world.places(user.client.get("/v1/search?q=contact&types=contact&limit=20").ids())
    }),
    ("a filter", |world, user| {
        let list = format!("/v1/contacts?limit=200&{}", filter("version >= 1 && email != null"));
        world.places(user.client.get(&list).ids())
    }),
    ("a filter across a relation", |world, user| {
        // each contact has an account of its own
        let list = format!("/v1/accounts?limit=200&{}", filter("contacts.exists(c, c.version >= 1)"));
        let accounts = user.client.get(&list).ids();
        (0..world.accounts.len()).filter(|at| accounts.contains(&world.accounts[*at])).collect()
    }),
    ("a filter across the relation of a part", |world, user| {
        let list = format!("/v1/accounts?limit=200&{}", filter("memberships.exists(m, m.contact != null)"));
        let accounts = user.client.get(&list).ids();
        (0..world.accounts.len()).filter(|at| accounts.contains(&world.accounts[*at])).collect()
    }),
    ("the people of an account", |world, user| {
        let people = |account: &String| {
            let all = user.client.get(&format!("/v1/accounts/{account}/360")).ok();
            all["contacts"].as_array().cloned().unwrap_or_default()
        };
        world.places(world.accounts.iter().flat_map(people).map(|contact| id(&contact)))
    }),
    ("what is put in", |world, user| {
        let orders = user.client.get("/v1/orders?limit=200&include=contact").ok();
        let contacts = orders["data"].as_array().unwrap().iter().map(|order| &order["contact"]);
        world.places(contacts.filter(|contact| !contact.is_null()).map(id))
    }),
    ("the count", |world, user| {
        let counted = user.client.get("/v1/contacts?count=exact&limit=1").ok()["page"]["count"].as_u64();
        let reckoned = world.seen(user);
        if counted == Some(reckoned.len() as u64) { reckoned } else { panic!("{counted:?} of {reckoned:?}") }
    }),
    ("the events", |world, user| {
        let made = user.client.walk("/v1/events?types=contact.created&limit=20");
        world.places(made.iter().map(|event| event["record_id"].as_str().unwrap().to_owned()))
    }),
    ("what is followed", |world, user| {
        let (mut all, mut token) = (Vec::new(), String::new());
        loop {
            let page = user.client.get(&format!("/v1/sync?resources=contacts&limit=7{token}")).ok();
            all.extend(page["upserted"]["contacts"].as_array().into_iter().flatten().map(id));
            if page["has_more"] == false {
                return world.places(all);
            }
            token = format!("&token={}", page["token"].as_str().unwrap());
        }
    }),
    ("an export", |world, user| {
        let asked = json!({"resource": "contacts", "format": "ndjson", "fields": ["id"]});
        world.places(exports::records(&exports::file(&user.client, asked)).iter().map(id))
    }),
    ("an export of its parts", |world, user| {
        let asked = json!({"resource": "contact_points", "format": "ndjson", "fields": ["contact_id"]});
        let points = exports::records(&exports::file(&user.client, asked));
        world.places(points.iter().map(|point| make::id(point, "contact_id")))
    }),
    ("the list of its parts", |world, user| {
        let points = user.client.walk("/v1/contact-points?limit=5");
        world.places(points.iter().map(|point| make::id(point, "contact_id")))
    }),
    ("what is told of it", |world, user| {
        let told = |contact: &String| decided(&world.explain(user, contact), "read");
        world.places(world.contacts.iter().filter(|contact| told(contact)).cloned())
    }),
    ("what one is told of oneself", |world, user| {
        by_status(world, user, |contact| format!("/v1/permissions/explain?resource=contact&record_id={contact}"))
    }),
];

fn by_status(world: &World, user: &User, path: impl Fn(&str) -> String) -> Records {
    let seen = |contact: &&String| match user.client.get(&path(contact)).status {
        200 => true,
        404 => false,
        other => panic!("{user:?}: {} answers {other}", path(contact)),
    };
    world.places(world.contacts.iter().filter(seen).cloned())
}
