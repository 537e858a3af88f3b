//! What is sent to change a lead.
use super::Lead;
use super::body::{is_rating, is_source, is_status};
use super::schema::leads;
use super::utm::{LeadUtm, Utm, is_utm};
use customer::address::{filled, is_country};
use customer::contact::full_name;
use diesel::prelude::AsChangeset;
use kernel::{Region, TeamId, Tidy, UserId, patch, tidy};
use platform::custom::{Custom, CustomPatch};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = leads)]
#[schema(example = json!({"status": "working", "rating": "hot"}))]
pub struct LeadPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub owner_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_status"))]
    #[schema(value_type = String, required = false)]
    pub status: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub given_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub family_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 300), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300)]
    pub display_name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 300))]
    #[schema(value_type = Option<String>, max_length = 300)]
    pub company_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 200))]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub job_title: Option<Option<String>>,
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
    #[diesel(skip_update)]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub industry: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[validate(custom(function = "is_country"))]
    #[schema(value_type = Option<String>, min_length = 2, max_length = 2)]
    pub country: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub region: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[diesel(skip_update)]
    #[validate(length(max = 100))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub city: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_source"))]
    #[schema(value_type = Option<String>)]
    pub source: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_rating"))]
    #[schema(value_type = Option<String>)]
    pub rating: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub description: Option<Option<String>>,
    /// in place of what is there
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_utm"))]
    #[schema(value_type = LeadUtm, required = false)]
    pub utm: Option<Utm>,
    /// of one that is `unqualified`: why
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 200))]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub disqualify_reason: Option<Option<String>>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

impl LeadPatch {
    /// Whether it is found by other words from now on.
    pub(super) fn is_searched(&self) -> bool {
        let names = [&self.given_name, &self.family_name, &self.company_name, &self.email, &self.phone];
        let words = names.into_iter().chain([&self.region, &self.city]);
        self.display_name.is_some() || self.custom.is_some() || words.into_iter().any(Option::is_some)
    }

    /// A name that was made of the others follows them.
    pub(super) fn rename(&mut self, before: &Lead) {
        let given = |new: &Option<Option<String>>, old: &Option<String>| new.clone().unwrap_or_else(|| old.clone());
        let made = full_name(before.given_name.as_deref(), before.family_name.as_deref());
        if self.display_name.is_none() && made.as_deref() == Some(before.display_name.as_str()) {
            let (first, last) =
                (given(&self.given_name, &before.given_name), given(&self.family_name, &before.family_name));
            self.display_name = full_name(first.as_deref(), last.as_deref());
        }
    }
}

impl Tidy for LeadPatch {
    fn tidy(&mut self) {
        let names = [&mut self.given_name, &mut self.family_name, &mut self.company_name, &mut self.job_title];
        names.into_iter().flatten().flatten().for_each(tidy::trim);
        self.disqualify_reason.iter_mut().flatten().for_each(tidy::trim);
        self.display_name.iter_mut().for_each(tidy::trim);
        self.email.iter_mut().flatten().for_each(tidy::email);
        let place = [&mut self.industry, &mut self.country, &mut self.region, &mut self.city];
        place.into_iter().flatten().for_each(filled);
        self.country.iter_mut().flatten().for_each(tidy::capital);
    }
    fn dial(&mut self, region: Option<Region>) {
        tidy::redial(&mut self.phone, &mut self.phone_text, region);
    }
    fn quote(&mut self, text: String) {
        self.phone_text = self.phone.as_ref().map(|phone| phone.as_ref().map(|_| text));
    }
}
