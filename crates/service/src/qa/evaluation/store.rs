//! The queries of an evaluation. `scope` is the only way in.
use super::schema::qa_evaluations as rows;
use super::{APPEALED, DRAFT, FINAL, NewQaEvaluation, QaEvaluation, QaEvaluationPatch, Scores};
use crate::qa::reckon::Outcome;
use crate::qa::scorecard::QaScorecard;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, CaseId, Ctx, Page, QaEvaluationId, QaScorecardId, Result, TeamId, TenantId, UserId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record, Visible, visible};

/// The evaluations of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
pub(super) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<rows::table> = visible::rows(ctx, action);
    rows::table.filter(rows::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: QaEvaluationId) -> Result<QaEvaluation> {
    let living = scope(ctx, Action::Read).filter(rows::deleted_at.is_null());
    Ok(living.filter(rows::id.eq(id)).select(QaEvaluation::as_select()).first(conn)?)
}

/// The evaluation whether living or archived, as far as the caller may see it.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: QaEvaluationId) -> QueryResult<QaEvaluation> {
    scope(ctx, Action::Read).filter(rows::id.eq(id)).select(QaEvaluation::as_select()).first(conn)
}

/// The living evaluations among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[QaEvaluationId]) -> Result<Vec<QaEvaluation>> {
    let living = scope(ctx, Action::Read).filter(rows::deleted_at.is_null());
    Ok(living.filter(rows::id.eq_any(ids)).select(QaEvaluation::as_select()).load(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<rows::table>) -> Result<Page<QaEvaluation>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((QaEvaluation::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(rows::id),
        |one| one.comment.as_deref().unwrap_or_default(),
    )
}

/// The one that somebody has of a case by a scorecard, as far as the caller may see it.
pub(super) fn same(
    conn: &mut Conn,
    ctx: &Ctx,
    case: CaseId,
    card: QaScorecardId,
    reviewer: UserId,
) -> QueryResult<Vec<QaEvaluationId>> {
    scope(ctx, Action::Read)
        .filter(rows::deleted_at.is_null())
        .filter(rows::case_id.eq(case))
        .filter(rows::scorecard_id.eq(card))
        .filter(rows::reviewer_id.eq(reviewer))
        .select(rows::id)
        .load(conn)
}

/// Locks it, if the actor may change it.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: QaEvaluationId) -> QueryResult<Option<QaEvaluation>> {
    scope(ctx, Action::Update)
        .filter(rows::deleted_at.is_null())
        .filter(rows::id.eq(id))
        .for_update()
        .select(QaEvaluation::as_select())
        .first(conn)
        .optional()
}

