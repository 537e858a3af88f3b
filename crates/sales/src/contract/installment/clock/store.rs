//! The queries of what the clock finds among instalments.
use crate::contract::Contract;
use crate::contract::installment::Installment;
use crate::contract::schema::{contracts, installments};
use crate::contract::store::touched;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Date, Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{ContractId, Ctx, InstallmentId, TenantId, UserId};
use platform::sweep::{Look, look};
use platform::{Conn, Record};

#[derive(QueryableByName)]
pub struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: InstallmentId,
    #[diesel(sql_type = SqlUuid)]
    pub contract_id: ContractId,
    #[diesel(sql_type = SqlUuid)]
    pub owner_id: UserId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
    /// where the tenant is
    #[diesel(sql_type = Date)]
    pub today: NaiveDate,
}

impl Due {
    pub fn ctx(&self) -> Ctx {
        Ctx::powerless(self.tenant_id, self.owner_id, self.now)
    }
}

/// One of a contract in force whose day has come where its tenant is; its contract is locked with it, as by whoever pays.
pub const COMING: Look = look! {
    what: "an instalment that comes due",
    row: "i",
    locks: "c, i",
    tells: "i.contract_id, c.owner_id, (statement_timestamp() AT TIME ZONE t.time_zone)::date AS today",
    from: "FROM installments AS i JOIN contracts AS c ON c.tenant_id = i.tenant_id AND c.id = i.contract_id \
           JOIN tenants AS t ON t.tenant_id = i.tenant_id WHERE i.status = 'planned' \
           AND c.deleted_at IS NULL AND c.status NOT IN ('draft', 'terminated') \
           AND i.due_on <= (statement_timestamp() AT TIME ZONE 'UTC')::date + 1 \
           AND i.due_on <= (statement_timestamp() AT TIME ZONE t.time_zone)::date",
};

/// One of a contract in force that is neither paid nor waived though its day is over where its tenant is; its contract is locked with it.
pub const OVERDUE: Look = look! {
    what: "an instalment that is overdue",
    row: "i",
    locks: "c, i",
    tells: "i.contract_id, c.owner_id, (statement_timestamp() AT TIME ZONE t.time_zone)::date AS today",
    from: "FROM installments AS i JOIN contracts AS c ON c.tenant_id = i.tenant_id AND c.id = i.contract_id \
           JOIN tenants AS t ON t.tenant_id = i.tenant_id WHERE i.overdue_at IS NULL AND i.status <> 'paid' AND i.status <> 'waived' \
           AND c.deleted_at IS NULL AND c.status NOT IN ('draft', 'terminated') \
           AND i.due_on < (statement_timestamp() AT TIME ZONE 'UTC')::date + 1 \
           AND i.due_on < (statement_timestamp() AT TIME ZONE t.time_zone)::date",
};

/// All of a contract whose day has come: a change of the contract, whoever it is of.
pub fn set_due(conn: &mut Conn, ctx: &Ctx, contract: ContractId, today: NaiveDate) -> QueryResult<Contract> {
    let due = installments::table
        .filter(installments::tenant_id.eq(ctx.tenant))
        .filter(installments::contract_id.eq(contract))
        .filter(installments::status.eq("planned"))
        .filter(installments::due_on.le(today));
    let moved = (
        installments::status.eq("due"),
        installments::version.eq(installments::version + 1),
        installments::updated_at.eq(ctx.now),
    );
    diesel::update(due).set(moved).execute(conn)?;
    diesel::update(contracts::table.find((ctx.tenant, contract)))
        .set(touched(ctx))
        .returning(Contract::as_returning())
        .recorded::<Contract>(ctx, Verb::Updated)
        .get_result(conn)
}

pub fn tell_overdue(conn: &mut Conn, ctx: &Ctx, id: InstallmentId) -> QueryResult<Installment> {
    let moved = (
        installments::status.eq("overdue"),
        installments::overdue_at.eq(ctx.now),
        installments::version.eq(installments::version + 1),
        installments::updated_at.eq(ctx.now),
    );
    diesel::update(installments::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(Installment::as_returning())
        .recorded::<Installment>(ctx, Verb::Overdue)
        .get_result(conn)
}
