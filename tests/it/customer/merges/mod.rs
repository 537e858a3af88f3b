//! Records that turn out to be one: all that points at them follows, and undone it is as if nothing had been.
mod apart;
mod every;
mod hierarchy;
mod people;
mod together;
mod wings;

use crate::platform::files as attached;
use crate::support::{Answer, Client, Person, Town, Value, json, make};
use std::collections::BTreeMap;

/// What undoing need not give back: that it was done and undone, and what is written down beside any change.
const ASIDE: &str =
    "'audit_log', 'audit_chain', 'audit_sealing', 'audit_checkpoints', 'idempotency_keys', 'jobs', 'merges',
    'merge_moves', 'segment_marks', 'customer_fact_marks', 'customer_facts', 'customer_rescores',
    '__diesel_schema_migrations', 'api_keys', 'sessions'";

/// All rows of all tables as text, but for what each change writes.
pub fn dump(town: &Town) -> BTreeMap<String, Vec<String>> {
    let tables = town.database.column(&format!(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
         AND NOT relispartition AND relname NOT IN ({ASIDE})"
    ));
    let rows = |table: &String| {
        let row = "(to_jsonb(t) - '{version,updated_at,updated_by}'::text[])::text";
        town.database.column(&format!("SELECT {row} FROM \"{table}\" AS t ORDER BY 1"))
    };
    tables.iter().map(|table| (table.clone(), rows(table))).collect()
}

/// The rows that only one of two dumps has.
#[track_caller]
pub fn same(before: &BTreeMap<String, Vec<String>>, after: &BTreeMap<String, Vec<String>>) {
    let mut differ = Vec::new();
    for (table, rows) in before {
        let other = &after[table];
        differ.extend(rows.iter().filter(|row| !other.contains(row)).map(|row| format!("{table} lacks {row}")));
        differ.extend(other.iter().filter(|row| !rows.contains(row)).map(|row| format!("{table} has {row}")));
    }
    assert!(differ.is_empty(), "{differ:#?}");
}

/// The rows that still point at a contact or an account that became one with another, though the other lacks their like.
pub fn orphans(town: &Town) -> Vec<String> {
    let mut found = Vec::new();
    for one in api::house::references() {
        if one.way == platform::merge::Way::Stays || matches!(one.way, platform::merge::Way::Listed { .. }) {
            continue;
        }
        for (noun, table) in [("contact", "contacts"), ("account", "accounts")] {
            if !one.points_at(noun) {
                continue;
            }
            let called = if one.is_plural { table } else { noun };
            let kind = if one.noun.is_none() { format!(" AND t.{} = '{called}'", one.kind) } else { String::new() };
            let living = if one.is_living { " AND t.deleted_at IS NULL" } else { "" };
            let once = one.once.iter().map(|column| format!(" AND w.{column} = t.{column}")).collect::<String>();
            // a loser keeps what those before it have
            let unlike = match one.once {
                [] => "TRUE".to_owned(),
                _ => format!("NOT EXISTS (SELECT FROM {0} w WHERE w.{1} <> t.{1}{once})", one.table, one.column),
            };
            let own = if one.table == table { " AND t.merged_into_id IS NULL" } else { "" };
            found.extend(town.database.column(&format!(
                "SELECT '{0}.{1}: ' || t::text FROM {0} t JOIN {table} r ON r.id = t.{1} WHERE r.merged_into_id IS NOT NULL
                 {kind}{living}{own} AND {unlike}",
                one.table, one.column
            )));
        }
    }
    found.extend(town.database.column(
        "SELECT 'links: ' || l::text FROM (SELECT record_id, resource FROM activity_links UNION ALL
         SELECT record_id, resource FROM task_links) l JOIN contacts c ON c.id = l.record_id
         WHERE l.resource = 'contact' AND c.merged_into_id IS NOT NULL",
    ));
    found
}

pub fn place(record: &Value) -> String {
    format!("/v1/contacts/{}", make::id(record, "id"))
}

pub fn merge(client: &Client, winner: &Value, losers: &[&Value], extra: Value) -> Answer {
    let ids: Vec<&Value> = losers.iter().map(|loser| &loser["id"]).collect();
    client.post(&format!("{}/merge", place(winner)), make::with(json!({"sources": ids}), extra))
}

