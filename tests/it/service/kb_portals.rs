//! Portals, their categories and what stands in them.
use crate::support::{Person, Town, Value, fresh, json, make};

#[test]
fn the_address_of_a_portal_is_unique_on_the_whole_server() {
    let town = Town::idle();
    let (owner, foreigner) = (town.owner(), town.client(Person::Foreigner));
    let portal = make::kb_portal(&owner, json!({"slug": "help"}));
    let again = json!({"slug": "help", "name": "x", "default_locale": "en", "locales": ["en"]});
    let taken = owner.post("/v1/kb-portals", &again).refused(409, "kb_portal_slug_taken");
    assert_eq!(taken["existing"][0]["id"], portal["id"]);
    let theirs = foreigner.post("/v1/kb-portals", &again).refused(409, "kb_portal_slug_taken");
    assert!(theirs["existing"].is_null(), "whose it is, is told to nobody else");
    // an archived one gives it up, and gets it back where it is free
    let path = format!("/v1/kb-portals/{}", make::id(&portal, "id"));
    owner.delete(&path).is(204);
    let other = foreigner.post("/v1/kb-portals", &again).created();
    owner.act(&format!("{path}/restore")).refused(409, "kb_portal_slug_taken");
    foreigner.delete(&format!("/v1/kb-portals/{}", make::id(&other, "id"))).is(204);
    owner.act(&format!("{path}/restore")).ok();
}

#[test]
fn of_many_who_take_an_address_at_once_one_gets_it() {
    let town = Town::idle();
    let owner = town.owner();
    let made = std::thread::scope(|scope| {
        let one = || {
            let new = json!({"slug": "race", "name": "x", "default_locale": "en", "locales": ["en"]});
            owner.post("/v1/kb-portals", new).status
        };
        let all: Vec<_> = (0..8).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|one| one.join().unwrap()).filter(|status| *status == 201).count()
    });
    assert_eq!(made, 1);
}

#[test]
fn all_that_is_wrong_with_a_portal_is_told_at_once() {
    let town = Town::idle();
    let owner = town.owner();
    let wrong = json!({"slug": "Not A Slug", "name": " ", "default_locale": "e", "locales": ["en", "EN"]});
    let refused = owner.post("/v1/kb-portals", wrong);
    refused.refused(422, "invalid");
    let pointers = refused.pointers();
    for pointer in ["/slug", "/name", "/default_locale", "/locales"] {
        assert!(pointers.iter().any(|one| one == pointer), "{pointer}: {pointers:?}");
    }
    let foreign = json!({"slug": fresh("p-"), "name": "x", "default_locale": "fr", "locales": ["en"]});
    assert_eq!(owner.post("/v1/kb-portals", foreign).pointers(), ["/default_locale"]);
    let portal = make::kb_portal(&owner, json!({}));
    let path = format!("/v1/kb-portals/{}", make::id(&portal, "id"));
    assert_eq!(owner.patch(&path, json!({"locales": ["zh-Hans"]})).pointers(), ["/default_locale"]);
}

#[test]
fn categories_are_a_tree_inside_of_their_portal() {
    let town = Town::idle();
    let owner = town.owner();
    let (portal, other) = (make::kb_portal(&owner, json!({})), make::kb_portal(&owner, json!({})));
    let top = make::kb_category(&owner, &portal, json!({"slug": "billing"}));
    let below = make::kb_category(&owner, &portal, json!({"parent_id": top["id"]}));
    let path = |one: &Value| format!("/v1/kb-categories/{}", make::id(one, "id"));
    let own = owner.patch(&path(&top), json!({"parent_id": below["id"]}));
    own.refused(422, "kb_category_own_parent");
    owner.patch(&path(&top), json!({"parent_id": top["id"]})).refused(422, "kb_category_own_parent");
    let elsewhere = make::kb_category(&owner, &other, json!({"slug": "billing"}));
    assert_eq!(owner.patch(&path(&below), json!({"parent_id": elsewhere["id"]})).pointers(), ["/parent_id"]);
    let twice = json!({"portal_id": portal["id"], "slug": "billing", "name": "x"});
    let taken = owner.post("/v1/kb-categories", twice).refused(409, "kb_category_slug_taken");
    assert_eq!(taken["existing"][0]["id"], top["id"]);
    owner.delete(&path(&top)).refused(409, "in_use");
    owner.delete(&path(&below)).is(204);
    owner.delete(&path(&top)).is(204);
    owner.act(&format!("{}/restore", path(&below))).is(422);
    owner.act(&format!("{}/restore", path(&top))).ok();
    owner.act(&format!("{}/restore", path(&below))).ok();
    // an article stands in a category of its own portal
    let new = json!({"portal_id": portal["id"], "category_id": elsewhere["id"], "slug": "x", "title": "x"});
    assert_eq!(owner.post("/v1/kb-articles", new).pointers(), ["/category_id"]);
}

#[test]
fn who_sells_writes_articles_and_lets_none_through() {
    let town = Town::idle();
    let (owner, seller) = (town.owner(), town.client(Person::Rep));
    let portal = make::kb_portal(&owner, json!({}));
    let article = make::kb_article(&seller, &portal, json!({}));
    let version = format!("/v1/kb-article-versions/{}", make::id(&make::kb_version(&seller, &article), "id"));
    seller.act(&format!("{version}/submit")).ok();
    seller.act(&format!("{version}/publish")).refused(403, "forbidden");
    seller.post(&format!("{version}/reject"), json!({})).refused(403, "forbidden");
    let new = json!({"slug": fresh("p-"), "name": "x", "default_locale": "en", "locales": ["en"]});
    seller.post("/v1/kb-portals", new).refused(403, "forbidden");
    owner.act(&format!("{version}/publish")).ok();
    seller.act(&format!("{version}/archive")).refused(403, "forbidden");
    let stranger = town.client(Person::Foreigner);
    stranger.get(&version).refused(404, "not_found");
}
