//! Records of the analytics wing.
use super::with;
use crate::support::{Client, Value, fresh, json};

/// How many accounts there are, which nobody else sees.
#[track_caller]
pub fn report(client: &Client, extra: Value) -> Value {
    let query = json!({"resource": "account", "measures": [{"op": "count"}], "dimensions": [{"field": "industry"}]});
    client.post("/v1/reports", with(json!({"name": fresh("Report "), "query": query}), extra)).created()
}

/// One widget, of how many accounts there are.
#[track_caller]
pub fn dashboard(client: &Client, extra: Value) -> Value {
    let query = json!({"resource": "account", "measures": [{"op": "count"}]});
    let place = json!({"x": 0, "y": 0, "width": 3, "height": 2});
    let widgets = json!([{"title": "Accounts", "query": query, "place": place}]);
    client.post("/v1/dashboards", with(json!({"name": fresh("Dashboard "), "widgets": widgets}), extra)).created()
}

/// A report that is sent to whoever makes this, each Monday.
#[track_caller]
pub fn report_schedule(client: &Client, extra: Value) -> Value {
    let me = client.get("/v1/me").ok();
    let basis = json!({"report_id": report(client, json!({}))["id"], "name": fresh("Schedule "), "format": "csv",
        "rule": "FREQ=WEEKLY;BYDAY=MO;BYHOUR=8", "recipient_ids": [me["user"]["id"]]});
    client.post("/v1/report-schedules", with(basis, extra)).created()
}

#[track_caller]
pub fn label(client: &Client, extra: Value) -> Value {
    let basis = json!({"key": fresh("label_"), "name": fresh("Label ")});
    client.post("/v1/labels", with(basis, extra)).created()
}

/// Of RFM, unless said otherwise.
#[track_caller]
pub fn segmentation(client: &Client, extra: Value) -> Value {
    let basis = json!({"key": fresh("sorted_"), "name": fresh("Segmentation "), "kind": "rfm"});
    client.post("/v1/segmentations", with(basis, extra)).created()
}
