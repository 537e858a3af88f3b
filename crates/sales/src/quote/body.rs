//! What is sent to make a quote, to change it, to send it, and to say no.
use super::ROUNDINGS;
use super::line::{NewQuoteLine, one_of_both};
use super::schema::quotes;
use crate::exact;
use chrono::NaiveDate;
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{AccountId, ContactId, OpportunityId, PriceBookId, QuoteId, TeamId, Tidy, UserId, patch, rule, tidy};
use platform::custom::{Custom, CustomPatch};
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidateEmail, ValidationError};

/// What a new quote is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = quotes, treat_none_as_default_value = false)]
#[validate(schema(function = "one_discount"))]
#[schema(example = json!({
    "currency": "CNY", "valid_until_on": "2026-12-31", "discount_fixed": "184.00", "terms": "款到发货",
    "lines": [{"name": "西湖龙井 250克", "quantity": "40", "unit_price": "268.00", "discount_rate": "0.05",
               "tax_rate": "0.13"}]
}))]
pub struct NewQuote {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<QuoteId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    /// counted on by the year where it is absent: `Q-2026-00042`
    #[diesel(skip_insertion)]
    #[validate(length(min = 1, max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub number: Option<String>,
    pub opportunity_id: Option<OpportunityId>,
    /// that of the opportunity, unless said otherwise
    #[diesel(skip_insertion)]
    pub account_id: Option<AccountId>,
    pub contact_id: Option<ContactId>,
    /// that of the opportunity, or the tenant's own, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "exact::is_currency"))]
    #[schema(example = "CNY", pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub currency: Option<String>,
    /// where prices come from that are not said; else the default one of the currency
    pub price_book_id: Option<PriceBookId>,
    pub valid_until_on: Option<NaiveDate>,
    /// whether prices hold the tax; not, unless said otherwise
    #[diesel(skip_insertion)]
    pub is_tax_included: Option<bool>,
    /// `line` or `document`: by line, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_rounding"))]
    #[schema(example = "line")]
    pub rounding: Option<String>,
    /// what part is off all lines, from 0 to 1
    #[serde(default, deserialize_with = "exact::maybe")]
    #[validate(custom(function = "exact::is_rate"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "0.05", pattern = r"^(0(\.\d{1,6})?|1(\.0{1,6})?)$")]
    pub discount_rate: Option<Decimal>,
    /// what sum is off all lines, in place of a rate
    #[serde(default, deserialize_with = "exact::maybe")]
    #[validate(custom(function = "exact::is_sum"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "184.00", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub discount_fixed: Option<Decimal>,
    /// what the delivery costs
    #[serde(default, deserialize_with = "exact::maybe")]
    #[diesel(skip_insertion)]
    #[validate(custom(function = "exact::is_sum"))]
    #[schema(value_type = Option<String>, format = "decimal", example = "12.00", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub shipping: Option<Decimal>,
    /// what the customer reads below the lines
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub terms: Option<String>,
    /// those of the opportunity, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(nested, length(max = 500))]
    #[schema(max_items = 500)]
    pub lines: Option<Vec<NewQuoteLine>>,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// A merge patch: what is absent stays, what is null is cleared. Of a quote that is no draft any more, the owner and the
/// team alone.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = quotes)]
#[validate(schema(function = "one_discount_patched"))]
#[schema(example = json!({"valid_until_on": "2027-01-15", "discount_rate": "0.08"}))]
pub struct QuotePatch {
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
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<OpportunityId>)]
    pub opportunity_id: Option<Option<OpportunityId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<AccountId>)]
    pub account_id: Option<Option<AccountId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<ContactId>)]
    pub contact_id: Option<Option<ContactId>>,
    /// changes only while there are no lines, or together with all of them
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(custom(function = "exact::is_currency"))]
    #[schema(value_type = String, required = false, pattern = "^[A-Z]{3}$", min_length = 3, max_length = 3)]
    pub currency: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<PriceBookId>)]
    pub price_book_id: Option<Option<PriceBookId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub valid_until_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[schema(value_type = bool, required = false)]
    pub is_tax_included: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(custom(function = "is_rounding"))]
    #[schema(value_type = String, required = false)]
    pub rounding: Option<String>,
    /// takes the place of a sum
    #[serde(default, deserialize_with = "exact::nullable")]
    #[diesel(skip_update)]
    #[validate(custom(function = "exact::is_rate"))]
    #[schema(value_type = Option<String>, format = "decimal", pattern = r"^(0(\.\d{1,6})?|1(\.0{1,6})?)$")]
    pub discount_rate: Option<Option<Decimal>>,
    /// takes the place of a rate
    #[serde(default, deserialize_with = "exact::nullable")]
    #[diesel(skip_update)]
    #[validate(custom(function = "exact::is_sum"))]
    #[schema(value_type = Option<String>, format = "decimal", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub discount_fixed: Option<Option<Decimal>>,
    #[serde(default, deserialize_with = "exact::value")]
    #[diesel(skip_update)]
    #[validate(custom(function = "exact::is_sum"))]
    #[schema(value_type = String, required = false, format = "decimal", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub shipping: Option<Decimal>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub terms: Option<Option<String>>,
    /// all lines of the quote, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested, length(max = 500))]
    #[schema(value_type = Vec<NewQuoteLine>, required = false, max_items = 500)]
    pub lines: Option<Vec<NewQuoteLine>>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

