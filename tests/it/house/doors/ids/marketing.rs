//! Of the marketing wing.
use super::{Made, made};
use crate::support::{Client, json, make};

pub fn make_one(client: &Client, segment: &str) -> Option<Made> {
    Some(match segment {
        "promotions" => made(&make::promotion(client, json!({})), "/v1/promotions"),
        "coupons" => made(&make::coupon(client, json!({})), "/v1/coupons"),
        // what was used stays
        "redemptions" => Made { id: make::id(&make::redemption(client, json!({})), "id"), delete: None },
        "touchpoints" => Made { id: make::id(&make::touchpoint(client, json!({})), "id"), delete: None },
        _ => return None,
    })
}
