//! A template is what is written to many: by one channel, in each language that somebody has put it into, with places
//! that are filled in for each reader. What may stand in a place is declared, with what stands there where nothing is
//! known; so a reader never sees a gap, and a template never sees more of a reader than it says ([`render`]).
//!
//! Its name is unique among the living ones of a tenant. It belongs to nobody, as products do.
mod body;
mod deeds;
mod preview;
pub mod render;
pub(crate) mod store;

pub use crate::schema::templates::table as Table;
pub use body::{NewTemplate, TemplatePatch, TemplateVariable, TemplateVariables, TemplateVariant, TemplateVariants};
pub use deeds::{archive, create, is_there, purge, restore, update, upsert};
pub use preview::{
    JOB, TemplatePreview, TemplatePreviewAsk, TemplateTest, TestQueued, of_reader, preview, reader, test, test_letter,
};
pub use store::{find, list, many};

use crate::schema::templates;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Searched};
use kernel::{Code, Kind, Noun, Record, TemplateId, UserId};
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const NAME_TAKEN: Code =
    Code::new("template_name_taken", Kind::Conflict, "Another template has this name: `existing` says which.");
pub const BROKEN: Code = Code::new(
    "template_broken",
    Kind::Invalid,
    "The template cannot be read, names what it does not declare, or does not come to an end in time.",
);
pub const UNFILLED: Code = Code::new(
    "template_unfilled",
    Kind::Conflict,
    "Nothing is known of the reader that stands in a place of the template, and nothing is declared to stand there else.",
);
pub const CODES: &[Code] = &[NAME_TAKEN, BROKEN, UNFILLED];

pub const CHANNELS: &[&str] = &["email", "sms", "social", "wechat"];

/// What is written to many.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = templates, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-b0b0-7000-8000-000000000004", "name": "春茶通知", "description": null, "channel": "email",
    "default_locale": "zh-Hans",
    "variants": [{"locale": "zh-Hans", "subject": "{{ contact.given_name }}，春茶到了",
        "html": "<p>您好，{{ contact.given_name }}！</p>", "text": "您好，{{ contact.given_name }}！"}],
    "variables": [{"name": "contact.given_name", "fallback": "朋友"}], "version": 1,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Template {
    pub id: TemplateId,
    pub name: String,
    pub description: Option<String>,
    /// stays as it was given
    #[schema(example = "email")]
    pub channel: String,
    /// of the variant for those whose language has none
    #[schema(example = "zh-Hans")]
    pub default_locale: String,
    /// what is written, in each language
    #[schema(value_type = Vec<TemplateVariant>)]
    pub variants: TemplateVariants,
    /// what may stand in its places
    #[schema(value_type = Vec<TemplateVariable>)]
    pub variables: TemplateVariables,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "template",
    table: "templates",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("channel", Holds::Choice(CHANNELS)),
        Field::new("default_locale", Holds::Text),
        Field::new("variants", Holds::Text).unfilterable().unsortable(),
        Field::new("variables", Holds::Text).unfilterable().unsortable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for Template {
    const NAME: &'static str = "template";
}
impl Record for Template {
    type Id = TemplateId;
    fn id(&self) -> TemplateId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for templates::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

impl Template {
    /// The variant for somebody of this locale: theirs, one of their language, or the default one.
    #[must_use]
    pub fn variant(&self, locale: Option<&str>) -> Option<&TemplateVariant> {
        let all = &self.variants.0;
        let exact = |locale: &str| all.iter().find(|one| one.locale.eq_ignore_ascii_case(locale));
        let language = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let means = |one: &TemplateVariant, locale: &str| match kernel::Language::of(locale) {
            // of Chinese the script decides
            Some(known) => kernel::Language::of(&one.locale) == Some(known),
            None => language(&one.locale) == language(locale),
        };
        let theirs = locale.and_then(|locale| exact(locale).or_else(|| all.iter().find(|one| means(one, locale))));
        theirs.or_else(|| exact(&self.default_locale))
    }
}
