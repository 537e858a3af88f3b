//! The queries of what lies too long: workers look for what is marked and for what is due, over all tenants.
use crate::opportunity::Opportunity;
use crate::opportunity::schema::{opportunities, opportunities_beside, rotting_marks};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Nullable, Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{Ctx, OpportunityId, TenantId, UserId};
use platform::sweep::{Look, look};
use platform::{Conn, Record};
use uuid::Uuid;

#[derive(QueryableByName)]
pub struct Marked {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    /// of the mark
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub opportunity_id: OpportunityId,
    #[diesel(sql_type = SqlUuid)]
    pub owner_id: UserId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

#[derive(QueryableByName)]
pub struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: OpportunityId,
    #[diesel(sql_type = SqlUuid)]
    pub owner_id: UserId,
    /// when it was told of this stay already
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub rotting_told_at: Option<DateTime<Utc>>,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

pub const MARKED: Look = look! {
    what: "an opportunity whose clock is set anew",
    row: "m",
    locks: "m, o",
    tells: "m.opportunity_id, o.owner_id",
    from: "FROM rotting_marks AS m \
           JOIN opportunities AS o ON o.tenant_id = m.tenant_id AND o.id = m.opportunity_id WHERE TRUE",
};

/// What has lain long enough, and has no mark: that is settled first.
pub const ROTTEN: Look = look! {
    what: "an opportunity that rots",
    row: "o",
    locks: "o",
    tells: "o.owner_id, o.rotting_told_at",
    from: "FROM opportunities AS o WHERE NOT o.is_rotten AND o.closed_at IS NULL AND o.deleted_at IS NULL \
           AND o.rots_at <= statement_timestamp() AND NOT EXISTS (SELECT FROM rotting_marks AS m \
           WHERE m.tenant_id = o.tenant_id AND m.opportunity_id = o.id)",
};

/// Its clock is to be set anew.
pub fn mark(conn: &mut Conn, ctx: &Ctx, id: OpportunityId) -> QueryResult<usize> {
    let row = (rotting_marks::tenant_id.eq(ctx.tenant), rotting_marks::opportunity_id.eq(id));
    diesel::insert_into(rotting_marks::table).values(row).execute(conn)
}

pub fn take(conn: &mut Conn, ctx: &Ctx, mark: Uuid) -> QueryResult<usize> {
    diesel::delete(rotting_marks::table.find((ctx.tenant, mark))).execute(conn)
}

/// One that is locked, whoever it is of.
pub fn held(conn: &mut Conn, ctx: &Ctx, id: OpportunityId) -> QueryResult<Opportunity> {
    opportunities::table.find((ctx.tenant, id)).select(Opportunity::as_select()).first(conn)
}

/// Its clock is set anew, whoever it is of.
pub fn set(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OpportunityId,
    rots_at: Option<DateTime<Utc>>,
    is_rotten: bool,
) -> QueryResult<Opportunity> {
    let clock = (opportunities_beside::rots_at.eq(rots_at), opportunities_beside::is_rotten.eq(is_rotten));
    let moved = (opportunities::version.eq(opportunities::version + 1), opportunities::updated_at.eq(ctx.now));
    diesel::update(opportunities::table.find((ctx.tenant, id)))
        .set((clock, moved))
        .returning(Opportunity::as_returning())
        .recorded::<Opportunity>(ctx, Verb::Updated)
        .get_result(conn)
}

/// It is rotten, whoever it is of; that is told the first time that it is in its stage.
pub fn rot(conn: &mut Conn, ctx: &Ctx, id: OpportunityId, verb: Verb) -> QueryResult<Opportunity> {
    let told = (verb == Verb::Rotting).then(|| opportunities_beside::rotting_told_at.eq(ctx.now));
    let moved = (opportunities::version.eq(opportunities::version + 1), opportunities::updated_at.eq(ctx.now));
    diesel::update(opportunities::table.find((ctx.tenant, id)))
        .set((opportunities_beside::is_rotten.eq(true), told, moved))
        .returning(Opportunity::as_returning())
        .recorded::<Opportunity>(ctx, verb)
        .get_result(conn)
}