/// What several contacts have in common.
pub struct Common {
    account: Value,
    tag: Value,
    deal: Value,
    call: Vec<Value>,
}

fn common(owner: &Client) -> Common {
    let field = json!({"key": "badge", "type": "text", "is_unique": true});
    owner.post("/v1/metadata/objects/contact/fields", field).created();
    Common {
        account: make::account(owner, json!({})),
        tag: make::tag(owner, json!({})),
        deal: make::opportunity(owner, json!({})),
        call: Vec::new(),
    }
}

/// A contact with all that a contact can have; some of it all of them have.
fn everything(town: &Town, word: &str, common: &mut Common) -> Value {
    let (owner, mail) = (town.owner(), format!("{word}@x.example"));
    let own = make::account(&owner, json!({}));
    let points =
        json!([{"kind": "wechat", "value": "the same", "is_primary": true}, {"kind": "wechat", "value": word}]);
    let contact = make::contact(
        &owner,
        json!({"email": mail, "phone": format!("+49301234{:03}", word.len() * 7), "contact_points": points,
            "account_id": own["id"], "custom": {"badge": word}, "job_title": format!("Job {word}")}),
    );
    let (id, path) = (contact["id"].clone(), place(&contact));
    // what it is found by is then what a change makes of it
    owner.patch(&path, json!({"given_name": word})).ok();
    owner.post(&format!("{path}/accounts"), json!({"account_id": common.account["id"], "role": word})).created();
    make::identifier(&owner, "contacts", &contact);
    make::address(&owner, "contacts", &contact, json!({"label": word, "is_primary": true}));
    let same = json!({"kind": "bank_account", "value": "6222020200112233445"});
    owner.post(&format!("{path}/identifiers"), same).created();
    make::consent(&owner, json!({"contact_id": id, "purpose": "newsletter", "occurred_at": "2026-01-01T00:00:00Z"}));
    let form = make::id(&make::form(&owner, json!({})), "id");
    make::submission(&town.anonymous(), &form, json!({"mail": mail, "name": word, "news": true})).is(202);
    let head = format!("From: {word} <{mail}>\r\nTo: sales@x.example\r\nMessage-ID: <{word}@x.example>\r\n");
    let mime = make::base64(format!("{head}Subject: {word}\r\n\r\n{word}\r\n").as_bytes());
    owner.post("/v1/email-messages", json!({"mime": mime})).created();
    make::order(&owner, json!({"contact_id": id}));
    let sale = make::opportunity(&owner, json!({}));
    let part = |deal: &Value, primary: bool| {
        let path = format!("/v1/opportunities/{}/contacts", make::id(deal, "id"));
        owner.post(&path, json!({"contact_id": id, "role": "champion", "is_primary": primary})).created();
    };
    part(&sale, true);
    part(&common.deal, word == "bea");
    let links = json!([{"resource": "contact", "record_id": id}]);
    make::activity(&owner, json!({"links": links, "participants": [{"contact_id": id, "response": "accepted"}]}));
    make::task(&owner, json!({"links": links}));
    common.call.push(contact.clone());
    let tags = [make::tag(&owner, json!({})), common.tag.clone()];
    for tag in &tags {
        let path = format!("/v1/tags/{}/assign", make::id(tag, "id"));
        owner.post(&path, json!({"resource": "contact", "ids": [id]})).ok();
    }
    owner.send("PUT", &format!("{path}/followers/me"), None).is(204);
    let share = json!({"resource": "contact", "record_id": id, "user_id": town.user(Person::Stranger)});
    owner.post("/v1/shares", share).created();
    let name = json!({"resource": "contact", "record_id": id, "source_system": "shop", "external_id": word});
    owner.post("/v1/external-refs", name).created();
    attached::file(town, &owner, &format!("{word}.txt"), b"text", json!({"resource": "contact", "record_id": id}));
    // they are a customer themselves
    owner.post("/v1/accounts", json!({"person_id": id, "description": word})).created();
    every::further(town, "contact", &contact);
    owner.get(&path).ok()
}

