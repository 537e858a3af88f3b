//! Of the analytics wing.
use super::{Made, made};
use crate::support::{Client, json, make};

pub fn make_one(client: &Client, segment: &str) -> Option<Made> {
    Some(match segment {
        "reports" => made(&make::report(client, json!({})), "/v1/reports"),
        "report-schedules" => made(&make::report_schedule(client, json!({})), "/v1/report-schedules"),
        "dashboards" => made(&make::dashboard(client, json!({})), "/v1/dashboards"),
        "labels" => made(&make::label(client, json!({})), "/v1/labels"),
        "segmentations" => made(&make::segmentation(client, json!({})), "/v1/segmentations"),
        // it goes with its segmentation
        "segmentation-runs" => {
            let place = format!("/v1/segmentations/{}", make::id(&make::segmentation(client, json!({})), "id"));
            let run = client.post(&format!("{place}/run"), json!({})).is(202);
            Made { id: make::id(&run, "id"), delete: Some(place) }
        }
        // one goes on at a time: the one that is under way, or the next
        "association-runs" => {
            let begun = client.post("/v1/association-runs", json!({}));
            let run = if begun.status == 202 {
                begun.json()
            } else {
                client.get("/v1/association-runs?limit=1").ok()["data"][0].clone()
            };
            Made { id: make::id(&run, "id"), delete: None }
        }
        _ => return None,
    })
}
