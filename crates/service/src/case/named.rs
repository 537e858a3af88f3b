//! What a body names beside the case: each is there, and is seen by whoever names it.
use super::{CasePatch, NewCase, OWN_PARENT, find, store};
use crate::{category, others};
use customer::{account, contact};
use kernel::{AccountId, CaseId, ContactId, Ctx, Error, Fault, Kind, Result, error};
use platform::Conn;
use platform::deed::in_turn;
use uuid::Uuid;

/// Cases deeper than this are taken for a circle.
const DEEPEST: usize = 32;

/// Records of other wings, by noun and the member that names one.
type Elsewhere = [(&'static str, &'static str, Option<Uuid>); 2];

/// The account of a new case: the one that is named, or that of its contact, as far as the caller sees it.
pub(super) fn of_new(conn: &mut Conn, ctx: &Ctx, new: &NewCase) -> Result<Option<AccountId>> {
    let elsewhere = [
        ("order", "/order_id", new.order_id.map(|id| id.0)),
        ("product", "/product_id", new.product_id.map(|id| id.0)),
    ];
    are_there(conn, ctx, elsewhere)?;
    account::is_there(conn, ctx, new.account_id)?;
    contact::is_there(conn, ctx, new.contact_id)?;
    category::is_there(conn, ctx, new.category_id)?;
    others::is_queue(conn, ctx, new.queue_id)?;
    parent(conn, ctx, None, new.parent_id)?;
    match (new.account_id, new.contact_id) {
        (None, Some(contact)) => account_of(conn, ctx, contact),
        (account, _) => Ok(account),
    }
}

/// The account that a contact belongs to first of all, as far as the caller sees it.
pub(crate) fn account_of(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> Result<Option<AccountId>> {
    let Some(account) = contact::find(conn, ctx, id)?.account_id else { return Ok(None) };
    Ok(account::many(conn, ctx, &[account])?.first().map(|account| account.id))
}

pub(super) fn of_patch(conn: &mut Conn, ctx: &Ctx, id: CaseId, patch: &CasePatch) -> Result<()> {
    let order = patch.order_id.flatten().map(|id| id.0);
    let product = patch.product_id.flatten().map(|id| id.0);
    are_there(conn, ctx, [("order", "/order_id", order), ("product", "/product_id", product)])?;
    account::is_there(conn, ctx, patch.account_id.flatten())?;
    contact::is_there(conn, ctx, patch.contact_id.flatten())?;
    category::is_there(conn, ctx, patch.category_id.flatten())?;
    others::is_queue(conn, ctx, patch.queue_id.flatten())?;
    parent(conn, ctx, Some(id), patch.parent_id.flatten())
}

fn are_there(conn: &mut Conn, ctx: &Ctx, all: Elsewhere) -> Result<()> {
    let mut faults = Vec::new();
    for (noun, pointer, id) in all {
        let Some(id) = id else { continue };
        if !others::sees(conn, ctx, noun, id)? {
            faults.push(others::unknown(pointer));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults)) }
}

/// Going up from a living parent never leads to the case itself. Until the transaction ends, nobody else puts one below
/// another.
fn parent(conn: &mut Conn, ctx: &Ctx, id: Option<CaseId>, parent: Option<CaseId>) -> Result<()> {
    let Some(parent) = parent else { return Ok(()) };
    in_turn(conn, &format!("{} case tree", ctx.tenant))?;
    find(conn, ctx, parent).map_err(|error| match error.kind() {
        Kind::NotFound => Error::from(error::UNKNOWN_REFERENCE).fault(others::unknown("/parent_id")),
        _ => error,
    })?;
    match id {
        Some(id) if above(conn, ctx, parent)?.contains(&id) => {
            Err(Error::from(OWN_PARENT).fault(Fault::of("/parent_id", OWN_PARENT)))
        }
        _ => Ok(()),
    }
}

/// A case, and all that it is a part of, the nearest first.
pub(super) fn above(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Vec<CaseId>> {
    let (mut all, mut next) = (Vec::new(), Some(id));
    while let Some(one) = next.filter(|one| !all.contains(one) && all.len() < DEEPEST) {
        all.push(one);
        next = store::above(conn, ctx, one)?;
    }
    Ok(all)
}
