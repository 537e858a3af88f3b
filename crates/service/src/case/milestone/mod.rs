//! What cases have come to, and when: the steps of a customer's story, the newest first, each with its case. A step is
//! read from when a case was opened, answered, resolved and closed, and is seen by whoever sees the case.
mod store;

pub use store::of;

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::{AccountId, CaseId, ContactId, OrderId};
use uuid::Uuid;

diesel::table! {
    case_milestones (tenant_id, record_id, position) {
        tenant_id -> Uuid,
        record_id -> Uuid,
        step -> Text,
        position -> Int4,
        occurred_at -> Timestamptz,
    }
}

use super::schema::cases;
diesel::allow_tables_to_appear_in_same_query!(case_milestones, cases);

/// That a case has come to something.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = case_milestones, check_for_backend(diesel::pg::Pg))]
pub struct Step {
    /// `created`, `answered`, `resolved` or `closed`
    pub step: String,
    /// of one moment, the later step has the higher
    pub position: i32,
    pub occurred_at: DateTime<Utc>,
}

/// Where a page of steps has ended: when, of which case, and which of its steps.
pub type Below = Option<(DateTime<Utc>, Uuid, i32)>;

/// Whose story it is.
#[derive(Clone, Copy, Debug)]
pub enum About {
    Account(AccountId),
    Contact(ContactId),
    Order(OrderId),
    Case(CaseId),
}

impl About {
    /// The record of a noun; none of whose noun there is nothing to tell.
    pub fn of(noun: &str, id: Uuid) -> Option<Self> {
        Some(match noun {
            "account" => Self::Account(AccountId(id)),
            "contact" => Self::Contact(ContactId(id)),
            "order" => Self::Order(OrderId(id)),
            "case" => Self::Case(CaseId(id)),
            _ => return None,
        })
    }

    fn account(self) -> Option<AccountId> {
        if let Self::Account(id) = self { Some(id) } else { None }
    }
    fn contact(self) -> Option<ContactId> {
        if let Self::Contact(id) = self { Some(id) } else { None }
    }
    fn order(self) -> Option<OrderId> {
        if let Self::Order(id) = self { Some(id) } else { None }
    }
    fn case(self) -> Option<CaseId> {
        if let Self::Case(id) = self { Some(id) } else { None }
    }
}