fn holds(client: &Client, contact: &Value, channel: &str) -> Value {
    let all = client.get(&format!("{}/consents/effective", place(contact))).ok();
    let one = all.as_array().unwrap().iter().find(|one| one["channel"] == channel && one["purpose"] == "newsletter");
    one.map_or(Value::Null, |one| one["status"].clone())
}

#[test]
fn three_contacts_with_all_they_can_have_become_one_and_are_parted_again() {
    let town = Town::idle();
    let owner = town.owner();
    let mut shared = common(&owner);
    let [ada, bea, cleo] = ["ada", "bea", "cleo"].map(|word| everything(&town, word, &mut shared));
    let links: Vec<Value> =
        shared.call.iter().map(|one| json!({"resource": "contact", "record_id": one["id"]})).collect();
    let there: Vec<Value> = shared.call.iter().map(|one| json!({"contact_id": one["id"]})).collect();
    make::activity(&owner, json!({"subject": "All of them", "links": links, "participants": there}));
    make::consent(&owner, json!({"contact_id": cleo["id"], "status": "withdrawn"}));
    owner.patch(&place(&ada), json!({"job_title": null, "phone": null})).ok();
    every::alike(&town, "contact", &bea, &cleo);
    assert_eq!(every::lacking(&town, "contact", &[&bea, &cleo]), Vec::<String>::new());
    let before = dump(&town);
    let choices = json!({"field_choices": {"custom.badge": cleo["id"], "email": bea["id"], "account_id": bea["id"]}});
    let dry = merge(&owner, &ada, &[&bea, &cleo], make::with(choices.clone(), json!({"dry_run": true}))).ok();
    assert!(dry["merge_id"].is_null());
    same(&before, &dump(&town));
    let merged = merge(&owner, &ada, &[&bea, &cleo], choices).ok();
    let told = |answer: &Value| (answer["fields"].clone(), answer["moved"].clone(), answer["conflicts"].clone());
    assert_eq!(told(&dry), told(&merged), "what was announced is what has come");
    assert_eq!(orphans(&town), Vec::<String>::new());

    let winner = owner.get(&place(&ada)).ok();
    assert_eq!((&winner["email"], &winner["job_title"]), (&json!("bea@x.example"), &json!("Job bea")));
    assert_eq!((&winner["custom"]["badge"], &winner["account_id"]), (&json!("cleo"), &bea["account_id"]));
    assert_eq!(holds(&owner, &ada, "email"), "withdrawn", "a no of any of them is theirs");
    let of = |path: &str| owner.get(&format!("{}/{path}", place(&ada))).ok().as_array().map_or(0, Vec::len);
    // of each their own, and one that all of them had
    assert_eq!((of("accounts"), of("identifiers")), (4, 4));
    assert_eq!(of("addresses"), 3);
    // three addresses, four names on WeChat, the numbers of two
    assert_eq!(of("contact-points"), 9);
    for noun in ["orders", "form_submissions", "quotes", "leads"] {
        let filter = crate::support::encoded(&format!("contact_id == \"{}\"", make::id(&ada, "id")));
        let list = format!("/v1/{}?filter={filter}", noun.replace('_', "-"));
        assert_eq!(owner.get(&list).ids().len(), 3, "{noun}");
    }
    let deal = owner.get(&format!("/v1/opportunities/{}/contacts", make::id(&shared.deal, "id"))).ok();
    assert_eq!(deal.as_array().map(Vec::len), Some(1));
    assert_eq!((&deal[0]["contact_id"], &deal[0]["is_primary"]), (&ada["id"], &json!(true)));
    for word in ["bea", "cleo@x.example"] {
        assert_eq!(owner.get(&format!("/v1/contacts?q={word}")).ids(), [make::id(&ada, "id")], "{word}");
    }
    for word in ["bea", "cleo"] {
        let by = owner.put(&format!("/v1/contacts/by/ext:shop/{word}"), json!({"department": word})).ok();
        assert_eq!(by["id"], ada["id"]);
    }
    owner.patch(&place(&ada), json!({"department": null})).ok();

    let undone = owner.act(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"))).ok();
    assert_eq!(undone["status"], "undone");
    same(&before, &dump(&town));
    owner.act(&format!("/v1/merges/{}/undo", make::id(&merged, "merge_id"))).refused(409, "merge_not_undoable");
    assert_eq!(holds(&owner, &ada, "email"), "granted");
}
