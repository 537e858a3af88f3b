//! Fields of a tenant's own go with whom they tell of, unless their definition says that they tell of nobody.
use super::{erased, told};
use crate::platform::own::field;
use crate::support::{Town, json, make};

#[test]
fn fields_of_the_tenants_own_are_told_and_erased() {
    let town = Town::start();
    let owner = town.owner();
    field(&owner, "contact", "nickname", "text", json!({"is_searched": true, "is_unique": true}));
    field(&owner, "contact", "segment", "text", json!({"is_personal": false}));
    let custom = json!({"nickname": "zqcanary", "segment": "gold"});
    let made = make::contact(&owner, json!({"display_name": "Ada", "custom": custom}));
    let id = make::id(&made, "id");
    owner.patch(&format!("/v1/contacts/{id}"), json!({"custom": {"nickname": "zqcanary2"}})).ok();
    let document = told(&owner, "access", "contact", &id);
    assert!(document.to_string().contains("zqcanary2"));
    erased(&owner, "contact", &id);
    let kept = town.database.text(&format!("SELECT custom FROM contacts WHERE id = '{id}'"));
    assert_eq!(kept, "{\"segment\": \"gold\"}");
    let tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";
    for table in town.database.column(tables) {
        let left = format!("SELECT count(*) FROM {table} AS t WHERE t::text ILIKE '%zqcanary%'");
        assert_eq!(town.database.count(&left), 0, "{table}");
    }
    // its value is free again
    make::contact(&owner, json!({"custom": {"nickname": "zqcanary2"}}));
}
