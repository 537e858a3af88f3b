//! The queries of turns, and of what somebody has in hand: fair whoever sees whose leads.
use super::Turn;
use crate::lead::OPEN;
use crate::lead::schema::{assignment_cursors, leads};
use crate::territory::schema::territory_cursors;
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, LeadId, UserId};
use platform::Conn;
use std::collections::BTreeMap;

/// Whose turn it was last.
pub(super) fn last(conn: &mut Conn, ctx: &Ctx, turn: Turn) -> QueryResult<Option<UserId>> {
    let last: Option<Option<UserId>> = match turn {
        Turn::Rule(id) => {
            let cursor = assignment_cursors::table.find((ctx.tenant, id));
            cursor.select(assignment_cursors::user_id).first(conn).optional()?
        }
        Turn::Territory(id) => {
            let cursor = territory_cursors::table.find((ctx.tenant, id));
            cursor.select(territory_cursors::user_id).first(conn).optional()?
        }
    };
    Ok(last.flatten())
}

/// The same, and whoever asks next waits.
pub(super) fn take(conn: &mut Conn, ctx: &Ctx, turn: Turn) -> QueryResult<Option<UserId>> {
    match turn {
        Turn::Rule(id) => {
            diesel::insert_into(assignment_cursors::table)
                .values((assignment_cursors::tenant_id.eq(ctx.tenant), assignment_cursors::rule_id.eq(id)))
                .on_conflict_do_nothing()
                .execute(conn)?;
            let cursor = assignment_cursors::table.find((ctx.tenant, id)).for_update();
            cursor.select(assignment_cursors::user_id).first(conn)
        }
        Turn::Territory(id) => {
            diesel::insert_into(territory_cursors::table)
                .values((territory_cursors::tenant_id.eq(ctx.tenant), territory_cursors::territory_id.eq(id)))
                .on_conflict_do_nothing()
                .execute(conn)?;
            let cursor = territory_cursors::table.find((ctx.tenant, id)).for_update();
            cursor.select(territory_cursors::user_id).first(conn)
        }
    }
}

pub(super) fn set(conn: &mut Conn, ctx: &Ctx, turn: Turn, user: UserId) -> QueryResult<usize> {
    match turn {
        Turn::Rule(id) => diesel::update(assignment_cursors::table.find((ctx.tenant, id)))
            .set(assignment_cursors::user_id.eq(user))
            .execute(conn),
        Turn::Territory(id) => diesel::update(territory_cursors::table.find((ctx.tenant, id)))
            .set(territory_cursors::user_id.eq(user))
            .execute(conn),
    }
}

/// How many open leads each of them has in hand, beside this one, whoever sees them.
pub(super) fn in_hand(
    conn: &mut Conn,
    ctx: &Ctx,
    users: &[UserId],
    beside: LeadId,
) -> QueryResult<BTreeMap<UserId, i64>> {
    let counts: Vec<(UserId, i64)> = leads::table
        .filter(leads::tenant_id.eq(ctx.tenant))
        .filter(leads::owner_id.eq_any(users))
        .filter(leads::status.eq_any(OPEN))
        .filter(leads::deleted_at.is_null())
        .filter(leads::id.ne(beside))
        .group_by(leads::owner_id)
        .select((leads::owner_id, count_star()))
        .load(conn)?;
    Ok(counts.into_iter().collect())
}
