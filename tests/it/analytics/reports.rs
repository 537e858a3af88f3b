//! Reports: kept, shared, and run as whoever runs them.
use super::blinkered;
use crate::support::{Person, Town, json, make};

fn accounts() -> crate::support::Value {
    json!({"resource": "account", "measures": [{"op": "count"}], "dimensions": [{"field": "industry"}]})
}

#[test]
fn a_report_shows_whoever_runs_it_what_they_see() {
    let town = Town::idle();
    let (owner, rep) = (town.owner(), town.client(Person::Rep));
    make::account(&owner, json!({"industry": "a"}));
    make::account(&rep, json!({"industry": "b"}));
    let report = make::report(&owner, json!({"is_public": true}));
    let run = format!("/v1/reports/{}/run", make::id(&report, "id"));
    assert_eq!(owner.post(&run, json!({})).ok()["figures"]["rows"].as_array().unwrap().len(), 2);
    assert_eq!(rep.post(&run, json!({})).ok()["figures"]["rows"], json!([{"industry": "b", "count": 1}]));
    town.client(Person::Foreigner).post(&run, json!({})).refused(404, "not_found");
    let blind = blinkered(&town, &["account"], &[("account", "industry")]);
    let refused = blind.post(&run, json!({}));
    refused.refused(400, "figures_not_askable");
    assert_eq!(refused.pointers(), ["/dimensions/0/field"]);
    let private = make::id(&make::report(&owner, json!({})), "id");
    rep.post(&format!("/v1/reports/{private}/run"), json!({})).refused(404, "not_found");
}

#[test]
fn a_parameter_is_a_value_and_nothing_else() {
    let town = Town::idle();
    let owner = town.owner();
    for industry in ["a", "b\" || true || \"", "c"] {
        make::account(&owner, json!({"industry": industry}));
    }
    let query = make::with(accounts(), json!({"filter": "industry == {which} && created_at > {from}"}));
    let parameters = json!([{"name": "which", "kind": "text"},
        {"name": "from", "kind": "instant", "default": "2020-01-01T00:00:00Z"}]);
    let report = make::report(&owner, json!({"query": query, "parameters": parameters}));
    let run = format!("/v1/reports/{}/run", make::id(&report, "id"));
    let rows = |which: &str| owner.post(&run, json!({"parameters": {"which": which}})).ok()["figures"]["rows"].clone();
    assert_eq!(rows("a"), json!([{"industry": "a", "count": 1}]));
    assert_eq!(rows("b\" || true || \""), json!([{"industry": "b\" || true || \"", "count": 1}]));
    assert_eq!(rows("\" || true || \""), json!([]));
    let refused = owner.post(&run, json!({"parameters": {"from": "yesterday", "ghost": 1}}));
    refused.refused(422, "invalid");
    assert_eq!(refused.pointers(), ["/parameters/which", "/parameters/from", "/parameters/ghost"]);
}

#[test]
fn a_report_says_what_can_be_asked() {
    let town = Town::idle();
    let owner = town.owner();
    let refused = owner.post(
        "/v1/reports",
        json!({"name": "x", "layout": "matrix",
        "query": {"resource": "account", "measures": [{"op": "sum", "field": "ghost"}]},
        "parameters": [{"name": "A", "kind": "int", "default": "x"}]}),
    );
    refused.refused(422, "invalid");
    let pointers = refused.pointers();
    for pointer in ["/parameters/0/name", "/parameters/0/default", "/query/measures/0/field"] {
        assert!(pointers.contains(&pointer.to_owned()), "{pointers:?}");
    }
    let chart = json!({"kind": "bar", "x": "ghost", "y": ["industry"]});
    let refused =
        owner.post("/v1/reports", json!({"name": "x", "query": accounts(), "chart": chart, "layout": "matrix"}));
    assert_eq!(refused.pointers(), ["/chart/x", "/chart/y/0", "/layout"]);
    let report = make::report(&owner, json!({}));
    let path = format!("/v1/reports/{}", make::id(&report, "id"));
    owner.patch(&path, json!({"query": {"resource": "ghost", "measures": [{"op": "count"}]}})).refused(422, "invalid");
    let changed = owner.patch(&path, json!({"query": {"resource": "contact", "measures": [{"op": "count"}]}})).ok();
    assert_eq!((&changed["resource"], &changed["version"]), (&json!("contact"), &json!(2)));
    owner.if_match(1).patch(&path, json!({"name": "late"})).refused(412, "stale");
    owner.delete(&path).is(204);
    owner.get(&path).refused(404, "not_found");
    owner.act(&format!("{path}/restore")).ok();
}

#[test]
fn a_report_is_drawn_and_taken_out() {
    let town = Town::idle();
    let owner = town.owner();
    for industry in ["=1+1", "<b>", "二"] {
        make::account(&owner, json!({"industry": industry}));
    }
    let chart = json!({"kind": "bar", "x": "industry", "y": ["count"], "title": "客户"});
    let report = make::report(&owner, json!({"chart": chart, "is_public": true}));
    let path = format!("/v1/reports/{}", make::id(&report, "id"));
    let svg = owner.post(&format!("{path}/run?format=svg"), json!({})).text();
    assert!(
        svg.starts_with("<svg ") && svg.contains("&lt;b&gt;") && svg.contains("客户") && !svg.contains("<b>"),
        "{svg}"
    );
    let vega = owner.post(&format!("{path}/run?format=vega_lite"), json!({})).text();
    assert!(vega.contains("vega-lite/v5.json"), "{vega}");
    let csv = owner.post(&format!("{path}/export"), json!({})).text();
    assert!(csv.contains("industry,count") && csv.contains("'=1+1,1"), "{csv}");
    for format in ["xlsx", "pdf"] {
        let answer = owner.post(&format!("{path}/export?format={format}"), json!({}));
        answer.is(200);
    }
    // a seller takes nothing out
    town.client(Person::Rep).post(&format!("{path}/export"), json!({})).refused(403, "forbidden");
    let plain = make::id(&make::report(&owner, json!({})), "id");
    owner.post(&format!("/v1/reports/{plain}/run?format=svg"), json!({})).refused(422, "invalid");
    let noted = town.database.count("SELECT count(*) FROM audit_log WHERE action = 'report.exported'");
    assert_eq!(noted, 3);
}

#[test]
fn a_matrix_has_its_last_dimension_as_columns() {
    let town = Town::idle();
    let owner = town.owner();
    for (industry, city) in [("a", "Ulm"), ("a", "Bonn"), ("b", "Bonn"), ("b", "Bonn")] {
        make::account(&owner, json!({"industry": industry, "city": city}));
    }
    let query = json!({"resource": "account", "measures": [{"op": "count"}],
        "dimensions": [{"field": "industry"}, {"field": "city"}]});
    let report = make::report(&owner, json!({"query": query, "layout": "matrix"}));
    let told = owner.post(&format!("/v1/reports/{}/run", make::id(&report, "id")), json!({})).ok();
    let expected = json!({"rows": [{"industry": "a"}, {"industry": "b"}], "columns": ["Bonn", "Ulm"],
        "cells": [[{"count": 1}, {"count": 1}], [{"count": 2}, null]]});
    assert_eq!(told["matrix"], expected);
}
