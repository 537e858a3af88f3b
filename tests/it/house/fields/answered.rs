//! What is hidden is in no answer: neither as a member nor as a value, in whatever the record stands; and no search
//! finds by it.
use super::told::followed;
use super::{Walk, alike, all, hideable, is_list, is_offered, nothing_like, one_of_each, place};
use crate::platform::exports;
use crate::support::{Answer, Client, Value, encoded, json, make};
use kernel::catalogue::{Catalogue, Field, Owned};

/// Every place in the value where the member is, of a record of this id.
fn is_told(value: &Value, id: &Value, member: &str) -> bool {
    match value {
        Value::Object(members) => {
            members.get("id") == Some(id) && members.contains_key(member)
                || members.values().any(|inner| is_told(inner, id, member))
        }
        Value::Array(items) => items.iter().any(|item| is_told(item, id, member)),
        _ => false,
    }
}

#[track_caller]
fn silent(answer: &Answer, record: &Value, noun: &Catalogue, field: &Field) {
    let told = format!("{}.{} is told by {}: {}", noun.noun, field.name, answer.request, answer.text());
    assert!(!is_told(&answer.json(), &record["id"], field.name), "{told}");
    if let Some(word) = own_word(record, field) {
        assert!(!answer.text().contains(word), "{told}");
    }
}

/// A text that stands nowhere but in this field.
fn own_word<'a>(record: &'a Value, field: &Field) -> Option<&'a str> {
    record[field.name].as_str().filter(|text| ["zqword", "mail", "+49301"].iter().any(|word| text.starts_with(word)))
}

/// All that the place and its neighbours answer.
fn answers(client: &Client, noun: &Catalogue, record: &Value) -> Vec<Answer> {
    let (place, id) = (place(noun), make::id(record, "id"));
    let mut all_of = vec![client.get(&format!("{place}/{id}"))];
    if is_list(&place) {
        all_of.push(client.get(&format!("{place}?limit=200")));
    }
    all_of.push(client.get(&format!("/v1/events?limit=200&record_id={id}")));
    if let Some(resource) = followed(noun) {
        all_of.push(client.get(&format!("/v1/sync?resources={resource}")));
    }
    if is_offered("GET", &format!("{place}/{{id}}/360")) {
        all_of.push(client.get(&format!("{place}/{id}/360")));
    }
    if is_offered("POST", &format!("{place}/batch")) {
        let items = json!({"items": [{"op": "update", "id": id, "data": {}}, {"op": "create", "data": {}}]});
        all_of.push(client.post(&format!("{place}/batch"), items));
    }
    if is_offered("PATCH", &format!("{place}/{{id}}")) {
        all_of.push(client.patch(&format!("{place}/{id}"), json!({})));
        all_of.push(client.if_match(1_000_000).patch(&format!("{place}/{id}"), json!({})));
    }
    if is_offered("POST", &format!("{place}/{{id}}/restore")) {
        all_of.push(client.act(&format!("{place}/{id}/restore")));
    }
    all_of
}

/// What tells how a field was changed.
fn trails(client: &Client, noun: &Catalogue, record: &Value) -> Vec<Answer> {
    let (place, id) = (place(noun), make::id(record, "id"));
    let rows = client.get(&format!("/v1/audit-logs?object_id={id}")).ids();
    let mut all_of: Vec<Answer> = rows.iter().map(|row| client.get(&format!("/v1/audit-logs/{row}"))).collect();
    if is_offered("GET", &format!("{place}/{{id}}/history")) {
        all_of.push(client.get(&format!("{place}/{id}/history")));
    }
    all_of
}

/// Whether something says that the member was changed.
fn is_changed(value: &Value, member: &str) -> bool {
    match value {
        Value::Object(members) => {
            members.get("changed").is_some_and(|changed| changed.get(member).is_some())
                || members.values().any(|inner| is_changed(inner, member))
        }
        Value::Array(items) => items.iter().any(|item| is_changed(item, member)),
        _ => false,
    }
}

/// Wherever else the record may be put into an answer.
fn included(client: &Client, noun: &Catalogue) -> Vec<Answer> {
    let mut all_of = Vec::new();
    for from in all().all().filter(|from| is_list(&place(from))) {
        for relation in all().relations(from.noun) {
            let deeper = all().relations(relation.target).iter().filter(|next| next.target == noun.noun);
            let deeper = deeper.map(|next| format!("{}.{}", relation.name, next.name));
            let here = (relation.target == noun.noun).then(|| relation.name.to_owned());
            all_of.extend(deeper.chain(here).map(|path| client.get(&format!("{}?include={path}", place(from)))));
        }
        if is_offered("GET", &format!("{}/{{id}}/360", place(from))) {
            let ids = client.get(&place(from)).ids();
            all_of.extend(ids.iter().map(|id| client.get(&format!("{}/{id}/360", place(from)))));
        }
    }
    all_of
}

