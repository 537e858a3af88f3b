//! Nobody comes in without proof, and nobody does what they may not.
use super::{call, is_open, of_nobody, walk};
use crate::support::{Operation, Person, Town, json, make};

/// What everybody who is logged in may do: ask who they are, change that, and leave. What else is here asks inside for
/// the permission on the record that is meant.
const EVERYBODYS: &[&str] = &[
    "get_me",
    "update_me",
    "change_my_password",
    "request_email_proof",
    "get_my_permissions",
    "logout",
    "list_my_factors",
    "add_my_factor",
    "confirm_my_factor",
    "remove_my_factor",
    "list_my_devices",
    "register_my_device",
    "remove_my_device",
    "list_my_identities",
    "start_my_identity",
    "link_my_identity",
    "unlink_my_identity",
    "list_sessions",
    "revoke_session",
    "revoke_other_sessions",
    "list_external_refs",
    "create_external_ref",
    "delete_external_ref",
    "list_shares",
    "create_share",
    "get_share",
    "update_share",
    "delete_share",
    "explain_permissions",
    "get_tenant",
    "list_objects",
    "get_object",
    "list_my_notifications",
    "count_my_notifications",
    "mark_my_notifications",
    "get_my_preferences",
    "set_my_preferences",
    "list_events",
    "stream_events",
    "sync_records",
    "get_timeline",
    "search_records",
    "open_calendar",
    "shut_calendar",
];
/// A POST that only asks; whoever sees a record may follow it, and who may change one may give it a tag that they see.
fn only_asks(one: &Operation) -> bool {
    [
        "find_",
        "follow_",
        "unfollow_",
        "assign_tag",
        "unassign_tag",
        "preview_business_calendar",
        "preview_segment",
        "preview_template",
        "run_report",
        "evaluate_promotions",
        "count_audience",
    ]
    .iter()
    .any(|start| one.id.starts_with(start))
}

#[test]
fn without_proof_nobody_comes_in() {
    let town = Town::start();
    let stranger = town.anonymous();
    for one in walk(&stranger).iter().filter(|one| !is_open(one)) {
        let path = of_nobody(one);
        let refused = call(&stranger, one, &path);
        refused.refused(401, "unauthenticated");
        assert_eq!(refused.header("www-authenticate"), "Bearer", "{}", one.name());
        for junk in ["x", "", "gx_live_x", "eyJhbGciOiJub25lIn0.e30.", "Bearer x"] {
            call(&stranger.bearing(junk), one, &path).refused(401, "unauthenticated");
        }
        for header in ["Basic b3duZXI6eA==", "Bearer", "bearer ", "x"] {
            call(&stranger.with("authorization", header), one, &path).refused(401, "unauthenticated");
        }
        // who is not let in learns nothing about bodies
        if one.writes() {
            stranger.raw(&one.method, &path, Some(("application/json", b"[".to_vec()))).refused(401, "unauthenticated");
        }
    }
}

/// Who holds a key that is good no longer learns nothing about bodies either.
#[test]
fn a_key_that_is_good_no_longer_opens_nothing() {
    let town = Town::start();
    let made = town.owner().post("/v1/api-keys", json!({"name": "x", "scopes": ["*"]})).created();
    town.owner().delete(&format!("/v1/api-keys/{}", make::id(&made, "id"))).is(204);
    let late = town.anonymous().bearing(make::id(&made, "key"));
    for one in walk(&late).iter().filter(|one| !is_open(one)) {
        let path = of_nobody(one);
        call(&late, one, &path).refused(401, "unauthenticated");
        if one.body().is_some() {
            late.raw(&one.method, &path, Some(("application/json", b"[".to_vec()))).refused(401, "unauthenticated");
            late.raw(&one.method, &path, Some(("text/plain", b"[".to_vec()))).refused(401, "unauthenticated");
        }
    }
}

#[test]
fn who_reads_only_writes_nothing() {
    let town = Town::start();
    let reader = town.client(Person::ReadOnly);
    let mut walked = 0;
    for one in walk(&reader).iter().filter(|one| one.writes() && !is_open(one) && !only_asks(one)) {
        if !EVERYBODYS.contains(&one.id.as_str()) {
            call(&reader, one, &of_nobody(one)).refused(403, "forbidden");
            walked += 1;
        }
    }
    assert!(walked > 30, "{walked}");
}

#[test]
fn who_has_no_role_does_nothing() {
    let town = Town::start();
    for nobody in [town.client(Person::Nobody), make::holder(&town, &[])] {
        for one in walk(&nobody).iter().filter(|one| !is_open(one) && !EVERYBODYS.contains(&one.id.as_str())) {
            call(&nobody, one, &of_nobody(one)).refused(403, "forbidden");
        }
    }
    let after = town.database.count("SELECT count(*) FROM contacts");
    assert_eq!(after, 0);
}

/// The right to one noun opens no other.
#[test]
fn a_permission_opens_its_own_noun() {
    let town = Town::start();
    let all: Vec<(&str, &str, &str)> = ["create", "read", "update", "delete", "purge", "assign", "reveal", "merge"]
        .map(|action| ("contact", action, "all"))
        .into();
    let client = make::holder(&town, &all);
    for one in walk(&client).iter().filter(|one| !is_open(one) && !EVERYBODYS.contains(&one.id.as_str())) {
        let of_contacts = [
            "/v1/contacts",
            "/v1/contact-points",
            "/v1/contact-identifiers",
            "/v1/contact-addresses",
            "/v1/contact-lifecycle-changes",
            "/v1/memberships",
            "/v1/consents",
            // who was asked, and what they came by, as parts of the contact
            "/v1/survey-responses",
            "/v1/touchpoints",
        ]
        .iter()
        .any(|start| one.path.starts_with(start));
        let answer = call(&client, one, &of_nobody(one));
        assert_eq!(
            answer.status == 403,
            !of_contacts || one.path.ends_with("/360"),
            "{}: {}",
            one.name(),
            answer.text()
        );
    }
}

/// The exceptions are exceptions still.
#[test]
fn everybodys_operations_need_a_login_and_nothing_more() {
    let town = Town::start();
    let nobody = town.client(Person::Nobody);
    for one in walk(&nobody).iter().filter(|one| EVERYBODYS.contains(&one.id.as_str()) && !one.writes()) {
        let answer = call(&nobody, one, &of_nobody(one));
        let expected = match one.id.as_str() {
            "list_external_refs" | "explain_permissions" => 403,
            "get_share" | "get_object" => 404,
            // a resource, or a record, that there is has to be named
            "sync_records" | "get_timeline" => 400,
            _ => 200,
        };
        assert_eq!(answer.status, expected, "{}: {}", one.name(), answer.text());
    }
}
