//! Whatever can point at records that become one: before they do there is something of every line of `REFERENCES`, so
//! that a new line is not forgotten here.
use super::{dump, orphans, same, wings};
use crate::platform::files as attached;
use crate::platform::inbound::Sender;
use crate::privacy::begun;
use crate::support::{Client, Person, Town, Value, fresh, json, make};
use platform::merge::Way;

pub fn at(noun: &str, record: &Value) -> String {
    format!("/v1/{noun}s/{}", make::id(record, "id"))
}

/// The lines for a noun behind which no row of these records stands.
pub fn lacking(town: &Town, noun: &str, records: &[&Value]) -> Vec<String> {
    let ids: Vec<String> = records.iter().map(|one| format!("'{}'", make::id(one, "id"))).collect();
    let ids = ids.join(", ");
    let mut lacking = Vec::new();
    for one in api::house::references().into_iter().filter(|one| one.points_at(noun)) {
        let (table, column) = match one.way {
            Way::Listed { by, .. } => (by, "record_id"),
            _ => (one.table, one.column),
        };
        let called = if one.is_plural { format!("{noun}s") } else { noun.to_owned() };
        let kind = if one.noun.is_none() { format!(" AND {} = '{called}'", one.kind) } else { String::new() };
        if town.database.count(&format!("SELECT count(*) FROM {table} WHERE {column} IN ({ids}){kind}")) == 0 {
            lacking.push(format!("{}.{}", one.table, one.column));
        }
    }
    lacking
}

/// What may have to do with a record of either noun: done, said, shared, sold, and asked for by law.
pub fn further(town: &Town, noun: &str, record: &Value) {
    let (owner, id) = (town.owner(), &record["id"]);
    let named = json!({"resource": noun, "record_id": id});
    wings::further(town, noun, record);
    let mut quote = json!({});
    quote[format!("{noun}_id")] = id.clone();
    make::quote(&owner, quote);
    // somebody who became one with it before
    let earlier = match noun {
        "contact" => make::contact(&owner, json!({})),
        _ => make::account(&owner, json!({})),
    };
    owner.post(&format!("{}/merge", at(noun, record)), json!({"sources": [earlier["id"]]})).ok();
    became(&owner, noun, id);
    let segment = json!({"name": fresh("By hand "), "resource": noun, "kind": "static"});
    let segment = make::id(&owner.post("/v1/segments", segment).created(), "id");
    owner.post(&format!("/v1/segments/{segment}/members"), json!({"op": "add", "ids": [id]})).ok();
    owner.send("PUT", &format!("{}/followers/me", at(noun, record)), None).is(204);
    owner.post("/v1/shares", make::with(named.clone(), json!({"user_id": town.user(Person::Rep)}))).created();
    let name = json!({"source_system": "ledger", "external_id": fresh("no ")});
    owner.post("/v1/external-refs", make::with(named.clone(), name)).created();
    attached::file(town, &owner, &format!("{}.txt", fresh("file")), b"text", named.clone());
    let links = json!([named]);
    make::activity(&owner, json!({"links": links}));
    make::task(&owner, json!({"links": links}));
    let tag = make::id(&make::tag(&owner, json!({})), "id");
    owner.post(&format!("/v1/tags/{tag}/assign"), json!({"resource": noun, "ids": [id]})).ok();
    let hold = json!({"subject_kind": noun, "subject_id": id, "reason": "a law suit"});
    owner.post("/v1/legal-holds", hold).created();
    let request = begun(&owner, "restriction", noun, id.as_str().unwrap());
    owner.act(&format!("/v1/privacy-requests/{request}/complete")).ok();
    by_the_house(town, noun, record);
}

/// A lead that has become it.
fn became(owner: &Client, noun: &str, id: &Value) {
    let lead = make::lead(owner, json!({}));
    let into = match noun {
        "contact" => json!({"account": null, "contact": {"id": id}}),
        _ => json!({"account": {"id": id}, "on_duplicate": "create"}),
    };
    owner.post(&format!("/v1/leads/{}/convert", make::id(&lead, "id")), into).ok();
}

