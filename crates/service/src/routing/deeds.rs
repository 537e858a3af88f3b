//! What may be done with a routing rule.
use super::{NewRoutingRule, QUEUE_TAKEN, RoutingRule, RoutingRulePatch, store};
use crate::{skill, staff};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Result, RoutingRuleId, UserId, error, text};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, attempt, untouched};
use platform::search::Words;

/// Refused where the queue has one. What waits there is given out within some seconds.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewRoutingRule) -> Result<RoutingRule> {
    staff::is_queue(conn, ctx, "/queue_id", new.queue_id)?;
    overflows(conn, ctx, new.queue_id, (new.overflow_queue_id, new.overflow_minutes))?;
    skill::are_there(conn, ctx, "required_skills", &new.required_skills.0)?;
    let made = attempt(conn, |conn| store::insert(conn, ctx, new, words(&new.name)));
    made.map_err(|error| taken(conn, ctx, error, new.queue_id))
}

/// With a `base`, only if the rule is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: RoutingRuleId,
    base: Option<i32>,
    patch: &RoutingRulePatch,
) -> Result<RoutingRule> {
    conn.transaction(|conn| {
        let before = store::lock(conn, ctx, id)?;
        let queue = patch.overflow_queue_id.unwrap_or(before.overflow_queue_id);
        let minutes = patch.overflow_minutes.unwrap_or(before.overflow_minutes);
        overflows(conn, ctx, before.queue_id, (queue, minutes))?;
        if let Some(skills) = &patch.required_skills {
            skill::are_there(conn, ctx, "required_skills", &skills.0)?;
        }
        match store::update(conn, ctx, id, base, patch, patch.name.as_deref().map(words))? {
            Some(rule) => Ok(rule),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// The rule with this name is changed, or made where there is none. The queue of one that is there stays.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewRoutingRule, RoutingRulePatch>,
) -> Result<Upserted<RoutingRule>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewRoutingRule { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// What it gave out stays where it is, and what waits goes on waiting.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: RoutingRuleId, base: Option<i32>) -> Result<RoutingRule> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(rule) => Ok(rule),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A rule that is not archived is answered as it is. Its queue has to have no other since.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: RoutingRuleId) -> Result<RoutingRule> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false));
    done.map_err(|error| taken(conn, ctx, error, found.queue_id))?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good. What it gave out stays where it is.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: RoutingRuleId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// Where cases go that wait too long: both or neither, and not to where they are.
fn overflows(conn: &mut Conn, ctx: &Ctx, queue: UserId, to: (Option<UserId>, Option<i32>)) -> Result<()> {
    match to {
        (None, None) => Ok(()),
        (Some(other), Some(_)) if other == queue => {
            Err(Error::invalid("/overflow_queue_id", "same", text!("is the queue that they come from")))
        }
        (Some(other), Some(_)) => staff::is_queue(conn, ctx, "/overflow_queue_id", other),
        (Some(_), None) => Err(Error::invalid("/overflow_minutes", "required", text!("goes with overflow_queue_id"))),
        (None, Some(_)) => Err(Error::invalid("/overflow_queue_id", "required", text!("goes with overflow_minutes"))),
    }
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

fn taken(conn: &mut Conn, ctx: &Ctx, error: Sql, queue: UserId) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("routing_rules_queue_key") => {
            let found = store::of_queue(conn, ctx, queue).unwrap_or_default();
            let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id, "queue_id", 100)).collect();
            conflict(QUEUE_TAKEN, &existing).source(error)
        }
        _ => error.into(),
    }
}
