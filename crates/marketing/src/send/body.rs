//! What is sent to make a send, to change it, and to let it begin; and what is told of its audience.
use super::{CHANNELS, hours};
use crate::schema::sends;
use chrono::{DateTime, Utc};
use customer::choices::one_of;
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{SegmentId, SendId, TemplateId, Tidy, patch, rule, tidy};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

platform::jsonb!(Audience(AudienceCount), "How many were chosen, as a column keeps it.");

/// How many get it, and how many do not, each for the first of the reasons that holds of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({
    "chosen": 9120, "excluded": 300, "do_not_contact": 12, "restricted": 1, "no_address": 210, "suppressed": 57,
    "no_consent": 300, "capped": 0
}))]
pub struct AudienceCount {
    /// they get it
    #[schema(minimum = 0)]
    pub chosen: i64,
    /// they are in a segment that is left out
    #[schema(minimum = 0)]
    pub excluded: i64,
    /// they asked to be left alone
    #[schema(minimum = 0)]
    pub do_not_contact: i64,
    /// the law restricts what is done with their data
    #[schema(minimum = 0)]
    pub restricted: i64,
    /// nothing is known by which they could be reached
    #[schema(minimum = 0)]
    pub no_address: i64,
    /// their address is suppressed
    #[schema(minimum = 0)]
    pub suppressed: i64,
    /// they have not agreed to the purpose by this channel
    #[schema(minimum = 0)]
    pub no_consent: i64,
    /// they have got as many of the purpose lately as they may
    #[schema(minimum = 0)]
    pub capped: i64,
}

/// Who is asked about: as a send would choose them, of those whom the caller sees.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "is_capped_whole", skip_on_field_errors = false))]
#[schema(example = json!({
    "channel": "email", "purpose": "newsletter", "segment_ids": ["0192f0c1-9999-7000-8000-00000000000d"]
}))]
pub struct AudienceTerms {
    #[validate(custom(function = "is_channel"))]
    #[schema(example = "email")]
    pub channel: String,
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40)]
    pub purpose: String,
    #[serde(default)]
    #[schema(required = false)]
    pub is_transactional: bool,
    #[validate(length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50)]
    pub segment_ids: Vec<SegmentId>,
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(required = false, max_items = 50)]
    pub exclude_segment_ids: Vec<SegmentId>,
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000)]
    pub cap_count: Option<i32>,
    #[validate(range(min = 1, max = 365))]
    #[schema(minimum = 1, maximum = 365)]
    pub cap_days: Option<i32>,
}

/// What a new send is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = sends, treat_none_as_default_value = false)]
#[validate(schema(function = "agrees", skip_on_field_errors = false))]
#[schema(example = json!({
    "name": "第一封", "channel": "email", "purpose": "newsletter",
    "template_id": "0192f0c1-b0b0-7000-8000-000000000004", "segment_ids": ["0192f0c1-9999-7000-8000-00000000000d"],
    "per_minute": 600, "quiet_from": "21:00", "quiet_until": "08:00"
}))]
pub struct NewSend {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<SendId>,
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(custom(function = "is_channel"))]
    #[schema(example = "email")]
    pub channel: String,
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40, example = "newsletter")]
    pub purpose: String,
    #[serde(default)]
    #[schema(required = false)]
    pub is_transactional: bool,
    pub template_id: TemplateId,
    #[validate(length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50)]
    pub segment_ids: Vec<SegmentId>,
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(required = false, max_items = 50)]
    pub exclude_segment_ids: Vec<SegmentId>,
    pub scheduled_at: Option<DateTime<Utc>>,
    #[serde(default)]
    #[schema(required = false)]
    pub is_local_time: bool,
    #[serde(default = "ten_a_second")]
    #[validate(range(min = 1, max = 60000))]
    #[schema(required = false, default = 600, minimum = 1, maximum = 60000)]
    pub per_minute: i32,
    #[validate(custom(function = "hours::is_hour"))]
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "21:00")]
    pub quiet_from: Option<String>,
    #[validate(custom(function = "hours::is_hour"))]
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "08:00")]
    pub quiet_until: Option<String>,
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000)]
    pub cap_count: Option<i32>,
    #[validate(range(min = 1, max = 365))]
    #[schema(minimum = 1, maximum = 365)]
    pub cap_days: Option<i32>,
}

