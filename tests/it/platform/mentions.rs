//! Whoever is named in a text of a record is told so: once, if they see it, and not by themselves.
use super::notifications::{after, told};
use crate::support::{Person, Town, json, make};

fn named(town: &Town, person: Person) -> String {
    format!("@[{person:?}](user:{})", town.user(person))
}

#[test]
fn whoever_is_named_is_told_once() {
    let town = Town::start();
    let (owner, rep, mate) = (town.owner(), town.client(Person::Rep), town.client(Person::Mate));
    let text = format!("{} knows them well, {} too", named(&town, Person::Rep), named(&town, Person::Owner));
    let contact = make::contact(&owner, json!({"team_id": town.team("north"), "description": text}));
    let path = format!("/v1/contacts/{}", make::id(&contact, "id"));
    let all = after(&rep, 1);
    let one = (&all[0]["kind"], &all[0]["record_id"], &all[0]["event"]["data"]["description"]);
    assert_eq!(one, (&json!("mentioned"), &contact["id"], &json!(text)));
    // who was named before is not told again, whoever is new is
    let more = format!("{text}, ask {}", named(&town, Person::Mate));
    owner.patch(&path, json!({"description": more})).ok();
    owner.patch(&path, json!({"job_title": "Buyer"})).ok();
    after(&mate, 1);
    after(&rep, 1);
    assert_eq!(told(&owner, "").len(), 0, "nobody is told of what they wrote themselves");
    owner.patch(&path, json!({"description": null})).ok();
    owner.patch(&path, json!({"description": text})).ok();
    after(&rep, 2);
}

#[test]
fn whoever_does_not_see_it_is_told_nothing() {
    let town = Town::start();
    let owner = town.owner();
    let everybody = [Person::Stranger, Person::Foreigner, Person::Nobody, Person::Rep].map(|one| named(&town, one));
    let text = format!("{} @[Nobody](user:{})", everybody.join(" "), crate::support::nobodys_id());
    make::contact(&owner, json!({"team_id": town.team("north"), "description": text}));
    make::product(&owner, json!({"description": named(&town, Person::Rep)}));
    let kinds: Vec<_> = after(&town.client(Person::Rep), 2).iter().map(|one| one["resource"].clone()).collect();
    assert!(kinds.contains(&json!("contact")) && kinds.contains(&json!("product")), "{kinds:?}");
    for other in [Person::Stranger, Person::Foreigner, Person::Nobody] {
        assert_eq!(told(&town.client(other), "").len(), 0, "{other:?}");
    }
}

/// A text that is hidden from somebody does not tell them that it names them.
#[test]
fn whoever_does_not_see_the_text_is_told_nothing() {
    let town = Town::start();
    let owner = town.owner();
    let role = owner
        .post(
            "/v1/roles",
            json!({"name": "Blind", "permissions": [{"object": "contact", "action": "read", "reach": "all"}],
        "fields": [{"object": "contact", "field": "description", "access": "hidden"}]}),
        )
        .created();
    let user = make::user(&owner, json!({"password": crate::support::people::PASSWORD, "role_ids": [role["id"]]}));
    let login = json!({"email": user["email"], "password": crate::support::people::PASSWORD});
    let tokens = town.anonymous().post("/v1/auth/login", login).ok();
    let blind = town.anonymous().bearing(make::id(&tokens, "access_token")).sparse();
    let text = format!("@[Somebody](user:{}) {}", make::id(&user, "id"), named(&town, Person::Admin));
    make::contact(&owner, json!({"description": text}));
    after(&town.client(Person::Admin), 1);
    assert_eq!(told(&blind, "").len(), 0);
}
