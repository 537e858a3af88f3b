//! Rules are asked when their moment comes, over all tenants: each once of a promise, in the transaction that writes down
//! what it did.
use super::store::{self, Due, Said};
use super::{ESCALATED, NOT_MATCHED};
use crate::case;
use crate::escalation_rule::{self, EscalationActions, EscalationRule};
use crate::people;
use chrono::TimeDelta;
use customer::tag;
use kernel::{Ctx, Result, UserId};
use platform::filter::rule;
use platform::{Conn, crash, sweep};
use std::collections::BTreeSet;

/// How many promises are gone through in one look.
const MOST: usize = 2_000;

/// How many promises were escalated, or not. What somebody changes at the moment is left for the next look.
pub fn watch(conn: &mut Conn) -> Result<usize> {
    sweep::some(conn, &store::DUE, MOST, all)
}

fn all(conn: &mut Conn, due: &Due) -> Result<()> {
    let ctx = Ctx::powerless(due.tenant_id, due.owner_id, due.now);
    let asked = store::asked(conn, &ctx, due.id)?;
    let mut rules = escalation_rule::active(conn, &ctx)?;
    rules.retain(|rule| has_come(rule, due) && !asked.contains(&(rule.id, rule.level)));
    let filters: Vec<_> = rules.iter().filter_map(|rule| Some((rule.id.0, rule.filter.as_deref()?))).collect();
    let holding = rule::holding(conn, &ctx, &case::CATALOGUE, due.case_id.0, &filters)?;
    let mut standing = (due.owner_id, due.priority.clone());
    for rule in &rules {
        let said = match rule.filter.is_none() || holding.contains(&rule.id.0) {
            true => act(conn, &ctx, due, &rule.actions.0, &mut standing)?,
            false => Said { outcome: NOT_MATCHED, ..Said::default() },
        };
        store::note(conn, &ctx, (due.case_id, due.id), rule, &said)?;
    }
    crash::point("case_escalated");
    Ok(())
}

fn has_come(rule: &EscalationRule, due: &Due) -> bool {
    let at = due.due_at.and_then(|at| at.checked_add_signed(TimeDelta::minutes(rule.after_minutes.into())));
    rule.metric == due.metric && at.is_some_and(|at| rule.active_from_at <= at && at <= due.now)
}

/// Who is told is told by the event of the case, to which what is written down leads.
fn act(
    conn: &mut Conn,
    ctx: &Ctx,
    due: &Due,
    actions: &EscalationActions,
    (owner, priority): &mut (UserId, String),
) -> Result<Said> {
    let new_owner = match actions.owner_id.filter(|id| *id != *owner) {
        Some(id) => people::store::living(conn, ctx, &[id])?.pop(),
        None => None,
    };
    let raised = raised(priority).filter(|_| actions.raises_priority);
    *owner = new_owner.unwrap_or(*owner);
    if let Some(raised) = raised {
        raised.clone_into(priority);
    }
    let notified = notified(conn, ctx, due, actions, *owner)?;
    let told = store::escalate(conn, ctx, due.case_id, new_owner, raised)?;
    let mut tags = Vec::new();
    for id in &actions.tag_ids {
        if tag::say(conn, ctx, *id, "case", due.case_id.0)? {
            tags.push(*id);
        }
    }
    Ok(Said {
        outcome: ESCALATED,
        case_version: Some(told.version),
        notified,
        owner: new_owner,
        priority: raised,
        tags,
    })
}

/// The next step up.
fn raised(priority: &str) -> Option<&'static str> {
    let at = case::PRIORITIES.iter().position(|one| *one == priority)?;
    case::PRIORITIES.get(at + 1).copied()
}

/// Whom the actions name, each once; a queue is those who serve it.
fn notified(conn: &mut Conn, ctx: &Ctx, due: &Due, actions: &EscalationActions, owner: UserId) -> Result<Vec<UserId>> {
    let mut people = actions.notify_user_ids.clone();
    if actions.notify_owner {
        people.push(owner);
        people.extend(people::store::people_at(conn, ctx, owner)?);
    }
    if let Some(team) = due.team_id.filter(|_| actions.notify_managers) {
        people.extend(people::store::managers_of(conn, ctx, team)?);
    }
    people.extend(people::store::people_of(conn, ctx, &actions.notify_team_ids)?);
    people.extend(people::store::people_with(conn, ctx, &actions.notify_role_ids)?);
    Ok(people.into_iter().collect::<BTreeSet<_>>().into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::raised;

    #[test]
    fn a_priority_goes_up_step_by_step() {
        assert_eq!(
            ["low", "normal", "high", "urgent"].map(raised),
            [Some("normal"), Some("high"), Some("urgent"), None]
        );
    }
}
