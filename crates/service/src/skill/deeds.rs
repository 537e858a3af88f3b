//! What may be done with a skill.
use super::{AgentSkill, NAME_TAKEN, NewSkill, Skill, SkillPatch, place, store};
use diesel::result::Error as Sql;
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Fault, Result, SkillId, error, text};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, attempt, untouched};
use platform::search::Words;

/// Refused where the name is taken.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewSkill) -> Result<Skill> {
    let made = attempt(conn, |conn| store::insert(conn, ctx, new, words(&new.name)));
    made.map_err(|error| taken(conn, ctx, error, Some(&new.name)))
}

/// With a `base`, only if the skill is still at that version; without, on whatever is there now.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: SkillId, base: Option<i32>, patch: &SkillPatch) -> Result<Skill> {
    let words = patch.name.as_deref().map(words);
    match attempt(conn, |conn| store::update(conn, ctx, id, base, patch, words)) {
        Ok(Some(skill)) => Ok(skill),
        Ok(None) => Err(untouched(conn, ctx, store::find, id, base)),
        Err(error) => Err(taken(conn, ctx, error, patch.name.as_deref())),
    }
}

/// The skill with this name is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewSkill, SkillPatch>,
) -> Result<Upserted<Skill>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewSkill { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// Nobody has it from then on.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: SkillId, base: Option<i32>) -> Result<Skill> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(skill) => Ok(skill),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A skill that is not archived is answered as it is. Those who had it have it again.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: SkillId) -> Result<Skill> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false));
    let done = done.map_err(|error| taken(conn, ctx, error, Some(&found.name)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; whoever has it, and what asks for it, says nothing by it any more.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: SkillId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// Refused where one of these is not there: each by its place in `member`.
pub(crate) fn are_there(conn: &mut Conn, ctx: &Ctx, member: &str, skills: &[AgentSkill]) -> Result<()> {
    let ids: Vec<SkillId> = skills.iter().map(|one| one.skill_id).collect();
    let there = store::many(conn, ctx, &ids)?;
    let is_lacking = |one: &AgentSkill| !there.iter().any(|skill| skill.id == one.skill_id);
    let unknown =
        |at: usize| Fault::new(place(member, at), error::UNKNOWN_REFERENCE.name, text!("there is no such record"));
    let faults: Vec<Fault> =
        skills.iter().enumerate().filter(|(_, one)| is_lacking(one)).map(|(at, _)| unknown(at)).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults)) }
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

/// Which skill has the name: asked after the statement that failed on it.
fn taken(conn: &mut Conn, ctx: &Ctx, error: Sql, name: Option<&str>) -> Error {
    let is_name = matches!(&error, Sql::DatabaseError(_, info) if info.constraint_name() == Some("skills_name_key"));
    match name.filter(|_| is_name) {
        Some(name) => {
            let found = store::find_by(conn, ctx, &ByName(name.to_owned())).unwrap_or_default();
            let existing: Vec<Existing> = found.iter().map(|one| Existing::new(one.id, "name", 100)).collect();
            conflict(NAME_TAKEN, &existing).source(error)
        }
        None => error.into(),
    }
}
