//! What a message does to its case. Pure: who has said it and where the case is decide; the case is written elsewhere.
use super::{AGENT, CUSTOMER, PUBLIC, SYSTEM};
use crate::case::Case;
use crate::case::standing::{CLOSED, NEW, OPEN, PENDING, RESOLVED};
use chrono::{DateTime, Utc};

/// What changes of a case with a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    pub first_response_at: Option<DateTime<Utc>>,
    pub last_customer_message_at: Option<DateTime<Utc>>,
    pub last_agent_message_at: Option<DateTime<Utc>>,
    pub auto_replied_at: Option<DateTime<Utc>>,
    /// where it goes, unless whoever writes says otherwise
    pub status: Option<&'static str>,
}

/// Of a message that is written at `at`.
pub fn of(case: &Case, author: &str, visibility: &str, at: DateTime<Utc>) -> Effect {
    match author {
        CUSTOMER => Effect {
            last_customer_message_at: Some(case.last_customer_message_at.map_or(at, |last| last.max(at))),
            status: [PENDING, RESOLVED].contains(&case.status.as_str()).then_some(OPEN),
            ..Effect::default()
        },
        AGENT if visibility == PUBLIC => Effect {
            first_response_at: case.first_response_at.is_none().then_some(at),
            last_agent_message_at: Some(case.last_agent_message_at.map_or(at, |last| last.max(at))),
            status: (case.status == NEW).then_some(OPEN),
            ..Effect::default()
        },
        SYSTEM if visibility == PUBLIC => {
            Effect { auto_replied_at: case.auto_replied_at.is_none().then_some(at), ..Effect::default() }
        }
        _ => Effect::default(),
    }
}

/// Whether a word of the customer opens another case: this one is over.
pub fn opens_another(case: &Case, author: &str) -> bool {
    author == CUSTOMER && case.status == CLOSED
}
