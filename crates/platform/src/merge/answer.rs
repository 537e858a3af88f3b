//! What is asked of a merge, and what is answered.
use super::MovedCount;
use kernel::{MergeId, Tidy};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Records that become one with another.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "sources": ["0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f7"],
    "field_choices": {"job_title": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f7"}, "dry_run": true
}))]
pub struct RecordMerger {
    /// the records that become one with this one; what it lacks is filled in from them, in this order
    #[validate(length(min = 1, max = 20))]
    #[schema(min_items = 1, max_items = 20)]
    pub sources: Vec<Uuid>,
    /// field → the record whose value it is to have, this one or one of the sources; `custom.{key}` for fields of the
    /// tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub field_choices: BTreeMap<String, Uuid>,
    /// says what would come of it, and does nothing
    #[serde(default)]
    #[schema(required = false)]
    pub dry_run: bool,
}
impl Tidy for RecordMerger {}

/// What comes of a merge.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "merge_id": "0192f0c1-0000-7000-8000-0000000000e1", "winner_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6",
    "loser_ids": ["0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f7"],
    "fields": [{"field": "phone", "source_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f7", "before": null,
        "after": "+8613800138000"}],
    "conflicts": [{"field": "job_title", "kept": "采购经理", "others": [
        {"source_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f7", "value": "采购总监"}]}],
    "moved": [{"resource": "orders", "moved_count": 3, "kept_count": 0}]
}))]
pub struct RecordsMerged {
    /// by which it is undone; null where nothing was done
    pub merge_id: Option<MergeId>,
    pub winner_id: Uuid,
    pub loser_ids: Vec<Uuid>,
    /// the fields of the winner that change, as far as the caller sees them
    pub fields: Vec<MergedField>,
    /// fields of which the winner keeps its own value and the others had another: `field_choices` decides otherwise
    pub conflicts: Vec<MergeConflict>,
    /// what is moved to the winner
    pub moved: Vec<MovedCount>,
}

/// A field that changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MergedField {
    #[schema(example = "phone")]
    pub field: String,
    /// whose value it gets
    pub source_id: Uuid,
    pub before: Value,
    pub after: Value,
}

/// A field of which not all say the same.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MergeConflict {
    #[schema(example = "job_title")]
    pub field: String,
    pub kept: Value,
    pub others: Vec<MergeOther>,
}

/// What another record says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MergeOther {
    pub source_id: Uuid,
    pub value: Value,
}
