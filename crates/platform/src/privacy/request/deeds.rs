//! The steps of a privacy request. Each opens a transaction of its own, with its event and audit row; what takes long is
//! a job, put down in it.
use super::store::{self, Step};
use super::{
    NO_RESTRICTION, NewPrivacyRequest, PrivacyRequest, PrivacyRequestPatch, Rejection, SUBJECT_KNOWN, UNDER_WAY,
    Verification, WRONG_STATUS, due,
};
use crate::privacy::circle::Subject;
use crate::privacy::export::Scope;
use crate::privacy::plan::Plan;
use crate::privacy::{Registry, hold, known, twin};
use crate::{Conn, deed, job};
use diesel::Connection;
use kernel::event::Verb;
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, JobId, PrivacyRequestId, Result, error, text};
use serde_json::{Value, json};

/// `law` is the one of the server.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewPrivacyRequest, law: &str) -> Result<PrivacyRequest> {
    conn.transaction(|conn| {
        if let (Some(kind), Some(id)) = (&new.subject_kind, new.subject_id) {
            hold::known(conn, ctx, kind, id)?;
        }
        let law = new.law.as_deref().unwrap_or(law);
        let due_on = new.due_on.unwrap_or_else(|| due::due(law, ctx.now.date_naive()));
        Ok(store::insert(conn, ctx, new, law, due_on)?)
    })
}

pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PrivacyRequestId,
    base: Option<i32>,
    patch: &PrivacyRequestPatch,
) -> Result<PrivacyRequest> {
    conn.transaction(|conn| {
        let before = locked(conn, ctx, id)?;
        if base.is_some_and(|version| version != before.version) {
            return Err(deed::untouched(conn, ctx, store::find, id, base));
        }
        let named = patch.subject_kind.is_some() || patch.subject_id.is_some();
        let open: &[&str] = if named { &["received", "verified"] } else { &["received", "verified", "in_progress"] };
        expect(&before, open)?;
        let kind = patch.subject_kind.clone().unwrap_or_else(|| before.subject_kind.clone());
        match (&kind, patch.subject_id.unwrap_or(before.subject_id)) {
            (Some(kind), Some(subject)) if named => drop(hold::known(conn, ctx, kind, subject)?),
            (Some(_), None) | (None, Some(_)) => {
                return Err(Error::invalid(
                    "/subject_id",
                    "required",
                    text!("subject_kind and subject_id go together"),
                ));
            }
            _ => {}
        }
        Ok(store::update(conn, ctx, &before, patch)?)
    })
}

pub fn verify(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId, done: &Verification) -> Result<PrivacyRequest> {
    conn.transaction(|conn| {
        expect(&locked(conn, ctx, id)?, &["received"])?;
        let step = Step {
            status: Some("verified"),
            verified_how: Some(done.how.clone()),
            verified_at: Some(ctx.now),
            ..Step::default()
        };
        Ok(store::step(conn, ctx, id, &step, Verb::Verified)?)
    })
}

/// Begins the work. What is to be gathered is gathered by a job, which may be begun again when it has ended.
pub fn start(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId, job: &str) -> Result<PrivacyRequest> {
    conn.transaction(|conn| {
        let before = locked(conn, ctx, id)?;
        if before.status == "in_progress" && gathers(&before) {
            idle(conn, ctx, &before)?;
        } else {
            expect(&before, &["verified"])?;
        }
        let mut step =
            Step { status: Some("in_progress"), started_at: Some(ctx.now), error: Some(None), ..Step::default() };
        if gathers(&before) {
            step.job_id = Some(Some(put_down(conn, ctx, id, job)?));
        }
        Ok(store::step(conn, ctx, id, &step, Verb::Started)?)
    })
}

/// Ends the work, or begins the last of it: an erasure is a job, which completes the request when it is done.
pub fn complete(
    conn: &mut Conn,
    ctx: &Ctx,
    registry: &Registry,
    id: PrivacyRequestId,
    job: &str,
) -> Result<PrivacyRequest> {
    conn.transaction(|conn| {
        let before = locked(conn, ctx, id)?;
        expect(&before, &["in_progress"])?;
        idle(conn, ctx, &before)?;
        let Some(subject) = before.subject(ctx) else { return of_nobody(conn, ctx, registry, &before) };
        let outcome = match before.kind.as_str() {
            "erasure" => {
                hold::refuse(conn, subject)?;
                let job = put_down(conn, ctx, id, job)?;
                let step = Step { job_id: Some(Some(job)), error: Some(None), ..Step::default() };
                return Ok(store::step(conn, ctx, id, &step, Verb::Started)?);
            }
            "rectification" => json!({"changes": store::changes(conn, ctx.tenant, subject.id, before.created_at)?}),
            "restriction" => {
                for one in twin::all(conn, subject)? {
                    store::restrict(conn, ctx, id, twin::noun(&one), one.id)?;
                }
                json!({"restricted_at": ctx.now})
            }
            _ if before.file_sha256.is_some() => before.outcome.clone(),
            _ => return Err(Error::from(WRONG_STATUS).detail(text!("nothing was gathered: start it again"))),
        };
        closed(conn, ctx, id, outcome)
    })
}

