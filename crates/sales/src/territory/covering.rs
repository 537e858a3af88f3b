//! In which territories a record is: in one whose filter holds of it, or that has none, and only as far as it is in the one
//! above. The tree is asked from the top, level by level, so that of a large one few filters are asked.
use super::{Territory, store};
use crate::lead;
use customer::account;
use kernel::catalogue::Catalogue;
use kernel::{AccountId, Ctx, LeadId, Result, TerritoryId};
use platform::Conn;
use platform::filter::rule;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Those of a lead that the caller sees, the deepest first.
pub fn of_lead(conn: &mut Conn, ctx: &Ctx, id: LeadId) -> Result<Vec<Territory>> {
    lead::find(conn, ctx, id)?;
    of(conn, ctx, &lead::CATALOGUE, id.0)
}

/// Those of an account that the caller sees, the deepest first.
pub fn of_account(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<Vec<Territory>> {
    account::find(conn, ctx, id)?;
    of(conn, ctx, &account::CATALOGUE, id.0)
}

/// The deepest first, and of one level by name.
pub(crate) fn of(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, record: Uuid) -> Result<Vec<Territory>> {
    let mut rest = store::living(conn, ctx)?;
    let mut levels: Vec<Vec<Territory>> = Vec::new();
    loop {
        let above = levels.last();
        let stands = |one: &Territory| match (one.parent_id, above) {
            (None, None) => true,
            (Some(parent), Some(above)) => above.iter().any(|other| other.id == parent),
            _ => false,
        };
        let (level, others): (Vec<Territory>, Vec<Territory>) = rest.into_iter().partition(stands);
        rest = others;
        let level = holding(conn, ctx, (noun, record), level)?;
        if level.is_empty() {
            return Ok(levels.into_iter().rev().flatten().collect());
        }
        levels.push(level);
    }
}

/// Those of one level that hold.
fn holding(
    conn: &mut Conn,
    ctx: &Ctx,
    (noun, record): (&'static Catalogue, Uuid),
    level: Vec<Territory>,
) -> Result<Vec<Territory>> {
    let asked: Vec<(Uuid, &str)> = level.iter().filter_map(|one| Some((one.id.0, one.filter.as_deref()?))).collect();
    let held = rule::holding(conn, ctx, noun, record, &asked)?;
    Ok(level.into_iter().filter(|one| one.filter.is_none() || held.contains(&one.id.0)).collect())
}

/// Of these, which stand in their order, that one and what is below it; all of them, where none is said.
pub(crate) fn below(found: Vec<Territory>, top: Option<TerritoryId>) -> Vec<Territory> {
    let Some(top) = top else { return found };
    let mut kept = BTreeSet::from([top]);
    for one in found.iter().rev() {
        if one.parent_id.is_some_and(|parent| kept.contains(&parent)) {
            kept.insert(one.id);
        }
    }
    found.into_iter().filter(|one| kept.contains(&one.id)).collect()
}
