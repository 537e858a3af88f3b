//! The queries of a contract on its way.
use crate::contract::Contract;
use crate::contract::schema::contracts;
use crate::contract::store::{scope, touched};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{Action, ContractId, Ctx, TenantId, UserId};
use platform::sweep::{Look, look};
use platform::{Conn, Record};

/// Another status of one that is locked.
pub fn set_status(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContractId,
    status: &str,
    signed: Option<DateTime<Utc>>,
    verb: Verb,
) -> QueryResult<Option<Contract>> {
    let signed = signed.map(|at| contracts::signed_at.eq(at));
    diesel::update(scope(ctx, Action::Update).filter(contracts::id.eq(id)))
        .set((contracts::status.eq(status), signed, touched(ctx)))
        .returning(Contract::as_returning())
        .recorded::<Contract>(ctx, verb)
        .get_result(conn)
        .optional()
}

#[derive(QueryableByName)]
pub struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: ContractId,
    #[diesel(sql_type = SqlUuid)]
    pub owner_id: UserId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

impl Due {
    pub fn ctx(&self) -> Ctx {
        Ctx::powerless(self.tenant_id, self.owner_id, self.now)
    }
}

/// A signed contract whose first day has come where its tenant is.
pub const BEGINNING: Look = look! {
    what: "a contract that begins",
    row: "c",
    locks: "c",
    tells: "c.owner_id",
    from: "FROM contracts AS c JOIN tenants AS t ON t.tenant_id = c.tenant_id \
           WHERE c.status = 'signed' AND c.deleted_at IS NULL \
           AND c.start_on <= (statement_timestamp() AT TIME ZONE 'UTC')::date + 1 \
           AND c.start_on <= (statement_timestamp() AT TIME ZONE t.time_zone)::date",
};

/// One whose last day is over where its tenant is.
pub const OVER: Look = look! {
    what: "a contract that ends",
    row: "c",
    locks: "c",
    tells: "c.owner_id",
    from: "FROM contracts AS c JOIN tenants AS t ON t.tenant_id = c.tenant_id \
           WHERE c.status = 'active' AND c.deleted_at IS NULL \
           AND c.end_on < (statement_timestamp() AT TIME ZONE 'UTC')::date + 1 \
           AND c.end_on < (statement_timestamp() AT TIME ZONE t.time_zone)::date",
};

/// One that holds and ends within thirty days, where its tenant is: of its last day that was not told yet.
pub const EXPIRING: Look = look! {
    what: "a contract that is about to end",
    row: "c",
    locks: "c",
    tells: "c.owner_id",
    from: "FROM contracts AS c JOIN tenants AS t ON t.tenant_id = c.tenant_id \
           WHERE c.status IN ('signed', 'active') AND c.deleted_at IS NULL \
           AND c.told_end_on IS DISTINCT FROM c.end_on \
           AND c.end_on <= (statement_timestamp() AT TIME ZONE 'UTC')::date + 31 \
           AND c.end_on BETWEEN (statement_timestamp() AT TIME ZONE t.time_zone)::date \
           AND (statement_timestamp() AT TIME ZONE t.time_zone)::date + 30",
};

/// One that is locked, whoever it is of.
pub fn held(conn: &mut Conn, ctx: &Ctx, id: ContractId) -> QueryResult<Contract> {
    contracts::table.find((ctx.tenant, id)).select(Contract::as_select()).first(conn)
}

/// What its day has decided, whoever it is of.
pub fn settle(conn: &mut Conn, ctx: &Ctx, id: ContractId, status: &str, verb: Verb) -> QueryResult<Contract> {
    diesel::update(contracts::table.find((ctx.tenant, id)))
        .set((contracts::status.eq(status), touched(ctx)))
        .returning(Contract::as_returning())
        .recorded::<Contract>(ctx, verb)
        .get_result(conn)
}

/// That it is about to end: once for this last day, whoever it is of.
pub fn tell_expiring(conn: &mut Conn, ctx: &Ctx, id: ContractId) -> QueryResult<Contract> {
    diesel::update(contracts::table.find((ctx.tenant, id)))
        .set((contracts::told_end_on.eq(contracts::end_on), touched(ctx)))
        .returning(Contract::as_returning())
        .recorded::<Contract>(ctx, Verb::Expiring)
        .get_result(conn)
}
