//! What may be done with a retention policy, and when it is due.
use super::run::{Reached, reached};
use super::store;
use super::{NAME_TAKEN, NewRetentionPolicy, RetentionPolicy, RetentionPolicyPatch, ageing};
use crate::deed::{attempt, untouched};
use crate::privacy::plan::Plan;
use crate::privacy::request::UNDER_WAY;
use crate::{Conn, filter, job};
use chrono::{DateTime, Duration, Utc};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::catalogue::{Catalogues, Kind as Holds};
use kernel::{
    Action, Actor, Ctx, Error, Fault, Grants, Origin, Reach, RequestId, Result, RetentionPolicyId, error, text,
};
use serde_json::json;
use std::sync::Arc;

/// Between two runs.
const PAUSE: Duration = Duration::hours(23);

pub fn create(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    new: &NewRetentionPolicy,
) -> Result<RetentionPolicy> {
    fits(catalogues, &new.resource, &new.date_field, new.filter.as_deref())?;
    attempt(conn, |conn| store::insert(conn, ctx, new)).map_err(named)
}

pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    id: RetentionPolicyId,
    base: Option<i32>,
    patch: &RetentionPolicyPatch,
) -> Result<RetentionPolicy> {
    let before = store::find(conn, ctx, id)?;
    let filter = patch.filter.clone().unwrap_or(before.filter);
    let date_field = patch.date_field.as_deref().unwrap_or(&before.date_field);
    fits(catalogues, &before.resource, date_field, filter.as_deref())?;
    match attempt(conn, |conn| store::update(conn, ctx, id, base, patch)).map_err(named)? {
        Some(policy) => Ok(policy),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: RetentionPolicyId, base: Option<i32>) -> Result<RetentionPolicy> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(policy) => Ok(policy),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A policy that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: RetentionPolicyId) -> Result<RetentionPolicy> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false)).map_err(named)?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// How many records it would reach now.
pub fn preview(
    conn: &mut Conn,
    ctx: &Ctx,
    plan: &Plan,
    catalogues: &'static Catalogues,
    id: RetentionPolicyId,
) -> Result<Reached> {
    let policy = store::find(conn, ctx, id)?;
    reached(conn, &whole(ctx, catalogues), plan, catalogues, &policy)
}

/// Puts the job of a run down.
pub fn begin(conn: &mut Conn, ctx: &Ctx, id: RetentionPolicyId, kind: &str) -> Result<RetentionPolicy> {
    conn.transaction(|conn| {
        let policy = store::find(conn, ctx, id)?;
        if policy.job_id.map(|job| store::is_running(conn, ctx.tenant, job)).transpose()? == Some(true) {
            return Err(UNDER_WAY.into());
        }
        let job = job::enqueue(conn, ctx, kind, &json!({"policy": id}))?;
        Ok(store::begun(conn, ctx, id, job)?)
    })
}

/// Puts the jobs down of all policies, of all tenants, that are due; how many there were.
pub fn spread(conn: &mut Conn, catalogues: &'static Catalogues, kind: &str, now: DateTime<Utc>) -> Result<usize> {
    conn.transaction(|conn| {
        let due = store::due(conn, now - PAUSE)?;
        for (tenant, id, user) in &due {
            let grants = Arc::default();
            let ctx = Ctx {
                tenant: *tenant,
                actor: Actor { user: *user, key: None },
                grants,
                request: RequestId::new(),
                origin: Origin::default(),
                now,
            };
            match begin(conn, &whole(&ctx, catalogues), *id, kind) {
                Err(error) if error.code == UNDER_WAY => {}
                begun => drop(begun?),
            }
        }
        Ok(due.len())
    })
}

/// A policy is carried out for the house: its conditions see everything.
pub(super) fn whole(ctx: &Ctx, catalogues: &'static Catalogues) -> Ctx {
    let mut grants = Grants::default();
    for catalogue in catalogues.all() {
        grants.allow(catalogue.noun, Action::Read, Reach::All);
        grants.allow(catalogue.noun, Action::Update, Reach::All);
    }
    Ctx { grants: Arc::new(grants), ..ctx.clone() }
}

/// Whether it can be carried out: every fault at once.
fn fits(catalogues: &'static Catalogues, resource: &str, date_field: &str, condition: Option<&str>) -> Result<()> {
    let Some(catalogue) = ageing(catalogues, resource) else {
        return Err(Error::invalid("/resource", "choice", text!("is no noun whose records go by their age")));
    };
    let mut faults = Vec::new();
    let field = catalogue.field(date_field);
    if !field.is_some_and(|field| matches!(field.kind, Holds::Date | Holds::Instant)) {
        faults.push(Fault::new("/date_field", "choice", text!("is no moment or day of {resource}", resource)));
    }
    if let Some(Err(refusal)) = condition.map(|text| filter::checked(text, catalogue, catalogues)) {
        let error = Error::from(refusal);
        faults.extend(error.faults.into_iter().map(|fault| Fault { pointer: "/filter".into(), ..fault }));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("retention_policies_name_key") => {
            Error::from(NAME_TAKEN).source(error)
        }
        _ => error.into(),
    }
}
