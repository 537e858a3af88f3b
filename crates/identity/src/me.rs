//! Who the caller is, where they belong, and what they may do: what an application asks first.
use crate::api_key::{self, ApiKey};
use crate::factor;
use crate::field::FieldAccess;
use crate::password::Password;
use crate::permission::Permission;
use crate::role::{self, Role};
use crate::schema::users;
use crate::session::{self, Session};
use crate::tenant::{self, Tenant, is_locale, is_time_zone};
use crate::user::{self, User};
use diesel::prelude::AsChangeset;
use kernel::{Ctx, Result, RoleId, SessionId, TeamId, Tidy, patch, tidy};
use platform::Conn;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// The caller.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    pub user: User,
    pub tenant: Tenant,
    pub roles: Vec<Held>,
    /// the teams that the caller belongs to
    pub team_ids: Vec<TeamId>,
    /// all that may be done, by the caller's roles and, with an API key, its scopes
    pub permissions: Vec<Permission>,
    /// the fields of which less than `write` is given; a record lacks those that are hidden
    pub fields: Vec<FieldAccess>,
    /// whether a second factor has to be added before anything is permitted: see `require_second_factor` of the tenant
    pub lacks_second_factor: bool,
    /// the session, where the caller has logged in
    pub session: Option<Session>,
    /// the API key, where the caller came with one
    pub api_key: Option<ApiKey>,
}

/// A role that the caller holds.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RoleHeld, example = json!({
    "id": "0192f0c1-0000-7000-8000-0000000000b4", "name": "Owner", "builtin": "owner"
}))]
pub struct Held {
    pub id: RoleId,
    pub name: String,
    pub builtin: Option<String>,
}

/// What may be done, for an application that draws only what works.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "permissions": [{"object": "contact", "action": "read", "reach": "team"}],
    "fields": [{"object": "contact", "field": "phone", "access": "hidden"}]
}))]
pub struct MyPermissions {
    pub permissions: Vec<Permission>,
    /// the fields of which less than `write` is given; a record lacks those that are hidden
    pub fields: Vec<FieldAccess>,
}

/// A merge patch of oneself: what is absent stays, what is null is cleared.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = users)]
#[schema(example = json!({"display_name": "李娜", "locale": "zh-Hans", "time_zone": "Asia/Shanghai"}))]
pub struct MePatch {
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
}

/// A new password of one's own; all other sessions end.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "current_password": "a long walk by the lake", "new_password": "a longer walk by the sea"
}))]
pub struct PasswordChange {
    pub current_password: Password,
    pub new_password: Password,
}

/// Everything about the caller.
pub fn show(conn: &mut Conn, ctx: &Ctx, session: Option<SessionId>) -> Result<Me> {
    let roles = role::many(conn, ctx.tenant, ctx.actor.user)?;
    let tenant = tenant::own(conn, ctx)?;
    let session = session.and_then(|id| session::current(conn, ctx, id).transpose()).transpose()?;
    let vouched = session.as_ref().is_some_and(|session| session.is_vouched);
    let asked = tenant.require_second_factor && ctx.actor.key.is_none() && !vouched;
    Ok(Me {
        lacks_second_factor: asked && !factor::has(conn, ctx.tenant, ctx.actor.user)?,
        user: user::myself(conn, ctx)?,
        tenant,
        roles: roles.into_iter().map(Held::from).collect(),
        team_ids: ctx.grants.teams().to_vec(),
        permissions: Permission::all(&ctx.grants),
        fields: FieldAccess::all(&ctx.grants),
        session,
        api_key: ctx.actor.key.map(|id| api_key::current(conn, ctx, id)).transpose()?,
    })
}

/// What the caller may do.
pub fn permissions(ctx: &Ctx) -> MyPermissions {
    MyPermissions { permissions: Permission::all(&ctx.grants), fields: FieldAccess::all(&ctx.grants) }
}

impl From<Role> for Held {
    fn from(role: Role) -> Self {
        Self { id: role.id, name: role.name, builtin: role.builtin }
    }
}

impl Tidy for MePatch {
    fn tidy(&mut self) {
        self.display_name.iter_mut().for_each(tidy::trim);
    }
}
impl Tidy for PasswordChange {}
