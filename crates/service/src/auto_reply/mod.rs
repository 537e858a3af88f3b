//! What is answered at once to whoever opens a case by mail: by the first rule, in their order, whose filter holds of
//! the case, in the language of its contact. Once a case, and never to what nobody has written by hand (RFC 3834); and
//! so often a day at most to one address, for other programs answer, too.
mod answer;
mod body;
mod deeds;
mod schema;
pub(crate) mod store;
pub mod template;

pub use answer::{Asked, answer};
pub use body::{AutoReplyRulePatch, AutoReplyText, AutoReplyTexts, NewAutoReplyRule};
pub use deeds::{archive, create, purge, restore, update};
pub use schema::auto_reply_rules::table as Table;
pub use store::{find, list, many};

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Searched};
use kernel::{AutoReplyRuleId, Noun, Record, UserId};
use platform::filter::Listed;
use schema::auto_reply_rules;
use serde::Serialize;
use utoipa::ToSchema;

/// What is answered at once, to whom.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = auto_reply_rules, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-aaaa-7000-8000-000000000030", "name": "已收到", "position": 10,
    "filter": "channel == \"email\" && case_type == \"complaint\"",
    "texts": [{"locale": "zh-Hans", "subject": "我们已收到您的来信", "body": "您好 {{contact.name}}：单号 {{case.number}}。"}],
    "is_active": true, "version": 1, "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct AutoReplyRule {
    pub id: AutoReplyRuleId,
    pub name: String,
    /// the lowest is asked first
    pub position: i32,
    /// over cases, in the language of filters; of all of them, where there is none
    #[schema(example = "case_type == \"complaint\"")]
    pub filter: Option<String>,
    /// one a language; the first is for whoever speaks none of the others
    #[schema(value_type = Vec<AutoReplyText>)]
    pub texts: AutoReplyTexts,
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "auto_reply_rule",
    table: "auto_reply_rules",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("position", Holds::Int),
        Field::new("filter", Holds::Text).nullable(),
        Field::new("texts", Holds::Text).unfilterable().unsortable(),
        Field::new("is_active", Holds::Bool),
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

impl Noun for AutoReplyRule {
    const NAME: &'static str = "auto_reply_rule";
}
impl Record for AutoReplyRule {
    type Id = AutoReplyRuleId;
    fn id(&self) -> AutoReplyRuleId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for auto_reply_rules::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
