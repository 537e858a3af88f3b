//! The queries of clocks. Their case was asked for through its `scope` before, or is locked.
use super::CaseSla;
use super::facts::{Facts, Who};
use super::schema::{case_slas, case_statuses};
use super::terms::{State, Terms};
use crate::case::schema::{case_messages, cases};
use crate::case::{self, Case};
use crate::sla_policy::Statuses;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{CaseId, CaseSlaId, Ctx, Page, Result};
use platform::{Conn, Listing, Record};

/// The clocks of a case that the caller may see.
pub fn of(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Vec<CaseSla>> {
    case::find(conn, ctx, id)?;
    Ok(all_of(conn, ctx, id)?)
}

/// The clocks of cases that the caller may see; each one's by metric and round.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, ids: &[CaseId]) -> QueryResult<Vec<CaseSla>> {
    case_slas::table
        .filter(case_slas::tenant_id.eq(ctx.tenant))
        .filter(case_slas::case_id.eq_any(ids))
        .order((case_slas::case_id, case_slas::metric, case_slas::round))
        .select(CaseSla::as_select())
        .load(conn)
}

/// The clocks of all cases that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<case_slas::table>) -> Result<Page<CaseSla>> {
    let all = || case_slas::table.filter(case_slas::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((CaseSla::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(case_slas::id),
        |one| &one.status,
    )
}

/// Of a case that is locked.
pub fn all_of(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> QueryResult<Vec<CaseSla>> {
    of_all(conn, ctx, &[id])
}

/// What of a case its clocks are reckoned by.
#[derive(Queryable)]
pub struct Held {
    pub id: CaseId,
    pub priority: String,
    first_response_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    deleted_at: Option<DateTime<Utc>>,
}

/// A case that is locked, whoever it is of.
pub fn held(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> QueryResult<Held> {
    cases::table
        .find((ctx.tenant, id))
        .select((cases::id, cases::priority, cases::first_response_at, cases::created_at, cases::deleted_at))
        .first(conn)
}

/// What has happened to a case that is locked.
pub fn facts(conn: &mut Conn, ctx: &Ctx, held: &Held) -> QueryResult<Facts> {
    let statuses = case_statuses::table
        .filter(case_statuses::tenant_id.eq(ctx.tenant))
        .filter(case_statuses::case_id.eq(held.id))
        .order((case_statuses::occurred_at, case_statuses::version))
        .select((case_statuses::occurred_at, case_statuses::status))
        .load(conn)?;
    let said: Vec<(DateTime<Utc>, String)> = case_messages::table
        .filter(case_messages::tenant_id.eq(ctx.tenant))
        .filter(case_messages::case_id.eq(held.id))
        .filter(case_messages::visibility.eq("public"))
        .filter(case_messages::author_kind.eq_any(["customer", "agent"]))
        .order((case_messages::created_at, case_messages::id))
        .select((case_messages::created_at, case_messages::author_kind))
        .load(conn)?;
    let who = |kind: &str| if kind == "agent" { Who::Agent } else { Who::Customer };
    Ok(Facts {
        opened_at: held.created_at,
        statuses,
        said: said.into_iter().map(|(at, kind)| (at, who(&kind))).collect(),
        first_response_at: held.first_response_at,
        gone_at: held.deleted_at,
    })
}

/// A clock that was written, and what was told of it already.
pub struct News {
    pub id: CaseSlaId,
    pub is_warned: bool,
    pub is_told: bool,
}

/// How it is to stand, beside its terms.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = case_slas, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row<'a> {
    policy_id: Option<kernel::SlaPolicyId>,
    calendar_id: Option<kernel::BusinessCalendarId>,
    minutes: i32,
    hours: &'a str,
    warn_at_percent: Option<i32>,
    is_pausable: bool,
    pausing_statuses: Statuses,
    status: &'a str,
    started_at: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
    warn_at: Option<DateTime<Utc>>,
    paused_at: Option<DateTime<Utc>>,
    paused_ms: i64,
    met_at: Option<DateTime<Utc>>,
    breached_at: Option<DateTime<Utc>>,
    cancelled_at: Option<DateTime<Utc>>,
    next_at: Option<DateTime<Utc>>,
}

fn row<'a>(terms: &'a Terms, state: &'a State) -> Row<'a> {
    Row {
        policy_id: terms.policy_id,
        calendar_id: terms.calendar_id,
        minutes: terms.minutes,
        hours: &terms.hours,
        warn_at_percent: terms.warn_at_percent,
        is_pausable: terms.is_pausable,
        pausing_statuses: terms.pausing_statuses.clone(),
        status: state.status,
        started_at: state.started_at,
        due_at: state.due_at,
        warn_at: state.warn_at,
        paused_at: state.paused_at,
        paused_ms: state.paused_ms,
        met_at: state.met_at,
        breached_at: state.breached_at,
        cancelled_at: state.cancelled_at,
        next_at: state.next_at,
    }
}

/// Of a case that is locked.
pub fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    (case, metric, round): (CaseId, &str, i32),
    terms: &Terms,
    state: &State,
) -> QueryResult<Option<News>> {
    let id = CaseSlaId::new();
    let begun = (
        case_slas::tenant_id.eq(ctx.tenant),
        case_slas::id.eq(id),
        case_slas::case_id.eq(case),
        case_slas::metric.eq(metric),
        case_slas::round.eq(round),
        case_slas::created_at.eq(ctx.now),
        case_slas::updated_at.eq(ctx.now),
    );
    diesel::insert_into(case_slas::table).values((begun, row(terms, state))).execute(conn)?;
    Ok(Some(News { id, is_warned: false, is_told: false }))
}

/// Nothing comes back where it stands so already.
pub fn update(conn: &mut Conn, ctx: &Ctx, before: &CaseSla, terms: &Terms, state: &State) -> QueryResult<Option<News>> {
    let here = || case_slas::table.find((ctx.tenant, before.id));
    let told_at: Option<DateTime<Utc>> = here().select(case_slas::told_at).first(conn)?;
    let news = News { id: before.id, is_warned: before.warned_at.is_some(), is_told: told_at.is_some() };
    let is_same = stands(before) == stands_by(terms, state);
    let owes = state.warns && !news.is_warned || state.breached_at.is_some() && !news.is_told;
    if is_same && !owes {
        return Ok(None);
    }
    let moved = (case_slas::version.eq(case_slas::version + 1), case_slas::updated_at.eq(ctx.now));
    diesel::update(here()).set((row(terms, state), moved)).execute(conn)?;
    Ok(Some(news))
}

type Moments = [Option<DateTime<Utc>>; 7];

/// What is compared of a clock.
fn stands(row: &CaseSla) -> (Terms, String, i64, Moments) {
    let moments =
        [Some(row.started_at), row.due_at, row.warn_at, row.paused_at, row.met_at, row.breached_at, row.cancelled_at];
    (Terms::of_row(row), row.status.clone(), row.paused_ms, moments.map(|at| at.map(whole)))
}

fn stands_by(terms: &Terms, state: &State) -> (Terms, String, i64, Moments) {
    let moments = [
        Some(state.started_at),
        state.due_at,
        state.warn_at,
        state.paused_at,
        state.met_at,
        state.breached_at,
        state.cancelled_at,
    ];
    (terms.clone(), state.status.to_owned(), state.paused_ms, moments.map(|at| at.map(whole)))
}

/// As a column keeps it: in microseconds.
fn whole(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

/// That it was told what a clock has come to. What is breached has been warned of, too.
pub fn told(conn: &mut Conn, ctx: &Ctx, id: CaseSlaId, verb: Verb) -> QueryResult<usize> {
    let here = case_slas::table.find((ctx.tenant, id));
    match verb {
        Verb::SlaWarned => diesel::update(here).set(case_slas::warned_at.eq(ctx.now)).execute(conn),
        _ => diesel::update(here).set(case_slas::told_at.eq(ctx.now)).execute(conn),
    }
}

/// A case that is locked says what one of its clocks has come to, whoever it is of.
pub fn tell(conn: &mut Conn, ctx: &Ctx, id: CaseId, verb: Verb) -> QueryResult<Case> {
    let moved = (cases::version.eq(cases::version + 1), cases::updated_at.eq(ctx.now));
    diesel::update(cases::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(Case::as_returning())
        .recorded::<Case>(ctx, verb)
        .get_result(conn)
}
