//! Of the analytics wing.
use super::{Made, made};
use crate::support::{Client, json, make};

pub fn make_one(client: &Client, segment: &str) -> Option<Made> {
    Some(match segment {
        "reports" => made(&make::report(client, json!({})), "/v1/reports"),
        "report-schedules" => made(&make::report_schedule(client, json!({})), "/v1/report-schedules"),
        "dashboards" => made(&make::dashboard(client, json!({})), "/v1/dashboards"),
        _ => return None,
    })
}
