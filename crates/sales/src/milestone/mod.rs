//! What records of sales have come to, and when: the steps of a customer's story, the newest first, each with its
//! record.
//!
//! A step is nothing that is kept by itself: it is read from when a lead was made, assigned and converted, a quote sent
//! and decided, a contract signed and ended, money received, an instalment paid, waived or overdue. Where an
//! opportunity has been is its history. Each is seen by whoever sees the record.
mod schema;
mod store;

pub use store::{contracts, installments, leads, opportunities, payments, quotes};

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::{AccountId, ContactId, ContractId, LeadId, OpportunityId, PaymentId, QuoteId};
use schema::milestones;
use uuid::Uuid;

/// That a record has come to something.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = milestones, check_for_backend(diesel::pg::Pg))]
pub struct Step {
    /// `created`, `assigned`, `converted`; `sent`, `accepted`, `rejected`, `expired`; `signed`, `ended`; `received`;
    /// `paid`, `waived`, `overdue`
    pub step: String,
    /// of one moment, the later step has the higher
    pub position: i32,
    pub occurred_at: DateTime<Utc>,
}

/// Where a page of steps has ended: when, of which record, and which of its steps.
pub type Below = Option<(DateTime<Utc>, Uuid, i32)>;

/// Whose story it is.
#[derive(Clone, Copy, Debug)]
pub enum About {
    Account(AccountId),
    Contact(ContactId),
    Lead(LeadId),
    Opportunity(OpportunityId),
    Quote(QuoteId),
    Contract(ContractId),
    Payment(PaymentId),
}

impl About {
    /// The record of a noun; none of whose noun there is nothing to tell.
    pub fn of(noun: &str, id: Uuid) -> Option<Self> {
        Some(match noun {
            "account" => Self::Account(AccountId(id)),
            "contact" => Self::Contact(ContactId(id)),
            "lead" => Self::Lead(LeadId(id)),
            "opportunity" => Self::Opportunity(OpportunityId(id)),
            "quote" => Self::Quote(QuoteId(id)),
            "contract" => Self::Contract(ContractId(id)),
            "payment" => Self::Payment(PaymentId(id)),
            _ => return None,
        })
    }

    fn account(self) -> Option<AccountId> {
        if let Self::Account(id) = self { Some(id) } else { None }
    }
    fn contact(self) -> Option<ContactId> {
        if let Self::Contact(id) = self { Some(id) } else { None }
    }
    fn lead(self) -> Option<LeadId> {
        if let Self::Lead(id) = self { Some(id) } else { None }
    }
    fn opportunity(self) -> Option<OpportunityId> {
        if let Self::Opportunity(id) = self { Some(id) } else { None }
    }
    fn quote(self) -> Option<QuoteId> {
        if let Self::Quote(id) = self { Some(id) } else { None }
    }
    fn contract(self) -> Option<ContractId> {
        if let Self::Contract(id) = self { Some(id) } else { None }
    }
    fn payment(self) -> Option<PaymentId> {
        if let Self::Payment(id) = self { Some(id) } else { None }
    }
}
