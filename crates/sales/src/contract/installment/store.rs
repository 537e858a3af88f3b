//! The queries of instalments. Their contract was asked for through its `scope` before.
use super::{Installment, InstallmentPatch};
use crate::contract::schema::installments;
use crate::contract::{self, Contract};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{ContractId, Ctx, InstallmentId, Page, Result, error};
use platform::{Conn, Listing, Record};
use rust_decimal::Decimal;

/// The instalments of a contract that the caller may see, by position.
pub fn of(conn: &mut Conn, ctx: &Ctx, contract: ContractId) -> Result<Vec<Installment>> {
    contract::find(conn, ctx, contract)?;
    Ok(of_all(conn, ctx, &[contract])?)
}

/// The instalments of contracts that the caller may see; each one's by position.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, contracts: &[ContractId]) -> QueryResult<Vec<Installment>> {
    installments::table
        .filter(installments::tenant_id.eq(ctx.tenant))
        .filter(installments::contract_id.eq_any(contracts))
        .order((installments::contract_id, installments::position, installments::id))
        .select(Installment::as_select())
        .load(conn)
}

/// The instalments of all contracts that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<installments::table>) -> Result<Page<Installment>> {
    let all = || installments::table.filter(installments::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Installment::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(installments::id),
        |one| &one.status,
    )
}

/// An instalment of a contract that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: InstallmentId) -> Result<Installment> {
    let found: Option<Installment> =
        installments::table.find((ctx.tenant, id)).select(Installment::as_select()).first(conn).optional()?;
    let found = found.ok_or(error::NOT_FOUND)?;
    contract::find(conn, ctx, found.contract_id)?;
    Ok(found)
}

/// Whether a contract has any.
pub fn any(conn: &mut Conn, ctx: &Ctx, contract: ContractId) -> QueryResult<bool> {
    let here = installments::table
        .filter(installments::tenant_id.eq(ctx.tenant))
        .filter(installments::contract_id.eq(contract));
    diesel::select(exists(here)).get_result(conn)
}

/// Of a contract that is locked: those of which something is to be paid, the oldest first.
pub fn due(conn: &mut Conn, ctx: &Ctx, contract: ContractId) -> QueryResult<Vec<Installment>> {
    installments::table
        .filter(installments::tenant_id.eq(ctx.tenant))
        .filter(installments::contract_id.eq(contract))
        .filter(installments::status.ne_all(["paid", "waived"]))
        .order((installments::due_on, installments::position, installments::id))
        .select(Installment::as_select())
        .load(conn)
}

/// Those among `ids`, whoever sees them: what a payment was matched to.
pub fn lock_of(conn: &mut Conn, ctx: &Ctx, ids: &[InstallmentId]) -> QueryResult<Vec<Installment>> {
    installments::table
        .filter(installments::tenant_id.eq(ctx.tenant))
        .filter(installments::id.eq_any(ids))
        .order(installments::id)
        .for_update()
        .select(Installment::as_select())
        .load(conn)
}

/// An instalment as it is to stand.
pub struct Row {
    pub id: InstallmentId,
    pub position: i32,
    pub due_on: NaiveDate,
    pub amount: Decimal,
    pub paid: Decimal,
    pub status: &'static str,
    pub overdue_at: Option<DateTime<Utc>>,
    pub description: Option<String>,
    pub version: i32,
    pub created_at: Option<DateTime<Utc>>,
}

/// Puts these in place of all that are there; one that is there already stays where it is, for payments lead to it.
pub fn replace(conn: &mut Conn, ctx: &Ctx, contract: &Contract, rows: &[Row]) -> QueryResult<()> {
    let stay: Vec<InstallmentId> = rows.iter().map(|row| row.id).collect();
    let gone = installments::table
        .filter(installments::tenant_id.eq(ctx.tenant))
        .filter(installments::contract_id.eq(contract.id))
        .filter(installments::id.ne_all(stay));
    diesel::delete(gone).execute(conn)?;
    for row in rows {
        let values = || {
            (
                installments::position.eq(row.position),
                installments::due_on.eq(row.due_on),
                installments::currency.eq(&contract.currency),
                installments::amount.eq(row.amount),
                installments::status.eq(row.status),
                installments::overdue_at.eq(row.overdue_at),
                installments::description.eq(&row.description),
                installments::version.eq(row.version),
                installments::updated_at.eq(ctx.now),
            )
        };
        let whole = (
            installments::tenant_id.eq(ctx.tenant),
            installments::id.eq(row.id),
            installments::contract_id.eq(contract.id),
            installments::paid_amount.eq(row.paid),
            installments::created_at.eq(row.created_at.unwrap_or(ctx.now)),
        );
        diesel::insert_into(installments::table)
            .values((whole, values()))
            .on_conflict((installments::tenant_id, installments::id))
            .do_update()
            .set(values())
            .execute(conn)?;
    }
    Ok(())
}

/// Of a contract that is locked.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: InstallmentId,
    patch: &InstallmentPatch,
    status: &str,
    overdue_at: Option<DateTime<Utc>>,
) -> QueryResult<Installment> {
    let moved = (
        installments::status.eq(status),
        installments::overdue_at.eq(overdue_at),
        installments::version.eq(installments::version + 1),
        installments::updated_at.eq(ctx.now),
    );
    diesel::update(installments::table.find((ctx.tenant, id)))
        .set((patch, moved))
        .returning(Installment::as_returning())
        .get_result(conn)
}

/// Of a contract that is locked: so much of it is to be paid no more, which is all that was open.
pub fn waive(conn: &mut Conn, ctx: &Ctx, id: InstallmentId, waived: Decimal, reason: &str) -> QueryResult<Installment> {
    let moved = (
        installments::status.eq("waived"),
        installments::waived_amount.eq(waived),
        installments::waived_at.eq(ctx.now),
        installments::waived_reason.eq(reason),
        installments::version.eq(installments::version + 1),
        installments::updated_at.eq(ctx.now),
    );
    diesel::update(installments::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(Installment::as_returning())
        .recorded::<Installment>(ctx, Verb::Waived)
        .get_result(conn)
}

/// Of a contract that is locked: nothing of it is waived any more.
pub fn unwaive(conn: &mut Conn, ctx: &Ctx, id: InstallmentId, status: &str) -> QueryResult<Installment> {
    let moved = (
        installments::status.eq(status),
        installments::waived_amount.eq(Decimal::ZERO),
        installments::waived_at.eq(None::<DateTime<Utc>>),
        installments::waived_reason.eq(None::<String>),
        installments::version.eq(installments::version + 1),
        installments::updated_at.eq(ctx.now),
    );
    diesel::update(installments::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(Installment::as_returning())
        .get_result(conn)
}

pub fn set_paid(conn: &mut Conn, ctx: &Ctx, id: InstallmentId, paid: Decimal, status: &str) -> QueryResult<usize> {
    let moved = (
        installments::paid_amount.eq(paid),
        installments::status.eq(status),
        installments::version.eq(installments::version + 1),
        installments::updated_at.eq(ctx.now),
    );
    diesel::update(installments::table.find((ctx.tenant, id))).set(moved).execute(conn)
}
