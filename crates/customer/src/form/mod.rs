//! A form is what visitors of the business's own pages fill in: which questions there are, what becomes of each answer,
//! what they agree to by it and in which words, and on which sites it may stand.
//!
//! What comes in is written as the form's user, and can do no more than they may. A submission is kept as it came
//! ([`submission`]); who has not shown that an address is theirs changes nothing that is known of its owner.
mod answers;
mod deeds;
mod field;
mod rules;
mod store;
pub mod submission;
mod text;

pub use crate::schema::forms::table as Table;
pub use answers::{Answered, field_of, read};
pub use deeds::{archive, create, purge, restore, update, upsert};
pub use field::{FormConsent, FormField, FormOption, KINDS};
pub use store::{find, list, many, open};
pub use text::FormText;

use crate::schema::forms;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, FormId, Kind, Noun, Record, UserId, patch, tidy};
use platform::filter::Listed;
use rules::{are_origins, is_made, is_page, is_status, is_text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const TOKEN_INVALID: Code = Code::new(
    "form_token_invalid",
    Kind::Invalid,
    "The token is not one of this form, or is older than a day: fetch the form anew.",
);
pub const TOO_SOON: Code =
    Code::new("form_too_soon", Kind::Invalid, "The form was sent sooner than a person fills it in: try again.");
pub const ORIGIN_REFUSED: Code = Code::new(
    "form_origin_refused",
    Kind::Forbidden,
    "The form may not stand on this site: see its `allowed_origins`.",
);
pub const CODES: &[Code] = &[TOKEN_INVALID, TOO_SOON, ORIGIN_REFUSED];

pub const STATUSES: &[&str] = &["draft", "published", "archived"];
pub const CONTACT: &str = "contact";
pub const LEAD: &str = "lead";
/// What a submission may become; whoever is a contact already stays one.
pub const MAKES: &[&str] = &[CONTACT, LEAD];

platform::jsonb!(Questions(Vec<FormField>), "The fields of a form, as a column keeps them.");
platform::jsonb!(Thanks(FormText), "A text of a form, as a column keeps it.");

/// What visitors fill in.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = forms, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-bbbb-7000-8000-00000000000a", "name": "Newsletter", "status": "published",
    "user_id": "0192f0c1-0000-7000-8000-000000000001", "makes": "contact",
    "fields": [{"key": "mail", "kind": "email", "label": {"en": "E-mail", "zh-Hans": "邮箱"}, "is_required": true,
                "options": [], "max_length": null, "target": "contact.email", "consent": null}],
    "thank_you": {"en": "Thank you!"}, "redirect_url": null, "allowed_origins": ["https://www.example.com"],
    "has_double_opt_in": true, "least_seconds": 2, "phone_region": null, "version": 1,
    "created_at": "2026-11-26T08:00:00Z", "updated_at": "2026-11-26T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct Form {
    pub id: FormId,
    pub name: String,
    /// it is filled in while it is `published`
    pub status: String,
    /// as whom what comes in is written: it can do no more than they may
    pub user_id: UserId,
    /// what a submission becomes: `contact`, or `lead` where it is no contact already
    pub makes: String,
    #[schema(value_type = Vec<FormField>)]
    pub fields: Questions,
    /// what a visitor reads when it is done
    #[schema(value_type = FormText)]
    pub thank_you: Thanks,
    /// where a visitor goes when it is done
    pub redirect_url: Option<String>,
    /// the sites that it may stand on; servers, which name none, may always send it
    pub allowed_origins: Vec<String>,
    /// what is agreed to holds when the link of a letter was followed
    pub has_double_opt_in: bool,
    /// whoever is quicker is no person
    pub least_seconds: i32,
    /// ISO 3166-1 alpha-2: whose phone numbers are that do not say their country; null: as the tenant has it
    pub phone_region: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new form is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = forms, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "Newsletter", "status": "published", "thank_you": {"en": "Thank you!", "zh-Hans": "谢谢！"},
    "allowed_origins": ["https://www.example.com"], "has_double_opt_in": true,
    "fields": [
        {"key": "name", "kind": "text", "label": {"en": "Name", "zh-Hans": "姓名"}, "target": "contact.display_name"},
        {"key": "mail", "kind": "email", "label": {"en": "E-mail", "zh-Hans": "邮箱"}, "is_required": true,
         "target": "contact.email"},
        {"key": "news", "kind": "consent", "label": {"en": "Newsletter", "zh-Hans": "新闻邮件"},
         "consent": {"purpose": "newsletter", "channel": "email", "version": "1",
                     "wording": {"en": "Yes, send me the newsletter.", "zh-Hans": "我同意接收新闻邮件。"}}}
    ]
}))]
pub struct NewForm {
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[serde(default = "rules::draft")]
    #[validate(custom(function = "is_status"))]
    #[schema(default = "draft", required = false)]
    pub status: String,
    /// the caller, where it is absent; of somebody else, it may be one whose rights the caller holds
    #[diesel(skip_insertion)]
    pub user_id: Option<UserId>,
    #[serde(default = "rules::contact")]
    #[validate(custom(function = "is_made"))]
    #[schema(default = "contact", required = false)]
    pub makes: String,
    #[validate(custom(function = "field::are_sound"))]
    #[schema(value_type = Vec<FormField>, min_items = 1, max_items = 100)]
    pub fields: Questions,
    #[serde(default)]
    #[validate(custom(function = "is_text"))]
    #[schema(value_type = FormText, required = false)]
    pub thank_you: Thanks,
    #[validate(custom(function = "is_page"))]
    #[schema(format = "uri", max_length = 2000)]
    pub redirect_url: Option<String>,
    #[serde(default)]
    #[validate(length(max = 50), custom(function = "are_origins"))]
    #[schema(required = false, max_items = 50)]
    pub allowed_origins: Vec<String>,
    #[serde(default)]
    #[schema(required = false)]
    pub has_double_opt_in: bool,
    #[serde(default = "rules::two")]
    #[validate(range(min = 0, max = 60))]
    #[schema(default = 2, minimum = 0, maximum = 60, required = false)]
    pub least_seconds: i32,
    #[validate(custom(function = "kernel::phone::is_region"))]
    #[schema(pattern = "^[A-Z]{2}$", min_length = 2, max_length = 2, example = "CN")]
    pub phone_region: Option<String>,
}

