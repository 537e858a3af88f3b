//! What the wings beside say of records that become one: cases, what was asked and taken off, what they are called.
use crate::support::{Town, Value, json, make};

pub fn further(town: &Town, noun: &str, record: &Value) {
    let (owner, id) = (town.owner(), &record["id"]);
    let named = |extra: Value| {
        let mut all = extra;
        all[format!("{noun}_id")] = id.clone();
        all
    };
    let case = make::case(&owner, named(json!({})));
    make::case_message(&owner, &case, json!({"author_kind": "customer", "visibility": "public", "channel": "phone"}));
    let lines = json!([{"quantity": "2", "unit_price": "12.50"}]);
    let cart = named(json!({"currency": "USD", "lines": lines}));
    make::redemption(&owner, json!({"cart": cart}));
    match noun {
        "contact" => {
            make::coupon(&owner, named(json!({})));
            make::touchpoint(&owner, named(json!({})));
            make::campaign_member(&owner, named(json!({})));
            make::survey_response(&owner, named(json!({})));
            make::mailed(town, &make::id(record, "id"));
        }
        _ => sorted(town, record),
    }
}

/// What an account is called by people, and what its worker has made of what it bought.
fn sorted(town: &Town, account: &Value) {
    let (owner, id) = (town.owner(), make::id(account, "id"));
    let [called, refused] = [1, 2].map(|_| make::id(&make::label(&owner, json!({})), "id"));
    owner.post(&format!("/v1/labels/{called}/assign"), json!({"account_ids": [id]})).ok();
    let theirs = format!("FROM accounts WHERE id = '{id}'");
    town.database.run(&format!(
        "INSERT INTO customer_facts SELECT tenant_id, id, 'EUR', 1, 9, 9, now(), now() {theirs};
         INSERT INTO classifications (tenant_id, id, segmentation_id, account_id, run_id, class, valid_from_at)
         SELECT tenant_id, gen_random_uuid(), gen_random_uuid(), id, gen_random_uuid(), 'loyal', now() {theirs};
         INSERT INTO account_label_refusals SELECT tenant_id, id, '{refused}', now(), owner_id {theirs}"
    ));
}
