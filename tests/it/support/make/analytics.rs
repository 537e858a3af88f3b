//! Records of the analytics wing.
use super::with;
use crate::support::{Client, Value, fresh, json};

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
