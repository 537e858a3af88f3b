//! What may be done with an opportunity. Each change is a transaction: it locks the opportunity, settles what follows from
//! its stage, writes it with its lines and where it has been, and asks what the stage demands of what was written.
use super::settle::{self, Settled, Step, Wish};
use super::worth::{self, Worth};
use super::{Key, NewOpportunity, Opportunity, OpportunityPatch, history, line, rotting, store};
use crate::lifecycle;
use customer::account;
use diesel::Connection;
use kernel::{Ctx, Error, Existing, Noun, OpportunityId, Result, StageId, error, text};
use platform::deed::{self, Called, Upsert, Upserted, may_own, untouched};
use platform::search::Words;
use platform::{Conn, custom};

/// Of one name with one account: worth showing, not worth refusing.
const NAME: u8 = 60;

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewOpportunity) -> Result<Opportunity> {
    may_own::<Opportunity>(ctx, new.owner_id)?;
    account::is_there(conn, ctx, new.account_id)?;
    settle::is_reason(conn, ctx, new.lost_reason.as_deref())?;
    let wish = Wish {
        pipeline: new.pipeline_id,
        stage: new.stage_id,
        probability: new.probability,
        category: new.forecast_category.as_deref(),
        closed_at: new.closed_at,
        rank: None,
    };
    conn.transaction(|conn| {
        let worth = worth::of_new(conn, ctx, new)?;
        let (settled, step) = settle::settle(conn, ctx, None, &wish, &worth)?;
        let words = custom::words(ctx, Opportunity::NAME, &new.custom.0, words(&new.name, new.next_step.as_deref()));
        let made = store::insert(conn, ctx, new, &settled, words)?;
        settle::demand(ctx, &step, None, &made)?;
        line::write(conn, ctx, &made, worth.lines.as_deref().unwrap_or_default(), &[])?;
        history::note(conn, ctx, &made, &step, None)?;
        if made.is_won() {
            lifecycle::won(conn, ctx, &made)?;
        }
        Ok(made)
    })
}

/// The opportunities that a new one may be.
pub fn duplicates(conn: &mut Conn, ctx: &Ctx, new: &NewOpportunity) -> Result<Vec<Existing>> {
    let found = store::alike(conn, ctx, &new.name, new.account_id)?;
    Ok(found.iter().map(|one| Existing::new(one.id, "name_and_account_id", NAME)).collect())
}

/// With a `base`, only if the opportunity is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OpportunityId,
    base: Option<i32>,
    patch: &OpportunityPatch,
) -> Result<Opportunity> {
    may_own::<Opportunity>(ctx, patch.owner_id)?;
    account::is_there(conn, ctx, patch.account_id.flatten())?;
    conn.transaction(|conn| {
        let before = changeable(conn, ctx, id, base)?;
        write(conn, ctx, &before, patch, Wish::default())
    })
}

/// Goes on to another stage, with whatever is sent along: a change that says where to.
pub fn transition(
    conn: &mut Conn,
    ctx: &Ctx,
    id: OpportunityId,
    base: Option<i32>,
    patch: &OpportunityPatch,
) -> Result<Opportunity> {
    if patch.stage_id.is_none() {
        // who does not see it is not told what is missing
        changeable(conn, ctx, id, base)?;
        return Err(Error::invalid("/stage_id", "required", text!("says where it goes on to")));
    }
    update(conn, ctx, id, base, patch)
}

/// Writes a change of an opportunity that is locked.
pub(super) fn write(
    conn: &mut Conn,
    ctx: &Ctx,
    before: &Opportunity,
    patch: &OpportunityPatch,
    wish: Wish,
) -> Result<Opportunity> {
    let wish = Wish {
        stage: patch.stage_id,
        probability: patch.probability,
        category: patch.forecast_category.as_deref(),
        closed_at: patch.closed_at,
        ..wish
    };
    settle::is_reason(conn, ctx, patch.lost_reason.as_ref().and_then(Option::as_deref))?;
    let worth = worth::of_patched(conn, ctx, before, patch)?;
    written(conn, ctx, before, patch, &wish, &worth)
}

