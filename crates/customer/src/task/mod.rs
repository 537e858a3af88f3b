//! A task is something that somebody is to do.
//!
//! It always has a subject and an assignee, whose it is: they see it and work on it as others do with records that they
//! own. It is due at a moment, or all of a day, or not. One that recurs makes the next when it is completed, once, in the
//! same transaction ([`series`]); its reminders fire once each, whatever dies ([`reminder`]).
mod deeds;
pub mod import;
pub mod reminder;
mod series;
mod store;

pub use crate::schema::tasks::table as Table;
pub use deeds::{archive, complete, create, purge, reopen, restore, update, upsert};
pub use series::{LAST_SECOND, due};
pub use store::{find, find_by, list, many, of_calendar, of_record, open_of};

use crate::link::{self, Links};
use crate::schema::tasks;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Noun, Record, TaskId, TeamId, Tidy, UserId, patch, rule, tidy};
use platform::custom::{Custom, CustomPatch};
use platform::filter::Listed;
use reminder::{Reminder, Reminders};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

pub const OPEN: &str = "open";
pub const COMPLETED: &str = "completed";
pub const CANCELLED: &str = "cancelled";
pub const STATUSES: &[&str] = &[OPEN, "in_progress", "waiting", COMPLETED, CANCELLED, "deferred"];
/// Of what has ended.
pub const ENDED: [&str; 2] = [COMPLETED, CANCELLED];
pub const PRIORITIES: &[&str] = &["low", "normal", "high", "urgent"];

/// Something that somebody is to do.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = tasks, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-aaaa-7000-8000-00000000000e", "assignee_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "subject": "发报价", "description": null, "status": "open", "priority": "high", "due_at": "2026-11-30T01:00:00Z",
    "due_on": null, "time_zone": "Asia/Shanghai", "recurrence": null, "series_id": null, "series_starts_at": null,
    "next_task_id": null, "reminders": [{"minutes_before": 15, "remind_at": null}], "reminded_at": null,
    "completed_at": null,
    "links": [{"resource": "contact", "record_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6"}], "custom": {}, "version": 1,
    "created_at": "2026-11-26T08:13:00Z", "updated_at": "2026-11-26T08:13:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Task {
    pub id: TaskId,
    /// who is to do it
    pub assignee_id: UserId,
    pub team_id: Option<TeamId>,
    pub subject: String,
    pub description: Option<String>,
    #[schema(example = "open")]
    pub status: String,
    #[schema(example = "normal")]
    pub priority: String,
    pub due_at: Option<DateTime<Utc>>,
    /// all of a day, in place of a moment
    pub due_on: Option<NaiveDate>,
    /// the IANA name of a place: on its clocks a day begins, and a rule is reckoned
    pub time_zone: Option<String>,
    /// a rule of RFC 5545
    pub recurrence: Option<String>,
    /// the first task that came by the rule
    pub series_id: Option<TaskId>,
    /// when that was due
    pub series_starts_at: Option<DateTime<Utc>>,
    /// the one that its completion has made
    pub next_task_id: Option<TaskId>,
    #[schema(value_type = Vec<Reminder>)]
    pub reminders: Reminders,
    /// when somebody was last reminded of it
    pub reminded_at: Option<DateTime<Utc>>,
    pub completed_at: Option<DateTime<Utc>>,
    /// the records that it has to do with
    #[schema(value_type = Vec<link::RecordLink>)]
    pub links: Links,
    /// fields of the tenant's own
    pub custom: Custom,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new task is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = tasks, treat_none_as_default_value = false)]
#[validate(schema(function = "is_due_once"))]
#[schema(example = json!({
    "subject": "发报价", "priority": "high", "due_at": "2026-11-30T01:00:00Z", "time_zone": "Asia/Shanghai",
    "reminders": [{"minutes_before": 15}], "links": []
}))]
pub struct NewTask {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<TaskId>,
    /// the caller, unless said otherwise
    #[diesel(skip_insertion)]
    pub assignee_id: Option<UserId>,
    /// that of the first record that it has to do with and that has one, unless said otherwise
    #[diesel(skip_insertion)]
    pub team_id: Option<TeamId>,
    #[validate(length(min = 1, max = 500), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 500)]
    pub subject: String,
    #[validate(length(max = 10000))]
    #[schema(max_length = 10000)]
    pub description: Option<String>,
    /// `open`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_status"))]
    #[schema(example = "open")]
    pub status: Option<String>,
    /// `normal`, unless said otherwise
    #[diesel(skip_insertion)]
    #[validate(custom(function = "is_priority"))]
    #[schema(example = "high")]
    pub priority: Option<String>,
    #[validate(custom(function = "series::is_moment"))]
    pub due_at: Option<DateTime<Utc>>,
    /// all of a day, in place of a moment
    #[validate(custom(function = "series::is_day"))]
    pub due_on: Option<NaiveDate>,
    /// UTC, unless said otherwise
    #[validate(custom(function = "series::is_zone"))]
    #[schema(max_length = 64, example = "Asia/Shanghai")]
    pub time_zone: Option<String>,
    /// a rule of RFC 5545, from the moment or the day on at which it is due
    #[validate(length(max = 500))]
    #[schema(max_length = 500, example = "FREQ=WEEKLY;BYDAY=MO")]
    pub recurrence: Option<String>,
    #[serde(default)]
    #[validate(custom(function = "reminder::are_reminders"))]
    #[schema(value_type = Vec<Reminder>, required = false, max_items = 10)]
    pub reminders: Reminders,
    /// the records that it has to do with
    #[serde(default)]
    #[validate(custom(function = "link::are_links"))]
    #[schema(value_type = Vec<link::RecordLink>, required = false, max_items = 50)]
    pub links: Links,
    /// fields of the tenant's own
    #[serde(default)]
    #[schema(required = false)]
    pub custom: Custom,
}

