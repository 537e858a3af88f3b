//! The cases of a customer that are open, in short: one statement, however many there are.
mod store;

use super::Case;
use kernel::{AccountId, ContactId, Ctx, Result};
use platform::Conn;
use serde::Serialize;
use utoipa::ToSchema;

const LISTED: i64 = 10;

/// The open cases of a customer, in short.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct CaseSummary {
    /// how many are neither resolved nor closed
    #[schema(minimum = 0, example = 1)]
    pub open_count: i64,
    /// the newest of them, ten at most
    #[schema(max_items = 10)]
    pub open: Vec<Case>,
}

/// The open cases of accounts and contacts that are one customer, as far as the caller sees them, and that they are
/// theirs.
pub fn cases_of(
    conn: &mut Conn,
    ctx: &Ctx,
    mut accounts: Vec<AccountId>,
    mut contacts: Vec<ContactId>,
) -> Result<CaseSummary> {
    if !ctx.sees::<Case>("account_id") {
        accounts.clear();
    }
    if !ctx.sees::<Case>("contact_id") {
        contacts.clear();
    }
    let found = store::newest_open(conn, ctx, &accounts, &contacts, LISTED)?;
    Ok(CaseSummary {
        open_count: found.first().map_or(0, |(_, count)| *count),
        open: found.into_iter().map(|(case, _)| case).collect(),
    })
}
