//! A macro is what is often done with a case, under a name: fields are set, something is said, a tag is given, somebody gets
//! it ([`action`]). It is done by whoever runs it, as far as they may do each of it by themselves: all of it, or nothing.
pub mod action;
mod body;
mod deeds;
mod run;
mod schema;
mod store;

pub use body::{MacroPatch, NewMacro};
pub use deeds::{archive, create, purge, restore, update};
pub use run::{MacroRun, run};
pub use schema::macros::table as Table;
pub use store::{find, list, many};

use action::Actions;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Searched};
use kernel::{Code, Kind, MacroId, Noun, Record, UserId};
use platform::filter::Listed;
use schema::macros;
use serde::Serialize;
use utoipa::ToSchema;

pub const NAME_TAKEN: Code =
    Code::new("macro_name_taken", Kind::Conflict, "Another macro has this name: `existing` says which.");
pub const INACTIVE: Code = Code::new("macro_inactive", Kind::Conflict, "The macro is not active.");
pub const CODES: &[Code] = &[NAME_TAKEN, INACTIVE];

/// What is often done with a case.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = macros, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8e8e-7000-8000-000000000001", "name": "退款并关闭", "description": null,
    "actions": [{"kind": "set", "fields": {"priority": "low", "status": "resolved"}}], "is_active": true, "version": 1,
    "created_at": "2026-11-27T08:00:00Z", "updated_at": "2026-11-27T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Macro {
    pub id: MacroId,
    pub name: String,
    pub description: Option<String>,
    /// in their order
    #[schema(value_type = Vec<action::MacroAction>)]
    pub actions: Actions,
    pub is_active: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "macro",
    table: "macros",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("actions", Holds::Text).unfilterable().unsortable(),
        Field::new("is_active", Holds::Bool),
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

impl Noun for Macro {
    const NAME: &'static str = "macro";
}
impl Record for Macro {
    type Id = MacroId;
    fn id(&self) -> MacroId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for macros::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}
