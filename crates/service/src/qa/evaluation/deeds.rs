//! What may be done with an evaluation that is a draft, and how one is taken away.
use super::body::QaScore;
use super::store::{self, Begun};
use super::{DRAFT, NewQaEvaluation, OWN_WORK, QaEvaluation, QaEvaluationPatch, STATUS_REFUSED, TAKEN};
use crate::qa::reckon;
use crate::qa::scorecard::{self, Criterion};
use crate::{case, staff};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Fault, QaEvaluationId, Result, UserId, error, text};
use platform::Conn;
use platform::deed::{self, attempt, untouched};
use platform::search::Words;

/// Of a case that the caller sees and has not looked after.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewQaEvaluation) -> Result<QaEvaluation> {
    let case = case::find(conn, ctx, new.case_id).map_err(|error| unknown(error, "/case_id"))?;
    let card = scorecard::find(conn, ctx, new.scorecard_id).map_err(|error| unknown(error, "/scorecard_id"))?;
    if !card.is_active {
        return Err(scorecard::SHUT.into());
    }
    let agent = new.agent_id.unwrap_or(case.owner_id);
    staff::is_person(conn, ctx, "/agent_id", agent)?;
    if [agent, case.owner_id].contains(&ctx.actor.user) {
        return Err(OWN_WORK.into());
    }
    fit(&card.criteria.0, &new.scores.0)?;
    let outcome = reckon::outcome(&card.criteria.0, &new.scores.0, card.pass_mark);
    let team = staff::store::teams_of(conn, ctx, &[agent])?.get(&agent).copied();
    let begun = Begun { new, card: &card, agent, team, outcome };
    let made = attempt(conn, |conn| store::insert(conn, ctx, &begun, words(new.comment.as_deref())));
    made.map_err(|error| taken(conn, ctx, error, new))
}

/// By its reviewer. With a `base`, only if it is still at that version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: QaEvaluationId,
    base: Option<i32>,
    patch: &QaEvaluationPatch,
) -> Result<QaEvaluation> {
    conn.transaction(|conn| {
        let before = changeable(conn, ctx, id, base)?;
        is_in(ctx, &before, DRAFT)?;
        if before.reviewer_id != ctx.actor.user {
            return Err(error::FORBIDDEN.into());
        }
        let scores = patch.scores.as_ref().unwrap_or(&before.scores);
        fit(&before.criteria.0, &scores.0)?;
        let outcome = reckon::outcome(&before.criteria.0, &scores.0, before.pass_mark);
        let comment = patch.comment.as_ref().unwrap_or(&before.comment);
        match store::update(conn, ctx, id, patch, outcome, words(comment.as_deref()))? {
            Some(evaluation) => Ok(evaluation),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// By its reviewer, or by those who may delete it and are not judged by it. It counts for nothing from then on.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: QaEvaluationId, base: Option<i32>) -> Result<QaEvaluation> {
    conn.transaction(|conn| {
        let found = store::find(conn, ctx, id)?;
        apart(ctx, &found)?;
        match store::set_archived(conn, ctx, id, base, true)? {
            Some(evaluation) => Ok(evaluation),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// One that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: QaEvaluationId) -> Result<QaEvaluation> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    apart(ctx, &found)?;
    let done = attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false));
    let done = done.map_err(|error| match is_taken(&error) {
        true => conflict(TAKEN, &[]).source(error),
        false => error.into(),
    })?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: QaEvaluationId, base: Option<i32>) -> Result<()> {
    apart(ctx, &store::find_any(conn, ctx, id)?)?;
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// Locked for a change; with a `base`, only if it is still at that version.
pub(super) fn changeable(conn: &mut Conn, ctx: &Ctx, id: QaEvaluationId, base: Option<i32>) -> Result<QaEvaluation> {
    match store::lock(conn, ctx, id)? {
        Some(found) if base.is_none_or(|version| version == found.version) => Ok(found),
        _ => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// Nobody decides on what is about themselves.
pub(super) fn apart(ctx: &Ctx, evaluation: &QaEvaluation) -> Result<()> {
    if evaluation.agent_id == ctx.actor.user { Err(OWN_WORK.into()) } else { Ok(()) }
}

/// Refused where it is in another status, which is said to whoever sees it.
pub(super) fn is_in(ctx: &Ctx, evaluation: &QaEvaluation, status: &str) -> Result<()> {
    if evaluation.status == status {
        return Ok(());
    }
    Err(match ctx.sees::<QaEvaluation>("status") {
        true => Error::from(STATUS_REFUSED).detail(text!("it is {status}", status = evaluation.status)),
        false => STATUS_REFUSED.into(),
    })
}

/// Scores are of the criteria, and within their scales: each that is not is told by its place.
pub(super) fn fit(criteria: &[Criterion], scores: &[QaScore]) -> Result<()> {
    let fault = |(at, one): (usize, &QaScore)| {
        let Some(criterion) = criteria.iter().find(|other| other.key == one.key) else {
            let place = format!("/scores/{at}/key");
            return Some(Fault::new(place, error::UNKNOWN_REFERENCE.name, text!("is no criterion of the scorecard")));
        };
        let is_within = one.score.is_none_or(|score| (0..=criterion.scale).contains(&score));
        let message = text!("is not from 0 to {scale}", scale = criterion.scale);
        (!is_within).then(|| Fault::new(format!("/scores/{at}/score"), "range", message))
    };
    let faults: Vec<Fault> = scores.iter().enumerate().filter_map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

fn words(comment: Option<&str>) -> Vec<String> {
    comment.map_or_else(Words::new, |text| Words::new().text(text)).lexemes()
}

fn unknown(error: Error, pointer: &str) -> Error {
    match error.kind() {
        kernel::Kind::NotFound => Error::from(error::UNKNOWN_REFERENCE).fault(Fault::new(
            pointer,
            error::UNKNOWN_REFERENCE.name,
            text!("there is no such record"),
        )),
        _ => error,
    }
}

fn is_taken(error: &Sql) -> bool {
    matches!(error, Sql::DatabaseError(UniqueViolation, info)
        if info.constraint_name() == Some("qa_evaluations_case_key"))
}

/// Which one there is: asked after the statement that failed on it.
fn taken(conn: &mut Conn, ctx: &Ctx, error: Sql, new: &NewQaEvaluation) -> Error {
    if !is_taken(&error) {
        return error.into();
    }
    let me: UserId = ctx.actor.user;
    let found = store::same(conn, ctx, new.case_id, new.scorecard_id, me).unwrap_or_default();
    let existing: Vec<Existing> = found.into_iter().map(|id| Existing::new(id, "case_id", 100)).collect();
    conflict(TAKEN, &existing).source(error)
}
