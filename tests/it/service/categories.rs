//! What cases are about: a tree without circles.
use crate::support::{Town, json, make};

#[test]
fn categories_are_a_tree_whoever_moves_them_at_once() {
    let town = Town::idle();
    let owner = town.owner();
    let place = |record: &crate::support::Value| format!("/v1/case-categories/{}", make::id(record, "id"));
    let (one, two) = (make::case_category(&owner, json!({})), make::case_category(&owner, json!({})));
    owner.patch(&place(&one), json!({"parent_id": one["id"]})).refused(422, "case_category_own_parent");
    std::thread::scope(|scope| {
        for (below, above) in [(&one, &two), (&two, &one)] {
            let (town, place) = (&town, place(below));
            scope.spawn(move || {
                town.owner().patch(&place, json!({"parent_id": above["id"]})).is_one_of(&[200, 422]);
            });
        }
    });
    let below = town.database.count("SELECT count(*) FROM case_categories WHERE parent_id IS NOT NULL");
    assert_eq!(below, 1, "a circle");
    let name = one["name"].clone();
    let taken = owner.post("/v1/case-categories", json!({"name": name})).refused(409, "case_category_name_taken");
    assert_eq!(taken["existing"][0]["id"], one["id"]);
}

#[test]
fn a_category_is_archived_once_nothing_stands_below_it() {
    let town = Town::idle();
    let owner = town.owner();
    let above = make::case_category(&owner, json!({}));
    let below = make::case_category(&owner, json!({"parent_id": above["id"]}));
    let place = |record: &crate::support::Value| format!("/v1/case-categories/{}", make::id(record, "id"));
    owner.delete(&place(&above)).refused(409, "in_use");
    let case = make::case(&owner, json!({"category_id": below["id"]}));
    owner.delete(&format!("{}?purge=true", place(&below))).refused(409, "in_use");
    owner.delete(&place(&below)).is(204);
    owner.delete(&place(&above)).is(204);
    owner.act(&format!("{}/restore", place(&below))).refused(422, "unknown_reference");
    owner.post("/v1/cases", json!({"subject": "x", "category_id": below["id"]})).refused(422, "unknown_reference");
    assert_eq!(owner.get(&super::cases::path(&case)).ok()["category_id"], below["id"]);
}
