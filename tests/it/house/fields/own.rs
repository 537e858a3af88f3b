//! Fields of a tenant's own are held back as built-in ones are, of every noun that has them.
use super::{Walk, alike, all, ids, place};
use crate::support::{encoded, json};

#[test]
fn a_hidden_field_of_the_tenants_own_is_as_if_it_were_not_there() {
    let walk = Walk::start();
    let mut walked = 0;
    for noun in all().all().filter(|noun| noun.custom.is_some()) {
        let (key, like) = ("zqhidden", "xxxxxxxx");
        ids::own_field(&walk.owner, noun.noun, json!({"key": key, "is_searched": true, "is_unique": true}));
        let place = place(noun);
        let id = ids::make_one(&walk.owner, place.trim_start_matches("/v1/"), "own").id;
        let path = format!("{place}/{id}");
        let kept = walk.owner.patch(&path, json!({"custom": {key: "zqword"}})).ok();
        assert_eq!(kept["custom"][key], "zqword", "{}", noun.noun);
        let held_back = json!([{"object": noun.noun, "field": format!("custom.{key}"), "access": "hidden"}]);
        walk.owner.patch(&walk.role, json!({"fields": held_back})).ok();
        for answer in [walk.holder.get(&path), walk.holder.get(&place), walk.holder.patch(&path, json!({}))] {
            answer.ok();
            assert!(!answer.text().contains("zq"), "{}", answer.text());
        }
        assert_eq!(walk.holder.get(&format!("{place}?q=zqword")).ids(), Vec::<String>::new());
        let queries = [
            |name: &str| format!("filter={}", encoded(&format!("custom.{name} == \"zqword\""))),
            |name: &str| format!("sort=-custom.{name}"),
            |name: &str| format!("fields=id,custom.{name}"),
            |name: &str| format!("custom.{name}=zqword"),
        ];
        for query in queries {
            let ask = |name: &str| walk.holder.get(&format!("{place}?{}", query(name)));
            alike(&ask(key), key, &ask(like));
        }
        let write = |name: &str| walk.holder.patch(&path, json!({"custom": {name: "x"}}));
        alike(&write(key), key, &write(like));
        let put = |name: &str| walk.holder.put(&format!("{place}/by/custom.{name}/zqword"), json!({}));
        alike(&put(key), key, &put(like));
        walked += 1;
    }
    assert!(walked >= 4, "{walked}");
}
