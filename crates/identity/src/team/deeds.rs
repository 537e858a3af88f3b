//! What may be done with a team.
use super::{NAME_TAKEN, NewTeam, OWN_PARENT, Team, TeamPatch, gain, store};
use crate::permission::Objects;
use crate::{queue, role, user};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::{Ctx, Error, Fault, Result, TeamId, TenantId, UserId, error, text};
use platform::deed::{self, untouched};
use platform::{Conn, audit, share};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewTeam) -> Result<Team> {
    if let Some(parent) = new.parent_id {
        parent_is_there(conn, ctx, parent)?;
    }
    store::insert(conn, ctx, new).map_err(named)
}

/// With a `base`, only if the team is still at that version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    objects: Objects,
    id: TeamId,
    base: Option<i32>,
    patch: &TeamPatch,
) -> Result<Team> {
    conn.transaction(|conn| {
        if let Some(parent) = patch.parent_id.flatten() {
            may_move(conn, ctx, objects, id, parent)?;
        }
        match store::update(conn, ctx, id, base, patch).map_err(named)? {
            Some(team) => Ok(team),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// Refused while teams stand below it.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: TeamId, base: Option<i32>) -> Result<Team> {
    conn.transaction(|conn| {
        if store::lock_tree(conn, ctx.tenant)?.iter().any(|(_, parent)| *parent == Some(id)) {
            store::find(conn, ctx, id)?;
            return Err(Error::from(error::IN_USE).detail(text!("other teams stand below this one")));
        }
        match store::set_archived(conn, ctx, id, base, true)? {
            Some(team) => Ok(team),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// A team that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: TeamId) -> Result<Team> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    if let Some(parent) = found.parent_id {
        parent_is_there(conn, ctx, parent)?;
    }
    store::set_archived(conn, ctx, id, None, false).map_err(named)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; refused while other records refer to it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: TeamId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// The user belongs to the team from now on. Who does already stays.
pub fn add_member(conn: &mut Conn, ctx: &Ctx, objects: Objects, team: TeamId, user: UserId) -> Result<Team> {
    conn.transaction(|conn| {
        let before = store::find(conn, ctx, team)?;
        user::not_a_queue(&user::find(conn, ctx, user)?)?;
        let more = share::is_given_to(conn, ctx, team)? || queue::is_served_by(conn, ctx, team)?;
        gain::by_joining(ctx, objects, &role::held(conn, ctx.tenant, user, objects)?, team, more)?;
        if !store::add_member(conn, ctx, team, user)? {
            return Ok(before);
        }
        audit::note(conn, ctx, "team.member_added", "team", team, json!({"user_id": user}))?;
        touch(conn, ctx, team)
    })
}

/// The user belongs to the team no longer.
pub fn remove_member(conn: &mut Conn, ctx: &Ctx, team: TeamId, user: UserId) -> Result<Team> {
    conn.transaction(|conn| {
        store::find(conn, ctx, team)?;
        if !store::remove_member(conn, ctx, team, user)? {
            return Err(error::NOT_FOUND.into());
        }
        audit::note(conn, ctx, "team.member_removed", "team", team, json!({"user_id": user}))?;
        touch(conn, ctx, team)
    })
}

/// The teams of a user, and those with all that stand below them.
pub(crate) fn reach(conn: &mut Conn, tenant: TenantId, user: UserId) -> Result<(Vec<TeamId>, Vec<TeamId>)> {
    let teams = store::of_user(conn, tenant, user)?;
    if teams.is_empty() {
        return Ok((teams, Vec::new()));
    }
    let subtree = below(&store::tree(conn, tenant)?, &teams);
    Ok((teams, subtree.into_iter().collect()))
}

/// These teams and all that stand below them.
fn below(tree: &[(TeamId, Option<TeamId>)], teams: &[TeamId]) -> BTreeSet<TeamId> {
    let mut children: BTreeMap<TeamId, Vec<TeamId>> = BTreeMap::new();
    for (team, parent) in tree {
        if let Some(parent) = parent {
            children.entry(*parent).or_default().push(*team);
        }
    }
    let (mut found, mut open) = (BTreeSet::new(), teams.to_vec());
    while let Some(team) = open.pop() {
        if found.insert(team) {
            open.extend(children.get(&team).into_iter().flatten());
        }
    }
    found
}

/// The new place is there, not below the team itself, and shows nobody what the actor could not show them.
fn may_move(conn: &mut Conn, ctx: &Ctx, objects: Objects, id: TeamId, parent: TeamId) -> Result<()> {
    parent_is_there(conn, ctx, parent)?;
    let tree = store::lock_tree(conn, ctx.tenant)?;
    if below(&tree, &[id]).contains(&parent) {
        let fault = Fault::of("/parent_id", OWN_PARENT);
        return Err(Error::from(OWN_PARENT).fault(fault));
    }
    let gaining = role::held_in(conn, ctx.tenant, &gain::new_above(&tree, id, parent), objects)?;
    gain::by_moving(ctx, objects, &gaining, id)
}

/// A change of its members is a change of the team.
fn touch(conn: &mut Conn, ctx: &Ctx, id: TeamId) -> Result<Team> {
    store::update(conn, ctx, id, None, &TeamPatch::default())?.ok_or_else(|| error::FORBIDDEN.into())
}

fn parent_is_there(conn: &mut Conn, ctx: &Ctx, id: TeamId) -> Result<()> {
    store::find(conn, ctx, id).map(drop).map_err(|error| match error.kind() {
        kernel::Kind::NotFound => Error::from(error::UNKNOWN_REFERENCE).fault(Fault::new(
            "/parent_id",
            "unknown_reference",
            text!("there is no such team"),
        )),
        _ => error,
    })
}

/// The constraints of the table, by the codes of the room.
fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("teams_name_key") => {
            Error::from(NAME_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_is_all_the_way_down_and_ends_in_a_circle() {
        let [a, b, c, d] = [TeamId::new(), TeamId::new(), TeamId::new(), TeamId::new()];
        let tree = [(a, None), (b, Some(a)), (c, Some(b)), (d, None)];
        assert_eq!(below(&tree, &[a]), BTreeSet::from([a, b, c]));
        assert_eq!(below(&tree, &[b, d]), BTreeSet::from([b, c, d]));
        assert_eq!(below(&[(a, Some(b)), (b, Some(a))], &[a]), BTreeSet::from([a, b]));
    }
}