/// A merge patch of a draft: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = sends)]
#[schema(example = json!({"per_minute": 120}))]
pub struct SendPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 40))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 40)]
    pub purpose: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_transactional: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = TemplateId, required = false)]
    pub template_id: Option<TemplateId>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 50))]
    #[schema(value_type = Vec<SegmentId>, required = false, min_items = 1, max_items = 50)]
    pub segment_ids: Option<Vec<SegmentId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 50))]
    #[schema(value_type = Vec<SegmentId>, required = false, max_items = 50)]
    pub exclude_segment_ids: Option<Vec<SegmentId>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub scheduled_at: Option<Option<DateTime<Utc>>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_local_time: Option<bool>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(range(min = 1, max = 60000))]
    #[schema(value_type = i32, required = false, minimum = 1, maximum = 60000)]
    pub per_minute: Option<i32>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "hours::is_hour"))]
    #[schema(value_type = Option<String>, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "21:00")]
    pub quiet_from: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "hours::is_hour"))]
    #[schema(value_type = Option<String>, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "08:00")]
    pub quiet_until: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 1000))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 1000)]
    pub cap_count: Option<Option<i32>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(range(min = 1, max = 365))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 365)]
    pub cap_days: Option<Option<i32>>,
}

/// When a send begins.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"scheduled_at": "2027-03-01T01:00:00Z"}))]
pub struct SendSchedule {
    /// what the send itself says, where it is absent; now, where neither does
    pub scheduled_at: Option<DateTime<Utc>>,
}

/// What has become of a send so far.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(example = json!({
    "queued": 100, "sending": 2, "sent": 9000, "failed": 3, "unknown": 1, "suppressed": 4, "bounced": 9,
    "complained": 1, "unsubscribed": 12, "cancelled": 0, "opened": 4100, "clicked": 812
}))]
pub struct SendReport {
    #[schema(minimum = 0)]
    pub queued: i64,
    #[schema(minimum = 0)]
    pub sending: i64,
    #[schema(minimum = 0)]
    pub sent: i64,
    #[schema(minimum = 0)]
    pub failed: i64,
    /// nobody knows whether they went out: they are not sent again
    #[schema(minimum = 0)]
    pub unknown: i64,
    /// chosen, and left out in the end: they took their word back meanwhile, or bounced
    #[schema(minimum = 0)]
    pub suppressed: i64,
    #[schema(minimum = 0)]
    pub bounced: i64,
    #[schema(minimum = 0)]
    pub complained: i64,
    #[schema(minimum = 0)]
    pub unsubscribed: i64,
    #[schema(minimum = 0)]
    pub cancelled: i64,
    /// of all of them, how many were opened, by people or by programs that fetch pictures
    #[schema(minimum = 0)]
    pub opened: i64,
    #[schema(minimum = 0)]
    pub clicked: i64,
}

impl Tidy for AudienceTerms {
    fn tidy(&mut self) {
        tidy::trim(&mut self.purpose);
    }
}
impl Tidy for NewSend {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
        tidy::trim(&mut self.purpose);
    }
}
impl Tidy for SendPatch {
    fn tidy(&mut self) {
        [&mut self.name, &mut self.purpose].into_iter().flatten().for_each(tidy::trim);
    }
}
impl Tidy for SendSchedule {}

fn ten_a_second() -> i32 {
    600
}

fn is_channel(text: &str) -> Result<(), ValidationError> {
    one_of(text, CHANNELS)
}

fn both(one: bool, other: bool, member: &'static str) -> Result<(), ValidationError> {
    if one == other {
        return Ok(());
    }
    let mut rule = rule!("both", "goes together with its other half");
    rule.add_param("member".into(), &member);
    Err(rule)
}

fn is_capped_whole(terms: &AudienceTerms) -> Result<(), ValidationError> {
    both(terms.cap_count.is_some(), terms.cap_days.is_some(), "cap_days")
}

fn agrees(new: &NewSend) -> Result<(), ValidationError> {
    both(new.quiet_from.is_some(), new.quiet_until.is_some(), "quiet_until")?;
    both(new.cap_count.is_some(), new.cap_days.is_some(), "cap_days")
}
