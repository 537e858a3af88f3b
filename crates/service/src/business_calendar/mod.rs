//! A business calendar says when work is done: on which days of the week, in which shifts, and which dates are not as
//! their day of the week says. At most one of a tenant is what holds where nobody names another.
//!
//! What it means is [`crate::calendar`]'s to say. Whatever runs by a calendar is reckoned anew when it changes.
mod body;
mod deeds;
mod preview;
pub(crate) mod schema;
mod store;
mod terms;

pub use body::{BusinessCalendarPatch, NewBusinessCalendar};
pub use deeds::{archive, create, purge, restore, update, upsert};
pub use preview::{BusinessCalendarPreview, BusinessTime, preview};
pub use schema::business_calendars::table as Table;
pub(crate) use store::{default, find_any};
pub use store::{find, list, many};
pub use terms::{CalendarHoliday, CalendarShift, CalendarWeek, Holidays, Weekly};

use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Searched};
use kernel::{BusinessCalendarId, Noun, Record, UserId};
use platform::filter::Listed;
use schema::business_calendars;
use serde::Serialize;
use utoipa::ToSchema;

/// When work is done.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = business_calendars, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-000000000001", "name": "上海客服", "description": null, "time_zone": "Asia/Shanghai",
    "weekly": {
        "monday": [{"start": "09:00", "end": "12:00"}, {"start": "13:30", "end": "18:00"}],
        "tuesday": [{"start": "09:00", "end": "18:00"}], "wednesday": [{"start": "09:00", "end": "18:00"}],
        "thursday": [{"start": "09:00", "end": "18:00"}], "friday": [{"start": "09:00", "end": "18:00"}],
        "saturday": [], "sunday": []
    },
    "holidays": [{"on": "2026-10-01", "name": "国庆节", "shifts": []},
        {"on": "2026-10-10", "name": "调休", "shifts": [{"start": "09:00", "end": "18:00"}]}],
    "is_default": true, "version": 1, "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct BusinessCalendar {
    pub id: BusinessCalendarId,
    pub name: String,
    pub description: Option<String>,
    /// IANA: by whose clock the shifts are
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: String,
    /// the shifts of each day of the week; a day without any is closed
    #[schema(value_type = CalendarWeek)]
    pub weekly: Weekly,
    /// dates that are not as their day of the week says
    #[schema(value_type = Vec<CalendarHoliday>)]
    pub holidays: Holidays,
    /// whether it holds where no other calendar is named
    pub is_default: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived: what runs by it goes by the default since
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "business_calendar",
    table: "business_calendars",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("time_zone", Holds::Text),
        Field::new("weekly", Holds::Text).unfilterable().unsortable(),
        Field::new("holidays", Holds::Text).unfilterable().unsortable(),
        Field::new("is_default", Holds::Bool),
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

impl Noun for BusinessCalendar {
    const NAME: &'static str = "business_calendar";
}
impl Record for BusinessCalendar {
    type Id = BusinessCalendarId;
    fn id(&self) -> BusinessCalendarId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for business_calendars::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
