//! A submission is what a visitor has filled in, kept as it came, with what became of it.
//!
//! One token is one submission, however often it is sent. The contact is whoever has the address, or else is made; what
//! is known of them is not overwritten by somebody who has shown nothing: what is empty is filled in, the rest are
//! suggestions. An address or a number that somebody only says is never added to a contact that is there already.
//!
//! Where a form makes leads, who is no contact becomes a lead, or is one already. What they agreed to waits with the
//! submission until the lead is a contact ([`waiting`]).
mod deeds;
mod store;
mod waiting;
mod whose;

pub use crate::schema::form_submissions::table as Table;
pub use deeds::{Reads, Sent, archive, confirm, purge, restore, take};
pub use store::{find, list, many, of_people, of_record};
pub use waiting::{converted, hand, parted, withdraw};
pub use whose::{Leads, TakenLead};

use crate::schema::form_submissions;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{ContactId, FormId, FormSubmissionId, LeadId, Noun, Record, TeamId, UserId};
use platform::filter::Listed;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub const STATUSES: &[&str] = &["received", "pending", "confirmed"];

/// What a visitor has filled in.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = form_submissions, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-cccc-7000-8000-00000000000a", "form_id": "0192f0c1-bbbb-7000-8000-00000000000a",
    "contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "owner_id": "0192f0c1-0000-7000-8000-000000000001",
    "team_id": null, "status": "pending", "answers": {"mail": "wang.wei@example.cn", "news": true}, "suggestions": {},
    "utm": {"source": "wechat", "campaign": "autumn"}, "referrer": "https://www.example.com/news",
    "address": "203.0.113.9", "user_agent": "Mozilla/5.0", "language": "zh-Hans", "confirmed_at": null, "lead_id": null, "version": 1,
    "created_at": "2026-11-26T08:00:00Z", "updated_at": "2026-11-26T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct FormSubmission {
    pub id: FormSubmissionId,
    pub form_id: FormId,
    /// whom it became, or who it was; null where it names nobody
    pub contact_id: Option<ContactId>,
    /// the owner of the contact or the lead, where there is one; while the lead lies in a pool that masks, the form's user
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    /// `pending` until the link of its letter was followed
    pub status: String,
    /// by the keys of the form's fields
    #[schema(value_type = Object)]
    pub answers: Value,
    /// what it says otherwise than what is known of the contact, by the contact's fields
    #[schema(value_type = Object)]
    pub suggestions: Value,
    #[schema(value_type = Object)]
    pub utm: Value,
    pub referrer: Option<String>,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    /// that the form was read in
    pub language: String,
    pub confirmed_at: Option<DateTime<Utc>>,
    /// the lead that it became, or that was there already
    pub lead_id: Option<LeadId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "form_submission",
    table: "form_submissions",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("form_id", Holds::Id),
        Field::new("contact_id", Holds::Id).nullable(),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("answers", Holds::Text).unfilterable().unsortable(),
        Field::new("suggestions", Holds::Text).unfilterable().unsortable(),
        Field::new("utm", Holds::Text).unfilterable().unsortable(),
        Field::new("referrer", Holds::Text).nullable(),
        Field::new("address", Holds::Text).nullable(),
        Field::new("user_agent", Holds::Text).nullable(),
        Field::new("language", Holds::Text),
        Field::new("confirmed_at", Holds::Instant).nullable(),
        Field::new("lead_id", Holds::Id).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("form", "form", "form_id"),
        Relation::one("contact", "contact", "contact_id"),
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
    ],
    custom: None,
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for FormSubmission {
    const NAME: &'static str = "form_submission";
}
impl Record for FormSubmission {
    type Id = FormSubmissionId;
    fn id(&self) -> FormSubmissionId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for form_submissions::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
