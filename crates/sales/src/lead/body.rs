//! What is sent to make a lead, and to give it up.
use super::schema::leads;
use super::standing::SENT;
use super::utm::{LeadUtm, Utm, is_utm};
use customer::address::{filled, is_country};
use customer::choices::{RATINGS, SOURCES, one_of};
use customer::contact::full_name;
use diesel::prelude::Insertable;
use kernel::{LeadId, PoolId, Region, TeamId, Tidy, UserId, rule, tidy};
use platform::custom::Custom;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// What a new lead is made of: some name, an e-mail address or a number at least.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = leads, treat_none_as_default_value = false)]
#[validate(schema(function = "is_named"))]
#[schema(example = json!({
    "given_name": "伟", "family_name": "王", "company_name": "晨光商贸", "job_title": "采购经理",
    "email": "wang.wei@example.cn", "phone": "+8613800138000", "industry": "retail", "country": "CN",
    "region": "上海市", "city": "上海市", "source": "web", "rating": "warm",
    "utm": {"source": "wechat", "campaign": "autumn"}
}))]
pub struct NewLead {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<LeadId>,
    /// whom the assignment rules give it to, or else the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub owner_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    /// the pool that it lies in until somebody claims it; where an owner is named, the one that it goes back to
    #[diesel(skip_insertion)]
    pub pool_id: Option<PoolId>,
    /// `new`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_status"))]
    #[schema(example = "new")]
    pub status: Option<String>,
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub given_name: Option<String>,
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    pub family_name: Option<String>,
    /// made of the names where it is absent
    #[diesel(skip_insertion)]
    #[validate(length(max = 300), custom(function = "tidy::is_filled"))]
    #[schema(max_length = 300)]
    pub display_name: Option<String>,
    #[validate(length(max = 300))]
    #[schema(max_length = 300)]
    pub company_name: Option<String>,
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub job_title: Option<String>,
    #[validate(email, length(max = 254))]
    #[schema(format = "email", max_length = 254)]
    pub email: Option<String>,
    /// with its country code, or as it is dialled in the tenant's `phone_region`
    #[validate(custom(function = "tidy::is_phone"))]
    #[schema(max_length = 40, example = "+8613800138000")]
    pub phone: Option<String>,
    #[diesel(skip_insertion)]
    #[validate(length(max = 100))]
    #[schema(max_length = 100, example = "retail")]
    pub industry: Option<String>,
    /// its code of two letters (ISO 3166-1)
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_country"))]
    #[schema(min_length = 2, max_length = 2, example = "CN")]
    pub country: Option<String>,
    /// the province, state or prefecture
    #[diesel(skip_insertion)]
    #[validate(length(max = 100))]
    #[schema(max_length = 100, example = "上海市")]
    pub region: Option<String>,
    #[diesel(skip_insertion)]
    #[validate(length(max = 100))]
    #[schema(max_length = 100, example = "上海市")]
    pub city: Option<String>,
    #[serde(skip)]
    #[diesel(skip_insertion)]
    pub phone_text: Option<String>,
    #[validate(custom(function = "is_source"))]
    #[schema(example = "web")]
    pub source: Option<String>,
    #[validate(custom(function = "is_rating"))]
    #[schema(example = "warm")]
    pub rating: Option<String>,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub description: Option<String>,
    #[serde(default)]
    #[validate(custom(function = "is_utm"))]
    #[schema(value_type = LeadUtm, required = false)]
    pub utm: Utm,
    /// of one that is `unqualified`: why
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub disqualify_reason: Option<String>,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// Why a lead will not become a customer.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"disqualify_reason": "no_budget"}))]
pub struct Disqualification {
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub disqualify_reason: String,
}

impl NewLead {
    /// The name to show: as given, or made of the names, or the company's, or whatever they are reached by.
    pub fn name(&self) -> Option<String> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        given(&self.display_name)
            .or_else(|| full_name(self.given_name.as_deref(), self.family_name.as_deref()))
            .or_else(|| given(&self.company_name))
            .or_else(|| given(&self.email))
            .or_else(|| given(&self.phone))
    }
}

impl Tidy for NewLead {
    fn tidy(&mut self) {
        let names = [&mut self.given_name, &mut self.family_name, &mut self.display_name, &mut self.company_name];
        names.into_iter().flatten().for_each(tidy::trim);
        [&mut self.job_title, &mut self.disqualify_reason].into_iter().flatten().for_each(tidy::trim);
        self.email.iter_mut().for_each(tidy::email);
        [&mut self.industry, &mut self.country, &mut self.region, &mut self.city].into_iter().for_each(filled);
        self.country.iter_mut().for_each(tidy::capital);
    }
    fn dial(&mut self, region: Option<Region>) {
        tidy::dial(&mut self.phone, &mut self.phone_text, region);
    }
    fn quote(&mut self, text: String) {
        self.phone_text = self.phone.is_some().then_some(text);
    }
}
impl Tidy for Disqualification {
    fn tidy(&mut self) {
        tidy::trim(&mut self.disqualify_reason);
    }
}

fn is_named(new: &NewLead) -> Result<(), ValidationError> {
    match new.name().is_some() {
        true => Ok(()),
        false => Err(rule!("required", "needs a name, company_name, email or phone")),
    }
}

pub(super) fn is_status(text: &str) -> Result<(), ValidationError> {
    one_of(text, SENT)
}

pub(super) fn is_source(text: &str) -> Result<(), ValidationError> {
    one_of(text, SOURCES)
}

pub(super) fn is_rating(text: &str) -> Result<(), ValidationError> {
    one_of(text, RATINGS)
}
