//! The way of a case, in one table: which status leads where, and what comes of it. Whatever writes a status asks here:
//! a change of the record, a deed, a message.
use super::{Case, TRANSITION_REFUSED};
use chrono::{DateTime, Utc};
use kernel::event::Verb;
use kernel::{Ctx, Error, Result, text};

pub const NEW: &str = "new";
pub const OPEN: &str = "open";
pub const PENDING: &str = "pending";
pub const ON_HOLD: &str = "on_hold";
pub const RESOLVED: &str = "resolved";
pub const CLOSED: &str = "closed";
pub const STATUSES: &[&str] = &[NEW, OPEN, PENDING, ON_HOLD, RESOLVED, CLOSED];

/// Where each leads. One that has begun is new no more; what was solved or is over may be taken up again.
const WAYS: &[(&str, &[&str])] = &[
    (NEW, &[OPEN, PENDING, ON_HOLD, RESOLVED, CLOSED]),
    (OPEN, &[PENDING, ON_HOLD, RESOLVED, CLOSED]),
    (PENDING, &[OPEN, ON_HOLD, RESOLVED, CLOSED]),
    (ON_HOLD, &[OPEN, PENDING, RESOLVED, CLOSED]),
    (RESOLVED, &[OPEN, CLOSED]),
    (CLOSED, &[OPEN]),
];

/// What is solved, or over.
pub fn is_done(status: &str) -> bool {
    [RESOLVED, CLOSED].contains(&status)
}

/// What becomes of a case with another status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub status: &'static str,
    pub verb: Verb,
    pub resolved_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    /// one more than before, where it is taken up again
    pub reopened: i32,
}

/// Of a new case.
pub fn begun(status: Option<&str>, now: DateTime<Utc>) -> Moved {
    let status = STATUSES.iter().find(|one| Some(**one) == status).copied().unwrap_or(NEW);
    Moved {
        status,
        verb: Verb::Created,
        resolved_at: is_done(status).then_some(now),
        closed_at: (status == CLOSED).then_some(now),
        reopened: 0,
    }
}

/// Of one that is there: nothing, where it is in the status already; refused, where no way leads there.
pub fn moved(ctx: &Ctx, case: &Case, to: &str) -> Result<Option<Moved>> {
    if case.status == to {
        return Ok(None);
    }
    let ways = WAYS.iter().find(|(from, _)| *from == case.status).map(|(_, ways)| *ways).unwrap_or_default();
    let status = ways.iter().find(|one| **one == to).copied().ok_or_else(|| refused(ctx, case))?;
    let verb = match status {
        RESOLVED => Verb::Resolved,
        CLOSED => Verb::Closed,
        _ if is_done(&case.status) => Verb::Reopened,
        _ => Verb::Updated,
    };
    Ok(Some(Moved {
        status,
        verb,
        resolved_at: is_done(status).then(|| case.resolved_at.unwrap_or(ctx.now)),
        closed_at: (status == CLOSED).then_some(ctx.now),
        reopened: i32::from(verb == Verb::Reopened),
    }))
}

/// A refusal that says which status the case is in, to whoever sees that.
pub fn refused(ctx: &Ctx, case: &Case) -> Error {
    match ctx.sees::<Case>("status") {
        true => Error::from(TRANSITION_REFUSED).detail(text!("it is {status}", status = case.status)),
        false => TRANSITION_REFUSED.into(),
    }
}
