//! The queries of turns, and of what somebody has in hand: fair whoever sees whose cases.
use crate::case::schema::cases;
use crate::routing::choose::InHand;
use crate::routing::schema::routing_cursors as cursors;
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, RoutingRuleId, UserId};
use platform::Conn;
use std::collections::BTreeMap;

/// Whose turn it was last.
pub(super) fn last(conn: &mut Conn, ctx: &Ctx, rule: RoutingRuleId) -> QueryResult<Option<UserId>> {
    let last: Option<Option<UserId>> =
        cursors::table.find((ctx.tenant, rule)).select(cursors::user_id).first(conn).optional()?;
    Ok(last.flatten())
}

pub(crate) fn set_last(conn: &mut Conn, ctx: &Ctx, rule: RoutingRuleId, user: Option<UserId>) -> QueryResult<usize> {
    let row = (cursors::tenant_id.eq(ctx.tenant), cursors::rule_id.eq(rule), cursors::user_id.eq(user));
    diesel::insert_into(cursors::table)
        .values(row)
        .on_conflict((cursors::tenant_id, cursors::rule_id))
        .do_update()
        .set(cursors::user_id.eq(user))
        .execute(conn)
}

/// How many open cases each of them has in hand, by channel: those that wait for their customers, too.
pub(crate) fn in_hand(conn: &mut Conn, ctx: &Ctx, users: &[UserId]) -> QueryResult<BTreeMap<UserId, InHand>> {
    let counts: Vec<(UserId, String, i64)> = cases::table
        .filter(cases::tenant_id.eq(ctx.tenant))
        .filter(cases::owner_id.eq_any(users))
        .filter(cases::status.eq_any(super::giving::OPEN))
        .filter(cases::deleted_at.is_null())
        .group_by((cases::owner_id, cases::channel))
        .select((cases::owner_id, cases::channel, count_star()))
        .load(conn)?;
    let mut all: BTreeMap<UserId, InHand> = BTreeMap::new();
    for (user, channel, count) in counts {
        all.entry(user).or_default().insert(channel, count);
    }
    Ok(all)
}
