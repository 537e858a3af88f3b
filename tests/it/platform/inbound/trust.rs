//! Nothing gets in but what is signed; what is signed can do no more than the user of its connection.
use super::{SECRET, Sender, settled, text};
use crate::support::{Person, Town, json, make, nobodys_id};
use api::limit::Quotas;

fn nothing(town: &Town) {
    assert_eq!(town.database.count("SELECT count(*) FROM inbound_deliveries"), 0);
    assert_eq!(town.database.count("SELECT count(*) FROM jobs"), 0);
}

#[test]
fn what_is_not_signed_is_not_kept() {
    let town = Town::idle();
    let body = text("shopify/order_created");
    for kind in ["shopify", "woocommerce", "generic"] {
        let mapping = json!({"resource": "contacts", "columns": {"id": "external_id"}});
        let extra = if kind == "generic" { json!({"mapping": mapping}) } else { json!({}) };
        let shop = Sender::of(&town, kind, extra);
        let wrong = shop.signing("another secret of 2026").send("d1", "order.created", &body);
        let told = wrong.refused(401, "unauthenticated");
        let unsigned = town.anonymous().post(&shop.path(), json!({"id": 1})).refused(401, "unauthenticated");
        // neither tells whether there is such a connection, or one that is open
        let nowhere = Sender { id: nobodys_id(), ..shop.signing(SECRET) };
        let unknown = nowhere.send("d1", "order.created", &body).refused(401, "unauthenticated");
        let junk = Sender { id: "nonsense".into(), ..shop.signing(SECRET) };
        let junk = junk.send("d1", "order.created", &body).refused(401, "unauthenticated");
        town.owner().patch(&format!("/v1/connections/{}", shop.id), json!({"is_active": false})).ok();
        let shut = shop.send("d1", "order.created", &body).refused(401, "unauthenticated");
        for other in [unsigned, unknown, junk, shut] {
            assert_eq!((&other["title"], &other["detail"]), (&told["title"], &told["detail"]));
        }
        nothing(&town);
    }
}

#[test]
fn a_body_or_a_time_that_was_changed_is_refused() {
    let town = Town::idle();
    let shop = Sender::of(&town, "shopify", json!({}));
    let client = town.anonymous().with("x-shopify-topic", "orders/create").with("x-shopify-webhook-id", "1");
    let signed = client.with("x-shopify-hmac-sha256", shop.sign(b"{\"id\":1}"));
    let send = |body: &[u8]| signed.raw("POST", &shop.path(), Some(("application/json", body.to_vec())));
    send(b"{\"id\":2}").refused(401, "unauthenticated");
    send(b"{\"id\":1} ").refused(401, "unauthenticated");
    // two signatures are none
    let twice = signed.with("x-shopify-hmac-sha256", shop.sign(b"{\"id\":1}"));
    let twice = twice.raw("POST", &shop.path(), Some(("application/json", b"{\"id\":1}".to_vec())));
    twice.refused(401, "unauthenticated");
    nothing(&town);
    let large = format!("\"{}\"", "x".repeat(2 << 20));
    shop.send("2", "orders/create", &large).refused(413, "too_large");
    nothing(&town);
    send(b"{\"id\":1}").is(202);
}

#[test]
fn a_secret_is_shown_once_and_the_one_before_stays_good_for_a_while() {
    let town = Town::idle();
    let owner = town.owner();
    let made =
        owner.post("/v1/connections", json!({"name": "Shop", "kind": "shopify", "source_system": "s"})).created();
    let (id, first) = (make::id(&made, "id"), make::id(&made, "secret"));
    assert!(first.starts_with("whsec_"));
    assert!(owner.get(&format!("/v1/connections/{id}")).ok().get("secret").is_none());
    assert_eq!(town.database.count(&format!("SELECT count(*) FROM event_log WHERE data::text LIKE '%{first}%'")), 0);
    let shop = Sender { id: id.clone(), ..Sender::of(&town, "shopify", json!({})) };
    shop.signing(&first).send("1", "orders/x", "{}").is(202);
    let rotate = |body| make::id(&owner.post(&format!("/v1/connections/{id}/rotate"), body).ok(), "secret");
    let second = rotate(json!({}));
    shop.signing(&first).send("2", "orders/x", "{}").is(202);
    shop.signing(&second).send("3", "orders/x", "{}").is(202);
    let third = rotate(json!({"overlap_seconds": 0}));
    shop.signing(&first).send("4", "orders/x", "{}").refused(401, "unauthenticated");
    shop.signing(&second).send("4", "orders/x", "{}").refused(401, "unauthenticated");
    shop.signing(&third).send("4", "orders/x", "{}").is(202);
    owner
        .post("/v1/connections", json!({"name": "S", "kind": "shopify", "source_system": "s", "secret": "short"}))
        .refused(422, "invalid");
}

