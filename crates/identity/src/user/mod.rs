//! A user is somebody who works in the house of a tenant.
//!
//! A user's e-mail is unique among the living users of the tenant, and is what they log in with. One who is not active
//! is still there, owns what they own, and gets in nowhere. A service account is a user that is no person: it has no
//! password, never logs in, and works through API keys that are made for it. Whoever acts on another user holds all that
//! they hold, and a tenant always has an active owner.
mod deeds;
mod store;

pub use crate::schema::users::table as Table;
pub use deeds::{archive, ask_for_proof, create, invite, purge, restore, update, update_own};
pub(crate) use deeds::{arrived, founder, governed, not_a_queue, set_password, touch, verified};
pub use store::{find, list, many, members};
pub(crate) use store::{myself, password};

use crate::password::Password;
use crate::schema::users;
use crate::tenant::{is_locale, is_time_zone};
use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Searched};
use kernel::{Code, Kind, Noun, Record, RoleId, TeamId, Tidy, UserId, patch, rule, tidy};
use platform::filter::Listed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use validator::{Validate, ValidationError};

pub const EMAIL_TAKEN: Code =
    Code::new("user_email_taken", Kind::Conflict, "Another user has this e-mail address: `existing` says which.");
pub const NO_PASSWORD: Code = Code::new(
    "user_without_password",
    Kind::Invalid,
    "Only a person logs in: a service account works through API keys, and a queue not at all.",
);
pub const NO_QUEUE: Code = Code::new(
    "user_is_queue",
    Kind::Conflict,
    "A queue is nobody: it is in no team, holds no role, and is changed at `/v1/queues`.",
);
pub const CODES: &[Code] = &[EMAIL_TAKEN, NO_PASSWORD, NO_QUEUE];

/// What a user may be.
pub const KINDS: &[&str] = &["person", "service", "queue"];
/// Who logs in.
pub const PERSON: &str = "person";
/// A program, which comes with an API key.
pub const SERVICE: &str = "service";
/// What owns records until somebody takes them: see [`crate::queue`].
pub const QUEUE: &str = "queue";

/// Somebody who works here.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = users, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-0000-7000-8000-000000000001", "email": "li.na@example.cn", "display_name": "李娜",
    "locale": "zh-Hans", "time_zone": "Asia/Shanghai", "kind": "person", "is_active": true,
    "email_verified_at": "2026-11-21T08:05:00Z", "version": 1,
    "created_at": "2026-11-21T08:00:00Z", "updated_at": "2026-11-21T08:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct User {
    pub id: UserId,
    /// what they log in with, in lower case
    pub email: String,
    pub display_name: String,
    /// BCP 47; the tenant's where it is null
    pub locale: Option<String>,
    /// IANA; the tenant's where it is null
    pub time_zone: Option<String>,
    /// `person`; `service` for a program that comes with an API key; `queue` for what owns records until somebody takes them
    #[schema(schema_with = kinds)]
    pub kind: String,
    /// whether they may come in
    pub is_active: bool,
    /// when they last proved that this address is theirs; another address has yet to be proved
    pub email_verified_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

/// What a new user is made of. Without a password they cannot log in yet; without roles they may do nothing yet.
#[derive(Clone, Debug, Deserialize, Insertable, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
#[validate(schema(function = "is_safe"))]
#[schema(example = json!({
    "email": "li.na@example.cn", "display_name": "李娜", "locale": "zh-Hans", "time_zone": "Asia/Shanghai",
    "password": "a long walk by the lake", "role_ids": ["0192f0c1-0000-7000-8000-0000000000b4"]
}))]
pub struct NewUser {
    /// made by the client, when it creates offline
    #[diesel(skip_insertion)]
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<UserId>,
    #[validate(email, length(max = 254))]
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(min_length = 1, max_length = 200)]
    pub display_name: String,
    #[validate(custom(function = "is_locale"))]
    #[schema(max_length = 35)]
    pub locale: Option<String>,
    #[validate(custom(function = "is_time_zone"))]
    #[schema(max_length = 64)]
    pub time_zone: Option<String>,
    /// `person` or `service`, and so for good
    #[serde(default = "person")]
    #[validate(custom(function = "is_kind"))]
    #[schema(schema_with = new_kinds, required = false)]
    pub kind: String,
    #[diesel(skip_insertion)]
    pub password: Option<Password>,
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub role_ids: Vec<RoleId>,
    #[serde(default)]
    #[diesel(skip_insertion)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub team_ids: Vec<TeamId>,
}

/// A merge patch: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = users)]
#[schema(example = json!({"display_name": "李娜娜", "is_active": false}))]
pub struct UserPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(email, length(max = 254))]
    #[schema(value_type = String, required = false, format = "email", max_length = 254)]
    pub email: Option<String>,
    #[serde(default, deserialize_with = "patch::value")]
    #[validate(length(max = 200), custom(function = "tidy::is_filled"))]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub display_name: Option<String>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_locale"))]
    #[schema(value_type = Option<String>, max_length = 35)]
    pub locale: Option<Option<String>>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(custom(function = "is_time_zone"))]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub time_zone: Option<Option<String>>,
    /// `false` ends all sessions of the user
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = bool, required = false)]
    pub is_active: Option<bool>,
    /// of an address that is another one now
    #[serde(skip)]
    #[schema(ignore)]
    pub(crate) email_verified_at: Option<Option<DateTime<Utc>>>,
    /// a new one ends all sessions of the user
    #[serde(default, deserialize_with = "patch::value")]
    #[diesel(skip_update)]
    #[schema(value_type = Password, required = false)]
    pub password: Option<Password>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "user",
    table: "users",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("email", Holds::Text).searched(Searched::Whole),
        Field::new("display_name", Holds::Text).searched(Searched::Name),
        Field::new("locale", Holds::Text).nullable(),
        Field::new("time_zone", Holds::Text).nullable(),
        Field::new("kind", Holds::Choice(KINDS)),
        Field::new("is_active", Holds::Bool),
        Field::new("email_verified_at", Holds::Instant).nullable(),
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

impl Noun for User {
    const NAME: &'static str = "user";
}
impl Record for User {
    type Id = UserId;
    fn id(&self) -> UserId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for users::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

impl Tidy for NewUser {
    fn tidy(&mut self) {
        tidy::email(&mut self.email);
        tidy::trim(&mut self.display_name);
    }
}
impl Tidy for UserPatch {
    fn tidy(&mut self) {
        self.email.iter_mut().for_each(tidy::email);
        self.display_name.iter_mut().for_each(tidy::trim);
    }
}

fn person() -> String {
    PERSON.to_owned()
}

fn is_kind(kind: &str) -> Result<(), ValidationError> {
    match [PERSON, SERVICE].contains(&kind) {
        true => Ok(()),
        false => Err(rule!("choice", "is neither person nor service")),
    }
}

fn kinds() -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(KINDS.iter().copied())).build()
}

fn new_kinds() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some([PERSON, SERVICE]))
        .default(Some(PERSON.into()))
        .build()
}

fn is_safe(new: &NewUser) -> Result<(), ValidationError> {
    new.password.as_ref().map_or(Ok(()), |password| password.check(&new.email, &new.display_name)).map_err(
        |mut rule| {
            rule.add_param("member".into(), &"password");
            rule
        },
    )
}
