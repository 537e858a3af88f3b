//! `?q=`: prefixes, slips, two Chinese characters anywhere, the end of a number; and what was just written is found.
use crate::support::{Client, Town, encoded, json, make};

fn found(client: &Client, resource: &str, words: &str) -> Vec<String> {
    let member = if resource == "contacts" { "display_name" } else { "name" };
    client.get(&format!("/v1/{resource}?q={}", encoded(words))).each(member)
}

fn some(town: &Town) -> Client {
    let owner = town.owner();
    make::contact(
        &owner,
        json!({"display_name": "Zoë Johnson", "email": "zoe.johnson@example.com", "phone": "+14155550199"}),
    );
    make::contact(&owner, json!({"display_name": "欧阳晓明", "phone": "+8613912345678"}));
    make::contact(
        &owner,
        json!({"display_name": "John Smith", "contact_points": [{"kind": "wechat", "value": "smithy_88"}]}),
    );
    make::account(&owner, json!({"name": "上海晨光商贸有限公司", "tax_number": "91310000MA1FL00000"}));
    make::account(&owner, json!({"name": "Müller & Söhne GmbH"}));
    owner
}

#[test]
fn words_are_found_by_their_beginning() {
    let town = Town::start();
    let owner = some(&town);
    assert_eq!(found(&owner, "contacts", "johns"), ["Zoë Johnson"]);
    assert_eq!(found(&owner, "contacts", "ZOE"), ["Zoë Johnson"]);
    assert_eq!(found(&owner, "contacts", "john smi"), ["John Smith"]);
    assert_eq!(found(&owner, "contacts", "smith john"), ["John Smith"]);
    assert_eq!(found(&owner, "accounts", "muller"), ["Müller & Söhne GmbH"]);
    assert_eq!(found(&owner, "contacts", "john").len(), 2);
    assert!(found(&owner, "contacts", "xyz").is_empty());
}

#[test]
fn two_characters_are_found_anywhere() {
    let town = Town::start();
    let owner = some(&town);
    for words in ["上海", "光商", "有限", "晨光商贸", "公司", "上海 商贸"] {
        assert_eq!(found(&owner, "accounts", words), ["上海晨光商贸有限公司"], "{words}");
    }
    assert_eq!(found(&owner, "contacts", "阳晓"), ["欧阳晓明"]);
    assert!(found(&owner, "contacts", "晓阳").is_empty());
}

#[test]
fn a_slip_is_forgiven() {
    let town = Town::start();
    let owner = some(&town);
    for words in ["jonson", "jhonson", "johnsson", "johnsen"] {
        assert_eq!(found(&owner, "contacts", words), ["Zoë Johnson"], "{words}");
    }
}

#[test]
fn addresses_and_numbers_are_found() {
    let town = Town::start();
    let owner = some(&town);
    for words in
        ["zoe.johnson@example.com", "ZOE.JOHNSON@EXAMPLE.COM", "zoe.john", "+1 415 555 0199", "14155550199", "0199"]
    {
        assert_eq!(found(&owner, "contacts", words), ["Zoë Johnson"], "{words}");
    }
    for words in ["13912345678", "5678", "+86 139 1234 5678"] {
        assert_eq!(found(&owner, "contacts", words), ["欧阳晓明"], "{words}");
    }
    assert_eq!(found(&owner, "contacts", "smithy_88"), ["John Smith"]);
    assert_eq!(found(&owner, "accounts", "91310000MA1FL00000"), ["上海晨光商贸有限公司"]);
}

#[test]
fn what_is_just_written_is_found() {
    let town = Town::start();
    let owner = town.owner();
    let made = make::contact(&owner, json!({"display_name": "Before"}));
    let path = format!("/v1/contacts/{}", make::id(&made, "id"));
    assert_eq!(found(&owner, "contacts", "before"), ["Before"]);
    owner.patch(&path, json!({"display_name": "After", "phone": "+8613800138111"})).ok();
    assert!(found(&owner, "contacts", "before").is_empty());
    assert_eq!(found(&owner, "contacts", "8111"), ["After"]);
    let point =
        owner.post(&format!("{path}/contact-points"), json!({"kind": "social", "value": "@after_dark"})).created();
    assert_eq!(found(&owner, "contacts", "after_dark"), ["After"]);
    owner.delete(&format!("/v1/contact-points/{}", make::id(&point, "id"))).is(204);
    assert!(found(&owner, "contacts", "after_dark").is_empty());
    owner.delete(&path).is(204);
    assert!(found(&owner, "contacts", "after").is_empty());
}

#[test]
fn a_search_goes_with_filter_sort_and_pages() {
    let town = Town::start();
    let owner = town.owner();
    make::many(
        &owner,
        "contacts",
        (0..30)
            .map(|n| json!({"display_name": format!("Chen {n:02}"), "source": if n % 2 > 0 { "web" } else { "api" }})),
    );
    make::contact(&owner, json!({"display_name": "Else"}));
    let rows = owner.walk("/v1/contacts?q=chen&source=web&sort=-display_name&limit=4");
    let names: Vec<String> = rows.iter().map(|row| make::id(row, "display_name")).collect();
    let expected: Vec<String> = (0..30).rev().filter(|n| n % 2 > 0).map(|n| format!("Chen {n:02}")).collect();
    assert_eq!(names, expected);
    assert_eq!(found(&owner, "contacts", "chen 07"), ["Chen 07"]);
}

#[test]
fn any_text_can_be_searched_for() {
    let town = Town::start();
    let owner = some(&town);
    for words in [
        "'",
        "\\",
        "& | ! ( ) : *",
        "<->",
        "a:*",
        "'; --",
        "%",
        "_",
        "😀",
        "\u{202e}x",
        "\t",
        "a'b\\c",
        ":",
        "~x",
        "“”",
        "，。",
    ] {
        let answer = owner.get(&format!("/v1/contacts?q={}", encoded(words)));
        assert!([200, 400].contains(&answer.status), "{words:?}: {}", answer.text());
    }
    owner.get(&format!("/v1/contacts?q={}", "x".repeat(5000))).is(400);
    owner.get("/v1/contacts?q=a%00b").is(400);
}
