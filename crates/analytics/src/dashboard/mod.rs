//! A dashboard is figures beside each other: widgets, each a report or a query of its own, with how it is drawn and where
//! it stands. It is seen as a report is, and each of its widgets is asked as whoever looks: what they may not ask is its
//! own fault, and the others are there all the same.
mod body;
mod data;
mod deeds;
mod store;

pub use crate::schema::dashboards::table as Table;
pub use body::{DashboardPatch, NewDashboard, Widget, WidgetPlace};
pub use data::{Seen, WidgetFigures, data};
pub use deeds::{archive, create, restore, update};
pub use store::{find, list, many};

use crate::schema::dashboards;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{Code, DashboardId, Error, Kind, Noun, Record, Result, TeamId, UserId};
use platform::filter::Listed;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

pub const BROKEN: Code = Code::new(
    "dashboard_broken",
    Kind::Conflict,
    "The widgets of the dashboard cannot be read any more: it is mended by saying them anew.",
);
pub const CODES: &[Code] = &[BROKEN];

/// Figures beside each other.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = dashboards, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-00000000000f", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "name": "Sales today", "description": null,
    "widgets": [{"title": "Accounts", "query": {"resource": "account", "measures": [{"op": "count"}]},
        "place": {"x": 0, "y": 0, "width": 3, "height": 2}}],
    "is_public": true, "version": 1, "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Dashboard {
    pub id: DashboardId,
    pub owner_id: UserId,
    /// those who see what belongs to this team see the dashboard
    pub team_id: Option<TeamId>,
    pub name: String,
    pub description: Option<String>,
    /// a report or a query each, how it is drawn, and where it stands
    #[schema(value_type = Vec<Object>)]
    pub widgets: Value,
    /// whether everybody of the tenant sees it who reads dashboards
    pub is_public: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub deleted_at: Option<DateTime<Utc>>,
}

impl Dashboard {
    /// What is on it.
    pub fn parts(&self) -> Result<Vec<Widget>> {
        serde_json::from_value(self.widgets.clone()).map_err(|error| Error::from(BROKEN).source(error))
    }
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "dashboard",
    table: "dashboards",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("widgets", Holds::Text).unfilterable().unsortable(),
        Field::new("is_public", Holds::Bool),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[Relation::one("owner", "user", "owner_id"), Relation::one("team", "team", "team_id")],
    custom: None,
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Dashboard {
    const NAME: &'static str = "dashboard";
}
impl Record for Dashboard {
    type Id = DashboardId;
    fn id(&self) -> DashboardId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for dashboards::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
