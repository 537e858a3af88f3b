//! Each time that a quote waits for a yes: who has asked for it, who has said what, when, and why not. A quote has as many
//! rounds as somebody has asked for, of which one waits at most; one that may go without being asked for has none.
//!
//! A round is written with the status of its quote, by the deeds in [`super::moving`] alone; the last one stands in the
//! quote too.
mod store;

pub use super::schema::quote_approvals::table as Table;
pub(super) use store::{ask, end};
pub use store::{list, of, of_all};

use super::schema::quote_approvals;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{Noun, QuoteApprovalId, QuoteId, Record, UserId};
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const PENDING: &str = "pending";
pub const APPROVED: &str = "approved";
pub const REJECTED: &str = "rejected";
/// The quote was revised before anybody has said anything.
pub const WITHDRAWN: &str = "withdrawn";
pub const STATUSES: &[&str] = &[PENDING, APPROVED, REJECTED, WITHDRAWN];

/// That somebody has asked for a yes, and what came of it.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = quote_approvals, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-7777-7000-8000-000000000033", "quote_id": "0192f0c1-7777-7000-8000-000000000030",
    "status": "rejected", "requested_by": "0192f0c1-0000-7000-8000-000000000001",
    "requested_at": "2026-11-21T08:10:00Z", "decided_by": "0192f0c1-0000-7000-8000-000000000002",
    "decided_at": "2026-11-21T08:40:00Z", "reason": "折扣超出授权，请先与财务确认", "version": 2
}))]
pub struct QuoteApproval {
    pub id: QuoteApprovalId,
    pub quote_id: QuoteId,
    /// `pending`, `approved`, `rejected`, or `withdrawn`, where the quote was revised first
    #[schema(example = "rejected")]
    pub status: String,
    pub requested_by: UserId,
    pub requested_at: DateTime<Utc>,
    /// who has said yes or no, or has revised the quote
    pub decided_by: Option<UserId>,
    pub decided_at: Option<DateTime<Utc>>,
    /// why not
    pub reason: Option<String>,
    pub version: i32,
}

/// What of a round is written into its quote.
#[derive(Clone, Copy, Debug)]
pub(super) enum Round<'a> {
    Begins,
    Ends { status: &'static str, reason: Option<&'a str> },
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "quote_approval",
    table: "quote_approvals",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("quote_id", Holds::Id),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("requested_by", Holds::Id),
        Field::new("requested_at", Holds::Instant),
        Field::new("decided_by", Holds::Id).nullable(),
        Field::new("decided_at", Holds::Instant).nullable(),
        Field::new("reason", Holds::Text).nullable().unsortable(),
        Field::new("version", Holds::Int),
    ],
    relations: &[
        Relation::one("quote", "quote", "quote_id"),
        Relation::one("requester", "user", "requested_by"),
        Relation::one("decider", "user", "decided_by"),
    ],
    custom: None,
    owned: Owned::Part { of: "quote", column: "quote_id" },
};

impl Noun for QuoteApproval {
    const NAME: &'static str = "quote_approval";
}
impl Record for QuoteApproval {
    type Id = QuoteApprovalId;
    fn id(&self) -> QuoteApprovalId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for quote_approvals::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
