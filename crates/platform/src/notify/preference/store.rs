//! The queries of what people want to be told of.
use super::NotificationPreferences;
use crate::Conn;
use crate::notify::schema::notification_preferences as kept;
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Bool, Jsonb, Nullable, Text, Uuid as SqlUuid};
use kernel::{Ctx, Error, Result, TenantId, UserId};
use serde_json::Value;
use uuid::Uuid;

/// What the actor has said, or what holds for those who have said nothing.
pub fn find(conn: &mut Conn, ctx: &Ctx) -> Result<NotificationPreferences> {
    let said: Option<Value> =
        kept::table.find((ctx.tenant, ctx.actor.user)).select(kept::wanted).first(conn).optional()?;
    Ok(said.map(read).unwrap_or_default())
}

pub fn put(conn: &mut Conn, ctx: &Ctx, wanted: &NotificationPreferences) -> Result<()> {
    let wanted = kept::wanted.eq(serde_json::to_value(wanted).map_err(Error::internal)?);
    let row = (kept::tenant_id.eq(ctx.tenant), kept::user_id.eq(ctx.actor.user), kept::updated_at.eq(ctx.now));
    diesel::insert_into(kept::table)
        .values((row, wanted.clone()))
        .on_conflict((kept::tenant_id, kept::user_id))
        .do_update()
        .set((wanted, kept::updated_at.eq(ctx.now)))
        .execute(conn)?;
    Ok(())
}

fn read(said: Value) -> NotificationPreferences {
    serde_json::from_value(said).unwrap_or_default()
}

/// Somebody who may be told of something.
#[derive(Clone, Debug)]
pub struct Reader {
    pub wanted: NotificationPreferences,
    pub zone: Tz,
    pub has_device: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: UserId,
    #[diesel(sql_type = Text)]
    zone: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    wanted: Option<Value>,
    #[diesel(sql_type = Bool)]
    has_device: bool,
}

/// Those of these who are people and work here, each with what they want, and where they are.
pub fn readers(conn: &mut Conn, tenant: TenantId, users: &[Uuid]) -> QueryResult<Vec<(UserId, Reader)>> {
    let text = "SELECT u.id, coalesce(u.time_zone, t.time_zone) AS zone, p.wanted, EXISTS (SELECT FROM devices AS d \
                WHERE d.tenant_id = u.tenant_id AND d.user_id = u.id) AS has_device FROM users AS u \
                JOIN tenants AS t ON t.tenant_id = u.tenant_id LEFT JOIN notification_preferences AS p \
                ON p.tenant_id = u.tenant_id AND p.user_id = u.id WHERE u.tenant_id = $1 AND u.id = ANY ($2) \
                AND u.is_active AND u.deleted_at IS NULL AND u.kind = 'person'";
    let rows: Vec<Row> =
        diesel::sql_query(text).bind::<SqlUuid, _>(tenant).bind::<Array<SqlUuid>, _>(users).load(conn)?;
    let one = |row: Row| {
        let zone = row.zone.parse().unwrap_or(Tz::UTC);
        let wanted = row.wanted.map(read).unwrap_or_default();
        (row.id, Reader { wanted, zone, has_device: row.has_device })
    };
    Ok(rows.into_iter().map(one).collect())
}
