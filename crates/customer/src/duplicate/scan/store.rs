//! Which records share something with others: looked up by indexes, and no more than a few of each.
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Uuid as SqlUuid};
use kernel::{AccountId, ContactId, Ctx};
use platform::Conn;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Pair {
    #[diesel(sql_type = SqlUuid)]
    one: Uuid,
    #[diesel(sql_type = SqlUuid)]
    other: Uuid,
}

/// Contacts that share an address or a number, are called the same, or work for the same account: a few
/// of each.
pub fn contacts(conn: &mut Conn, ctx: &Ctx, ids: &[ContactId]) -> QueryResult<Vec<(Uuid, Uuid)>> {
    let pairs: Vec<Pair> = diesel::sql_query(
        "WITH mine AS (SELECT id, display_name, account_id FROM contacts WHERE tenant_id = $1 AND id = ANY ($2)) \
         SELECT m.id AS one, o.id AS other FROM mine AS m JOIN contact_points AS p ON p.tenant_id = $1 \
         AND p.contact_id = m.id AND p.kind IN ('email', 'phone') CROSS JOIN LATERAL (SELECT o.contact_id AS id \
         FROM contact_points AS o JOIN contacts AS c ON c.tenant_id = $1 AND c.id = o.contact_id AND c.deleted_at IS NULL \
         WHERE o.tenant_id = $1 AND o.kind = p.kind AND o.value_norm = p.value_norm \
         AND o.contact_id <> m.id LIMIT 20) AS o \
         UNION SELECT m.id, o.id FROM mine AS m CROSS JOIN LATERAL (SELECT o.id FROM contacts AS o \
         WHERE o.tenant_id = $1 AND o.deleted_at IS NULL AND lower(o.display_name) = lower(m.display_name) \
         AND o.id <> m.id LIMIT 20) AS o \
         UNION SELECT m.id, o.id FROM mine AS m CROSS JOIN LATERAL (SELECT o.id FROM contacts AS o \
         WHERE o.tenant_id = $1 AND o.deleted_at IS NULL AND o.account_id = m.account_id AND o.id <> m.id LIMIT 50) AS o",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<Array<SqlUuid>, _>(ids)
    .load(conn)?;
    Ok(pairs.into_iter().map(|pair| (pair.one, pair.other)).collect())
}

/// Accounts that share a number, a name, an address or a site; those of people, any way to reach them.
pub fn accounts(conn: &mut Conn, ctx: &Ctx, ids: &[AccountId]) -> QueryResult<Vec<(Uuid, Uuid)>> {
    let pairs: Vec<Pair> = diesel::sql_query(
        "WITH mine AS (SELECT * FROM accounts WHERE tenant_id = $1 AND id = ANY ($2)) \
         SELECT m.id AS one, o.id AS other FROM mine AS m CROSS JOIN LATERAL (SELECT o.id FROM accounts AS o \
         WHERE o.tenant_id = $1 AND o.deleted_at IS NULL AND lower(o.name) = lower(m.name) AND o.id <> m.id LIMIT 20) AS o \
         UNION SELECT m.id, o.id FROM mine AS m CROSS JOIN LATERAL (SELECT o.id FROM accounts AS o \
         WHERE o.tenant_id = $1 AND o.deleted_at IS NULL AND o.phone = m.phone AND o.id <> m.id LIMIT 20) AS o \
         UNION SELECT m.id, o.id FROM mine AS m CROSS JOIN LATERAL (SELECT o.id FROM accounts AS o \
         WHERE o.tenant_id = $1 AND o.deleted_at IS NULL AND o.email = m.email AND o.id <> m.id LIMIT 20) AS o \
         UNION SELECT m.id, o.id FROM mine AS m CROSS JOIN LATERAL (SELECT o.id FROM accounts AS o \
         WHERE o.tenant_id = $1 AND o.deleted_at IS NULL AND host_of(o.website) = host_of(m.website) \
         AND o.id <> m.id LIMIT 20) AS o \
         UNION SELECT m.id, o.id FROM mine AS m JOIN contact_points AS p ON p.tenant_id = $1 \
         AND p.contact_id = m.person_id AND p.kind IN ('email', 'phone') CROSS JOIN LATERAL (SELECT a.id \
         FROM contact_points AS o JOIN accounts AS a ON a.tenant_id = $1 AND a.person_id = o.contact_id \
         AND a.deleted_at IS NULL WHERE o.tenant_id = $1 AND o.kind = p.kind AND o.value_norm = p.value_norm \
         AND o.contact_id <> m.person_id LIMIT 20) AS o",
    )
    .bind::<SqlUuid, _>(ctx.tenant)
    .bind::<Array<SqlUuid>, _>(ids)
    .load(conn)?;
    Ok(pairs.into_iter().map(|pair| (pair.one, pair.other)).collect())
}
