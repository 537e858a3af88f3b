//! The queries of those who are not known yet: no scope can hold them, for it is not known whose it would be.
use crate::password::Hash;
use crate::schema::{passwords, tenants, users};
use crate::user::PERSON;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{TenantId, UserId};
use platform::Conn;

/// Somebody that a login may be of.
pub struct Candidate {
    pub tenant: TenantId,
    pub tenant_name: String,
    pub user: UserId,
    pub hash: Option<Hash>,
}

/// More tenants with the same address are more work than a login is worth.
const MOST: i64 = 5;

/// The active users with this address, in one tenant or in several.
pub fn candidates(conn: &mut Conn, email: &str, tenant: Option<TenantId>) -> QueryResult<Vec<Candidate>> {
    let everywhere = tenant.is_none();
    let rows: Vec<(TenantId, String, UserId, Option<String>)> = users::table
        .inner_join(tenants::table.on(tenants::tenant_id.eq(users::tenant_id)))
        .left_join(passwords::table.on(passwords::tenant_id.eq(users::tenant_id).and(passwords::user_id.eq(users::id))))
        .filter(users::email.eq(email))
        .filter(users::deleted_at.is_null())
        .filter(users::is_active)
        .filter(users::kind.eq(PERSON))
        .filter(
            everywhere
                .into_sql::<diesel::sql_types::Bool>()
                .or(users::tenant_id.nullable().eq(tenant).assume_not_null()),
        )
        .order(users::id)
        .limit(MOST)
        .select((tenants::tenant_id, tenants::name, users::id, passwords::hash.nullable()))
        .load(conn)?;
    let candidate = |(tenant, tenant_name, user, hash): (_, _, _, Option<String>)| Candidate {
        tenant,
        tenant_name,
        user,
        hash: hash.map(Hash),
    };
    Ok(rows.into_iter().map(candidate).collect())
}
