//! A role is a set of permissions that users are given, less the fields that it holds back.
//!
//! The built-in ones come with the program and cannot be changed or archived; a tenant may make its own. Nobody makes,
//! gives or takes a role that goes beyond what they hold themselves, and the last active owner stays one.
mod deeds;
mod store;

pub use crate::schema::roles::table as Table;
pub(crate) use deeds::{add, allow, assignable, held, held_in, keep_an_owner};
pub use deeds::{archive, create, find, give, list, of_user, purge, restore, take, update, who_may};
pub(crate) use store::{add as appoint, found, many};

use crate::builtin::Builtin;
use crate::field::{FieldAccess, FieldAccesses};
use crate::permission::{Objects, Permission, Permissions};
use crate::schema::roles;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Searched};
use kernel::{Code, Kind, Noun, Record, RoleId, Tidy, UserId, patch, tidy};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const NAME_TAKEN: Code = Code::new("role_name_taken", Kind::Conflict, "Another role has this name.");
pub const BUILT_IN: Code =
    Code::new("role_built_in", Kind::Forbidden, "A built-in role cannot be changed, archived or deleted.");
pub const LAST_OWNER: Code =
    Code::new("last_owner", Kind::Conflict, "A tenant keeps one active owner at least: make another one first.");
pub const CODES: &[Code] = &[NAME_TAKEN, BUILT_IN, LAST_OWNER];

/// A set of permissions that users are given.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = roles, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000b4", "name": "渠道经理", "builtin": null, "description": null,
    "permissions": [{"object": "contact", "action": "read", "reach": "subtree"}],
    "fields": [{"object": "contact", "field": "phone", "access": "hidden"}], "version": 1,
    "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Role {
    pub id: RoleId,
    pub name: String,
    /// the key of a built-in role, such as `owner`; null for the tenant's own
    pub builtin: Option<String>,
    pub description: Option<String>,
    #[schema(value_type = Vec<Permission>)]
    pub permissions: Permissions,
    /// what it holds back of the records that it opens; nothing, of a built-in role
    #[schema(value_type = Vec<FieldAccess>)]
    pub fields: FieldAccesses,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new role is made of.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = roles, treat_none_as_default_value = false)]
#[schema(example = json!({
    "name": "渠道经理", "description": "看下级团队的客户",
    "permissions": [
        {"object": "contact", "action": "read", "reach": "subtree"},
        {"object": "account", "action": "read", "reach": "subtree"}
    ],
    "fields": [{"object": "contact", "field": "phone", "access": "hidden"}]
}))]
pub struct NewRole {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<RoleId>,
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    pub description: Option<String>,
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(nested, length(max = 1000))]
    #[schema(max_items = 1000)]
    pub permissions: Vec<Permission>,
    /// fields of the records that it opens, of which less than `write` is given; of several roles the largest access
    /// counts
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(nested, length(max = 1000))]
    #[schema(max_items = 1000)]
    pub fields: Vec<FieldAccess>,
}

/// A merge patch: what is absent stays, what is null is cleared; `permissions` and `fields` are replaced
/// as a whole.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = roles)]
#[schema(example = json!({"permissions": [{"object": "contact", "action": "read", "reach": "all"}]}))]
pub struct RolePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 100), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 1000))]
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested, length(max = 1000))]
    #[schema(value_type = Vec<Permission>, required = false, max_items = 1000)]
    pub permissions: Option<Vec<Permission>>,
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[validate(nested, length(max = 1000))]
    #[schema(value_type = Vec<FieldAccess>, required = false, max_items = 1000)]
    pub fields: Option<Vec<FieldAccess>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "role",
    table: "roles",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("name", Holds::Text).searched(Searched::Name),
        Field::new("builtin", Holds::Text).nullable(),
        Field::new("description", Holds::Text).nullable().unsortable(),
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

impl Role {
    /// With the permissions of a built-in role, which no row keeps.
    #[must_use]
    fn complete(mut self, objects: Objects) -> Self {
        if let Some(builtin) = self.builtin.as_deref().and_then(Builtin::named) {
            self.permissions = Permissions(builtin.permissions(objects));
        }
        self
    }
}

impl Noun for Role {
    const NAME: &'static str = "role";
}
impl Record for Role {
    type Id = RoleId;
    fn id(&self) -> RoleId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for roles::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

impl Tidy for NewRole {
    fn tidy(&mut self) {
        tidy::trim(&mut self.name);
    }
}
impl Tidy for RolePatch {
    fn tidy(&mut self) {
        self.name.iter_mut().for_each(tidy::trim);
    }
}
