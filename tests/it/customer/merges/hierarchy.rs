//! Accounts that become one, wherever they stand above and below each other.
use super::{dump, orphans, same};
use crate::support::{Answer, Client, Town, Value, json, make};

fn at(account: &Value) -> String {
    format!("/v1/accounts/{}", make::id(account, "id"))
}

fn merge(client: &Client, winner: &Value, losers: &[&Value]) -> Answer {
    let ids: Vec<&Value> = losers.iter().map(|loser| &loser["id"]).collect();
    client.post(&format!("{}/merge", at(winner)), json!({"sources": ids}))
}

#[test]
fn accounts_become_one_and_are_parted_again() {
    let town = Town::idle();
    let owner = town.owner();
    let under = |parent: Option<&Value>| make::account(&owner, json!({"parent_id": parent.map(|one| &one["id"])}));
    let top = under(None);
    let loser = under(Some(&top));
    let between = under(Some(&loser));
    let winner = under(Some(&between));
    let below = under(Some(&winner));
    for account in [&loser, &winner] {
        owner.patch(&at(account), json!({"legal_name": format!("Legal {}", account["name"])})).ok();
    }
    owner.patch(&at(&winner), json!({"tax_number": null, "website": null})).ok();
    owner.patch(&at(&loser), json!({"tax_number": "DE1", "website": "https://x.example"})).ok();
    // one works for both, first of all for the one that goes
    let both = make::contact(&owner, json!({"account_id": loser["id"]}));
    let path = format!("/v1/contacts/{}/accounts", make::id(&both, "id"));
    owner.post(&path, json!({"account_id": winner["id"], "role": "Buyer"})).created();
    let only = make::contact(&owner, json!({"account_id": loser["id"]}));
    make::order(&owner, json!({"account_id": loser["id"]}));
    make::opportunity(&owner, json!({"account_id": loser["id"]}));
    let before = dump(&town);
    let merged = merge(&owner, &winner, &[&loser]).ok();
    assert_eq!(orphans(&town), Vec::<String>::new());
    let now = owner.get(&at(&winner)).ok();
    assert_eq!((&now["parent_id"], &now["tax_number"]), (&top["id"], &json!("DE1")), "in the place of the other");
    assert_eq!(owner.get(&at(&between)).ok()["parent_id"], winner["id"]);
    assert_eq!(owner.get(&at(&below)).ok()["parent_id"], winner["id"]);
    assert_eq!(owner.get(&at(&loser)).is(301)["merged_into"], winner["id"]);
    for contact in [&both, &only] {
        let path = format!("/v1/contacts/{}", make::id(contact, "id"));
        assert_eq!(owner.get(&path).ok()["account_id"], winner["id"]);
        let here = owner.get(&format!("{path}/accounts")).ok();
        assert_eq!((here.as_array().map(Vec::len), &here[0]["is_primary"]), (Some(1), &json!(true)));
    }
    owner.act(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"))).ok();
    same(&before, &dump(&town));
    // the other way round
    merge(&owner, &loser, &[&winner, &between]).ok();
    assert_eq!(owner.get(&at(&below)).ok()["parent_id"], loser["id"]);
    assert_eq!(owner.get(&at(&loser)).ok()["parent_id"], top["id"]);
    assert_eq!(orphans(&town), Vec::<String>::new());
}
