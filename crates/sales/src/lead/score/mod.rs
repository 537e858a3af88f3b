//! How promising a lead is: the points of all rules that hold of it, asked at each of its changes. Whatever a rule gives
//! or takes is written down once, so that the score is always the sum of its ledger.
mod store;

use super::schema::lead_scores;
use super::{CATALOGUE, Lead};
use crate::score_rule;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::{Ctx, LeadId, LeadScoreEntryId, LeadScoreRuleId, Noun, Result};
use platform::Conn;
use platform::filter::rule;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// Points that a rule has given a lead, or has taken.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = lead_scores, check_for_backend(diesel::pg::Pg))]
pub struct LeadScoreEntry {
    pub id: LeadScoreEntryId,
    pub rule_id: LeadScoreRuleId,
    /// as it was called then
    #[schema(example = "Came from a form")]
    pub rule_name: String,
    /// below zero where it holds no more
    #[schema(example = 20)]
    pub points: i32,
    pub scored_at: DateTime<Utc>,
}

/// A rule that holds of a lead.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadScorePart {
    pub rule_id: LeadScoreRuleId,
    #[schema(example = "Came from a form")]
    pub rule_name: String,
    #[schema(example = 20)]
    pub points: i32,
}

/// What a lead's score is made of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadScore {
    #[schema(example = 35)]
    pub score: i32,
    /// the rules that gave it, but for those that look at what is hidden from the caller
    pub parts: Vec<LeadScorePart>,
    /// what those others gave: with the points of `parts` it comes to the score
    #[schema(example = 0)]
    pub withheld_points: i32,
    /// what each of these rules gave or took, the newest first; at most 500
    pub entries: Vec<LeadScoreEntry>,
}

/// What a lead is rated by, and was.
pub fn of(conn: &mut Conn, ctx: &Ctx, id: LeadId) -> Result<LeadScore> {
    let lead = super::find(conn, ctx, id)?;
    let mut entries = store::entries(conn, ctx, id)?;
    let mut given = store::sums(conn, ctx, id)?;
    let all: i64 = given.values().map(|(_, points)| points).sum();
    if ctx.grants.hides_some(Lead::NAME) {
        let rules = entries.iter().map(|entry| entry.rule_id).chain(given.keys().copied()).collect();
        let shown = shown(conn, ctx, &rules)?;
        entries.retain(|entry| shown.contains(&entry.rule_id));
        given.retain(|id, _| shown.contains(id));
    }
    let few = |points: i64| i32::try_from(points).unwrap_or(i32::MAX);
    let told: i64 = given.values().map(|(_, points)| points).sum();
    let part = |(rule_id, (rule_name, points))| LeadScorePart { rule_id, rule_name, points: few(points) };
    let parts = given.into_iter().map(part).collect();
    Ok(LeadScore { score: lead.score, parts, withheld_points: few(all - told), entries })
}

/// Those that look at nothing that is hidden from the actor; what one looked at that has gone, nobody knows.
fn shown(conn: &mut Conn, ctx: &Ctx, rules: &BTreeSet<LeadScoreRuleId>) -> Result<BTreeSet<LeadScoreRuleId>> {
    let ids: Vec<_> = rules.iter().copied().collect();
    let mut shown = BTreeSet::new();
    for (id, filter) in score_rule::filters(conn, ctx, &ids)? {
        if rule::is_shown(ctx, &CATALOGUE, &filter)? {
            shown.insert(id);
        }
    }
    Ok(shown)
}

/// Asks the rules of a lead that was written, and writes down what they give and take; the score, where it is another.
pub(super) fn kept(conn: &mut Conn, ctx: &Ctx, lead: &Lead) -> Result<Option<i32>> {
    let rules = score_rule::active(conn, ctx)?;
    let had: BTreeMap<LeadScoreRuleId, (String, i64)> = store::sums(conn, ctx, lead.id)?;
    if rules.is_empty() && had.is_empty() {
        return Ok(None);
    }
    let asked: Vec<_> = rules.iter().map(|rule| (rule.id.0, rule.filter.as_str())).collect();
    let holding = rule::holding(conn, ctx, &CATALOGUE, lead.id.0, &asked)?;
    let has = rules.iter().filter(|rule| holding.contains(&rule.id.0));
    let has: BTreeMap<_, _> = has.map(|rule| (rule.id, (rule.name.clone(), i64::from(rule.points)))).collect();
    let mut entries = Vec::new();
    for (id, (name, points)) in &has {
        entries.push((*id, name.clone(), points - had.get(id).map_or(0, |(_, points)| *points)));
    }
    for (id, (name, points)) in had.iter().filter(|(id, _)| !has.contains_key(id)) {
        entries.push((*id, name.clone(), -points));
    }
    entries.retain(|(.., points)| *points != 0);
    if !entries.is_empty() {
        store::put(conn, ctx, lead.id, &entries)?;
    }
    let score: i64 = has.values().map(|(_, points)| *points).sum();
    let score = i32::try_from(score).unwrap_or(i32::MAX);
    Ok((score != lead.score).then_some(score))
}
