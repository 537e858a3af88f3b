//! The OpenAPI document: whole, sound, told to the last example, and the one that is committed.
use crate::support::{Operation, Person, Town, Value, document, files, operations, resolved};
use std::collections::BTreeSet;

fn each(what: &str, broken: impl Fn(&Operation) -> Option<String>) {
    let faults: Vec<String> =
        operations().iter().filter_map(|one| broken(one).map(|fault| format!("{}: {fault}", one.name()))).collect();
    assert!(faults.is_empty(), "{what}: {faults:#?}");
}

#[test]
fn the_server_shows_the_document_of_the_program() {
    let town = Town::start();
    assert_eq!(&town.anonymous().get("/openapi.json").ok(), document());
    assert!(operations().len() > 60, "{} operations", operations().len());
}

#[test]
fn the_committed_document_is_the_programs() {
    let committed = files::read("openapi/openapi.json").expect("openapi/openapi.json: `scripts/openapi` writes it");
    let committed: Value = serde_json::from_str(&committed).unwrap();
    assert!(&committed == document(), "openapi/openapi.json is out of date: `scripts/openapi` writes it");
}

#[test]
fn every_reference_leads_somewhere() {
    let mut places = Vec::new();
    references(document(), &mut places);
    for place in &places {
        assert!(document().pointer(place.trim_start_matches('#')).is_some(), "{place} leads nowhere");
    }
    let schemas = document()["components"]["schemas"].as_object().unwrap();
    let unused: Vec<&String> =
        schemas.keys().filter(|name| !places.contains(&format!("#/components/schemas/{name}"))).collect();
    assert!(unused.len() <= 4, "schemas that nothing refers to: {unused:?}");
}

fn references(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            out.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|inner| references(inner, out));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, out)),
        _ => {}
    }
}

#[test]
fn operations_have_names_of_their_own() {
    let ids: BTreeSet<&str> = operations().iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids.len(), operations().len(), "two operations of one name");
    each("a name that is not verb_noun", |one| {
        let good = one.id.contains('_') || ["login", "logout"].contains(&one.id.as_str());
        let plain = one.id.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit());
        (!good || !plain).then(|| one.id.clone())
    });
}

#[test]
fn every_operation_says_what_it_is() {
    let tags: Vec<&Value> = document()["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    each("no summary", |one| {
        one.spec["summary"].as_str().is_none_or(|text| text.ends_with('.') || text.is_empty()).then(String::new)
    });
    each("not one tag, or one that is not told of", |one| {
        let mine = one.spec["tags"].as_array().cloned().unwrap_or_default();
        (mine.len() != 1 || !tags.contains(&&mine[0])).then(|| format!("{mine:?}"))
    });
    each("no permission", |one| {
        let open = api::openapi::OPEN.contains(&one.id.as_str());
        (one.spec["x-permission"].is_string() == open).then(|| "see doors/matrix.rs".to_owned())
    });
    each("no 4xx", |one| {
        let statuses = one.spec["responses"].as_object().unwrap();
        (!statuses.keys().any(|status| status.starts_with('4'))).then(String::new)
    });
    each("no 2xx", |one| {
        let statuses = one.spec["responses"].as_object().unwrap();
        // a link of a mail leads somewhere else, and that is all
        let leads_on = one.id == "follow_mail_link";
        (!leads_on && !statuses.keys().any(|status| status.starts_with('2'))).then(String::new)
    });
    each("an answer without a description", |one| {
        let answers = one.spec["responses"].as_object().unwrap();
        let silent =
            answers.iter().find(|(_, answer)| resolved(answer)["description"].as_str().unwrap_or_default().is_empty());
        silent.map(|(status, _)| status.clone())
    });
    each("a body that is told without an example", |one| {
        (one.body().is_some() && one.example().is_none()).then(String::new)
    });
    each("a parameter of the path that is not told of", |one| {
        let told: Vec<&str> = one.parameters("path").iter().filter_map(|one| one["name"].as_str()).collect();
        let named: Vec<&str> = one.path.split(['{', '}']).skip(1).step_by(2).collect();
        let fit = named.iter().all(|name| told.contains(name)) && told.iter().all(|name| named.contains(name));
        (!fit).then(|| format!("{told:?}, {named:?}"))
    });
    each("a parameter of the query without a description", |one| {
        let silent =
            one.parameters("query").into_iter().find(|one| one["description"].as_str().unwrap_or_default().is_empty());
        silent.map(|one| one["name"].to_string())
    });
}

