//! The queries of an API key. `scope` is the way in; `entry` is for whoever proves who they are.
use super::{ApiKey, NewApiKey};
use crate::digest::{self, Digest};
use crate::schema::{api_key_secrets, api_keys, tenants, users};
use chrono::{DateTime, Duration, Utc};
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::event::Verb;
use kernel::net::Nets;
use kernel::{Action, ApiKeyId, Ctx, Cut, Page, Reach, Result, TenantId, UserId};
use platform::{Conn, Record};

/// No user has more of them.
pub(super) const MOST: i64 = 100;
const SHOWN: i64 = 200;

/// The actor's own keys; all of the tenant for those whose permission reaches so far.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let user: UserId = ctx.actor.user;
    let reach: Reach = ctx.reach::<ApiKey>(Action::Read).min(ctx.reach::<ApiKey>(action));
    let open: AsExprOf<bool, Bool> = (reach > Reach::None).into_sql::<Bool>();
    let all: AsExprOf<bool, Bool> = (reach == Reach::All).into_sql::<Bool>();
    api_keys::table.filter(api_keys::tenant_id.eq(tenant)).filter(open).filter(api_keys::user_id.eq(user).or(all))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: ApiKeyId) -> Result<ApiKey> {
    Ok(scope(ctx, Action::Read).filter(api_keys::id.eq(id)).select(ApiKey::as_select()).first(conn)?)
}

/// The key of this request, which needs no permission to know itself.
pub(crate) fn current(conn: &mut Conn, ctx: &Ctx, id: ApiKeyId) -> QueryResult<ApiKey> {
    api_keys::table.find((ctx.tenant, id)).select(ApiKey::as_select()).first(conn)
}

/// The keys that are not revoked, the newest first.
pub fn list(conn: &mut Conn, ctx: &Ctx) -> Result<Page<ApiKey>> {
    let data = scope(ctx, Action::Read)
        .filter(api_keys::revoked_at.is_null())
        .order(api_keys::id.desc())
        .limit(SHOWN)
        .select(ApiKey::as_select())
        .load(conn)?;
    Ok(Page { data, page: Cut::default() })
}

/// How many a user has that are not revoked.
pub(super) fn count(conn: &mut Conn, ctx: &Ctx, user: UserId) -> QueryResult<i64> {
    api_keys::table
        .filter(api_keys::tenant_id.eq(ctx.tenant))
        .filter(api_keys::user_id.eq(user))
        .filter(api_keys::revoked_at.is_null())
        .count()
        .get_result(conn)
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ApiKeyId,
    new: &NewApiKey,
    hint: &str,
    hash: &Digest,
) -> QueryResult<ApiKey> {
    let row = (
        api_keys::tenant_id.eq(ctx.tenant),
        api_keys::id.eq(id),
        api_keys::user_id.eq(new.user_id.unwrap_or(ctx.actor.user)),
        api_keys::name.eq(&new.name),
        api_keys::hint.eq(hint),
        api_keys::scopes.eq(&new.scopes),
        api_keys::addresses.eq(&new.addresses),
        api_keys::expires_at.eq(new.expires_at),
        api_keys::created_at.eq(ctx.now),
        api_keys::updated_at.eq(ctx.now),
    );
    let key = diesel::insert_into(api_keys::table)
        .values(row)
        .returning(ApiKey::as_returning())
        .recorded::<ApiKey>(ctx, Verb::Created)
        .get_result(conn)?;
    let secret = (
        api_key_secrets::tenant_id.eq(ctx.tenant),
        api_key_secrets::api_key_id.eq(id),
        api_key_secrets::hash.eq(hash.as_slice()),
    );
    diesel::insert_into(api_key_secrets::table).values(secret).execute(conn)?;
    Ok(key)
}

/// A new text; the one before is good until `until`, and the one before that no longer.
pub(super) fn rotate(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ApiKeyId,
    hint: &str,
    hash: &Digest,
    until: DateTime<Utc>,
) -> QueryResult<Option<ApiKey>> {
    let target = scope(ctx, Action::Update).filter(api_keys::id.eq(id)).filter(api_keys::revoked_at.is_null());
    let key = diesel::update(target)
        .set((
            api_keys::previous_hint.eq(api_keys::hint.nullable()),
            api_keys::previous_expires_at.eq(until),
            api_keys::hint.eq(hint),
            api_keys::updated_at.eq(ctx.now),
            api_keys::version.eq(api_keys::version + 1),
        ))
        .returning(ApiKey::as_returning())
        .recorded::<ApiKey>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()?;
    if key.is_some() {
        diesel::update(api_key_secrets::table.find((ctx.tenant, id)))
            .set((
                api_key_secrets::previous_hash.eq(api_key_secrets::hash.nullable()),
                api_key_secrets::hash.eq(hash.as_slice()),
            ))
            .execute(conn)?;
    }
    Ok(key)
}

