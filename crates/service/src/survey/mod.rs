//! A survey asks customers one question when something was done for them: how content they are (`csat`, 1 to 5), whether
//! they would recommend the business (`nps`, 0 to 10), or how easy it was (`ces`, 1 to 7). Nobody is asked more often than
//! it says. Whom it has asked, and what they have answered, are its responses ([`response`]).
mod body;
mod deeds;
pub mod response;
mod schema;
mod store;

pub use body::{NewSurvey, SurveyPatch};
pub use deeds::{archive, create, purge, restore, update};
pub use schema::surveys::table as Table;
pub use store::{find, list, many};
pub(crate) use store::{find_any, on_close};

use crate::locale::Worded;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, Kind, Noun, Record, SurveyId, UserId};
use platform::filter::Listed;
use schema::surveys;
use serde::Serialize;
use utoipa::ToSchema;

pub const NAME_TAKEN: Code =
    Code::new("survey_name_taken", Kind::Conflict, "Another survey has this name: `existing` says which.");
pub const CODES: &[Code] = &[NAME_TAKEN];

pub const CSAT: &str = "csat";
pub const NPS: &str = "nps";
pub const CES: &str = "ces";
pub const KINDS: &[&str] = &[CSAT, NPS, CES];

/// What customers are asked when something was done for them.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = surveys, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8d8d-7000-8000-000000000001", "name": "服务满意度", "kind": "csat",
    "subjects": {"zh-Hans": "请评价我们的服务"}, "questions": {"zh-Hans": "您对本次服务满意吗？"},
    "thanks": {"zh-Hans": "感谢您的反馈！"}, "is_active": true, "is_sent_on_close": true, "delay_minutes": 60, "sampling_percent": 100,
    "quiet_days": 30, "answer_days": 14, "version": 1, "created_at": "2026-11-27T08:00:00Z",
    "updated_at": "2026-11-27T08:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct Survey {
    pub id: SurveyId,
    pub name: String,
    /// `csat` (1 to 5), `nps` (0 to 10) or `ces` (1 to 7)
    #[schema(example = "csat")]
    pub kind: String,
    /// of the letter, by language
    pub subjects: Worded,
    /// what is asked, by language
    pub questions: Worded,
    /// what is said of an answer, by language
    pub thanks: Worded,
    /// whether anybody is asked at all
    pub is_active: bool,
    /// whether whoever has a case is asked when that is closed
    pub is_sent_on_close: bool,
    /// how long after something was done somebody is asked
    pub delay_minutes: i32,
    /// how many of a hundred are asked
    pub sampling_percent: i32,
    /// nobody is asked again within so many days
    pub quiet_days: i32,
    /// how long an answer is taken
    pub answer_days: i32,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: nobody is asked since
    pub deleted_at: Option<DateTime<Utc>>,
}

/// The least and the most that may be answered.
#[must_use]
pub fn scale(kind: &str) -> (i32, i32) {
    match kind {
        NPS => (0, 10),
        CES => (1, 7),
        _ => (1, 5),
    }
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "survey",
    table: "surveys",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("subjects", Holds::Text).unfilterable().unsortable(),
        Field::new("questions", Holds::Text).unfilterable().unsortable(),
        Field::new("thanks", Holds::Text).unfilterable().unsortable(),
        Field::new("is_active", Holds::Bool),
        Field::new("is_sent_on_close", Holds::Bool),
        Field::new("delay_minutes", Holds::Int),
        Field::new("sampling_percent", Holds::Int),
        Field::new("quiet_days", Holds::Int),
        Field::new("answer_days", Holds::Int),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::many("responses", "survey_response", "survey_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for Survey {
    const NAME: &'static str = "survey";
}
impl Record for Survey {
    type Id = SurveyId;
    fn id(&self) -> SurveyId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for surveys::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
