//! What is no text is refused wherever it stands, and sinks nothing beside it.
use super::{import, upload};
use crate::support::{Town, json};

#[test]
fn a_path_that_is_no_text_is_refused() {
    let town = Town::start();
    let owner = town.owner();
    for (resource, body) in [
        ("accounts", json!({"name": "n"})),
        ("contacts", json!({"display_name": "n"})),
        ("orders", json!({"currency": "USD"})),
        ("products", json!({"sku": "s", "name": "n"})),
    ] {
        for key in ["ext:shop/%00", "ext:sh%00op/x", "ext:shop/%FF", "ext:shop/%ED%A0%80"] {
            owner.put(&format!("/v1/{resource}/by/{key}"), body.clone()).refused(400, "malformed");
        }
        owner.put(&format!("/v1/{resource}/by/ext:shop/%20"), body.clone()).refused(422, "invalid");
        owner.put(&format!("/v1/{resource}/by/ext:%20/1"), body).refused(422, "invalid");
    }
    for path in ["/v1/contacts/%00", "/v1/contacts/%FF", "/v1/nope/%00"] {
        owner.get(path).refused(400, "malformed");
        town.anonymous().get(path).refused(400, "malformed");
    }
    owner.put("/v1/accounts/by/ext:shop/%E8%8C%B6", json!({"name": "tea"})).created();
    assert_eq!(town.database.count("SELECT count(*) FROM external_refs"), 1);
}

#[test]
fn a_cell_with_a_nul_is_a_fault_of_its_row_alone() {
    let town = Town::start();
    let owner = town.owner();
    let mapping =
        json!({"resource": "accounts", "source_system": "z", "columns": {"No": "external_id", "Name": "name"}});
    let done = import(&owner, "nul.csv", b"No,Name,Other\n1,one,x\0y\n2,two,y\n", &mapping, &[]);
    assert_eq!((&done["rows_created"], &done["rows_failed"]), (&json!(1), &json!(1)), "{done}");
    let done = import(&owner, "nul.csv", b"No,Name,Other\n3,th\0ree,x\n4,four,y\n", &mapping, &[]);
    assert_eq!((&done["rows_created"], &done["rows_failed"]), (&json!(1), &json!(1)), "{done}");
    upload(&owner, "nul.csv", b"No,Name,Ot\0her\n5,five,x\n", &mapping, &[]).refused(422, "unreadable_file");
}

#[test]
fn a_line_that_is_no_object_is_a_fault_of_its_row_alone() {
    let town = Town::start();
    let owner = town.owner();
    let mapping =
        json!({"resource": "accounts", "source_system": "z", "columns": {"No": "external_id", "Name": "name"}});
    for bad in ["hello", r#"{"No": "0", "Name": "a\ud800b"}"#, r#"{"No": "0", "N\u0000": "x"}"#] {
        let text = format!("{bad}\n{{\"No\": \"1\", \"Name\": \"one\"}}\n{{\"No\": \"2\", \"Name\": \"two\"}}\n");
        let done = import(&owner, "lines.ndjson", text.as_bytes(), &mapping, &[]);
        assert_eq!((&done["rows_read"], &done["rows_failed"]), (&json!(3), &json!(1)), "{bad}: {done}");
    }
}
