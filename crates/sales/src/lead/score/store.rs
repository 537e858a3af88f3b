//! The queries of what leads were rated by. The lead was asked for before.
use super::LeadScoreEntry;
use crate::lead::schema::lead_scores;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Ctx, LeadId, LeadScoreEntryId, LeadScoreRuleId};
use platform::Conn;
use std::collections::BTreeMap;

const MOST: i64 = 500;

/// The newest first.
pub(super) fn entries(conn: &mut Conn, ctx: &Ctx, lead: LeadId) -> QueryResult<Vec<LeadScoreEntry>> {
    lead_scores::table
        .filter(lead_scores::tenant_id.eq(ctx.tenant))
        .filter(lead_scores::lead_id.eq(lead))
        .order(lead_scores::id.desc())
        .limit(MOST)
        .select(LeadScoreEntry::as_select())
        .load(conn)
}

/// What each rule has given so far, and how it was called.
pub(super) fn sums(conn: &mut Conn, ctx: &Ctx, lead: LeadId) -> QueryResult<BTreeMap<LeadScoreRuleId, (String, i64)>> {
    let all: Vec<(LeadScoreRuleId, String, i32)> = lead_scores::table
        .filter(lead_scores::tenant_id.eq(ctx.tenant))
        .filter(lead_scores::lead_id.eq(lead))
        .order(lead_scores::id)
        .select((lead_scores::rule_id, lead_scores::rule_name, lead_scores::points))
        .load(conn)?;
    let mut sums: BTreeMap<LeadScoreRuleId, (String, i64)> = BTreeMap::new();
    for (rule, name, points) in all {
        let sum = sums.entry(rule).or_default();
        *sum = (name, sum.1 + i64::from(points));
    }
    sums.retain(|_, (_, points)| *points != 0);
    Ok(sums)
}

pub(super) fn put(
    conn: &mut Conn,
    ctx: &Ctx,
    lead: LeadId,
    entries: &[(LeadScoreRuleId, String, i64)],
) -> QueryResult<usize> {
    let row = |(rule, name, points): &(LeadScoreRuleId, String, i64)| {
        (
            lead_scores::tenant_id.eq(ctx.tenant),
            lead_scores::id.eq(LeadScoreEntryId::new()),
            lead_scores::lead_id.eq(lead),
            lead_scores::rule_id.eq(*rule),
            lead_scores::rule_name.eq(name.clone()),
            lead_scores::points.eq(i32::try_from(*points).unwrap_or_default()),
            lead_scores::scored_at.eq(ctx.now),
        )
    };
    let rows: Vec<_> = entries.iter().map(row).collect();
    diesel::insert_into(lead_scores::table).values(rows).execute(conn)
}