fn written(
    conn: &mut Conn,
    ctx: &Ctx,
    before: &Opportunity,
    patch: &OpportunityPatch,
    wish: &Wish,
    worth: &Worth,
) -> Result<Opportunity> {
    let (settled, step) = settle::settle(conn, ctx, Some(before), wish, worth)?;
    let after = put(conn, ctx, before, patch, &settled, &step)?;
    settle::demand(ctx, &step, Some(before), &after)?;
    beside(conn, ctx, before, &after, worth)?;
    if step.enters() {
        history::note(conn, ctx, &after, &step, Some(before))?;
    }
    if after.is_won() && (step.enters() || before.account_id != after.account_id) {
        lifecycle::won(conn, ctx, &after)?;
    }
    Ok(after)
}

fn put(
    conn: &mut Conn,
    ctx: &Ctx,
    before: &Opportunity,
    patch: &OpportunityPatch,
    settled: &Settled,
    step: &Step,
) -> Result<Opportunity> {
    let mut patch = patch.clone();
    if step.reopens() && patch.lost_reason.is_none() {
        patch.lost_reason = Some(None);
    }
    match store::update(conn, ctx, before.id, &patch, settled, step.verb())? {
        Some(after) => Ok(after),
        None => Err(untouched(conn, ctx, store::find, before.id, None)),
    }
}

/// Its lines and its words.
fn beside(conn: &mut Conn, ctx: &Ctx, before: &Opportunity, after: &Opportunity, worth: &Worth) -> Result<()> {
    if let Some(lines) = &worth.lines {
        line::replace(conn, ctx, after, lines)?;
    }
    if before.name != after.name || before.next_step != after.next_step || before.custom != after.custom {
        let words = words(&after.name, after.next_step.as_deref());
        store::set_words(conn, ctx, after.id, custom::words(ctx, Opportunity::NAME, &after.custom.0, words))?;
    }
    Ok(())
}

/// Locks the opportunity for a change.
pub(super) fn changeable(conn: &mut Conn, ctx: &Ctx, id: OpportunityId, base: Option<i32>) -> Result<Opportunity> {
    match store::lock(conn, ctx, id)? {
        Some(found) if base.is_none_or(|version| version == found.version) => Ok(found),
        _ => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A change of its parts is a change of the opportunity.
pub(super) fn touch(conn: &mut Conn, ctx: &Ctx, before: &Opportunity) -> Result<Opportunity> {
    write(conn, ctx, before, &OpportunityPatch::default(), Wish::default())
}

/// What was agreed upon is what it comes to: with these lines, in this currency. One that is not there any more is left.
pub(crate) fn agreed(conn: &mut Conn, ctx: &Ctx, id: OpportunityId, worth: &Worth) -> Result<()> {
    match store::lock(conn, ctx, id)? {
        Some(before) => {
            ctx.may_write::<Opportunity>("amount")?;
            written(conn, ctx, &before, &OpportunityPatch::default(), &Wish::default(), worth).map(drop)
        }
        None => Ok(()),
    }
}

/// All opportunities of a stage go on to another one. What is demanded there is demanded of those that are living.
pub fn carry(conn: &mut Conn, ctx: &Ctx, from: StageId, to: StageId) -> Result<()> {
    let patch = OpportunityPatch { stage_id: Some(to), ..OpportunityPatch::default() };
    for (id, is_archived) in store::within(conn, ctx, from)? {
        match is_archived {
            true => {
                store::shift(conn, ctx, id, to)?;
                rotting::mark(conn, ctx, id)?;
            }
            false => drop(update(conn, ctx, id, None, &patch)?),
        }
    }
    Ok(())
}

/// The opportunity with this key is changed, or made where there is none; its lines are replaced where there are some in
/// the patch.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &Key,
    ask: &Upsert<NewOpportunity, OpportunityPatch>,
) -> Result<Upserted<Opportunity>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, new),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

impl Called for Key {
    fn called(&self) -> Option<(&str, &str)> {
        let Self::External { source_system, external_id } = self;
        Some((source_system, external_id))
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: OpportunityId, base: Option<i32>) -> Result<Opportunity> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(found) => Ok(found),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// An opportunity that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: OpportunityId) -> Result<Opportunity> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, with its lines and where it has been.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: OpportunityId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// What it is found by: the one choice of words.
pub(super) fn words(name: &str, next_step: Option<&str>) -> Vec<String> {
    Words::new().name(name).maybe(next_step, |all, text| all.text(text)).lexemes()
}
