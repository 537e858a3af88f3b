//! What is sent to make a contract, and to change it.
use super::installment::NewInstallment;
use super::schema::contracts;
use super::{Contract, RENEWALS};
use chrono::{DateTime, NaiveDate, Utc};
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{AccountId, ContractId, Money, TeamId, Tidy, UserId, patch, rule, tidy};
use platform::custom::{Custom, CustomPatch};
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What a new contract is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = contracts, treat_none_as_default_value = false)]
#[validate(schema(function = "ends_after_it_starts"))]
#[schema(example = json!({
    "title": "茶叶年度供货合同", "start_on": "2027-01-01", "end_on": "2027-12-31", "renewal": "manual",
    "value": {"amount": "11300.00", "currency": "CNY"}
}))]
pub struct NewContract {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<ContractId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    /// counted on by the year where it is absent: `C-2026-00007`
    #[diesel(skip_insertion)]
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub number: Option<String>,
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    pub account_id: Option<AccountId>,
    pub start_on: Option<NaiveDate>,
    pub end_on: Option<NaiveDate>,
    /// `none`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_renewal"))]
    #[schema(example = "manual")]
    pub renewal: Option<String>,
    #[diesel(skip_insertion)]
    #[validate(nested, custom(function = "is_value"))]
    pub value: Money,
    /// when it was signed, where that is known before it is said here; signing writes the moment down else
    pub signed_at: Option<DateTime<Utc>>,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub description: Option<String>,
    /// when what of it is due: together they come to its value
    #[diesel(skip_insertion)]
    #[validate(nested, length(max = 200))]
    #[schema(max_items = 200)]
    pub installments: Option<Vec<NewInstallment>>,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// A merge patch: what is absent stays, what is null is cleared. Of what was signed, number, account, first day, value
/// and signature stay; of what has ended, the last day and the renewal too.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = contracts)]
#[schema(example = json!({"end_on": "2028-06-30", "renewal": "automatic"}))]
pub struct ContractPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub number: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 300), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<AccountId>)]
    pub account_id: Option<Option<AccountId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub start_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub end_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_renewal"))]
    #[schema(value_type = String, required = false)]
    pub renewal: Option<String>,
    /// changes only while there are no instalments, or together with all of them
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested, custom(function = "is_value"))]
    #[schema(value_type = Money, required = false)]
    pub value: Option<Money>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub signed_at: Option<Option<DateTime<Utc>>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub description: Option<Option<String>>,
    /// all instalments of the contract, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested, length(max = 200))]
    #[schema(value_type = Vec<NewInstallment>, required = false, max_items = 200)]
    pub installments: Option<Vec<NewInstallment>>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

impl ContractPatch {
    /// Whether it says other than what stays once a contract was signed, or has ended.
    pub(super) fn changes_what_stands(&self, before: &Contract, has_ended: bool) -> bool {
        fn other<T: PartialEq>(asked: Option<&T>, standing: &T) -> bool {
            asked.is_some_and(|asked| asked != standing)
        }
        let named = other(self.number.as_ref(), &before.number) || other(self.account_id.as_ref(), &before.account_id);
        let agreed = other(self.value.as_ref(), &before.value) || other(self.start_on.as_ref(), &before.start_on);
        let signed = other(self.signed_at.as_ref(), &before.signed_at);
        let lasts = other(self.end_on.as_ref(), &before.end_on) || other(self.renewal.as_ref(), &before.renewal);
        named || agreed || signed || has_ended && lasts
    }
}

impl Tidy for NewContract {
    fn tidy(&mut self) {
        self.number.iter_mut().for_each(tidy::trim);
        tidy::trim(&mut self.title);
    }
}
impl Tidy for ContractPatch {
    fn tidy(&mut self) {
        [&mut self.number, &mut self.title].into_iter().flatten().for_each(tidy::trim);
    }
}

fn is_renewal(text: &str) -> Result<(), ValidationError> {
    one_of(text, RENEWALS)
}

fn is_value(money: &Money) -> Result<(), ValidationError> {
    if money.amount >= Decimal::ZERO { Ok(()) } else { Err(rule!("range", "is below zero")) }
}

fn ends_after_it_starts(new: &NewContract) -> Result<(), ValidationError> {
    if new.start_on.zip(new.end_on).is_none_or(|(start, end)| start <= end) {
        return Ok(());
    }
    let mut rule = rule!("range", "is before the first day");
    rule.add_param("member".into(), &"end_on");
    Err(rule)
}
