//! Where a lead is: from wherever it comes, it is found by that, and goes with it into what it becomes.
use super::place;
use super::pools::{lying, pool};
use crate::platform::imports::import;
use crate::support::{Client, Person, Town, Value, encoded, json, make};

fn whereabouts(record: &Value) -> [&Value; 4] {
    ["industry", "country", "region", "city"].map(|member| &record[member])
}

fn found(client: &Client, filter: &str) -> usize {
    client.get(&format!("/v1/leads?filter={}", encoded(filter))).ids().len()
}

fn sought(client: &Client, words: &str) -> usize {
    client.get(&format!("/v1/leads?q={}", encoded(words))).ids().len()
}

#[test]
fn a_lead_says_where_it_is() {
    let town = Town::start();
    let owner = town.owner();
    let there = json!({"country": " cn ", "region": " 江苏省 ", "city": "苏州市", "industry": " textile "});
    let lead = make::lead(&owner, there);
    assert_eq!(whereabouts(&lead), [&json!("textile"), &json!("CN"), &json!("江苏省"), &json!("苏州市")]);
    make::lead(&owner, json!({"country": "DE", "city": "Leipzig"}));
    for (bad, pointer) in [
        (json!({"country": "China"}), "/country"),
        (json!({"country": "XX"}), "/country"),
        (json!({"region": "x".repeat(101)}), "/region"),
        (json!({"city": "x".repeat(101)}), "/city"),
        (json!({"industry": "x".repeat(101)}), "/industry"),
    ] {
        let refused = owner.post("/v1/leads", make::with(json!({"display_name": "x"}), bad.clone()));
        refused.refused(422, "invalid");
        assert_eq!(refused.pointers(), [pointer]);
        assert_eq!(owner.patch(&place(&lead), bad).pointers(), [pointer]);
    }
    for (filter, count) in [
        ("country == \"CN\"", 1),
        ("country in [\"CN\", \"DE\"] && city != \"Leipzig\"", 1),
        ("industry == \"textile\" && region.startsWith(\"江\")", 1),
        ("region == null", 1),
    ] {
        assert_eq!(found(&owner, filter), count, "{filter}");
    }
    let sorted = owner.get("/v1/leads?sort=country&fields=country").each("country");
    assert_eq!(sorted, ["CN", "DE"]);
    assert_eq!((sought(&owner, "苏州"), sought(&owner, "江苏"), sought(&owner, "leipzig")), (1, 1, 1));
    let moved = owner.patch(&place(&lead), json!({"city": "南京市", "industry": null})).ok();
    assert_eq!(whereabouts(&moved), [&json!(null), &json!("CN"), &json!("江苏省"), &json!("南京市")]);
    assert_eq!((sought(&owner, "苏州"), sought(&owner, "南京")), (0, 1));
    let blank = owner.patch(&place(&lead), json!({"region": "  "})).ok();
    assert_eq!((&blank["region"], &blank["city"]), (&json!(null), &json!("南京市")));
}

/// It is no way of reaching somebody: it is shown, and found, in a pool too.
#[test]
fn where_a_lead_is_stays_open_in_a_pool() {
    let town = Town::start();
    let owner = town.owner();
    let pool = pool(&town, &[Person::Rep], json!({}));
    let lead = lying(&owner, &pool, json!({"email": "ada@example.com", "country": "DE", "city": "Leipzig"}));
    let rep = town.client(Person::Rep);
    let seen = rep.get(&place(&lead)).ok();
    assert_eq!((&seen["email"], &seen["city"]), (&json!("a****@example.com"), &json!("Leipzig")));
    assert_eq!((sought(&rep, "leipzig"), found(&rep, "country == \"DE\"")), (1, 1));
    rep.act(&format!("{}/claim", place(&lead))).ok();
    assert_eq!((sought(&rep, "leipzig"), sought(&rep, "ada@example.com")), (1, 1));
}

#[test]
fn a_form_asks_where_somebody_is() {
    let town = Town::start();
    let owner = town.owner();
    let ask = |key: &str| json!({"key": key, "kind": "text", "label": {"en": key}, "target": format!("lead.{key}")});
    let mail = json!({"key": "mail", "kind": "email", "label": {"en": "Mail"}, "target": "contact.email"});
    let fields = json!([mail, ask("industry"), ask("country"), ask("region"), ask("city")]);
    let form = make::id(&make::form(&owner, json!({"makes": "lead", "fields": fields})), "id");
    let answers = |country: &str| json!({"mail": "ada@example.com", "industry": "tea", "country": country, "region": "Sachsen", "city": "Leipzig"});
    let refused = make::submission(&town.anonymous(), &form, answers("Germany"));
    refused.refused(422, "invalid");
    assert_eq!(refused.pointers(), ["/answers/country"]);
    make::submission(&town.anonymous(), &form, answers("de")).is(202);
    let lead = owner.get("/v1/leads").ok()["data"][0].clone();
    assert_eq!(whereabouts(&lead), [&json!("tea"), &json!("DE"), &json!("Sachsen"), &json!("Leipzig")]);
    let of_contacts = json!({"name": "F", "fields": [mail, ask("city")]});
    assert_eq!(owner.post("/v1/forms", of_contacts).pointers(), ["/fields/1/target"]);
}

