//! An account is an organisation that the business is with, or may be; or somebody who is a customer themselves.
//!
//! It always has a name and an owner; its tax number is unique among the living accounts of a tenant. Accounts form a
//! hierarchy: no account stands above itself. One that is somebody's says what their contact says ([`person`]).
pub mod address;
mod body;
mod deeds;
mod duplicates;
pub mod hierarchy;
pub mod identifier;
pub mod import;
mod life;
pub mod lifecycle;
mod merge;
pub mod person;
mod refer;
mod row;
mod rules;
mod store;

pub use crate::schema::accounts::table as Table;
pub use body::{AccountPatch, NewAccount};
pub(crate) use deeds::{changeable, touch};
pub use deeds::{create, update, upsert};
pub use duplicates::duplicates;
pub(crate) use duplicates::traits;
pub use life::{archive, give_up, purge, restore};
pub use merge::merge;
pub use refer::is_there;
pub use store::{at_addresses, find, find_by, list, many};
pub(crate) use store::{newest_ids, seen_ids};

use crate::choices::{LIFECYCLE_STAGES, RATINGS, SOURCES};
use crate::schema::accounts;
use chrono::{DateTime, Utc};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{AccountId, Code, ContactId, Kind, Money, Noun, Record, TeamId, UserId};
use platform::custom::Custom;
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const TAX_NUMBER_TAKEN: Code = Code::new(
    "account_tax_number_taken",
    Kind::Conflict,
    "Another account has this tax number: `existing` says which.",
);
pub const OWN_PARENT: Code =
    Code::new("account_own_parent", Kind::Invalid, "An account cannot stand above itself in the hierarchy.");
pub const PERSON_TAKEN: Code = Code::new(
    "account_person_taken",
    Kind::Conflict,
    "The contact is an account already, perhaps an archived one: `existing` says which.",
);
pub const KINDS_DIFFER: Code = Code::new(
    "account_kinds_differ",
    Kind::Conflict,
    "Accounts of organisations and accounts of people do not become one with each other.",
);
pub const CODES: &[Code] = &[TAX_NUMBER_TAKEN, OWN_PARENT, PERSON_TAKEN, KINDS_DIFFER];

/// An organisation that the business is with, or may be, or somebody who is a customer themselves.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-1111-7000-8000-000000000002", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "person_id": null, "is_person": false, "name": "上海晨光商贸有限公司", "legal_name": null,
    "account_type": "customer", "industry": "retail",
    "website": "https://chenguang.example", "email": "info@chenguang.example", "phone": "+862155550100",
    "phone_text": "021-5555 0100", "tax_number": "91310000MA1FL00000", "employee_count": 120,
    "annual_revenue": {"amount": "5000000.00", "currency": "CNY"}, "lifecycle_stage": "customer", "rating": "hot",
    "source": "referral", "parent_id": null, "street": "南京西路100号", "city": "上海", "region": "上海",
    "postal_code": "200041", "country": "CN", "description": null, "custom": {}, "version": 1,
    "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Account {
    pub id: AccountId,
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    /// the contact whose account it is: who they are is what that says
    pub person_id: Option<ContactId>,
    /// whether it is somebody's, and no organisation's
    pub is_person: bool,
    pub name: String,
    pub legal_name: Option<String>,
    pub account_type: Option<String>,
    pub industry: Option<String>,
    pub website: Option<String>,
    pub email: Option<String>,
    /// in E.164
    pub phone: Option<String>,
    /// the number as it was given; null where that was not kept
    pub phone_text: Option<String>,
    pub tax_number: Option<String>,
    pub employee_count: Option<i32>,
    pub annual_revenue: Option<Money>,
    pub lifecycle_stage: String,
    pub rating: Option<String>,
    pub source: Option<String>,
    /// the account above it
    pub parent_id: Option<AccountId>,
    pub street: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2, or the name as it was given
    pub country: Option<String>,
    pub description: Option<String>,
    /// fields of the tenant's own
    pub custom: Custom,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "account",
    table: "accounts",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("person_id", Holds::Id).nullable(),
        Field::new("is_person", Holds::Bool),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("legal_name", Holds::Text).nullable().searched(Searched::Name),
        Field::new("account_type", Holds::Text).nullable(),
        Field::new("industry", Holds::Text).nullable(),
        Field::new("website", Holds::Text).nullable(),
        Field::new("email", Holds::Text).nullable(),
        Field::new("phone", Holds::Text).nullable(),
        Field::new("phone_text", Holds::Text).nullable().text_of("phone"),
        Field::new("tax_number", Holds::Text).nullable().searched(Searched::Whole),
        Field::new("employee_count", Holds::Int).nullable(),
        Field::new("annual_revenue", Holds::Money { currency: "annual_revenue_currency" })
            .column("annual_revenue_amount")
            .nullable(),
        Field::new("lifecycle_stage", Holds::Choice(LIFECYCLE_STAGES)),
        Field::new("rating", Holds::Choice(RATINGS)).nullable(),
        Field::new("source", Holds::Choice(SOURCES)).nullable(),
        Field::new("parent_id", Holds::Id).nullable(),
        Field::new("street", Holds::Text).nullable(),
        Field::new("city", Holds::Text).nullable(),
        Field::new("region", Holds::Text).nullable(),
        Field::new("postal_code", Holds::Text).nullable(),
        Field::new("country", Holds::Text).nullable(),
        Field::new("description", Holds::Text).nullable().unsortable().mentions(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
        Relation::one("person", "contact", "person_id"),
        Relation::one("parent", "account", "parent_id"),
        Relation::many("children", "account", "parent_id"),
        Relation::many("contacts", "contact", "account_id"),
        Relation::many("memberships", "membership", "account_id"),
        Relation::many("addresses", "account_address", "account_id"),
        Relation::many("lifecycle_changes", "account_lifecycle_change", "account_id"),
        Relation::many("identifiers", "account_identifier", "account_id"),
        Relation::through("activities", "activity", "activity_links", ("record_id", "activity_id"), "account"),
        Relation::through("tasks", "task", "task_links", ("record_id", "task_id"), "account"),
        Relation::through("tags", "tag", "taggings", ("record_id", "tag_id"), "account"),
        Relation::through("segments", "segment", "current_segment_members", ("record_id", "segment_id"), "account"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Account {
    const NAME: &'static str = "account";
}
impl Record for Account {
    type Id = AccountId;
    fn id(&self) -> AccountId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for accounts::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// The fields by which an account may be asked for and upserted.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    TaxNumber(String),
    Name(String),
    External { source_system: String, external_id: String },
}
