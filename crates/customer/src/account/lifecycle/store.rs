//! The queries of how accounts have come on. They are parts of accounts that were asked for, but for what moves them
//! on.
use super::AccountLifecycleChange;
use crate::account;
use crate::lifecycle::{Step, Taken};
use crate::schema::{account_lifecycle_changes as changes, accounts};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{AccountId, AccountLifecycleChangeId, Ctx, Page, Result};
use platform::{Conn, Listing};
use std::collections::HashMap;

/// How accounts have come on that the caller may see; each from the beginning.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, accounts: &[AccountId]) -> Result<Vec<AccountLifecycleChange>> {
    Ok(changes::table
        .filter(changes::tenant_id.eq(ctx.tenant))
        .filter(changes::account_id.eq_any(accounts))
        .order((changes::account_id, changes::id))
        .select(AccountLifecycleChange::as_select())
        .load(conn)?)
}

/// How all accounts have come on that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<changes::table>) -> Result<Page<AccountLifecycleChange>> {
    let all = || changes::table.filter(changes::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((AccountLifecycleChange::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(changes::id),
        |one| &one.to_stage,
    )
}

/// The same of one account, which is there for the actor.
pub fn list_of(
    conn: &mut Conn,
    ctx: &Ctx,
    account: AccountId,
    listing: &Listing<changes::table>,
) -> Result<Page<AccountLifecycleChange>> {
    account::find(conn, ctx, account)?;
    let all = || changes::table.filter(changes::tenant_id.eq(ctx.tenant)).filter(changes::account_id.eq(account));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((AccountLifecycleChange::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(changes::id),
        |one| &one.to_stage,
    )
}

/// Writes steps down, each with how long it was in the stage before.
pub(in crate::account) fn note(conn: &mut Conn, ctx: &Ctx, steps: &[Step<AccountId>]) -> QueryResult<usize> {
    if steps.is_empty() {
        return Ok(0);
    }
    let since = since(conn, ctx, steps)?;
    let row = |step: &Step<AccountId>| {
        let came = step.from.as_ref().and_then(|from| since.get(&(step.of, from.clone())));
        (
            changes::tenant_id.eq(ctx.tenant),
            changes::id.eq(AccountLifecycleChangeId::new()),
            changes::account_id.eq(step.of),
            changes::from_stage.eq(step.from.clone()),
            changes::to_stage.eq(step.to.clone()),
            changes::cause.eq(step.cause.name()),
            changes::cause_id.eq(step.cause.record()),
            changes::duration_seconds.eq(came.map(|came| (ctx.now - *came).num_seconds().max(0))),
            changes::changed_at.eq(ctx.now),
            changes::changed_by.eq(ctx.actor.user),
        )
    };
    let rows: Vec<_> = steps.iter().map(row).collect();
    diesel::insert_into(changes::table).values(rows).execute(conn)
}

/// When those that go on came to the stages that they leave, as far as that was written down.
fn since(
    conn: &mut Conn,
    ctx: &Ctx,
    steps: &[Step<AccountId>],
) -> QueryResult<HashMap<(AccountId, String), DateTime<Utc>>> {
    let leave: Vec<AccountId> = steps.iter().filter(|step| step.from.is_some()).map(|step| step.of).collect();
    if leave.is_empty() {
        return Ok(HashMap::new());
    }
    let came: Vec<(AccountId, String, DateTime<Utc>)> = changes::table
        .filter(changes::tenant_id.eq(ctx.tenant))
        .filter(changes::account_id.eq_any(leave))
        .order((changes::changed_at, changes::id))
        .select((changes::account_id, changes::to_stage, changes::changed_at))
        .load(conn)?;
    // of a stage that somebody was in twice, the last time
    Ok(came.into_iter().map(|(account, stage, at)| ((account, stage), at)).collect())
}

/// The steps of some, one record after the other, in the order in which they were taken.
pub(super) fn taken(
    conn: &mut Conn,
    ctx: &Ctx,
    ids: &[AccountId],
) -> QueryResult<Vec<Taken<AccountId, AccountLifecycleChangeId>>> {
    changes::table
        .filter(changes::tenant_id.eq(ctx.tenant))
        .filter(changes::account_id.eq_any(ids))
        .order((changes::account_id, changes::changed_at, changes::id))
        .select((
            changes::id,
            changes::account_id,
            changes::from_stage,
            changes::to_stage,
            changes::cause,
            changes::changed_at,
        ))
        .load(conn)
}

pub(super) fn forget(conn: &mut Conn, ctx: &Ctx, steps: &[AccountLifecycleChangeId]) -> QueryResult<usize> {
    if steps.is_empty() {
        return Ok(0);
    }
    let those = changes::table.filter(changes::tenant_id.eq(ctx.tenant)).filter(changes::id.eq_any(steps));
    diesel::delete(those).execute(conn)
}

/// The living ones among these that are in one of these stages, whoever sees them.
pub(super) fn standing(conn: &mut Conn, ctx: &Ctx, ids: &[AccountId], stages: &[&str]) -> QueryResult<Vec<AccountId>> {
    accounts::table
        .filter(accounts::tenant_id.eq(ctx.tenant))
        .filter(accounts::id.eq_any(ids))
        .filter(accounts::deleted_at.is_null())
        .filter(accounts::lifecycle_stage.eq_any(stages))
        .select(accounts::id)
        .load(conn)
}

/// The same, held in the order of their ids, each with the stage that it is in. Whoever only refers to one does not
/// wait.
pub(super) fn hold(
    conn: &mut Conn,
    ctx: &Ctx,
    ids: Vec<AccountId>,
    stages: &[&str],
) -> QueryResult<Vec<(AccountId, String)>> {
    accounts::table
        .filter(accounts::tenant_id.eq(ctx.tenant))
        .filter(accounts::id.eq_any(ids))
        .filter(accounts::deleted_at.is_null())
        .filter(accounts::lifecycle_stage.eq_any(stages))
        .order(accounts::id)
        .for_no_key_update()
        .select((accounts::id, accounts::lifecycle_stage))
        .load(conn)
}