#[test]
fn a_file_says_where_leads_are() {
    let town = Town::start();
    let owner = town.owner();
    let columns =
        json!({"Name": "display_name", "Trade": "industry", "Land": "country", "State": "region", "Town": "city"});
    let mapping = json!({"resource": "leads", "columns": columns});
    let text = "Name,Trade,Land,State,Town\nAda,tea,de,Sachsen,Leipzig\nBob,,Germany,,\nEve,,,,\n";
    let done = import(&owner, "leads.csv", text.as_bytes(), &mapping, &[("mode", "create_only")]);
    assert_eq!((&done["rows_created"], &done["rows_failed"]), (&json!(2), &json!(1)), "{done}");
    let of = |name: &str| owner.get(&format!("/v1/leads?display_name={name}")).ok()["data"][0].clone();
    assert_eq!(whereabouts(&of("Ada")), [&json!("tea"), &json!("DE"), &json!("Sachsen"), &json!("Leipzig")]);
    assert_eq!(whereabouts(&of("Eve")), [&json!(null); 4]);
    assert_eq!(sought(&owner, "leipzig"), 1);
}

#[test]
fn where_a_lead_is_goes_into_what_it_becomes() {
    let town = Town::start();
    let owner = town.owner();
    let there = json!({"country": "CN", "region": "江苏省", "city": "苏州市", "industry": "textile"});
    let firm = make::lead(&owner, make::with(json!({"company_name": "Silk"}), there.clone()));
    let done = owner.post(&format!("{}/convert", place(&firm)), json!({})).ok();
    let account = owner.get(&format!("/v1/accounts/{}", make::id(&done, "account_id"))).ok();
    assert_eq!(whereabouts(&account), whereabouts(&firm));
    let addresses = |done: &Value| {
        owner.get(&format!("/v1/contacts/{}/addresses", make::id(done, "contact_id"))).ok().as_array().unwrap().clone()
    };
    let [address]: [Value; 1] = addresses(&done).try_into().unwrap();
    assert_eq!(whereabouts(&address)[1..], whereabouts(&firm)[1..]);
    assert_eq!((&address["kind"], &address["is_primary"]), (&json!("work"), &json!(true)));
    // it stood in the way of nothing
    owner.act(&format!("{}/unconvert", place(&firm))).ok();
    let alone = make::lead(&owner, there);
    let done = owner.post(&format!("{}/convert", place(&alone)), json!({})).ok();
    assert_eq!(addresses(&done)[0]["kind"], "home");
    // what is said of the account is said against what the lead says
    let said = make::lead(&owner, json!({"company_name": "Tea", "country": "CN"}));
    let more = json!({"account": {"fields": {"country": "DE"}}});
    let done = owner.post(&format!("{}/convert", place(&said)), more).ok();
    assert_eq!(owner.get(&format!("/v1/accounts/{}", make::id(&done, "account_id"))).ok()["country"], "DE");
    assert_eq!(addresses(&done), Vec::<Value>::new(), "a country alone is no address");
    // whoever is there already stays where they are
    let known = make::contact(&owner, json!({"email": "ada@example.com"}));
    let lead = make::lead(&owner, json!({"email": "ada@example.com", "country": "DE", "city": "Leipzig"}));
    let done = owner.post(&format!("{}/convert", place(&lead)), json!({"on_duplicate": "use"})).ok();
    assert_eq!((&done["contact_id"], addresses(&done)), (&known["id"], Vec::new()));
}

/// What the caller may not see of a lead goes nowhere by a conversion.
#[test]
fn a_hidden_place_is_not_carried_over() {
    let town = Town::start();
    let owner = town.owner();
    let rights = owner.get("/v1/me/permissions").ok()["permissions"].clone();
    let hidden = json!([{"object": "lead", "field": "city", "access": "hidden"}]);
    let role = json!({"name": "Does not see towns", "permissions": rights, "fields": hidden});
    let role = owner.post("/v1/roles", role).created();
    let user = make::user(&owner, json!({"password": crate::support::people::PASSWORD, "role_ids": [role["id"]]}));
    let login = json!({"email": user["email"], "password": crate::support::people::PASSWORD});
    let tokens = town.anonymous().post("/v1/auth/login", login).ok();
    let holder = town.anonymous().bearing(make::id(&tokens, "access_token")).sparse();
    let lead = make::lead(&owner, json!({"company_name": "Silk", "country": "CN", "city": "苏州市"}));
    let seen = holder.get(&place(&lead)).ok();
    assert_eq!((&seen["country"], seen.get("city")), (&json!("CN"), None));
    holder.patch(&place(&lead), json!({"city": "x"})).refused(422, "invalid");
    let done = holder.post(&format!("{}/convert", place(&lead)), json!({})).ok();
    let account = owner.get(&format!("/v1/accounts/{}", make::id(&done, "account_id"))).ok();
    assert_eq!((&account["country"], &account["city"]), (&json!("CN"), &json!(null)));
    let addresses = owner.get(&format!("/v1/contacts/{}/addresses", make::id(&done, "contact_id"))).ok();
    assert_eq!(addresses, json!([]));
}
