//! Of the marketing wing.
use super::{Made, made};
use crate::support::{Client, json, make, nobodys_id};

pub fn make_one(client: &Client, segment: &str) -> Option<Made> {
    Some(match segment {
        "promotions" => made(&make::promotion(client, json!({})), "/v1/promotions"),
        "coupons" => made(&make::coupon(client, json!({})), "/v1/coupons"),
        // what was used stays
        "redemptions" => Made { id: make::id(&make::redemption(client, json!({})), "id"), delete: None },
        "touchpoints" => Made { id: make::id(&make::touchpoint(client, json!({})), "id"), delete: None },
        "marketing-plans" => made(&make::marketing_plan(client, json!({})), "/v1/marketing-plans"),
        "campaigns" => made(&make::campaign(client, json!({})), "/v1/campaigns"),
        "campaign-members" => made(&make::campaign_member(client, json!({})), "/v1/campaign-members"),
        "templates" => made(&make::template(client, json!({})), "/v1/templates"),
        "suppressions" => made(&make::suppression(client, json!({})), "/v1/suppressions"),
        "sends" => made(&make::send(client, json!({})), "/v1/sends"),
        // made by a worker when a send begins
        "deliveries" => Made { id: nobodys_id(), delete: None },
        // links that nobody was sent
        "u" | "p" | "c" | "o" => Made { id: "A".repeat(120), delete: None },
        _ => return None,
    })
}
