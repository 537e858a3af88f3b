//! Whose processing is restricted is kept and shown, and changed by nobody but the privacy office.
use super::begun;
use crate::support::{Person, Town, encoded, json, make};

#[test]
fn who_is_restricted_is_left_alone_until_it_is_lifted() {
    let town = Town::start();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    let contact = make::contact(&rep, json!({"email": "ada@example.com"}));
    let other = make::contact(&rep, json!({}));
    let id = make::id(&contact, "id");
    let path = format!("/v1/contacts/{id}");
    let request = begun(&owner, "restriction", "contact", &id);
    rep.patch(&path, json!({"job_title": "x"})).ok();
    let done = owner.act(&format!("/v1/privacy-requests/{request}/complete")).ok();
    assert_eq!(done["status"], "completed");
    for refused in [
        rep.patch(&path, json!({"job_title": "y"})),
        rep.patch(&path, json!({"email": "other@example.com"})),
        rep.delete(&path),
        rep.post(&format!("{path}/contact-points"), json!({"kind": "wechat", "value": "x"})),
    ] {
        refused.refused(403, "processing_restricted");
    }
    rep.patch(&format!("/v1/contacts/{}", make::id(&other, "id")), json!({"job_title": "y"})).ok();
    // reading goes on, and shows it
    let shown = rep.get(&format!("{path}?include=restrictions")).ok();
    assert_eq!(shown["restrictions"][0]["request_id"], json!(request));
    let filter = encoded("restrictions.exists(r, r.restricted_at > timestamp(\"2020-01-01T00:00:00Z\"))");
    let all = rep.get(&format!("/v1/contacts?filter={filter}")).ok();
    assert_eq!(all["data"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>(), [json!(id)]);
    let stranger = town.client(Person::Stranger).patch(&path, json!({"job_title": "y"}));
    stranger.refused(404, "not_found");
    owner.patch(&path, json!({"job_title": "as they asked"})).ok();
    owner.act(&format!("/v1/privacy-requests/{request}/lift")).ok();
    rep.patch(&path, json!({"job_title": "z"})).ok();
    owner.act(&format!("/v1/privacy-requests/{request}/lift")).refused(409, "privacy_no_restriction");
}

#[test]
fn accounts_are_restricted_alike_and_imports_leave_them_alone() {
    let town = Town::start();
    let (owner, manager) = (town.owner(), town.client(Person::Manager));
    let account = make::account(&manager, json!({"name": "Ada", "tax_number": "T1"}));
    let id = make::id(&account, "id");
    let request = begun(&owner, "restriction", "account", &id);
    owner.act(&format!("/v1/privacy-requests/{request}/complete")).ok();
    manager.patch(&format!("/v1/accounts/{id}"), json!({"rating": "hot"})).refused(403, "processing_restricted");
    let mapping = json!({"resource": "accounts", "columns": {"Tax": "tax_number", "Name": "name"}});
    let done =
        crate::platform::import(&manager, "a.csv", b"Tax,Name\nT1,Other\n", &mapping, &[("mode", "update_only")]);
    assert_eq!(done["rows_failed"], 1, "{done}");
    assert_eq!(manager.get(&format!("/v1/accounts/{id}")).ok()["name"], "Ada");
}
