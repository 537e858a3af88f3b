//! An account is an organisation that the business is with, or may be.
//!
//! It always has a name and an owner; its tax number is unique among the living accounts of a tenant. Accounts form a
//! hierarchy: no account stands above itself.
pub mod address;
mod deeds;
mod duplicates;
pub mod hierarchy;
pub mod identifier;
pub mod import;
pub mod lifecycle;
mod merge;
mod rules;
mod store;

pub use crate::schema::accounts::table as Table;
pub use deeds::{archive, create, is_there, purge, restore, update, upsert};
pub(crate) use deeds::{changeable, touch};
pub use duplicates::duplicates;
pub(crate) use duplicates::traits;
pub use merge::merge;
pub use store::{at_addresses, find, find_by, list, many};
pub(crate) use store::{newest_ids, seen_ids};

use crate::choices::{LIFECYCLE_STAGES, RATINGS, SOURCES};
use crate::schema::{accounts, accounts_beside};
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::money::MaybeMoney;
use kernel::{AccountId, Code, Kind, Money, Noun, Record, TeamId, UserId, patch, tidy};
use platform::custom::{Custom, CustomPatch};
use platform::filter::Listed;
use rules::{is_rating, is_source, is_stage};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const TAX_NUMBER_TAKEN: Code = Code::new(
    "account_tax_number_taken",
    Kind::Conflict,
    "Another account has this tax number: `existing` says which.",
);
pub const OWN_PARENT: Code =
    Code::new("account_own_parent", Kind::Invalid, "An account cannot stand above itself in the hierarchy.");
pub const CODES: &[Code] = &[TAX_NUMBER_TAKEN, OWN_PARENT];

/// An organisation that the business is with, or may be.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = accounts, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-1111-7000-8000-000000000002", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "name": "上海晨光商贸有限公司", "legal_name": null, "account_type": "customer", "industry": "retail",
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
    pub name: String,
    pub legal_name: Option<String>,
    pub account_type: Option<String>,
    pub industry: Option<String>,
    pub website: Option<String>,
    pub email: Option<String>,
    /// in E.164
    pub phone: Option<String>,
    /// the number as it was given; null where that was not kept
    #[diesel(select_expression = accounts_beside::phone_text, select_expression_type = accounts_beside::phone_text)]
    pub phone_text: Option<String>,
    pub tax_number: Option<String>,
    pub employee_count: Option<i32>,
    #[diesel(select_expression = (accounts::annual_revenue_amount, accounts::annual_revenue_currency),
             select_expression_type = (accounts::annual_revenue_amount, accounts::annual_revenue_currency),
             deserialize_as = MaybeMoney)]
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

/// What a new account is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "上海晨光商贸有限公司", "industry": "retail", "country": "CN", "city": "上海",
    "annual_revenue": {"amount": "5000000.00", "currency": "CNY"}
}))]
pub struct NewAccount {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<AccountId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    #[validate(length(max = 300))]
    #[schema(max_length = 300)]
    pub legal_name: Option<String>,
    #[validate(length(max = 50))]
    #[schema(max_length = 50)]
    pub account_type: Option<String>,
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub industry: Option<String>,
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub website: Option<String>,
    #[validate(email, length(max = 254))]
    #[schema(format = "email", max_length = 254)]
    pub email: Option<String>,
    /// with its country code, or as it is dialled in the tenant's `phone_region`
    #[validate(custom(function = "tidy::is_phone"))]
    #[schema(max_length = 40, example = "+862155550100")]
    pub phone: Option<String>,
    #[serde(skip)]
    #[diesel(skip_insertion)]
    pub phone_text: Option<String>,
    #[validate(length(max = 50))]
    #[schema(max_length = 50)]
    pub tax_number: Option<String>,
    #[validate(range(min = 0))]
    #[schema(minimum = 0)]
    pub employee_count: Option<i32>,
    #[diesel(skip_insertion)]
    #[validate(nested)]
    pub annual_revenue: Option<Money>,
    /// `lead`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_stage"))]
    #[schema(example = "customer")]
    pub lifecycle_stage: Option<String>,
    #[validate(custom(function = "is_rating"))]
    #[schema(example = "hot")]
    pub rating: Option<String>,
    #[validate(custom(function = "is_source"))]
    #[schema(example = "web")]
    pub source: Option<String>,
    pub parent_id: Option<AccountId>,
    #[validate(length(max = 300))]
    #[schema(max_length = 300)]
    pub street: Option<String>,
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub city: Option<String>,
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub region: Option<String>,
    #[validate(length(max = 20))]
    #[schema(max_length = 20)]
    pub postal_code: Option<String>,
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub country: Option<String>,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub description: Option<String>,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = accounts)]
#[schema(example = json!({"rating": "warm", "industry": null}))]
pub struct AccountPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 300))]
    #[schema(value_type = Option<String>, max_length = 300)]
    pub legal_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 50))]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub account_type: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub industry: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 500))]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub website: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(email, length(max = 254))]
    #[schema(value_type = Option<String>, format = "email", max_length = 254)]
    pub email: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "tidy::is_phone"))]
    #[schema(value_type = Option<String>, max_length = 40)]
    pub phone: Option<Option<String>>,
    #[serde(skip)]
    #[diesel(skip_update)]
    pub phone_text: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 50))]
    #[schema(value_type = Option<String>, max_length = 50)]
    pub tax_number: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 0))]
    #[schema(value_type = Option<i32>, minimum = 0)]
    pub employee_count: Option<Option<i32>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[validate(nested)]
    #[schema(value_type = Option<Money>)]
    pub annual_revenue: Option<Option<Money>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_stage"))]
    #[schema(value_type = String, required = false)]
    pub lifecycle_stage: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_rating"))]
    #[schema(value_type = Option<String>)]
    pub rating: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_source"))]
    #[schema(value_type = Option<String>)]
    pub source: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<AccountId>)]
    pub parent_id: Option<Option<AccountId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 300))]
    #[schema(value_type = Option<String>, max_length = 300)]
    pub street: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub city: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub region: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 20))]
    #[schema(value_type = Option<String>, max_length = 20)]
    pub postal_code: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub country: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub description: Option<Option<String>>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "account",
    table: "accounts",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
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
