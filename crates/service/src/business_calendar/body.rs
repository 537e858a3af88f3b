//! What is sent to make a business calendar, and to change it.
use super::schema::business_calendars;
use super::{CalendarHoliday, CalendarWeek};
use diesel::prelude::{AsChangeset, Insertable};
use kernel::{BusinessCalendarId, Tidy, patch, tidy};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// What a new business calendar is made of.
#[derive(Clone, Debug, Default, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = business_calendars, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "上海客服", "time_zone": "Asia/Shanghai", "is_default": true,
    "weekly": {"monday": [{"start": "09:00", "end": "12:00"}, {"start": "13:30", "end": "18:00"}]},
    "holidays": [{"on": "2026-10-01", "name": "国庆节"}]
}))]
pub struct NewBusinessCalendar {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<BusinessCalendarId>,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    /// IANA
    #[validate(length(max = 64))]
    #[schema(max_length = 64, example = "Asia/Shanghai")]
    pub time_zone: String,
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(nested)]
    #[schema(required = false)]
    pub weekly: CalendarWeek,
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(nested, length(max = 2000))]
    #[schema(required = false, max_items = 2000)]
    pub holidays: Vec<CalendarHoliday>,
    /// the one that was the default is so no more
    #[serde(default)]
    #[schema(required = false)]
    pub is_default: bool,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = business_calendars)]
#[schema(example = json!({"holidays": [{"on": "2027-01-01", "name": "元旦"}]}))]
pub struct BusinessCalendarPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 2000))]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 64))]
    #[schema(value_type = String, required = false, max_length = 64)]
    pub time_zone: Option<String>,
    /// the whole week, in place of the one that is there
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested)]
    #[schema(value_type = CalendarWeek, required = false)]
    pub weekly: Option<CalendarWeek>,
    /// all of them, in place of those that are there
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested, length(max = 2000))]
    #[schema(value_type = Vec<CalendarHoliday>, required = false, max_items = 2000)]
    pub holidays: Option<Vec<CalendarHoliday>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_default: Option<bool>,
}

impl Tidy for NewBusinessCalendar {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for BusinessCalendarPatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}
