//! One record: what comes back, when nothing comes back, and what can be left out or put in.
use crate::support::{Town, fresh, json, make};

#[test]
fn what_is_created_is_what_is_got() {
    let town = Town::start();
    let owner = town.owner();
    let new = json!({"given_name": "伟", "family_name": "王", "email": "Wang.Wei@Example.CN ", "phone": "+86 138-0013-8000",
        "job_title": "采购经理", "birth_on": "1988-05-17", "gender": "male", "locale": "zh-Hans",
        "time_zone": "Asia/Shanghai", "source": "web", "description": "line one\nline two \"quoted\" 😀"});
    let answer = owner.post("/v1/contacts", &new);
    let made = answer.created();
    assert_eq!(answer.header("location"), format!("/v1/contacts/{}", make::id(&made, "id")));
    assert_eq!(answer.header("etag"), "\"1\"");
    for (member, value) in [
        ("email", "wang.wei@example.cn"),
        ("phone", "+8613800138000"),
        ("display_name", "王伟"),
        ("lifecycle_stage", "lead"),
        ("birth_on", "1988-05-17"),
        ("description", "line one\nline two \"quoted\" 😀"),
    ] {
        assert_eq!(made[member], value, "{member}");
    }
    assert_eq!(made["version"], 1);
    assert_eq!(made["owner_id"], town.user(crate::support::Person::Owner));
    assert_eq!(owner.get(answer.header("location")).ok(), made);
}

#[test]
fn the_client_may_make_the_id() {
    let town = Town::start();
    let id = crate::support::nobodys_id();
    let made = make::contact(&town.owner(), json!({"id": id}));
    assert_eq!(made["id"], id);
    let again = town.owner().post("/v1/contacts", json!({"id": id, "display_name": "Twice"}));
    again.refused(409, "already_exists");
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let town = Town::start();
    let owner = town.owner();
    let path = format!("/v1/contacts/{}", make::id(&make::contact(&owner, json!({})), "id"));
    let first = owner.get(&path);
    assert_eq!((first.status, first.header("etag")), (200, "\"1\""));
    for tag in ["\"1\"", "\"7\", \"1\"", "W/\"1\"", "*"] {
        let again = owner.with("if-none-match", tag).get(&path);
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, "\"1\""), "{tag}");
    }
    owner.patch(&path, json!({"job_title": "CTO"})).ok();
    let changed = owner.with("if-none-match", "\"1\"").get(&path);
    assert_eq!((changed.status, changed.header("etag")), (200, "\"2\""));
}

#[test]
fn what_is_not_there_is_not_found() {
    let owner = Town::start();
    let owner = owner.owner();
    for id in [crate::support::nobodys_id().as_str(), "nonsense", "1", "00000000-0000-0000-0000-000000000000"] {
        owner.get(&format!("/v1/contacts/{id}")).refused(404, "not_found");
    }
}

#[test]
fn members_can_be_left_out() {
    let town = Town::start();
    let owner = town.owner();
    let made = make::contact(&owner, json!({"job_title": "CTO"}));
    let path = format!("/v1/contacts/{}?fields=id,job_title", make::id(&made, "id"));
    assert_eq!(owner.get(&path).ok(), json!({"id": made["id"], "job_title": "CTO"}));
    let page = owner.get("/v1/contacts?fields=display_name").ok();
    assert_eq!(page["data"], json!([{"display_name": made["display_name"]}]));
    for unknown in ["nope", "id,nope", "search", "tenant_id"] {
        owner.get(&format!("/v1/contacts?fields={unknown}")).refused(400, "unknown_parameter");
        owner.get(&format!("{}{unknown}", path.replace("id,job_title", ""))).refused(400, "unknown_parameter");
    }
}

#[test]
fn related_records_can_be_put_in() {
    let town = Town::start();
    let owner = town.owner();
    let above = make::account(&owner, json!({}));
    let account = make::account(&owner, json!({"parent_id": above["id"]}));
    let contact = make::contact(&owner, json!({"account_id": account["id"], "email": "a@example.com"}));
    make::contact(&owner, json!({}));
    let path = format!(
        "/v1/contacts/{}?include=account.parent.owner,contact_points,memberships,team",
        make::id(&contact, "id")
    );
    let got = owner.get(&path).ok();
    assert_eq!(got["account"]["name"], account["name"]);
    assert_eq!(got["account"]["parent"]["name"], above["name"]);
    assert_eq!(got["account"]["parent"]["owner"]["email"], "owner@town.example");
    assert_eq!(got["contact_points"][0]["value"], "a@example.com");
    assert_eq!(got["memberships"][0]["account_id"], account["id"]);
    assert_eq!(got["team"], json!(null));
    let page = owner.get("/v1/contacts?include=account&fields=id&sort=created_at").ok();
    assert_eq!(page["data"][0]["account"]["id"], account["id"]);
    assert_eq!(page["data"][1]["account"], json!(null));
    assert_eq!(page["data"][1].as_object().unwrap().len(), 2);
}

#[test]
fn what_cannot_be_put_in_is_refused() {
    let town = Town::start();
    for include in
        ["nope", "account.nope", "account.parent.parent.parent", "account.contacts", "account,account.owner.nope"]
    {
        town.owner().get(&format!("/v1/contacts?include={include}")).refused(400, "unknown_parameter");
    }
}

/// What is put in may have changed though the record has not.
#[test]
fn a_view_with_others_in_it_is_not_known_by_its_version() {
    let town = Town::start();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let contact = make::contact(&owner, json!({"account_id": account["id"]}));
    let path = format!("/v1/contacts/{}?include=account", make::id(&contact, "id"));
    let tag = owner.get(&path).header("etag").to_owned();
    owner.patch(&format!("/v1/accounts/{}", make::id(&account, "id")), json!({"name": "New name"})).ok();
    let again = owner.with("if-none-match", if tag.is_empty() { "\"1\"" } else { &tag }).get(&path);
    assert_eq!(again.ok()["account"]["name"], "New name");
}

/// A page of two hundred takes as many statements as a page of one.
#[test]
fn related_records_are_loaded_in_batches() {
    let town = Town::watched();
    let owner = town.owner();
    let account = make::account(&owner, json!({}));
    let new = |at: usize| json!({"display_name": format!("C{at}"), "account_id": account["id"]});
    make::many(&owner, "contacts", (0..200).map(new));
    let path = |limit: u32| format!("/v1/contacts?limit={limit}&include=account.owner,contact_points");
    owner.get(&path(1)).ok();
    let took = |limit| town.statements(|| drop(owner.get(&path(limit)).ok()));
    let (one, many) = (took(1), took(200));
    assert_eq!(one.len(), many.len(), "{many:#?}");
    assert!((4..=6).contains(&many.len()), "{many:#?}");
}

#[test]
fn a_name_is_made_of_its_parts() {
    let town = Town::start();
    let owner = town.owner();
    let latin = make::contact(&owner, json!({"display_name": null, "given_name": "Ada", "family_name": "Lovelace"}));
    assert_eq!(latin["display_name"], "Ada Lovelace");
    let email = format!("{}@example.com", fresh("nameless"));
    let nameless = make::contact(&owner, json!({"display_name": null, "email": email}));
    assert_eq!(nameless["display_name"], email);
    let path = format!("/v1/contacts/{}", make::id(&latin, "id"));
    assert_eq!(owner.patch(&path, json!({"family_name": "King"})).ok()["display_name"], "Ada King");
    owner.patch(&path, json!({"display_name": "Countess"})).ok();
    assert_eq!(owner.patch(&path, json!({"family_name": "Byron"})).ok()["display_name"], "Countess");
}
