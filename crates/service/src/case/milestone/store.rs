//! The queries of steps, below the one `scope` of cases.
use super::{About, Below, Step, case_milestones};
use crate::case::Case;
use crate::case::schema::{cases, cases_beside};
use crate::case::store::scope;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use kernel::{Action, Ctx, Result};
use platform::Conn;
use uuid::Uuid;

/// From where a page has ended.
#[auto_type]
fn lower(at: DateTime<Utc>, id: Uuid, position: i32) -> _ {
    case_milestones::occurred_at.le(at).and(
        case_milestones::occurred_at
            .lt(at)
            .or(case_milestones::record_id.lt(id))
            .or(case_milestones::record_id.eq(id).and(case_milestones::position.lt(position))),
    )
}

/// Of the cases of somebody, about an order, or of one.
pub fn of(conn: &mut Conn, ctx: &Ctx, about: About, below: Below, limit: i64) -> Result<Vec<(Case, Step)>> {
    let of = case_milestones::tenant_id.eq(cases::tenant_id).and(case_milestones::record_id.eq(cases::id));
    let page = scope(ctx, Action::Read)
        .inner_join(case_milestones::table.on(of))
        .filter(cases::deleted_at.is_null())
        .filter(
            cases::account_id
                .eq(about.account())
                .or(cases::contact_id.eq(about.contact()))
                .or(cases_beside::order_id.eq(about.order()))
                .or(cases::id.nullable().eq(about.case())),
        )
        .order((
            case_milestones::occurred_at.desc(),
            case_milestones::record_id.desc(),
            case_milestones::position.desc(),
        ))
        .limit(limit)
        .select((Case::as_select(), Step::as_select()));
    Ok(match below {
        None => page.load(conn)?,
        Some((at, id, position)) => page.filter(lower(at, id, position)).load(conn)?,
    })
}