#[test]
fn a_hidden_field_is_in_no_answer() {
    let walk = Walk::start();
    let made = one_of_each(&walk);
    walk.seal();
    let (mut seen, mut words) = (0, 0);
    for (noun, field) in hideable() {
        let Some((_, record)) = made.iter().find(|(one, _)| one.noun == noun.noun) else { continue };
        assert!(is_told(record, &record["id"], field.name), "{}.{} is never told", noun.noun, field.name);
        walk.hold_back(noun, field, "hidden");
        for answer in answers(&walk.holder, noun, record) {
            silent(&answer, record, noun, field);
            seen += usize::from(answer.status == 200);
        }
        words += usize::from(own_word(record, field).is_some());
    }
    // of all at once, for the ways are many
    for (noun, record) in &made {
        let fields: Vec<&Field> = noun.fields.iter().filter(|field| !noun.is_essential(field)).collect();
        walk.hold_all_back(noun, &fields, "hidden");
        for answer in included(&walk.holder, noun) {
            fields.iter().for_each(|field| silent(&answer, record, noun, field));
            seen += usize::from(answer.status == 200);
        }
    }
    assert!(seen > 400 && words > 20, "{seen} answers, {words} texts");
}

/// Neither can it be asked for by an export, nor is it in the file of one.
#[test]
fn a_hidden_field_is_in_no_export() {
    let walk = Walk::working();
    let made = one_of_each(&walk);
    let mut taken = 0;
    for exporter in api::worker::exports::EXPORTERS {
        let (resource, noun) = (exporter.resource(), exporter.catalogue());
        let fields: Vec<&Field> = noun.fields.iter().filter(|field| !noun.is_essential(field)).collect();
        walk.hold_all_back(noun, &fields, "hidden");
        for field in &fields {
            let ask = |name: &str| {
                let asked = json!({"resource": resource, "format": "csv", "fields": ["id", name]});
                walk.holder.post("/v1/exports", asked)
            };
            alike(&ask(field.name), field.name, &ask(&nothing_like(field.name)));
            let sort = |name: &str| {
                walk.holder.post("/v1/exports", json!({"resource": resource, "format": "csv", "sort": name}))
            };
            alike(&sort(field.name), field.name, &sort(&nothing_like(field.name)));
        }
        for format in ["ndjson", "csv"] {
            let file = exports::file(&walk.holder, json!({"resource": resource, "format": format}));
            let text = String::from_utf8(file).unwrap();
            for field in &fields {
                assert!(!text.contains(&format!("\"{}\":", field.name)), "{resource} tells {}: {text}", field.name);
                let heads = text.lines().next().unwrap_or_default().trim_start_matches('\u{feff}').split(',');
                assert!(format != "csv" || !heads.into_iter().any(|head| head == field.name), "{resource}: {text}");
                let words = made.iter().filter(|(one, _)| one.noun == noun.noun);
                for word in words.filter_map(|(_, record)| own_word(record, field)) {
                    assert!(!text.contains(word), "{resource} tells what {} holds: {text}", field.name);
                    taken += 1;
                }
            }
        }
    }
    assert!(taken > 20, "{taken} texts only");
}

#[test]
fn a_hidden_field_is_in_no_trail_of_its_changes() {
    let walk = Walk::start();
    let (mut told, mut words) = (0, 0);
    for (noun, record) in &one_of_each(&walk) {
        let before = trails(&walk.owner, noun, record);
        for field in noun.fields.iter().filter(|field| !noun.is_essential(field)) {
            if !before.iter().any(|answer| is_changed(&answer.json(), field.name)) {
                continue;
            }
            walk.hold_back(noun, field, "hidden");
            for answer in trails(&walk.holder, noun, record) {
                let told = format!("{}.{} is told by {}: {}", noun.noun, field.name, answer.request, answer.text());
                assert!(!is_changed(&answer.json(), field.name), "{told}");
                assert!(own_word(record, field).is_none_or(|word| !answer.text().contains(word)), "{told}");
            }
            told += 1;
            words += usize::from(own_word(record, field).is_some());
        }
    }
    assert!(told > 60 && words > 15, "of {told} fields only a trail tells, {words} texts");
}

#[test]
fn a_search_finds_nothing_by_a_hidden_field() {
    let walk = Walk::start();
    let mut searched = 0;
    for (noun, record) in one_of_each(&walk) {
        let place = place(noun);
        // parts are found by their whole
        if !is_list(&place) || matches!(noun.owned, Owned::Part { .. }) {
            continue;
        }
        for field in noun.fields.iter().filter(|field| !noun.is_essential(field)) {
            let Some(word) = own_word(&record, field) else { continue };
            let by = |sort: &str| format!("{place}?q={}&count=exact{sort}", encoded(word));
            let found = walk.owner.get(&by(""));
            if field.searched.is_none() && found.status == 400 {
                // a list that is not searched by words says so
                found.refused(400, "unknown_parameter");
                continue;
            }
            let finds = found.ids().contains(&make::id(&record, "id"));
            assert_eq!(finds, field.searched.is_some(), "{}.{}: its catalogue says so", noun.noun, field.name);
            walk.hold_back(noun, field, "hidden");
            for sort in ["", "&sort=id"] {
                let answer = walk.holder.get(&by(sort));
                assert_eq!(answer.ids(), Vec::<String>::new(), "{}.{} is searched", noun.noun, field.name);
                assert!([Value::Null, json!(0)].contains(&answer.json()["page"]["count"]), "{}", answer.text());
            }
            let across = walk.holder.get(&format!("/v1/search?q={}&limit=20", encoded(word)));
            assert!(!across.ids().contains(&make::id(&record, "id")), "{}.{} is searched", noun.noun, field.name);
            searched += usize::from(finds);
        }
    }
    assert!(searched >= 8, "{searched} fields only are searched");
}
