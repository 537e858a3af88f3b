//! The queries of figures, on the one `scope` of cases; the rest is what stands at those that it shows.
use super::Span;
use super::figures::{Base, Bases};
use crate::case::schema::{case_messages, cases};
use crate::case::store::scope;
use crate::case_sla::facts::{Facts, Who};
use crate::case_sla::schema::{case_slas, case_statuses};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Action, CaseId, Ctx, Result, TeamId, UserId, error};
use platform::Conn;
use std::collections::BTreeMap;

/// How many cases are looked at in one answer.
const MOST: i64 = 50_000;
/// How many of them at once.
const CHUNK: usize = 5_000;

#[derive(Queryable)]
struct Row {
    id: CaseId,
    owner_id: UserId,
    team_id: Option<TeamId>,
    priority: String,
    case_type: String,
    channel: String,
    first_response_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

/// The living cases that were there in a period, and open in it or changed since it began: nothing else counts.
pub fn base(conn: &mut Conn, ctx: &Ctx, span: Span) -> Result<Bases> {
    let rows = rows(conn, ctx, span)?;
    if i64::try_from(rows.len()).unwrap_or(i64::MAX) > MOST {
        return Err(error::QUERY_TOO_COSTLY.into());
    }
    let mut bases = Vec::with_capacity(rows.len());
    for chunk in rows.chunks(CHUNK) {
        let ids: Vec<CaseId> = chunk.iter().map(|row| row.id).collect();
        let mut beside = (statuses(conn, ctx, &ids)?, said(conn, ctx, &ids)?, promises(conn, ctx, &ids)?);
        bases.extend(chunk.iter().map(|row| Base {
            owner_id: row.owner_id,
            team_id: row.team_id,
            priority: row.priority.clone(),
            case_type: row.case_type.clone(),
            channel: row.channel.clone(),
            first_response_at: row.first_response_at,
            resolved_at: row.resolved_at,
            facts: Facts {
                opened_at: row.created_at,
                statuses: beside.0.remove(&row.id).unwrap_or_default(),
                said: beside.1.remove(&row.id).unwrap_or_default(),
                first_response_at: row.first_response_at,
                gone_at: None,
            },
            promises: beside.2.remove(&row.id).unwrap_or_default(),
        }));
    }
    Ok(Bases(bases))
}

/// One more than may be looked at, where there are so many.
fn rows(conn: &mut Conn, ctx: &Ctx, span: Span) -> QueryResult<Vec<Row>> {
    scope(ctx, Action::Read)
        .filter(cases::deleted_at.is_null())
        .filter(cases::created_at.lt(span.ends()))
        .filter(cases::updated_at.ge(span.begins()).or(cases::status.ne_all(["resolved", "closed"])))
        .order(cases::id)
        .limit(MOST + 1)
        .select((
            cases::id,
            cases::owner_id,
            cases::team_id,
            cases::priority,
            cases::case_type,
            cases::channel,
            cases::first_response_at,
            cases::resolved_at,
            cases::created_at,
        ))
        .load(conn)
}

type By<T> = BTreeMap<CaseId, Vec<(DateTime<Utc>, T)>>;

fn by_case<T>(rows: Vec<(CaseId, DateTime<Utc>, T)>) -> By<T> {
    let mut all = By::new();
    rows.into_iter().for_each(|(id, at, what)| all.entry(id).or_default().push((at, what)));
    all
}

fn statuses(conn: &mut Conn, ctx: &Ctx, ids: &[CaseId]) -> QueryResult<By<String>> {
    let rows = case_statuses::table
        .filter(case_statuses::tenant_id.eq(ctx.tenant))
        .filter(case_statuses::case_id.eq_any(ids))
        .order((case_statuses::case_id, case_statuses::occurred_at, case_statuses::version))
        .select((case_statuses::case_id, case_statuses::occurred_at, case_statuses::status))
        .load(conn)?;
    Ok(by_case(rows))
}

fn said(conn: &mut Conn, ctx: &Ctx, ids: &[CaseId]) -> QueryResult<By<Who>> {
    let rows: Vec<(CaseId, DateTime<Utc>, String)> = case_messages::table
        .filter(case_messages::tenant_id.eq(ctx.tenant))
        .filter(case_messages::case_id.eq_any(ids))
        .filter(case_messages::visibility.eq("public"))
        .filter(case_messages::author_kind.eq_any(["customer", "agent"]))
        .order((case_messages::case_id, case_messages::created_at, case_messages::id))
        .select((case_messages::case_id, case_messages::created_at, case_messages::author_kind))
        .load(conn)?;
    let who = |kind: &str| if kind == "agent" { Who::Agent } else { Who::Customer };
    Ok(by_case(rows.into_iter().map(|(id, at, kind)| (id, at, who(&kind))).collect()))
}

/// When each was kept, or broken.
fn promises(conn: &mut Conn, ctx: &Ctx, ids: &[CaseId]) -> QueryResult<By<bool>> {
    let of = case_slas::table.filter(case_slas::tenant_id.eq(ctx.tenant)).filter(case_slas::case_id.eq_any(ids));
    let ended = of.filter(case_slas::status.eq_any(["met", "late", "breached"]));
    let rows: Vec<(CaseId, Option<DateTime<Utc>>, Option<DateTime<Utc>>)> =
        ended.select((case_slas::case_id, case_slas::met_at, case_slas::breached_at)).load(conn)?;
    let fate = |(id, met, broken): (CaseId, Option<DateTime<Utc>>, Option<DateTime<Utc>>)| match broken {
        Some(at) => Some((id, at, false)),
        None => met.map(|at| (id, at, true)),
    };
    Ok(by_case(rows.into_iter().filter_map(fate).collect()))
}