/// Whoever holds a secret could write as its user.
#[test]
fn nobody_makes_a_connection_that_can_do_more_than_they() {
    let town = Town::idle();
    let everything = |noun: &'static str| ["create", "read", "update", "delete"].map(|action| (noun, action, "all"));
    let keeper = make::holder(&town, &[everything("connection").to_vec(), vec![("user", "read", "all")]].concat());
    let (owner, new) = (town.owner(), json!({"name": "Shop", "kind": "shopify", "source_system": "s"}));
    let by = |user: &str| make::with(new.clone(), json!({"user_id": user}));
    keeper.post("/v1/connections", &new).created();
    keeper.post("/v1/connections", by(&town.user(Person::Owner))).refused(403, "beyond_own_rights");
    keeper.post("/v1/connections", by(&nobodys_id())).refused(422, "unknown_reference");
    let theirs = make::id(&owner.post("/v1/connections", &new).created(), "id");
    let path = format!("/v1/connections/{theirs}");
    keeper.post(&format!("{path}/rotate"), json!({})).refused(403, "beyond_own_rights");
    keeper.patch(&path, json!({"currency": "EUR"})).refused(403, "beyond_own_rights");
    keeper.patch(&path, json!({"is_active": false})).ok();
    owner.delete(&path).is(204);
    keeper.act(&format!("{path}/restore")).refused(403, "beyond_own_rights");
    owner.act(&format!("{path}/restore")).ok();
    town.client(Person::Manager).get("/v1/connections").refused(403, "forbidden");
    town.client(Person::Foreigner).get(&path).refused(404, "not_found");
}

#[test]
fn what_arrives_does_no_more_than_its_user_may() {
    let town = Town::start();
    let owner = town.owner();
    let shop = Sender::of(&town, "shopify", json!({"user_id": town.user(Person::ReadOnly)}));
    let failed = shop.tell(&owner, "orders/create", "shopify/order_created");
    assert_eq!((&failed["status"], &failed["attempts"]), (&json!("failed"), &json!(1)), "{failed}");
    assert_eq!(town.database.count("SELECT count(*) FROM orders"), 0);
    // suspended, and let in again
    let user = make::user(&owner, json!({"role_ids": [town.role("admin")]}));
    let (user, path) = (make::id(&user, "id"), format!("/v1/users/{}", make::id(&user, "id")));
    owner.patch(&format!("/v1/connections/{}", shop.id), json!({"user_id": user})).ok();
    owner.patch(&path, json!({"is_active": false})).ok();
    let id = make::id(&failed, "id");
    let replay = || {
        owner.act(&format!("/v1/inbound-deliveries/{id}/replay")).ok();
        settled(&owner, &id)
    };
    assert_eq!(replay()["status"], "failed");
    owner.patch(&path, json!({"is_active": true})).ok();
    let done = replay();
    assert_eq!((&done["status"], &done["error"]), (&json!("processed"), &json!(null)), "{done}");
    let by = town.database.text("SELECT created_by::text FROM orders");
    assert_eq!(by, user);
}

#[test]
fn another_tenants_deliveries_are_not_there() {
    let town = Town::idle();
    let shop = Sender::of(&town, "shopify", json!({}));
    let id = make::id(&shop.send("1", "orders/create", "{}").is(202), "id");
    let foreigner = town.client(Person::Foreigner);
    for way in ["replay", "reveal"] {
        foreigner.act(&format!("/v1/inbound-deliveries/{id}/{way}")).refused(404, "not_found");
    }
    assert!(foreigner.get("/v1/inbound-deliveries").ids().is_empty());
    assert_eq!(town.owner().act(&format!("/v1/inbound-deliveries/{id}/reveal")).ok()["body"], "{}");
    let seen = "SELECT count(*) FROM audit_log WHERE action = 'inbound_delivery.revealed'";
    assert_eq!(town.database.count(seen), 1);
}

/// Who guesses is slowed down by address; who signs pays for their own connection.
#[test]
fn each_connection_has_its_own_measure() {
    let town = Town::configured(|config| {
        config.jobs = false;
        config.limits = Quotas { public: 40, connection: 30, ..Quotas::default() };
    });
    let (shop, other) = (Sender::of(&town, "shopify", json!({})), Sender::of(&town, "shopify", json!({})));
    let count = |shop: &Sender, wanted: u16| {
        let all = (0..40).map(|n| shop.send(&format!("d{n}"), "orders/x", "{}").status);
        all.filter(|status| *status == wanted).count()
    };
    let (taken, refused) = (count(&shop, 202), count(&other.signing("another secret of 2026"), 429));
    assert!((30..35).contains(&taken), "{taken}");
    assert!(refused > 15, "{refused}");
    let kept = town.database.count("SELECT count(*) FROM inbound_deliveries");
    assert_eq!(kept, i64::try_from(taken).unwrap());
}