/// Of somebody unknown nothing can be told or erased, once it is sure that they are unknown.
fn of_nobody(conn: &mut Conn, ctx: &Ctx, registry: &Registry, before: &PrivacyRequest) -> Result<PrivacyRequest> {
    if let Some(email) = &before.requester_email {
        let plan = Plan::read(conn, registry)?;
        let found = known::known(conn, &plan, ctx.tenant, email)?;
        if !found.is_empty() {
            let existing: Vec<Existing> = found.into_iter().map(|id| Existing::new(id, "email", 100)).collect();
            return Err(conflict(SUBJECT_KNOWN, &existing));
        }
    }
    let mut outcome = json!({"found": 0, "looked_for_address": before.requester_email.is_some()});
    if let (Some(all), Some(told)) = (outcome.as_object_mut(), before.outcome.as_object()) {
        all.extend(told.clone());
    }
    closed(conn, ctx, before.id, outcome)
}

pub fn reject(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId, why: &Rejection) -> Result<PrivacyRequest> {
    conn.transaction(|conn| {
        let before = locked(conn, ctx, id)?;
        expect(&before, &["received", "verified", "in_progress"])?;
        idle(conn, ctx, &before)?;
        let step = Step {
            status: Some("rejected"),
            reason: Some(why.reason.clone()),
            closed_at: Some(ctx.now),
            ..Step::default()
        };
        Ok(store::step(conn, ctx, id, &step, Verb::Rejected)?)
    })
}

/// Ends the restriction that a request brought.
pub fn lift(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId) -> Result<PrivacyRequest> {
    conn.transaction(|conn| {
        let before = locked(conn, ctx, id)?;
        if store::lift(conn, ctx.tenant, id)? == 0 {
            return Err(NO_RESTRICTION.into());
        }
        let mut outcome = before.outcome;
        if let Some(told) = outcome.as_object_mut() {
            told.insert("lifted_at".into(), json!(ctx.now));
        }
        let step = Step { outcome: Some(outcome), ..Step::default() };
        Ok(store::step(conn, ctx, id, &step, Verb::Lifted)?)
    })
}

pub(super) fn closed(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId, outcome: Value) -> Result<PrivacyRequest> {
    let step = Step {
        status: Some("completed"),
        closed_at: Some(ctx.now),
        outcome: Some(outcome),
        error: Some(None),
        ..Step::default()
    };
    Ok(store::step(conn, ctx, id, &step, Verb::Completed)?)
}

fn put_down(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId, kind: &str) -> Result<JobId> {
    job::enqueue(conn, ctx, kind, &json!({"request": id, "key": ctx.actor.key}))
}

/// No job works on it.
fn idle(conn: &mut Conn, ctx: &Ctx, request: &PrivacyRequest) -> Result<()> {
    match request.job_id.map(|job| store::is_running(conn, ctx.tenant, job)).transpose()? {
        Some(true) => Err(UNDER_WAY.into()),
        _ => Ok(()),
    }
}

fn gathers(request: &PrivacyRequest) -> bool {
    ["access", "portability"].contains(&request.kind.as_str())
}

fn locked(conn: &mut Conn, ctx: &Ctx, id: PrivacyRequestId) -> Result<PrivacyRequest> {
    match store::lock(conn, ctx, id)? {
        Some(request) => Ok(request),
        None => store::find(conn, ctx, id).and(Err(error::FORBIDDEN.into())),
    }
}

fn expect(request: &PrivacyRequest, open: &[&str]) -> Result<()> {
    match open.contains(&request.status.as_str()) {
        true => Ok(()),
        false => Err(Error::from(WRONG_STATUS).detail(text!("it is {status}", status = request.status))),
    }
}

impl PrivacyRequest {
    /// Whom it is about, if that is known.
    pub fn subject(&self, ctx: &Ctx) -> Option<Subject> {
        hold::subject(ctx.tenant, self.subject_kind.as_deref()?, self.subject_id?)
    }

    /// How much is gathered for it.
    pub fn scope(&self) -> Scope {
        if self.kind == "portability" { Scope::Portability } else { Scope::Access }
    }
}
