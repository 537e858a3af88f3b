//! A send is one template to one audience, of a campaign, for one purpose. Who gets it is said by segments ([`audience`])
//! and frozen when it begins: from then on there is a delivery for each, and nobody comes to have two.
//!
//! draft → scheduled → freezing → sending ⇄ paused → done, or cancelled. What somebody decides is a deed; what the clock
//! and the mail server decide is seen to by a worker ([`run`]), of which there may be several at once.
//!
//! **At most once.** A delivery is written `sending` before the mail server is spoken to and settled after. Where a worker
//! dies between the two, or the line breaks before the server has answered, nobody can know whether it went out: it
//! becomes `unknown` and is not sent again, for an advertisement that comes twice is worse than one that is missed.
//! Whatever comes back by its Message-ID (a bounce, an opening, a click) shows that it did go out.
pub mod audience;
mod body;
mod deeds;
mod freeze;
mod hours;
pub mod run;
mod store;

pub use crate::schema::sends::table as Table;
pub use body::{AudienceCount, AudienceTerms, NewSend, SendPatch, SendReport, SendSchedule};
pub use deeds::{cancel, count, create, find, pause, remove, report, resume, schedule, update};
pub use freeze::freeze;
pub use store::{list, many};

use crate::schema::sends;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{CampaignId, Code, Kind, Noun, Record, SegmentId, SendId, TemplateId, UserId};
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const FIXED: Code = Code::new(
    "send_fixed",
    Kind::Conflict,
    "What was scheduled stays as it is: a draft can be changed, and another send be made.",
);
pub const TRANSITION_REFUSED: Code =
    Code::new("send_transition_refused", Kind::Conflict, "The send is in a status that does not lead there.");
pub const CODES: &[Code] = &[FIXED, TRANSITION_REFUSED];

pub const CHANNELS: &[&str] = &["email"];
pub const STATUSES: &[&str] = &["draft", "scheduled", "freezing", "sending", "paused", "done", "cancelled"];

/// One template to one audience.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = sends, check_for_backend(diesel::pg::Pg))]
#[schema(as = Send, example = json!({
    "id": "0192f0c1-b0b0-7000-8000-000000000006", "campaign_id": "0192f0c1-b0b0-7000-8000-000000000002",
    "name": "第一封", "channel": "email", "purpose": "newsletter", "is_transactional": false,
    "template_id": "0192f0c1-b0b0-7000-8000-000000000004", "segment_ids": ["0192f0c1-9999-7000-8000-00000000000d"],
    "exclude_segment_ids": [], "scheduled_at": "2027-03-01T01:00:00Z", "is_local_time": true, "per_minute": 600,
    "quiet_from": "21:00", "quiet_until": "08:00", "cap_count": 2, "cap_days": 7, "status": "scheduled",
    "audience": null, "started_by": "0192f0c1-0000-7000-8000-000000000001", "started_at": null, "ended_at": null,
    "version": 2, "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct Sending {
    pub id: SendId,
    pub campaign_id: CampaignId,
    pub name: String,
    #[schema(example = "email")]
    pub channel: String,
    /// what somebody has agreed to who gets it
    #[schema(example = "newsletter")]
    pub purpose: String,
    /// what somebody gets whether they agreed or not, such as a receipt: no consent is asked for, and no cap holds
    pub is_transactional: bool,
    pub template_id: TemplateId,
    /// whoever is in one of these gets it
    pub segment_ids: Vec<SegmentId>,
    /// but for those who are in one of these
    pub exclude_segment_ids: Vec<SegmentId>,
    /// when it begins; null: as soon as it is scheduled
    pub scheduled_at: Option<DateTime<Utc>>,
    /// whether that is what the clock shows where each of them is, as it does where the tenant is
    pub is_local_time: bool,
    /// how many go out in a minute at most
    pub per_minute: i32,
    /// from when to when nothing goes out, by the clock of whoever it goes to
    #[schema(example = "21:00")]
    pub quiet_from: Option<String>,
    #[schema(example = "08:00")]
    pub quiet_until: Option<String>,
    /// how many of its purpose somebody gets at most in so many days
    pub cap_count: Option<i32>,
    pub cap_days: Option<i32>,
    #[schema(example = "scheduled")]
    pub status: String,
    /// how many were chosen when it began, and how many were not for which reason
    #[schema(value_type = Option<AudienceCount>)]
    pub audience: Option<body::Audience>,
    /// in whose name it goes out: it reaches those whom they see
    pub started_by: Option<UserId>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "send",
    table: "sends",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("campaign_id", Holds::Id),
        Field::new("name", Holds::Text),
        Field::new("channel", Holds::Choice(CHANNELS)),
        Field::new("purpose", Holds::Text),
        Field::new("is_transactional", Holds::Bool),
        Field::new("template_id", Holds::Id),
        Field::new("segment_ids", Holds::Text).unfilterable().unsortable(),
        Field::new("exclude_segment_ids", Holds::Text).unfilterable().unsortable(),
        Field::new("scheduled_at", Holds::Instant).nullable(),
        Field::new("is_local_time", Holds::Bool),
        Field::new("per_minute", Holds::Int),
        Field::new("quiet_from", Holds::Text).nullable(),
        Field::new("quiet_until", Holds::Text).nullable(),
        Field::new("cap_count", Holds::Int).nullable(),
        Field::new("cap_days", Holds::Int).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("audience", Holds::Text).nullable().unfilterable().unsortable(),
        Field::new("started_by", Holds::Id).nullable(),
        Field::new("started_at", Holds::Instant).nullable(),
        Field::new("ended_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
    ],
    relations: &[
        Relation::one("campaign", "campaign", "campaign_id"),
        Relation::one("template", "template", "template_id"),
        Relation::many("deliveries", "delivery", "send_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "campaign", column: "campaign_id" },
};

impl Noun for Sending {
    const NAME: &'static str = "send";
}
impl Record for Sending {
    type Id = SendId;
    fn id(&self) -> SendId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for sends::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
