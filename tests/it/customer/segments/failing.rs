//! What cannot be asked any more fails by itself, and nobody leaves for it.
use super::{dynamic, follow, members, path, set};
use crate::support::{Town, json, make};

#[test]
fn a_field_that_goes_leaves_the_segment_as_it_was() {
    let town = Town::idle();
    let owner = town.owner();
    let field = json!({"key": "area", "type": "text"});
    let field = owner.post("/v1/metadata/objects/contact/fields", field).created();
    let contact = make::contact(&owner, json!({"custom": {"area": "east"}, "do_not_contact": true}));
    let segment = dynamic(&owner, "contact", "custom.area == \"east\"");
    let other = dynamic(&owner, "contact", "do_not_contact");
    follow(&town);
    assert_eq!(members(&owner, &segment), set(&[&contact]));
    let at = format!("/v1/metadata/objects/contact/fields/{}", make::id(&field, "id"));
    owner.delete(&at).is(204);
    let next = make::contact(&owner, json!({"do_not_contact": true}));
    follow(&town);
    let failed = owner.get(&path(&segment)).ok();
    assert_eq!(failed["status"], "failed");
    assert!(failed["status_reason"].as_str().unwrap().contains("area"), "{failed}");
    assert_eq!(members(&owner, &segment), set(&[&contact]), "whoever is in it stays");
    assert_eq!(members(&owner, &other), set(&[&contact, &next]), "it holds no other up");
    let events = owner.get("/v1/events?after=0&types=segment.failed").ok();
    assert_eq!(events["data"][0]["record_id"], segment["id"]);
    assert_eq!(events["data"].as_array().unwrap().len(), 1, "once");
    owner.act(&format!("{at}/restore")).ok();
    let late = make::contact(&owner, json!({"custom": {"area": "east"}}));
    follow(&town);
    assert_eq!(owner.get(&path(&segment)).ok()["status"], "ready");
    assert_eq!(members(&owner, &segment), set(&[&contact, &late]));
}
