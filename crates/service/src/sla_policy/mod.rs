//! An SLA policy says what is promised of which cases: by when they are answered first, answered again and settled. The
//! first policy, by position, that holds of a case is its policy; it looks at the case alone.
//!
//! What runs is reckoned anew when a policy changes; what has ended stays as it ended.
mod body;
mod deeds;
pub(crate) mod schema;
mod store;
mod target;

pub use body::{NewSlaPolicy, SlaPolicyPatch};
pub use deeds::{archive, create, purge, restore, update, upsert};
pub use schema::sla_policies::table as Table;
pub(crate) use store::active;
pub use store::{find, list, many};
pub(crate) use target::metric;
pub use target::{HOURS, METRICS, SlaTarget, Statuses, Targets};

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{BusinessCalendarId, Noun, Record, SlaPolicyId, UserId};
use platform::filter::Listed;
use schema::sla_policies;
use serde::Serialize;
use utoipa::ToSchema;

/// What is promised of which cases.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = sla_policies, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-000000000002", "name": "Complaints", "description": null, "position": 10,
    "filter": "case_type == \"complaint\"", "calendar_id": "0192f0c1-9999-7000-8000-000000000001",
    "pausing_statuses": ["pending"],
    "targets": [{"priority": "urgent", "metric": "first_response", "minutes": 30, "hours": "wall_clock",
        "warn_at_percent": 80, "is_pausable": false},
        {"priority": null, "metric": "resolution", "minutes": 960, "hours": "business", "warn_at_percent": 75,
        "is_pausable": true}],
    "is_active": true, "version": 1, "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct SlaPolicy {
    pub id: SlaPolicyId,
    pub name: String,
    pub description: Option<String>,
    /// those with a lower one are asked first
    pub position: i32,
    /// of which cases it holds, in the language of filters; of all, where there is none
    #[schema(example = "case_type == \"complaint\"")]
    pub filter: Option<String>,
    /// by whose hours business time is counted; by the default calendar's, where it is null; where there is none, all
    /// time counts
    pub calendar_id: Option<BusinessCalendarId>,
    /// in which statuses of a case its clocks stand still
    #[schema(value_type = Vec<String>, example = json!(["pending"]))]
    pub pausing_statuses: Statuses,
    #[schema(value_type = Vec<SlaTarget>)]
    pub targets: Targets,
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: it promises nothing since
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "sla_policy",
    table: "sla_policies",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("position", Holds::Int),
        Field::new("filter", Holds::Text).nullable(),
        Field::new("calendar_id", Holds::Id).nullable(),
        Field::new("pausing_statuses", Holds::Text).unfilterable().unsortable(),
        Field::new("targets", Holds::Text).unfilterable().unsortable(),
        Field::new("is_active", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("calendar", "business_calendar", "calendar_id")],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for SlaPolicy {
    const NAME: &'static str = "sla_policy";
}
impl Record for SlaPolicy {
    type Id = SlaPolicyId;
    fn id(&self) -> SlaPolicyId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for sla_policies::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
