//! Who was given a case, from whom and why, and what was said of those who might have had it. A row is written once, with
//! the change.
mod store;

pub(super) use store::note;
pub use store::of;

use super::CaseCandidate;
use super::choose::Candidates;
use super::schema::case_assignments;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::{CaseAssignmentId, CaseId, RoutingRuleId, UserId};
use serde::Serialize;
use utoipa::ToSchema;

pub(super) const ARRIVED: &str = "arrived";
pub(super) const WAITED: &str = "waited";
pub(super) const TAKEN: &str = "taken";
pub(super) const NAMED: &str = "named";
pub(super) const ASKED: &str = "asked";
pub(super) const UNANSWERED: &str = "unanswered";
pub(super) const ABSENT: &str = "absent";
pub(super) const OVERFLOWED: &str = "overflowed";

/// That somebody was given a case.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = case_assignments, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-00000000000d", "case_id": "0192f0c1-9999-7000-8000-000000000001",
    "rule_id": "0192f0c1-9999-7000-8000-00000000000c", "queue_id": "0192f0c1-0000-7000-8000-0000000000e1",
    "from_id": "0192f0c1-0000-7000-8000-0000000000e1", "owner_id": "0192f0c1-0000-7000-8000-000000000001",
    "actor_id": "0192f0c1-0000-7000-8000-000000000001", "reason": "arrived", "comment": null,
    "candidates": [{"user_id": "0192f0c1-0000-7000-8000-000000000001", "status": "online", "open_cases": 3,
        "capacity": 8, "outcome": "chosen"}],
    "assigned_at": "2026-11-27T08:00:00Z"
}))]
pub struct CaseAssignment {
    pub id: CaseAssignmentId,
    pub case_id: CaseId,
    /// by which it was given, if by one
    pub rule_id: Option<RoutingRuleId>,
    pub queue_id: Option<UserId>,
    /// whose it was: somebody's, or a queue's
    pub from_id: UserId,
    /// whose it is from then on
    pub owner_id: UserId,
    /// who did it
    pub actor_id: UserId,
    /// `arrived`: as it came into the queue; `waited`: as somebody was free; `taken`: by whoever has it; `named`: by
    /// somebody who said who gets it; `asked`: by somebody who asked the rule; `unanswered`, `absent`: whoever had it
    /// has not answered in time, or has gone; `overflowed`: it waited for too long
    #[schema(example = "arrived")]
    pub reason: String,
    /// what whoever gave it has said
    pub comment: Option<String>,
    /// what was said of those who serve the queue, as far as the caller may read agents
    #[schema(value_type = Vec<CaseCandidate>)]
    pub candidates: Candidates,
    pub assigned_at: DateTime<Utc>,
}