impl QuotePatch {
    /// Whether it changes whose the quote is, and nothing of it.
    pub(super) fn only_moves(&self) -> bool {
        let Self { owner_id: _, team_id: _, lines, custom, number, opportunity_id, account_id, contact_id, .. } = self;
        let parts = lines.is_some() || custom.is_some() || number.is_some() || opportunity_id.is_some();
        let whose = account_id.is_some() || contact_id.is_some();
        let rest = self.price_book_id.is_some() || self.valid_until_on.is_some() || self.terms.is_some();
        !(parts || whose || rest || self.reckons())
    }

    /// Whether what the quote comes to follows anew.
    pub(super) fn reckons(&self) -> bool {
        let off = self.discount_rate.is_some() || self.discount_fixed.is_some();
        let manner = self.is_tax_included.is_some() || self.rounding.is_some() || self.currency.is_some();
        off || manner || self.shipping.is_some() || self.lines.is_some()
    }
}

/// To whom a quote goes.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "wang.wei@example.cn", "language": "zh-Hans", "message": "王总您好，报价请见附件。"}))]
pub struct QuoteSending {
    #[validate(length(max = 254), custom(function = "is_address"))]
    #[schema(format = "email", max_length = 254)]
    pub to: String,
    /// of the letter and of the PDF: `en`, `zh-Hans` or `zh-Hant`; the tenant's own, unless said otherwise
    #[validate(length(max = 35))]
    #[schema(max_length = 35)]
    pub language: Option<String>,
    /// what stands above the link
    #[validate(length(max = 5000))]
    #[schema(max_length = 5000)]
    pub message: Option<String>,
}

/// Why a quote is not taken, or not let go.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "价格偏高"}))]
pub struct QuoteRejection {
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    pub reason: Option<String>,
}

impl Tidy for NewQuote {
    fn tidy(&mut self) {
        [&mut self.number, &mut self.currency].into_iter().flatten().for_each(tidy::trim);
        self.lines.iter_mut().flatten().for_each(Tidy::tidy);
    }
}
impl Tidy for QuotePatch {
    fn tidy(&mut self) {
        [&mut self.number, &mut self.currency].into_iter().flatten().for_each(tidy::trim);
        self.lines.iter_mut().flatten().for_each(Tidy::tidy);
    }
}
impl Tidy for QuoteSending {
    fn tidy(&mut self) {
        tidy::trim(&mut self.to);
    }
}
impl Tidy for QuoteRejection {}
fn is_rounding(text: &str) -> Result<(), ValidationError> {
    one_of(text, ROUNDINGS)
}
fn is_address(text: &str) -> Result<(), ValidationError> {
    if text.validate_email() { Ok(()) } else { Err(rule!("email", "is not an e-mail address")) }
}
fn one_discount(new: &NewQuote) -> Result<(), ValidationError> {
    one_of_both(new.discount_rate, new.discount_fixed)
}

fn one_discount_patched(patch: &QuotePatch) -> Result<(), ValidationError> {
    one_of_both(patch.discount_rate.flatten(), patch.discount_fixed.flatten())
}