/// What must be logged in for, and what need not.
#[test]
fn only_the_listed_operations_are_open() {
    let open = [
        "accept_invitation",
        "accept_offered_quote",
        // whoever was asked
        "answer_open_survey",
        "confirm_address",
        "confirm_unsubscription",
        "find_sso_buttons",
        "finish_sso_login",
        // whoever got a mail
        "follow_mail_link",
        // the link stands for its user
        "get_calendar",
        "get_file_content",
        "get_form_schema",
        "get_liveness",
        "get_mail_pixel",
        "get_mail_preferences",
        // whoever was sent a quote
        "get_offered_quote",
        "get_offered_quote_pdf",
        // whoever reads a knowledge base that is public
        "get_open_kb_article",
        "get_open_kb_portal",
        "get_open_survey",
        "get_readiness",
        "get_unsubscription",
        "list_open_kb_articles",
        "list_open_kb_categories",
        "login",
        "pass_second_factor",
        "put_file_content",
        "rate_open_kb_article",
        "receive_delivery",
        "refresh_session",
        "reject_offered_quote",
        "request_password_reset",
        "reset_password",
        "search_open_kb",
        "start_sso_login",
        "submit_form",
        "update_mail_preferences",
        "verify_email",
    ];
    let mut listed = api::openapi::OPEN.to_vec();
    listed.sort_unstable();
    assert_eq!(listed, open, "the list of open operations may only shrink");
    for name in open {
        assert!(operations().iter().any(|one| one.id == name), "there is no operation {name}");
    }
    each("the document does not say who may call it", |one| {
        let wanted =
            if open.contains(&one.id.as_str()) { serde_json::json!([{}]) } else { serde_json::json!([{"bearer": []}]) };
        (one.spec["security"] != wanted).then(|| one.spec["security"].to_string())
    });
}

/// Examples are what somebody tries first: they have the shape that they are an example of.
#[test]
fn examples_are_what_they_are_examples_of() {
    let mut faults = Vec::new();
    for (name, schema) in document()["components"]["schemas"].as_object().unwrap() {
        let examples = schema["examples"].as_array().cloned().unwrap_or_default().into_iter();
        for example in examples.chain([schema["example"].clone()]).filter(|example| !example.is_null()) {
            let mut inner = Vec::new();
            crate::support::fits(schema, &example, "", &mut inner);
            faults.extend(inner.into_iter().map(|fault| format!("{name}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_reference_comes_from_the_server_alone() {
    let town = Town::start();
    let page = town.anonymous().get("/docs/");
    assert_eq!(page.status, 200);
    let text = page.text();
    let addresses: Vec<&str> =
        text.split(['"', '\'']).filter(|part| part.starts_with("http") || part.starts_with("//")).collect();
    assert!(addresses.is_empty(), "{addresses:?}");
    for file in text.split(['"', '\'']).filter(|part| part.ends_with(".js") || part.ends_with(".css")) {
        let answer = town.anonymous().get(&format!("/docs/{}", file.trim_start_matches("./")));
        assert_eq!(answer.status, 200, "{file}");
    }
    let settings = town.anonymous().get("/docs/swagger-initializer.js").text();
    assert!(settings.contains("\"validatorUrl\": \"none\""), "the page asks a server of its makers: {settings}");
    for place in ["/", "/docs"] {
        assert_eq!(town.client(Person::Owner).get(place).header("location"), "/docs/");
    }
}

/// Each list takes the same parameters.
#[test]
fn every_list_can_do_what_every_list_can() {
    let wanted: BTreeSet<&str> =
        ["limit", "cursor", "filter", "sort", "q", "count", "deleted", "fields", "include"].into();
    let mut lists = 0;
    for one in operations() {
        let names: BTreeSet<&str> = one.parameters("query").iter().filter_map(|one| one["name"].as_str()).collect();
        // the versions of one record come in one order, and all of them; so do events, all that a record has to do with, and
        // the cards of a board
        let in_order = ["/history", "/events", "/timeline", "/board"].iter().any(|end| one.path.ends_with(end))
            // what visitors read has one order
            || one.path.starts_with("/kb/");
        if names.contains("cursor") && !in_order {
            lists += 1;
            assert!(names.is_superset(&wanted), "{} lacks {:?}", one.name(), wanted.difference(&names));
        }
    }
    assert!(lists >= 4, "{lists} lists");
}
