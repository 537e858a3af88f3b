//! Lies about what a file is, and names that lead elsewhere.
use super::{announced, file, link, objects, path, put};
use crate::support::{Town, json, make};

#[test]
fn a_polyglot_is_kept_as_what_it_is_and_shown_by_no_browser() {
    let town = Town::start();
    let owner = town.owner();
    let gif = b"GIF89a/*<svg/onload=alert(1)>*/=alert(1)//".to_vec();
    for (name, declared, bytes, kept) in [
        ("cat.png", "image/png", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), "text/html"),
        (
            "cat.svg",
            "image/svg+xml",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec(),
            "image/svg+xml",
        ),
        ("cat.jpg", "image/jpeg", b"\xef\xbb\xbf  <HTML><body onload=alert(1)>".to_vec(), "text/html"),
        ("cat.pdf", "application/pdf", b"MZ\x90\x00\x03".to_vec(), "application/vnd.microsoft.portable-executable"),
        ("cat.png", "image/png", b"nothing of the sort".to_vec(), "application/octet-stream"),
        ("cat.txt", "text/plain", gif, "image/gif"),
        ("cat.html", "text/html", b"words".to_vec(), "application/octet-stream"),
    ] {
        let made = file(&town, &owner, name, &bytes, json!({"content_type": declared}));
        assert_eq!(made["content_type"], kept, "{name} {declared}");
        let fetched = town.anonymous().get(&link(&owner, &made));
        assert_eq!(fetched.body, bytes);
        assert_eq!(fetched.header("content-type"), "application/octet-stream", "{name}");
        assert!(fetched.header("content-disposition").starts_with("attachment;"), "{name}");
        let (sniff, policy) = (fetched.header("x-content-type-options"), fetched.header("content-security-policy"));
        assert_eq!((sniff, policy), ("nosniff", "sandbox"), "{name}");
    }
}

#[test]
fn a_name_leads_nowhere_and_turns_nothing_around() {
    let town = Town::start();
    let owner = town.owner();
    for (given, kept) in [
        ("../../../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/etc/shadow", "shadow"),
        ("photo\u{202e}gnp.exe", "photognp.exe"),
        ("a\"; filename=\"b.html", "a\"; filename=\"b.html"),
        ("x\r\nSet-Cookie: a=b", "xSet-Cookie: a=b"),
        ("%2e%2e%2fpasswd", "%2e%2e%2fpasswd"),
    ] {
        let made = file(&town, &owner, given, b"words", json!({}));
        assert_eq!(made["name"], kept);
        let told = town.anonymous().get(&link(&owner, &made)).header("content-disposition").to_owned();
        assert_eq!(told.matches('"').count(), 2, "{told}");
        assert!(told.is_ascii() && !told.contains("Set-Cookie:"), "{told}");
    }
    // where they stand nobody has said
    for object in objects(&town) {
        let name = object.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.parse::<uuid::Uuid>().is_ok(), "{name}");
    }
    for bad in ["", "  ", ".", "..", "/", "\u{202e}", "x/"] {
        let refused = owner.post("/v1/files", json!({"name": bad, "size": 1}));
        assert_eq!((refused.status, refused.pointers()), (422, vec!["/name".to_owned()]), "{bad:?}");
    }
}

#[test]
fn what_is_not_as_announced_fails_and_leaves_nothing() {
    let town = Town::start();
    let owner = town.owner();
    let made = announced(&owner, "x", 5, json!({"sha256": super::sha256(b"words")}));
    put(&town, &made, b"sword").is(204);
    let failed = owner.act(&format!("{}/complete", path(&made))).ok();
    assert_eq!((&failed["status"], &failed["failure"]), (&json!("failed"), &json!("checksum")));
    owner.get(&format!("{}/download", path(&made))).refused(409, "file_not_ready");
    let short = announced(&owner, "x", 5, json!({}));
    put(&town, &short, b"word").refused(422, "file_differs");
    put(&town, &short, b"wordswords").refused(413, "too_large");
    owner.act(&format!("{}/complete", path(&short))).refused(409, "file_not_uploaded");
    crate::platform::until("nothing is left", || objects(&town).is_empty());
    assert_eq!(make::id(&failed, "name"), "x");
}
