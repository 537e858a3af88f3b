//! Why somebody may, or may not, do something with one record.
//!
//! The decision is not thought out here: it is asked of the database by the predicate that the rooms themselves stand on.
//! What is thought out is the reasons, from the same roles, teams, queues and shares that went into it.
mod deeds;
mod reasons;

pub use deeds::explain;

use chrono::{DateTime, Utc};
use kernel::{Action, Reach, RoleId, ShareId, TeamId, UserId};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is done with one record; what makes records, or takes many in or out, is no matter of one.
const ACTIONS: [Action; 6] =
    [Action::Read, Action::Update, Action::Delete, Action::Assign, Action::Share, Action::Purge];

/// Who may do what with a record, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Explanation {
    pub user_id: UserId,
    #[schema(example = "contact")]
    pub resource: String,
    pub record_id: Uuid,
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    pub decisions: Vec<Decision>,
    /// what else to know, for people
    pub notes: Vec<String>,
}

/// Whether one action may be taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Decision {
    #[schema(example = "update")]
    pub action: String,
    pub is_allowed: bool,
    pub reasons: Vec<Reason>,
}

/// What leads to a decision. `reason` is for programs, `text` for people, and the rest says which is meant.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DecisionReason)]
pub struct Reason {
    pub reason: Why,
    #[schema(example = "the role Representative grants contact:read as far as team")]
    pub text: String,
    pub reach: Option<Reach>,
    pub role_id: Option<RoleId>,
    pub team_id: Option<TeamId>,
    pub queue_id: Option<UserId>,
    pub share_id: Option<ShareId>,
    pub until: Option<DateTime<Utc>>,
}

/// The sorts of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DecisionWhy)]
pub enum Why {
    /// a role grants it
    Role,
    /// no role grants it
    NoRole,
    /// the scopes of the caller's API key leave it out, or the session lacks a second factor
    Withheld,
    /// the user is not active, or archived
    Inactive,
    /// every record is within reach
    All,
    /// the user owns the record
    Owner,
    /// a queue that the user serves owns the record
    Queue,
    /// the record belongs to a team of the user
    Team,
    /// the record belongs to a team below one of the user's
    Subtree,
    /// the record is shared with the user, a team of theirs, or a queue that they serve
    Share,
    /// the permission does not reach the record, and no share does
    OutOfReach,
    /// what cannot be read cannot be acted on
    NotSeen,
    /// another permission is needed as well
    Needs,
}

impl Reason {
    fn new(reason: Why, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { reason, text, reach: None, role_id: None, team_id: None, queue_id: None, share_id: None, until: None }
    }
}
