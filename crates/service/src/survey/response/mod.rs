//! A response is that somebody was asked: about what was done for them and by whom, and what they have answered, if they
//! have. It is seen by whoever sees the contact.
//!
//! The link of a letter is good until its end, and takes one answer. Its token is drawn when the letter is sent, and kept
//! as a hash alone; one that is sent once more after a crash brings another, and both are good for the one answer.
mod closing;
mod deeds;
mod figures;
mod letter;
mod store;

pub use crate::survey::schema::survey_responses::table as Table;
pub use deeds::{Issued, answer, ask, asking, find, issue, look, sent, watch, whose};
pub use figures::{SurveyFigures, SurveyLine, figures};
pub use letter::letter;
pub use store::{list, of_all};

use crate::locale::is_locale;
use crate::survey::schema::survey_responses;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{CaseId, Code, ContactId, Kind, Noun, Record, SurveyId, SurveyResponseId, Tidy, UserId};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// The job that sends the letter.
pub const JOB: &str = "survey_letter";

pub const PENDING: &str = "pending";
pub const SENDING: &str = "sending";
pub const SENT: &str = "sent";
pub const ANSWERED: &str = "answered";
pub const CANCELLED: &str = "cancelled";
pub const STATUSES: &[&str] = &[PENDING, SENDING, SENT, ANSWERED, CANCELLED];

pub const INACTIVE: Code = Code::new("survey_inactive", Kind::Conflict, "The survey is not active: nobody is asked.");
pub const TOO_SOON: Code =
    Code::new("survey_too_soon", Kind::Conflict, "The contact was asked a short while ago: the survey says how long.");
pub const NOT_WANTED: Code = Code::new(
    "survey_not_wanted",
    Kind::Conflict,
    "The contact cannot be asked: there is no address to write to, or they are not to be written to.",
);
pub const ALREADY_ANSWERED: Code =
    Code::new("survey_answered", Kind::Conflict, "The survey was answered already: each link takes one answer.");
pub const EXPIRED: Code = Code::new("survey_expired", Kind::Gone, "The survey takes no answers any more.");
pub const CODES: &[Code] = &[INACTIVE, TOO_SOON, NOT_WANTED, ALREADY_ANSWERED, EXPIRED];

/// That somebody was asked, and what they have answered.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = survey_responses, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8d8d-7000-8000-000000000002", "survey_id": "0192f0c1-8d8d-7000-8000-000000000001",
    "contact_id": "0192f0c1-0000-7000-8000-000000000003", "case_id": null,
    "user_id": "0192f0c1-0000-7000-8000-000000000001", "queue_id": null, "locale": "zh-Hans", "status": "answered",
    "send_at": "2026-11-27T09:00:00Z", "sent_at": "2026-11-27T09:00:05Z", "expires_at": "2026-12-11T09:00:00Z",
    "answered_at": "2026-11-27T10:12:00Z", "score": 5, "comment": "很快就解决了", "version": 4,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T10:12:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct SurveyResponse {
    pub id: SurveyResponseId,
    pub survey_id: SurveyId,
    pub contact_id: ContactId,
    /// what was done for them
    pub case_id: Option<CaseId>,
    /// who has done it
    pub user_id: Option<UserId>,
    /// in which queue it lay
    pub queue_id: Option<UserId>,
    /// the language that they are asked in: their own, unless said otherwise
    #[schema(example = "zh-Hans")]
    pub locale: Option<String>,
    #[schema(example = "answered")]
    pub status: String,
    pub send_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    /// until when an answer is taken
    pub expires_at: DateTime<Utc>,
    pub answered_at: Option<DateTime<Utc>>,
    pub score: Option<i32>,
    pub comment: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
}

/// Who is to be asked.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"contact_id": "0192f0c1-0000-7000-8000-000000000003"}))]
pub struct NewSurveyResponse {
    pub contact_id: ContactId,
    /// what was done for them
    pub case_id: Option<CaseId>,
    /// who has done something for them: the caller, unless said otherwise
    pub user_id: Option<UserId>,
    /// in which queue it lay
    pub queue_id: Option<UserId>,
    /// the contact's own, unless said otherwise
    #[validate(length(min = 2, max = 35), custom(function = "is_locale"))]
    #[schema(min_length = 2, max_length = 35, example = "zh-Hans")]
    pub locale: Option<String>,
    /// after the delay of the survey, unless said otherwise
    pub send_at: Option<DateTime<Utc>>,
}

impl Tidy for NewSurveyResponse {}

/// What somebody answers.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"score": 5, "comment": "很快就解决了"}))]
pub struct SurveyAnswer {
    /// within the scale of the survey
    #[validate(range(min = 0, max = 10))]
    #[schema(minimum = 0, maximum = 10)]
    pub score: i32,
    #[validate(length(max = 5000))]
    #[schema(max_length = 5000)]
    pub comment: Option<String>,
}

impl Tidy for SurveyAnswer {}

/// A survey, as whoever was asked sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "kind": "csat", "locale": "zh-Hans", "question": "您对本次服务满意吗？", "least": 1, "most": 5,
    "expires_at": "2026-12-11T09:00:00Z", "answered_at": null, "thanks": null
}))]
pub struct OpenSurvey {
    #[schema(example = "csat")]
    pub kind: String,
    #[schema(example = "zh-Hans")]
    pub locale: String,
    pub question: String,
    /// the least that can be answered
    pub least: i32,
    /// the most
    pub most: i32,
    pub expires_at: DateTime<Utc>,
    pub answered_at: Option<DateTime<Utc>>,
    /// once it was answered
    pub thanks: Option<String>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "survey_response",
    table: "survey_responses",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("survey_id", Holds::Id),
        Field::new("contact_id", Holds::Id),
        Field::new("case_id", Holds::Id).nullable(),
        Field::new("user_id", Holds::Id).nullable(),
        Field::new("queue_id", Holds::Id).nullable(),
        Field::new("locale", Holds::Text).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("send_at", Holds::Instant),
        Field::new("sent_at", Holds::Instant).nullable(),
        Field::new("expires_at", Holds::Instant),
        Field::new("answered_at", Holds::Instant).nullable(),
        Field::new("score", Holds::Int).nullable(),
        Field::new("comment", Holds::Text).nullable().unsortable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
    ],
    relations: &[
        Relation::one("survey", "survey", "survey_id"),
        Relation::one("contact", "contact", "contact_id"),
        Relation::one("case", "case", "case_id"),
        Relation::one("user", "user", "user_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "contact", column: "contact_id" },
};

impl Noun for SurveyResponse {
    const NAME: &'static str = "survey_response";
}
impl Record for SurveyResponse {
    type Id = SurveyResponseId;
    fn id(&self) -> SurveyResponseId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for survey_responses::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
