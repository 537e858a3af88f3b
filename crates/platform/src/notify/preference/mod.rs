//! What somebody wants to be told of, by which way, and when: each kind in the application or not, on their devices or not,
//! by letters at once, of an hour, of a day, or not; and neither letters nor messages in the hours in which they sleep, on
//! the clocks of where they are.
mod due;
mod store;

pub(super) use due::{due, shown};
pub(super) use store::{Reader, readers};
pub use store::{find, put};

use kernel::{Tidy, rule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use validator::{Validate, ValidationError};

pub(super) const OFF: &str = "off";
pub(super) const IMMEDIATELY: &str = "immediately";
pub(super) const HOURLY: &str = "hourly";
pub(super) const DAILY: &str = "daily";
/// When a letter tells of something.
pub const LETTERS: &[&str] = &[OFF, IMMEDIATELY, HOURLY, DAILY];
/// Eight in the morning.
const MORNING: i32 = 8 * 60;

/// By which ways somebody is told of one kind of thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationWays {
    /// whether `GET /v1/me/notifications` lists it
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub in_app: bool,
    /// `off`, `immediately`, `hourly` or `daily`
    #[serde(default = "off")]
    #[validate(custom(function = "is_letter"))]
    #[schema(schema_with = letters, required = false)]
    pub email: String,
    /// whether it is shown on their devices, if they have any
    #[serde(default = "yes")]
    #[schema(default = true, required = false)]
    pub push: bool,
}

impl Default for NotificationWays {
    fn default() -> Self {
        Self { in_app: true, email: OFF.to_owned(), push: true }
    }
}

/// What somebody wants to be told of, and how. What is absent is as it is for those who have said nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({
    "assigned": {"in_app": true, "email": "immediately"}, "shared": {"in_app": true, "email": "hourly"},
    "ended": {"in_app": true, "email": "off"}, "disabled": {"in_app": true, "email": "immediately"},
    "task_reminder": {"in_app": true, "email": "immediately"},
    "mentioned": {"in_app": true, "email": "off", "push": true},
    "approval_requested": {"in_app": true, "email": "immediately"},
    "approval_decided": {"in_app": true, "email": "hourly"},
    "sla_warned": {"in_app": true, "email": "off"}, "sla_breached": {"in_app": true, "email": "immediately"},
    "escalated": {"in_app": true, "email": "immediately"},
    "followed": {"in_app": true, "email": "daily"}, "daily_at": "08:00", "quiet_from": "22:00", "quiet_until": "07:00"
}))]
#[validate(schema(function = "is_whole"))]
pub struct NotificationPreferences {
    /// something has become theirs
    #[validate(nested)]
    #[schema(required = false)]
    pub assigned: NotificationWays,
    /// something was shared with them
    #[validate(nested)]
    #[schema(required = false)]
    pub shared: NotificationWays,
    /// their import or export has ended
    #[validate(nested)]
    #[schema(required = false)]
    pub ended: NotificationWays,
    /// a webhook of theirs is switched off
    #[validate(nested)]
    #[schema(required = false)]
    pub disabled: NotificationWays,
    /// a task of theirs is to be done
    #[validate(nested)]
    #[schema(required = false)]
    pub task_reminder: NotificationWays,
    /// they are named in a text
    #[validate(nested)]
    #[schema(required = false)]
    pub mentioned: NotificationWays,
    /// something waits for their yes
    #[validate(nested)]
    #[schema(required = false)]
    pub approval_requested: NotificationWays,
    /// they have asked for a yes, and somebody has said something
    #[validate(nested)]
    #[schema(required = false)]
    pub approval_decided: NotificationWays,
    /// a promise of a case of theirs, or of their team's, is about to be broken
    #[validate(nested)]
    #[schema(required = false)]
    pub sla_warned: NotificationWays,
    /// it was broken
    #[validate(nested)]
    #[schema(required = false)]
    pub sla_breached: NotificationWays,
    /// a rule says that they are to know of a case
    #[validate(nested)]
    #[schema(required = false)]
    pub escalated: NotificationWays,
    /// what they follow has changed
    #[validate(nested)]
    #[schema(required = false)]
    pub followed: NotificationWays,
    /// when the letter of a day comes, by their clock: `08:00`, unless said otherwise
    #[schema(required = false, example = "08:00")]
    pub daily_at: Clock,
    /// from then on neither letters nor messages come, by their clock
    #[schema(example = "22:00")]
    pub quiet_from: Option<Clock>,
    /// until then
    #[schema(example = "07:00")]
    pub quiet_until: Option<Clock>,
}

impl NotificationPreferences {
    /// Of a kind.
    pub(super) fn ways(&self, kind: &str) -> &NotificationWays {
        match kind {
            super::ASSIGNED => &self.assigned,
            super::SHARED => &self.shared,
            super::ENDED => &self.ended,
            super::DISABLED => &self.disabled,
            super::REMINDER => &self.task_reminder,
            super::MENTIONED => &self.mentioned,
            super::APPROVAL_REQUESTED => &self.approval_requested,
            super::APPROVAL_DECIDED => &self.approval_decided,
            super::SLA_WARNED => &self.sla_warned,
            super::SLA_BREACHED => &self.sla_breached,
            super::ESCALATED => &self.escalated,
            _ => &self.followed,
        }
    }
}

impl Tidy for NotificationPreferences {}

/// A time of the day, in minutes: `08:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock(pub i32);

impl Default for Clock {
    fn default() -> Self {
        Self(MORNING)
    }
}

impl Serialize for Clock {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&format_args!("{:02}:{:02}", self.0 / 60, self.0 % 60))
    }
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let two = |part: &str| part.parse::<i32>().ok().filter(|_| part.len() == 2);
        let time = text.split_once(':').and_then(|(hours, minutes)| Some((two(hours)?, two(minutes)?)));
        match time {
            Some((hours @ 0..24, minutes @ 0..60)) => Ok(Self(hours * 60 + minutes)),
            _ => Err(serde::de::Error::custom("a time of the day such as 08:00 is expected")),
        }
    }
}

impl utoipa::PartialSchema for Clock {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$"));
        text.description(Some("a time of the day")).examples(["08:00"]).build().into()
    }
}
impl ToSchema for Clock {
    fn name() -> std::borrow::Cow<'static, str> {
        "TimeOfDay".into()
    }
}

fn yes() -> bool {
    true
}
fn off() -> String {
    OFF.to_owned()
}

fn letters() -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(LETTERS.iter().copied())).build()
}

fn is_letter(email: &str) -> Result<(), ValidationError> {
    match LETTERS.contains(&email) {
        true => Ok(()),
        false => Err(rule!("choice", "is none of off, immediately, hourly and daily")),
    }
}

fn is_whole(new: &NotificationPreferences) -> Result<(), ValidationError> {
    match new.quiet_from.is_some() == new.quiet_until.is_some() {
        true => Ok(()),
        false => {
            let mut rule = rule!("both", "quiet_from and quiet_until stand together or not at all");
            rule.add_param("member".into(), &"quiet_until");
            Err(rule)
        }
    }
}