/// A merge patch: what is absent stays, what is null is cleared, a list takes the place of what was there.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = tasks)]
#[schema(example = json!({"status": "in_progress", "due_at": "2026-12-01T01:00:00Z"}))]
pub struct TaskPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = UserId, required = false)]
    pub assignee_id: Option<UserId>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<TeamId>)]
    pub team_id: Option<Option<TeamId>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(min = 1, max = 500), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 500)]
    pub subject: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 10000))]
    #[schema(value_type = Option<String>, max_length = 10000)]
    pub description: Option<Option<String>>,
    /// `completed` is what `POST …/complete` does
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_status"))]
    #[schema(value_type = String, required = false)]
    pub status: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_priority"))]
    #[schema(value_type = String, required = false)]
    pub priority: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "series::is_moment"))]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub due_at: Option<Option<DateTime<Utc>>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "series::is_day"))]
    #[schema(value_type = Option<NaiveDate>)]
    pub due_on: Option<Option<NaiveDate>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "series::is_zone"))]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub time_zone: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 500))]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub recurrence: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "reminder::are_reminders"))]
    #[schema(value_type = Vec<Reminder>, required = false, max_items = 10)]
    pub reminders: Option<Reminders>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "link::are_links"))]
    #[schema(value_type = Vec<link::RecordLink>, required = false, max_items = 50)]
    pub links: Option<Links>,
    /// fields of the tenant's own: what is absent stays, what is null is cleared
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Custom, required = false)]
    pub custom: Option<CustomPatch>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "task",
    table: "tasks",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("assignee_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("subject", Holds::Text).searched(Searched::Text),
        Field::new("description", Holds::Text).nullable().unsortable().mentions(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("priority", Holds::Choice(PRIORITIES)),
        Field::new("due_at", Holds::Instant).nullable(),
        Field::new("due_on", Holds::Date).nullable(),
        Field::new("time_zone", Holds::Text).nullable(),
        Field::new("recurrence", Holds::Text).nullable().unsortable(),
        Field::new("series_id", Holds::Id).nullable(),
        Field::new("series_starts_at", Holds::Instant).nullable(),
        Field::new("next_task_id", Holds::Id).nullable(),
        Field::new("reminders", Holds::Text).unfilterable().unsortable(),
        Field::new("reminded_at", Holds::Instant).nullable(),
        Field::new("completed_at", Holds::Instant).nullable(),
        Field::new("links", Holds::Text).unfilterable().unsortable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("assignee", "user", "assignee_id"),
        Relation::one("team", "team", "team_id"),
        Relation::through("accounts", "account", "task_links", ("task_id", "record_id"), "account"),
        Relation::through("contacts", "contact", "task_links", ("task_id", "record_id"), "contact"),
        Relation::through("tags", "tag", "taggings", ("record_id", "tag_id"), "task"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Rows { owner: "assignee_id", team: "team_id" },
};

impl Noun for Task {
    const NAME: &'static str = "task";
}
impl Record for Task {
    type Id = TaskId;
    fn id(&self) -> TaskId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for tasks::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// What a task may be asked for and upserted by: its name in another system.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub source_system: String,
    pub external_id: String,
}

impl Tidy for NewTask {
    fn tidy(&mut self) {
        tidy::trim(&mut self.subject);
        self.recurrence.iter_mut().for_each(series::tidy);
        self.links.tidy();
    }
}
impl Tidy for TaskPatch {
    fn tidy(&mut self) {
        self.subject.iter_mut().for_each(tidy::trim);
        self.recurrence.iter_mut().flatten().for_each(series::tidy);
        self.links.iter_mut().for_each(Links::tidy);
    }
}

fn is_status(text: &str) -> Result<(), ValidationError> {
    crate::choices::one_of(text, STATUSES)
}
fn is_priority(text: &str) -> Result<(), ValidationError> {
    crate::choices::one_of(text, PRIORITIES)
}

fn is_due_once(new: &NewTask) -> Result<(), ValidationError> {
    if new.due_at.is_some() && new.due_on.is_some() {
        let mut rule = rule!("one_of", "at a moment or all of a day, one of them");
        rule.add_param("member".into(), &"due_on");
        return Err(rule);
    }
    Ok(())
}