/// What a new one is made of, beside what was sent.
pub(super) struct Begun<'a> {
    pub new: &'a NewQaEvaluation,
    pub card: &'a QaScorecard,
    pub agent: UserId,
    pub team: Option<TeamId>,
    pub outcome: Outcome,
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, begun: &Begun, words: Vec<String>) -> QueryResult<QaEvaluation> {
    let Begun { new, card, agent, team, outcome } = begun;
    let row = (
        rows::tenant_id.eq(ctx.tenant),
        rows::id.eq(new.id.unwrap_or_else(QaEvaluationId::new)),
        (rows::owner_id.eq(ctx.actor.user), rows::team_id.eq(*team)),
        (rows::scorecard_id.eq(card.id), rows::case_id.eq(new.case_id)),
        (rows::agent_id.eq(*agent), rows::reviewer_id.eq(ctx.actor.user)),
        rows::status.eq(DRAFT),
        (rows::criteria.eq(card.criteria.clone()), rows::pass_mark.eq(card.pass_mark)),
        rows::scores.eq(new.scores.clone()),
        reckoned(*outcome),
        rows::comment.eq(&new.comment),
        (rows::created_at.eq(ctx.now), rows::updated_at.eq(ctx.now)),
        (rows::created_by.eq(ctx.actor.user), rows::updated_by.eq(ctx.actor.user)),
        rows::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(rows::table)
        .values(row)
        .returning(QaEvaluation::as_returning())
        .recorded::<QaEvaluation>(ctx, Verb::Created)
        .get_result(conn)
}

#[auto_type]
fn reckoned(outcome: Outcome) -> _ {
    let total: Option<rust_decimal::Decimal> = outcome.total;
    let (failed, passed): (bool, bool) = (outcome.has_failed, outcome.is_passed);
    (rows::total.eq(total), rows::has_failed.eq(failed), rows::is_passed.eq(passed))
}

#[auto_type]
fn moved(ctx: &Ctx) -> _ {
    let now: chrono::DateTime<chrono::Utc> = ctx.now;
    let user: UserId = ctx.actor.user;
    (rows::version.eq(rows::version + 1_i32), rows::updated_at.eq(now), rows::updated_by.eq(user))
}

/// Of one that is locked. Nothing comes back where it may not be changed.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: QaEvaluationId,
    patch: &QaEvaluationPatch,
    outcome: Outcome,
    words: Vec<String>,
) -> QueryResult<Option<QaEvaluation>> {
    let search = rows::search.eq(array_to_tsvector(words));
    diesel::update(scope(ctx, Action::Update).filter(rows::id.eq(id)))
        .set((patch, reckoned(outcome), search, moved(ctx)))
        .returning(QaEvaluation::as_returning())
        .recorded::<QaEvaluation>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Where one that is locked goes.
pub(super) enum Step<'a> {
    Final { agent: UserId, outcome: Outcome },
    Appealed { reason: &'a str },
    Decided { status: &'static str, reason: Option<&'a str>, anew: Option<(&'a Scores, Outcome)> },
}

pub(super) fn step(conn: &mut Conn, ctx: &Ctx, id: QaEvaluationId, step: Step) -> QueryResult<QaEvaluation> {
    let row = || diesel::update(rows::table.find((ctx.tenant, id)));
    let now = Some(ctx.now);
    match step {
        Step::Final { agent, outcome } => row()
            .set((
                (rows::status.eq(FINAL), rows::owner_id.eq(agent), rows::finalized_at.eq(now)),
                reckoned(outcome),
                moved(ctx),
            ))
            .returning(QaEvaluation::as_returning())
            .recorded::<QaEvaluation>(ctx, Verb::Updated)
            .get_result(conn),
        Step::Appealed { reason } => row()
            .set((
                (rows::status.eq(APPEALED), rows::appeal_reason.eq(Some(reason)), rows::appealed_at.eq(now)),
                moved(ctx),
            ))
            .returning(QaEvaluation::as_returning())
            .recorded::<QaEvaluation>(ctx, Verb::Updated)
            .get_result(conn),
        Step::Decided { status, reason, anew } => row()
            .set((
                (rows::status.eq(status), rows::decision_reason.eq(reason), rows::decided_at.eq(now)),
                rows::decided_by.eq(Some(ctx.actor.user)),
                anew.map(|(scores, outcome)| (rows::scores.eq(scores.clone()), reckoned(outcome))),
                moved(ctx),
            ))
            .returning(QaEvaluation::as_returning())
            .recorded::<QaEvaluation>(ctx, Verb::Updated)
            .get_result(conn),
    }
}

/// Archives a living one, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: QaEvaluationId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<QaEvaluation>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(rows::deleted_at.is_null().eq(archived))
        .filter(rows::id.eq(id))
        .filter(rows::version.between(oldest, newest));
    diesel::update(target)
        .set((rows::deleted_at.eq(at), moved(ctx)))
        .returning(QaEvaluation::as_returning())
        .recorded::<QaEvaluation>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: QaEvaluationId) -> QueryResult<Option<QaEvaluation>> {
    diesel::delete(scope(ctx, Action::Purge).filter(rows::id.eq(id)))
        .returning(QaEvaluation::as_returning())
        .recorded::<QaEvaluation>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for QaEvaluation {
    fn find(conn: &mut Conn, ctx: &Ctx, id: QaEvaluationId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[QaEvaluationId]) -> Result<Vec<Self>> {
        Ok(rows::table
            .filter(rows::tenant_id.eq(tenant))
            .filter(rows::deleted_at.is_null())
            .filter(rows::id.eq_any(ids))
            .select(QaEvaluation::as_select())
            .load(conn)?)
    }
}
