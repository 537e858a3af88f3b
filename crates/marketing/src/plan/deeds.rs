//! What may be done with a marketing plan.
use super::{MarketingPlan, MarketingPlanPatch, NAME_TAKEN, NewMarketingPlan, store};
use crate::rules::{in_currency, referred};
use diesel::Connection;
use diesel::result::Error as Sql;
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Fault, MarketingPlanId, Result, error, text};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, untouched};
use platform::search::Words;

/// Refused where the name is taken.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewMarketingPlan) -> Result<MarketingPlan> {
    let done = conn.transaction(|conn| store::insert(conn, ctx, new, words(&new.name)).map_err(coded));
    done.map_err(|error| with_existing(conn, ctx, error, Some(&new.name)))
}

/// With a `base`, only if the plan is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: MarketingPlanId,
    base: Option<i32>,
    patch: &MarketingPlanPatch,
) -> Result<MarketingPlan> {
    let done = conn.transaction(|conn| {
        if let Some(budget) = patch.budget.as_ref().and_then(Option::as_ref) {
            in_currency(&store::find(conn, ctx, id)?.currency, &[("budget", Some(budget))])?;
        }
        let words = patch.name.as_deref().map(words);
        match store::update(conn, ctx, id, base, patch, words).map_err(coded)? {
            Some(plan) => Ok(plan),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    });
    done.map_err(|error| with_existing(conn, ctx, error, patch.name.as_deref()))
}

/// The plan with this name is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewMarketingPlan, MarketingPlanPatch>,
) -> Result<Upserted<MarketingPlan>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewMarketingPlan { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: MarketingPlanId, base: Option<i32>) -> Result<MarketingPlan> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(plan) => Ok(plan),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A plan that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: MarketingPlanId) -> Result<MarketingPlan> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = conn.transaction(|conn| store::set_archived(conn, ctx, id, None, false).map_err(coded));
    let done = done.map_err(|error| with_existing(conn, ctx, error, Some(&found.name)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; refused while campaigns are of it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: MarketingPlanId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// Refused where a body names a plan that is not there.
pub fn is_there(conn: &mut Conn, ctx: &Ctx, id: Option<MarketingPlanId>) -> Result<()> {
    match id {
        Some(id) => referred("plan_id", store::find(conn, ctx, id)).map(drop),
        None => Ok(()),
    }
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn coded(error: Sql) -> Error {
    let constraint = match &error {
        Sql::DatabaseError(_, info) => info.constraint_name().unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    match constraint.as_str() {
        "marketing_plans_name_key" => Error::from(NAME_TAKEN).source(error),
        "marketing_plans_period" => {
            Error::from(error::INVALID).fault(Fault::new("/end_on", "order", text!("ends before it starts")))
        }
        _ => error.into(),
    }
}

/// Which plan has the name: asked after the transaction that failed on it.
fn with_existing(conn: &mut Conn, ctx: &Ctx, error: Error, name: Option<&str>) -> Error {
    match name {
        Some(name) if error.code == NAME_TAKEN => {
            let found = store::named(conn, ctx, name).unwrap_or_default();
            let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id, "name", 100)).collect();
            Error { members: conflict(NAME_TAKEN, &existing).members, ..error }
        }
        _ => error,
    }
}