/// A merge patch of a form. What was agreed to by its words before stays with those words.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = forms)]
#[schema(example = json!({"status": "archived"}))]
pub struct FormPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_status"))]
    #[schema(value_type = String, required = false)]
    pub status: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub user_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "field::are_sound"))]
    #[schema(value_type = Vec<FormField>, required = false, min_items = 1, max_items = 100)]
    pub fields: Option<Questions>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_text"))]
    #[schema(value_type = FormText, required = false)]
    pub thank_you: Option<Thanks>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_page"))]
    #[schema(value_type = Option<String>, format = "uri", max_length = 2000)]
    pub redirect_url: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 50), custom(function = "are_origins"))]
    #[schema(value_type = Vec<String>, required = false, max_items = 50)]
    pub allowed_origins: Option<Vec<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub has_double_opt_in: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 0, max = 60))]
    #[schema(value_type = i32, minimum = 0, maximum = 60, required = false)]
    pub least_seconds: Option<i32>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "kernel::phone::is_region"))]
    #[schema(value_type = Option<String>, pattern = "^[A-Z]{2}$", min_length = 2, max_length = 2)]
    pub phone_region: Option<Option<String>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "form",
    table: "forms",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("user_id", Holds::Id),
        Field::new("makes", Holds::Choice(MAKES)),
        Field::new("fields", Holds::Text).unfilterable().unsortable(),
        Field::new("thank_you", Holds::Text).unfilterable().unsortable(),
        Field::new("redirect_url", Holds::Text).nullable(),
        Field::new("allowed_origins", Holds::Tags),
        Field::new("has_double_opt_in", Holds::Bool),
        Field::new("least_seconds", Holds::Int),
        Field::new("phone_region", Holds::Text).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("user", "user", "user_id"), Relation::many("submissions", "form_submission", "form_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for Form {
    const NAME: &'static str = "form";
}
impl Record for Form {
    type Id = FormId;
    fn id(&self) -> FormId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for forms::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
