//! What is sent to put a payment down, to change it, and to match it.
use super::METHODS;
use crate::contract::schema::payments;
use crate::exact;
use chrono::NaiveDate;
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{AccountId, ContractId, InstallmentId, Money, PaymentId, TeamId, Tidy, UserId, money, patch, tidy};
use platform::custom::{Custom, CustomPatch};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What a new payment is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = payments, treat_none_as_default_value = false)]
#[schema(example = json!({
    "amount": {"amount": "2825.00", "currency": "CNY"}, "received_on": "2027-01-12", "method": "bank_transfer",
    "reference": "20270112-0098"
}))]
pub struct NewPayment {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<PaymentId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    /// that of the contract, unless said otherwise
    #[diesel(skip_insertion)]
    pub account_id: Option<AccountId>,
    /// what it is matched to: to the oldest instalments that are open first, unless said otherwise
    pub contract_id: Option<ContractId>,
    #[diesel(skip_insertion)]
    #[validate(nested, custom(function = "is_paid"))]
    pub amount: Money,
    /// today where the tenant is, unless said otherwise
    #[diesel(skip_insertion)]
    pub received_on: Option<NaiveDate>,
    /// `bank_transfer`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_method"))]
    #[schema(example = "bank_transfer")]
    pub method: Option<String>,
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub reference: Option<String>,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub description: Option<String>,
    /// which instalments it pays, in place of the oldest; none: it stays unmatched
    #[diesel(skip_insertion)]
    #[validate(nested, length(max = 200))]
    #[schema(max_items = 200)]
    pub matches: Option<Vec<NewPaymentMatch>>,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// How much of a payment pays which instalment.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"installment_id": "0192f0c1-8888-7000-8000-000000000041", "amount": "2825.00"}))]
pub struct NewPaymentMatch {
    pub installment_id: InstallmentId,
    /// in the currency of the payment
    #[serde(deserialize_with = "money::decimal")]
    #[validate(custom(function = "exact::is_above_zero"))]
    #[schema(value_type = String, format = "decimal", example = "2825.00", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub amount: Decimal,
}

/// What a payment pays, beyond what it pays already.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"matches": [{"installment_id": "0192f0c1-8888-7000-8000-000000000041", "amount": "2825.00"}]}))]
pub struct PaymentMatching {
    /// of its own contract, unless said otherwise
    pub contract_id: Option<ContractId>,
    /// the oldest that are open first, unless said otherwise
    #[validate(nested, length(max = 200))]
    #[schema(max_items = 200)]
    pub matches: Option<Vec<NewPaymentMatch>>,
}

/// A merge patch: what is absent stays, what is null is cleared. Amount and contract change while nothing of the payment
/// has paid an instalment, or together with all that it pays.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = payments)]
#[schema(example = json!({"reference": "20270112-0099"}))]
pub struct PaymentPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<AccountId>)]
    pub account_id: Option<Option<AccountId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<ContractId>)]
    pub contract_id: Option<Option<ContractId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested, custom(function = "is_paid"))]
    #[schema(value_type = Money, required = false)]
    pub amount: Option<Money>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = NaiveDate, required = false)]
    pub received_on: Option<NaiveDate>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_method"))]
    #[schema(value_type = String, required = false)]
    pub method: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 200))]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reference: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub description: Option<Option<String>>,
    /// which instalments it pays, in place of all that it paid
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested, length(max = 200))]
    #[schema(value_type = Vec<NewPaymentMatch>, required = false, max_items = 200)]
    pub matches: Option<Vec<NewPaymentMatch>>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

impl Tidy for NewPayment {
    fn tidy(&mut self) {
        self.reference.iter_mut().for_each(tidy::trim);
    }
}
impl Tidy for PaymentPatch {
    fn tidy(&mut self) {
        self.reference.iter_mut().flatten().for_each(tidy::trim);
    }
}
impl Tidy for PaymentMatching {}

fn is_method(text: &str) -> Result<(), ValidationError> {
    one_of(text, METHODS)
}

fn is_paid(money: &Money) -> Result<(), ValidationError> {
    exact::is_above_zero(&money.amount)
}
