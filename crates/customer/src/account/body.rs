//! What is sent to make an account, and to change one.
use super::rules::{is_named, is_rating, is_source, is_stage, leads_once};
use crate::address::NewAddress;
use crate::contact::NewContact;
use crate::schema::accounts;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{AccountId, ContactId, Money, TeamId, UserId, patch, tidy};
use platform::custom::{Custom, CustomPatch};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// What a new account is made of: an organisation by its `name`, or somebody. Who is said in `person`, or is there
/// already (`person_id`), is who the account is: name, address, number, owner, team and lifecycle stage are theirs, and
/// what organisations alone have is not said of them.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
#[validate(schema(function = "is_named", skip_on_field_errors = false))]
#[validate(schema(function = "leads_once", skip_on_field_errors = false))]
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
    /// somebody new: the account is theirs, and the contact is made with it
    #[diesel(skip_insertion)]
    #[validate(nested)]
    pub person: Option<NewContact>,
    /// the contact whose account it is
    #[diesel(skip_insertion)]
    pub person_id: Option<ContactId>,
    /// of an organisation
    #[diesel(skip_insertion)]
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    pub name: Option<String>,
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
    /// where it is found by post; of each kind one may be primary
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(nested, length(max = 20))]
    #[schema(required = false, max_items = 20)]
    pub addresses: Vec<NewAddress>,
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
