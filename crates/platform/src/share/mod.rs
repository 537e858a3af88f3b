//! A share shows one record to a user or a team that would not see it else, and lets them change it where it says so.
//!
//! It widens what is seen, never what may be done: who may read no contact at all reads none that is shared. It ends
//! when it is taken back or has run out, for whoever asks next. Parts of a record follow it. A share is known to those
//! with whom it is, to its maker, and to whoever sees the record; it is made, changed and taken back by those whose
//! permission to share reaches the record, and nobody lends what they may not do themselves.
mod deeds;
mod store;

pub use crate::schema::shares::table as Table;
pub use deeds::{create, find, list, remove, update};
pub use store::{Given, are_many, forget, given, is_given_to};

use crate::filter::Listed;
use crate::schema::shares;
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{Code, Kind, Noun, Record, ShareId, TeamId, Tidy, UserId, patch, rule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use uuid::Uuid;
use validator::{Validate, ValidationError};

pub const SHARED_ALREADY: Code = Code::new(
    "shared_already",
    Kind::Conflict,
    "The record is shared with this user or team already, perhaps no longer in force: `existing` says which share it is.",
);
pub const CODES: &[Code] = &[SHARED_ALREADY];

pub(crate) const READ: &str = "read";
pub(crate) const UPDATE: &str = "update";
/// What may be done with what is shared.
pub const ACCESS: &[&str] = &[READ, UPDATE];

/// That a record is shared with a user or a team.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = shares, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000d1", "resource": "contact",
    "record_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "user_id": "0192f0c1-0000-7000-8000-000000000002",
    "team_id": null, "access": "read", "expires_at": "2026-12-31T16:00:00Z", "version": 1,
    "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Share {
    pub id: ShareId,
    /// of which noun
    pub resource: String,
    /// which record
    pub record_id: Uuid,
    /// the user with whom it is shared
    pub user_id: Option<UserId>,
    /// or the team: those who are in it, not those of teams below or above
    pub team_id: Option<TeamId>,
    /// `read`, or `update` as well
    #[schema(schema_with = access)]
    pub access: String,
    /// until when; null is until it is taken back
    pub expires_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// who shared it
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was taken back
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What is shared with whom: with a user or a team, one of them.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = shares, treat_none_as_default_value = false)]
#[validate(schema(function = "is_with_one"))]
#[schema(example = json!({
    "resource": "contact", "record_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6",
    "user_id": "0192f0c1-0000-7000-8000-000000000002", "access": "read"
}))]
pub struct NewShare {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<ShareId>,
    /// of which noun: one whose records have an owner, such as `account`, `contact` or `order`
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50)]
    pub resource: String,
    /// which record
    pub record_id: Uuid,
    pub user_id: Option<UserId>,
    pub team_id: Option<TeamId>,
    /// `read`, unless said otherwise
    #[serde(default = "read")]
    #[validate(custom(function = "is_access"))]
    #[schema(schema_with = access, required = false)]
    pub access: String,
    /// a moment to come
    pub expires_at: Option<DateTime<Utc>>,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = shares)]
#[schema(example = json!({"access": "update", "expires_at": null}))]
pub struct SharePatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(custom(function = "is_access"))]
    #[schema(schema_with = access, required = false)]
    pub access: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub expires_at: Option<Option<DateTime<Utc>>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "share",
    table: "shares",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("resource", Holds::Text),
        Field::new("record_id", Holds::Id),
        Field::new("user_id", Holds::Id).nullable(),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("access", Holds::Choice(ACCESS)),
        Field::new("expires_at", Holds::Instant).nullable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("user", "user", "user_id"),
        Relation::one("team", "team", "team_id"),
        Relation::one("creator", "user", "created_by"),
    ],
    custom: None,
    owned: Owned::Shared,
};

impl Noun for Share {
    const NAME: &'static str = "share";
}
impl Record for Share {
    type Id = ShareId;
    fn id(&self) -> ShareId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for shares::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

impl Tidy for NewShare {}
impl Tidy for SharePatch {}

fn read() -> String {
    READ.to_owned()
}

fn access() -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(ACCESS.iter().copied())).build()
}

fn is_access(access: &str) -> Result<(), ValidationError> {
    match ACCESS.contains(&access) {
        true => Ok(()),
        false => Err(rule!("choice", "is neither read nor update")),
    }
}

fn is_with_one(new: &NewShare) -> Result<(), ValidationError> {
    match new.user_id.is_some() != new.team_id.is_some() {
        true => Ok(()),
        false => {
            let mut rule = rule!("one_of", "with a user or with a team, one of them");
            rule.add_param("member".into(), &"user_id");
            Err(rule)
        }
    }
}