/// What its workers write, as they would.
fn by_the_house(town: &Town, noun: &str, record: &Value) {
    let (id, db) = (make::id(record, "id"), &town.database);
    let connection = Sender::at(&town.owner(), "email", json!({"source_system": fresh("mail")})).id;
    let theirs = format!("FROM {noun}s WHERE id = '{id}'");
    db.run(&format!(
        "INSERT INTO inbound_records (tenant_id, connection_id, resource, external_id, record_id, changed_at)
         SELECT tenant_id, '{connection}', '{noun}s', id::text, id, now() {theirs}"
    ));
    db.run(&format!(
        "INSERT INTO notifications (tenant_id, id, user_id, kind, resource, record_id, event_id, seq, actor_id, is_listed,
         created_at) SELECT tenant_id, gen_random_uuid(), owner_id, 'followed', '{noun}', id, gen_random_uuid(), 1, owner_id,
         true, now() {theirs}"
    ));
    db.run(&format!(
        "INSERT INTO segment_marks (tenant_id, resource, record_id) SELECT tenant_id, '{noun}', id {theirs}"
    ));
    if noun == "contact" {
        db.run(&format!(
            "INSERT INTO verifications (tenant_id, id, contact_id, contact_point_id, method, language, expires_at, created_at,
             created_by) SELECT p.tenant_id, gen_random_uuid(), c.id, p.id, 'link', 'en', now() + interval '1 day', now(),
             c.owner_id FROM contacts c JOIN contact_points p ON (p.tenant_id, p.contact_id) = (c.tenant_id, c.id)
             WHERE c.id = '{id}' AND p.kind = 'email'"
        ));
    }
}

/// Two that look alike, as somebody who looks through all of them finds.
pub fn alike(town: &Town, noun: &str, one: &Value, other: &Value) {
    let (one, other) = (make::id(one, "id"), make::id(other, "id"));
    town.database.run(&format!(
        "INSERT INTO duplicate_pairs (tenant_id, id, resource, record_id, other_id, score, reasons, status, created_at,
         updated_at) SELECT tenant_id, gen_random_uuid(), '{noun}', least('{one}'::uuid, '{other}'),
         greatest('{one}'::uuid, '{other}'), 0.9, '[]', 'open', now(), now() FROM {noun}s WHERE id = '{one}'"
    ));
}

/// An account with all that an account can have.
fn everything(town: &Town, word: &str) -> Value {
    let owner = town.owner();
    let account = make::account(&owner, json!({"legal_name": word}));
    let id = &account["id"];
    make::account(&owner, json!({"parent_id": id}));
    let mail = format!("{word}@y.example");
    let contact = make::contact(&owner, json!({"account_id": id, "email": mail}));
    let head = format!("From: {word} <{mail}>\r\nTo: sales@x.example\r\nMessage-ID: <{word}@y.example>\r\n");
    let mime = make::base64(format!("{head}Subject: {word}\r\n\r\n{word}\r\n").as_bytes());
    owner.post("/v1/email-messages", json!({"mime": mime})).created();
    make::identifier(&owner, "accounts", &account);
    make::address(&owner, "accounts", &account, json!({"label": word, "is_primary": true}));
    make::order(&owner, json!({"account_id": id, "contact_id": contact["id"]}));
    make::opportunity(&owner, json!({"account_id": id}));
    make::contract(&owner, json!({"account_id": id}));
    make::payment(&owner, json!({"account_id": id}));
    further(town, "account", &account);
    owner.get(&at("account", &account)).ok()
}

#[test]
fn three_accounts_with_all_they_can_have_become_one_and_are_parted_again() {
    let town = Town::idle();
    let owner = town.owner();
    let [one, two, three] = ["one", "two", "three"].map(|word| everything(&town, word));
    alike(&town, "account", &two, &three);
    assert_eq!(lacking(&town, "account", &[&two, &three]), Vec::<String>::new());
    let before = dump(&town);
    let sources = json!({"sources": [two["id"], three["id"]]});
    let dry = make::with(sources.clone(), json!({"dry_run": true}));
    let dry = owner.post(&format!("{}/merge", at("account", &one)), dry).ok();
    same(&before, &dump(&town));
    let merged = owner.post(&format!("{}/merge", at("account", &one)), sources).ok();
    assert_eq!(dry["moved"], merged["moved"], "what was announced is what has come");
    assert_eq!(orphans(&town), Vec::<String>::new());
    for noun in ["orders", "opportunities", "contracts", "quotes", "payments"] {
        let filter = crate::support::encoded(&format!("account_id == \"{}\"", make::id(&one, "id")));
        assert_eq!(owner.get(&format!("/v1/{noun}?filter={filter}")).ids().len(), 3, "{noun}");
    }
    let undone = owner.act(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"))).ok();
    assert_eq!(undone["status"], "undone");
    same(&before, &dump(&town));
}
