//! How far a lead has come: one rule for whatever writes its status. What is given up has a reason, and nothing else has
//! one; a customer is made by a conversion alone, and changes no more.
use super::{CONVERTED, Lead, LeadPatch, NewLead};
use chrono::{DateTime, Utc};
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Result, TeamId, UserId, text};
use platform::Conn;
use platform::custom::option_set;

pub const NEW: &str = "new";
pub const ASSIGNED: &str = "assigned";
pub const UNQUALIFIED: &str = "unqualified";
pub const DONE: &str = "converted";
pub const STATUSES: &[&str] = &[NEW, ASSIGNED, "working", "nurturing", "qualified", UNQUALIFIED, DONE];
/// What somebody may say of one.
pub const SENT: &[&str] = &[NEW, ASSIGNED, "working", "nurturing", "qualified", UNQUALIFIED];
/// What somebody has in hand.
pub const OPEN: &[&str] = &[NEW, ASSIGNED, "working", "nurturing", "qualified"];

/// What the rules say of a lead that was written a moment ago.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settled {
    pub score: Option<i32>,
    pub assigned: Option<Given>,
}

/// Who gets it, and by when they answer.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub owner: UserId,
    pub team: Option<TeamId>,
    pub response_due_at: Option<DateTime<Utc>>,
}

/// Where a tenant has choices of this name, a reason is one of them.
const REASONS: &str = "disqualify_reasons";

/// Of a new one: somebody who was named looks after it already.
pub fn begun(conn: &mut Conn, ctx: &Ctx, new: &NewLead) -> Result<&'static str> {
    let named = if new.owner_id.is_some() { ASSIGNED } else { NEW };
    let wanted = new.status.as_deref().unwrap_or(named);
    let status = SENT.iter().find(|one| **one == wanted).copied().unwrap_or(NEW);
    fits(conn, ctx, status, new.disqualify_reason.as_deref(), new.disqualify_reason.as_deref())?;
    Ok(status)
}

/// What a change makes of it: a reason goes with the status that it was for, and whoever is named looks after it.
pub fn changed(conn: &mut Conn, ctx: &Ctx, before: &Lead, patch: &LeadPatch) -> Result<LeadPatch> {
    if before.converted_at.is_some() {
        return Err(converted(before));
    }
    let mut patch = patch.clone();
    if patch.status.is_none() && before.status == NEW && is_given(before, &patch) {
        patch.status = Some(ASSIGNED.to_owned());
    }
    let status = patch.status.clone().unwrap_or_else(|| before.status.clone());
    let said = patch.disqualify_reason.clone();
    if status != UNQUALIFIED && said.is_none() && before.disqualify_reason.is_some() {
        patch.disqualify_reason = Some(None);
    }
    let kept = before.disqualify_reason.as_deref().filter(|_| status == UNQUALIFIED);
    let after = said.as_ref().map_or(kept, |said| said.as_deref());
    fits(conn, ctx, &status, after, said.as_ref().and_then(|said| said.as_deref()))?;
    Ok(patch)
}

/// Whether somebody else gets it.
pub fn is_given(before: &Lead, patch: &LeadPatch) -> bool {
    patch.owner_id.is_some_and(|owner| owner != before.owner_id)
}

/// What it has become, for whoever would change it.
pub fn converted(lead: &Lead) -> Error {
    let ids = [
        lead.account_id.map(|id| Existing::new(id, "account_id", 100)),
        lead.contact_id.map(|id| Existing::new(id, "contact_id", 100)),
        lead.opportunity_id.map(|id| Existing::new(id, "opportunity_id", 100)),
    ];
    conflict(CONVERTED, &ids.into_iter().flatten().collect::<Vec<_>>())
}

fn fits(conn: &mut Conn, ctx: &Ctx, status: &str, after: Option<&str>, said: Option<&str>) -> Result<()> {
    match after.map(str::trim).filter(|reason| !reason.is_empty()) {
        None if status == UNQUALIFIED => {
            return Err(Error::invalid(
                "/disqualify_reason",
                "required",
                text!("says why it will not become a customer"),
            ));
        }
        Some(_) if status != UNQUALIFIED => {
            let message = text!("there is a reason only where the lead is unqualified");
            return Err(Error::invalid("/disqualify_reason", "open", message));
        }
        _ => {}
    }
    let Some(reason) = said else { return Ok(()) };
    let Some(listed) = option_set::called(conn, ctx, REASONS)? else { return Ok(()) };
    if listed.offered().any(|key| key == reason) {
        return Ok(());
    }
    let choices = listed.offered().collect::<Vec<_>>().join(", ");
    Err(Error::invalid("/disqualify_reason", "choice", text!("is none of {choices}", choices)))
}
