//! A link is good for one file, one person, one purpose and a short while; whatever else is sent for one is none.
use super::{announced, file, link, path};
use crate::support::{Client, Person, Town, json, make, nobodys_id};

fn put(client: &Client, url: &str, bytes: &[u8]) -> crate::support::Answer {
    client.raw("PUT", url, Some(("application/octet-stream", bytes.to_vec())))
}

#[test]
fn forged_and_foreign_links_open_nothing() {
    let town = Town::start();
    let (owner, anybody) = (town.owner(), town.anonymous());
    let mine = file(&town, &owner, "a.txt", b"words", json!({}));
    let other = file(&town, &owner, "b.txt", b"others", json!({}));
    let pending = announced(&owner, "c.txt", 5, json!({}));
    let theirs = file(&town, &town.client(Person::Foreigner), "d.txt", b"theirs", json!({}));
    let good = link(&owner, &mine);
    let signature = good.split_once("signature=").unwrap().1;
    let upload = pending["upload"]["url"].as_str().unwrap();
    let with = |id: &str, signature: &str| format!("/v1/files/{id}/content?signature={signature}");
    for url in [
        with(&make::id(&other, "id"), signature),
        with(&make::id(&theirs, "id"), signature),
        with(&nobodys_id(), signature),
        with(&make::id(&mine, "id"), &signature[1..]),
        with(&make::id(&mine, "id"), &format!("{signature}A")),
        with(&make::id(&mine, "id"), ""),
        with(&make::id(&mine, "id"), "%00"),
        with(&make::id(&mine, "id"), &"A".repeat(10_000)),
        upload.to_owned(),
    ] {
        anybody.get(&url).refused(403, "file_link_invalid");
        // nor by somebody who is logged in
        owner.get(&url).refused(403, "file_link_invalid");
    }
    put(&anybody, &good, b"words").refused(403, "file_link_invalid");
    put(&anybody, &with(&make::id(&pending, "id"), signature), b"words").refused(403, "file_link_invalid");
    anybody.get(&format!("{}/content", path(&mine))).refused(400, "unknown_parameter");
    anybody.get("/v1/files/nonsense/content?signature=x").refused(404, "not_found");
    anybody.get(&good).ok();
}

#[test]
fn a_link_goes_with_whom_it_stands_for() {
    let town = Town::start();
    let owner = town.owner();
    let user = make::user(
        &owner,
        json!({"password": crate::support::people::PASSWORD, "role_ids": [town.role("representative")]}),
    );
    let login = json!({"email": user["email"], "password": crate::support::people::PASSWORD});
    let tokens = town.anonymous().post("/v1/auth/login", login).ok();
    let somebody = town.anonymous().bearing(make::id(&tokens, "access_token"));
    let made = file(&town, &somebody, "a.txt", b"words", json!({}));
    let (url, pending) = (link(&somebody, &made), announced(&somebody, "b.txt", 5, json!({})));
    owner.patch(&format!("/v1/users/{}", make::id(&user, "id")), json!({"is_active": false})).ok();
    town.anonymous().get(&url).refused(403, "file_link_invalid");
    super::put(&town, &pending, b"words").refused(403, "file_link_invalid");
}

/// The moment that a link is good until stands in its signature, and nowhere else.
#[test]
fn a_link_expires() {
    use platform::file::link::{DOWNLOAD, Link, Purpose};
    let town = Town::start();
    let owner = town.owner();
    let made = file(&town, &owner, "a.txt", b"words", json!({}));
    let told = owner.get(&format!("{}/download", path(&made))).ok();
    let until: chrono::DateTime<chrono::Utc> = told["expires_at"].as_str().unwrap().parse().unwrap();
    let left = until - kernel::clock::now();
    assert!(left <= DOWNLOAD && left > DOWNLOAD - chrono::Duration::seconds(60), "{left}");
    let vault =
        platform::Vault::ready(&mut town.database.conn(), &crate::support::master_keys(crate::support::MASTER_KEY));
    let fresh = || vec![0; 32];
    let purpose = platform::secrets::Purpose::Cursor;
    let secrets = platform::secrets::all(&mut town.database.conn(), &vault.unwrap(), purpose, fresh).unwrap();
    let seal = kernel::page::Seal::new(&secrets[0].1);
    let tenant = town.database.text("SELECT tenant_id FROM files");
    let link = |seconds: i64| Link {
        tenant: tenant.parse().unwrap(),
        user: town.user(Person::Owner).parse().unwrap(),
        key: None,
        file: make::id(&made, "id").parse().unwrap(),
        until: kernel::clock::now() + chrono::Duration::seconds(seconds),
    };
    let url = |link: Link| format!("{}/content?signature={}", path(&made), link.sign(&seal, Purpose::Download));
    town.anonymous().get(&url(link(60))).ok();
    town.anonymous().get(&url(link(-2))).refused(403, "file_link_invalid");
}
