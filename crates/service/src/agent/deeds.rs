//! What may be done with an agent.
use super::{Agent, AgentPatch, NewAgent, USER_TAKEN, store};
use crate::{skill, staff};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{AgentId, Ctx, Error, Existing, Result, UserId};
use platform::Conn;
use platform::deed::{attempt, unmoved, untouched};

/// Refused where the user is no person, or an agent already. They are offline until they say otherwise.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewAgent) -> Result<Agent> {
    staff::is_person(conn, ctx, "/user_id", new.user_id)?;
    skill::are_there(conn, ctx, "skills", &new.skills.0)?;
    attempt(conn, |conn| store::insert(conn, ctx, new)).map_err(|error| taken(conn, ctx, error, new.user_id))
}

/// With a `base`, only if the agent is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: AgentId, base: Option<i32>, patch: &AgentPatch) -> Result<Agent> {
    if let Some(skills) = &patch.skills {
        skill::are_there(conn, ctx, "skills", &skills.0)?;
    }
    match store::update(conn, ctx, id, base, patch)? {
        Some(agent) => Ok(agent),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// They answer no more. What they have stays with them.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: AgentId, base: Option<i32>) -> Result<()> {
    conn.transaction(|conn| {
        let found = store::lock(conn, ctx, id)?;
        unmoved(conn, ctx, &found, base)?;
        store::delete(conn, ctx, id)?;
        Ok(())
    })
}

fn taken(conn: &mut Conn, ctx: &Ctx, error: Sql, user: UserId) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("agents_user_key") => {
            let found = store::of_user(conn, ctx, user).unwrap_or_default();
            let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id, "user_id", 100)).collect();
            conflict(USER_TAKEN, &existing).source(error)
        }
        _ => error.into(),
    }
}
