//! Where an account stands: those above it and those below, as far as the actor sees them. What is not seen is left out,
//! and with it nothing else: who stands below it is shown where they stand.
mod store;

use super::Account;
use kernel::{AccountId, Ctx, Result};
use platform::Conn;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// How deep it is looked, unless said otherwise, and at most.
pub const DEPTH: i32 = 5;
pub const DEEPEST: i32 = 20;
/// More of them are not shown.
const MOST: i64 = 1000;

/// An account in its place.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountPlace {
    /// 0 is the account that was asked for; those above are below zero
    #[schema(example = 1)]
    pub level: i32,
    pub account: Account,
}

/// The accounts above, topmost first, the account itself, and those below, level by level and by name.
#[derive(Clone, Debug)]
pub struct Standing {
    pub places: Vec<AccountPlace>,
    /// the account itself and all that stand below it, however deep, as far as the actor sees them
    pub subtree: Vec<AccountId>,
    pub is_whole: bool,
}

/// The places around an account that the actor sees.
pub fn hierarchy(conn: &mut Conn, ctx: &Ctx, id: AccountId, depth: i32) -> Result<Standing> {
    super::find(conn, ctx, id)?;
    let levels = store::around(conn, ctx, id)?;
    let shown = |(_, level): &&(AccountId, i32)| *level <= depth;
    let near: Vec<AccountId> = levels.iter().filter(shown).map(|(id, _)| *id).collect();
    let level: HashMap<AccountId, i32> = levels.iter().rev().copied().collect();
    let level = |id: &AccountId| level.get(id).copied().unwrap_or_default();
    let seen = store::seen(conn, ctx, &near, MOST)?;
    let mut places: Vec<AccountPlace> =
        seen.into_iter().map(|account| AccountPlace { level: level(&account.id), account }).collect();
    places.sort_by(|one, other| (one.level, &one.account.name).cmp(&(other.level, &other.account.name)));
    let below: Vec<AccountId> = levels.iter().filter(|(_, level)| *level >= 0).map(|(id, _)| *id).collect();
    let subtree = store::seen_ids(conn, ctx, &below)?;
    // of those that are not seen it is not told either that they are there
    let is_deeper = subtree.iter().any(|id| level(id) > depth);
    let is_whole = i64::try_from(places.len()).is_ok_and(|count| count < MOST) && !is_deeper;
    Ok(Standing { places, subtree, is_whole })
}