/// Locked until the transaction ends: of two who rotate it at once one comes first.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: ApiKeyId) -> Result<ApiKey> {
    Ok(scope(ctx, Action::Read).filter(api_keys::id.eq(id)).for_update().select(ApiKey::as_select()).first(conn)?)
}

pub(super) fn revoke(conn: &mut Conn, ctx: &Ctx, id: ApiKeyId) -> QueryResult<Option<ApiKey>> {
    let target = scope(ctx, Action::Delete).filter(api_keys::id.eq(id)).filter(api_keys::revoked_at.is_null());
    diesel::update(target)
        .set((
            api_keys::revoked_at.eq(ctx.now),
            api_keys::updated_at.eq(ctx.now),
            api_keys::version.eq(api_keys::version + 1),
        ))
        .returning(ApiKey::as_returning())
        .recorded::<ApiKey>(ctx, Verb::Deleted)
        .get_result(conn)
        .optional()
}

/// A living key of an active user.
#[derive(Debug, Queryable)]
pub(crate) struct Entry {
    pub user: UserId,
    pub hash: Vec<u8>,
    pub previous_hash: Option<Vec<u8>>,
    pub previous_expires_at: Option<DateTime<Utc>>,
    pub scopes: Vec<String>,
    pub addresses: Vec<String>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
    pub locale: Option<String>,
    pub tenant_locale: String,
    pub requires_versions: bool,
    pub phone_region: Option<String>,
}

impl Entry {
    /// Until when a text with this hash is good; `None` where it is not.
    pub fn good(&self, hash: &Digest, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let end = self.expires_at.unwrap_or(DateTime::<Utc>::MAX_UTC);
        if digest::same(&self.hash, hash) {
            return Some(end);
        }
        let before = self.previous_hash.as_ref().is_some_and(|previous| digest::same(previous, hash));
        self.previous_expires_at.filter(|until| before && *until > now).map(|until| until.min(end))
    }

    /// Where it may come from; what could not be read is nowhere, so that it opens nothing.
    pub fn nets(&self) -> Nets {
        Nets(self.addresses.iter().filter_map(|text| text.parse().ok()).collect())
    }
}

pub(crate) fn entry(conn: &mut Conn, tenant: TenantId, id: ApiKeyId, now: DateTime<Utc>) -> QueryResult<Option<Entry>> {
    api_keys::table
        .inner_join(
            api_key_secrets::table
                .on(api_key_secrets::api_key_id.eq(api_keys::id).and(api_key_secrets::tenant_id.eq(tenant))),
        )
        .inner_join(users::table.on(users::id.eq(api_keys::user_id).and(users::tenant_id.eq(tenant))))
        .inner_join(tenants::table.on(tenants::tenant_id.eq(api_keys::tenant_id)))
        .filter(api_keys::tenant_id.eq(tenant))
        .filter(api_keys::id.eq(id))
        .filter(api_keys::revoked_at.is_null())
        .filter(api_keys::expires_at.is_null().or(api_keys::expires_at.gt(now)))
        .filter(users::is_active)
        .filter(users::deleted_at.is_null())
        .select((
            api_keys::user_id,
            api_key_secrets::hash,
            api_key_secrets::previous_hash,
            api_keys::previous_expires_at,
            api_keys::scopes,
            api_keys::addresses,
            api_keys::last_used_at,
            api_keys::expires_at,
            users::locale,
            tenants::locale,
            tenants::requires_if_match,
            tenants::phone_region,
        ))
        .first(conn)
        .optional()
}

/// Notes that it was used, once a minute.
pub(crate) fn used(conn: &mut Conn, tenant: TenantId, id: ApiKeyId, now: DateTime<Utc>) -> QueryResult<usize> {
    let target = api_keys::table
        .filter(api_keys::tenant_id.eq(tenant))
        .filter(api_keys::id.eq(id))
        .filter(api_keys::last_used_at.is_null().or(api_keys::last_used_at.lt(now - Duration::minutes(1))));
    diesel::update(target).set(api_keys::last_used_at.eq(now)).execute(conn)
}
