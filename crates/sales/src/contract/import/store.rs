//! The queries of what files bring: whose contract is meant, and which may go again.
use crate::contract::schema::{contracts, payments};
use crate::contract::store::scope;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Action, ContractId, Ctx};
use platform::Conn;
use rust_decimal::Decimal;
use uuid::Uuid;

/// The living ones with these numbers.
pub fn numbered(conn: &mut Conn, ctx: &Ctx, numbers: &[String]) -> QueryResult<Vec<(String, ContractId)>> {
    scope(ctx, Action::Read)
        .filter(contracts::deleted_at.is_null())
        .filter(contracts::number.eq_any(numbers))
        .select((contracts::number, contracts::id))
        .load(conn)
}

/// Those that nothing hangs on: no payment, and no contract that goes on from them.
pub fn free(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> QueryResult<Vec<Uuid>> {
    let paid: Vec<Option<ContractId>> = payments::table
        .filter(payments::tenant_id.eq(ctx.tenant))
        .filter(payments::contract_id.eq_any(ids))
        .select(payments::contract_id)
        .load(conn)?;
    let renewed: Vec<Option<ContractId>> = contracts::table
        .filter(contracts::tenant_id.eq(ctx.tenant))
        .filter(contracts::renews_id.eq_any(ids))
        .select(contracts::renews_id)
        .load(conn)?;
    let held: Vec<Option<ContractId>> = contracts::table
        .filter(contracts::tenant_id.eq(ctx.tenant))
        .filter(contracts::id.eq_any(ids))
        .filter(contracts::paid_amount.ne(Decimal::ZERO))
        .select(contracts::id.nullable())
        .load(conn)?;
    let stays = |id: &Uuid| [&paid, &renewed, &held].into_iter().flatten().flatten().any(|one| one.0 == *id);
    Ok(ids.iter().copied().filter(|id| !stays(id)).collect())
}
