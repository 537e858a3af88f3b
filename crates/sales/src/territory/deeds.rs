//! What may be done with a territory. Whoever moves one does so in turn, of a tenant: the tree is looked at as a whole, so
//! that no territory comes to stand above itself.
use super::{NAME_TAKEN, NewTerritory, OWN_PARENT, Territory, TerritoryMembers, TerritoryPatch, store};
use crate::lead;
use crate::others::{self, Whom};
use customer::account;
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Fault, Result, TerritoryId, error, text};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, in_turn, untouched};
use platform::filter::rule;
use platform::search::Words;
use std::collections::BTreeSet;

/// Refused where the name is taken, and where its filter does not fit leads and accounts both.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewTerritory) -> Result<Territory> {
    new.filter.iter().try_for_each(|text| fits(ctx, text))?;
    let done = conn.transaction(|conn| {
        others::are_there(conn, ctx, &named(&new.members))?;
        if let Some(parent) = new.parent_id {
            may_stand(conn, ctx, None, parent)?;
        }
        store::insert(conn, ctx, new, words(&new.name)).map_err(coded)
    });
    done.map_err(|error| with_existing(conn, ctx, error, Some(&new.name)))
}

/// With a `base`, only if the territory is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: TerritoryId,
    base: Option<i32>,
    patch: &TerritoryPatch,
) -> Result<Territory> {
    patch.filter.iter().flatten().try_for_each(|text| fits(ctx, text))?;
    let done = conn.transaction(|conn| {
        others::are_there(conn, ctx, &patch.members.as_ref().map(named).unwrap_or_default())?;
        if let Some(parent) = patch.parent_id.flatten() {
            store::find(conn, ctx, id)?;
            may_stand(conn, ctx, Some(id), parent)?;
        }
        let words = patch.name.as_deref().map(words);
        match store::update(conn, ctx, id, base, patch, words).map_err(coded)? {
            Some(territory) => Ok(territory),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    });
    done.map_err(|error| with_existing(conn, ctx, error, patch.name.as_deref()))
}

/// The territory with this name is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewTerritory, TerritoryPatch>,
) -> Result<Upserted<Territory>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewTerritory { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// Refused while territories stand below it.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: TerritoryId, base: Option<i32>) -> Result<Territory> {
    conn.transaction(|conn| {
        tree_in_turn(conn, ctx)?;
        if store::living(conn, ctx)?.iter().any(|one| one.parent_id == Some(id)) {
            let found = store::find(conn, ctx, id)?;
            deed::unmoved(conn, ctx, &found, base)?;
            return Err(Error::from(error::IN_USE).detail(text!("other territories stand below this one")));
        }
        match store::set_archived(conn, ctx, id, base, true)? {
            Some(territory) => Ok(territory),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// A territory that is not archived is answered as it is. What it stands below has to be there.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: TerritoryId) -> Result<Territory> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = conn.transaction(|conn| {
        if let Some(parent) = found.parent_id {
            may_stand(conn, ctx, None, parent)?;
        }
        store::set_archived(conn, ctx, id, None, false).map_err(coded)
    });
    let done = done.map_err(|error| with_existing(conn, ctx, error, Some(&found.name)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; refused while rules give leads out by it, or territories stand below it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: TerritoryId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// What is asked of leads and of accounts is asked of fields that both have.
fn fits(ctx: &Ctx, text: &str) -> Result<()> {
    rule::check(ctx, &lead::CATALOGUE, text)?;
    rule::check(ctx, &account::CATALOGUE, text)
}

/// Going up from a living `parent` never leads to `id`. Until the transaction ends, nobody else moves one.
fn may_stand(conn: &mut Conn, ctx: &Ctx, id: Option<TerritoryId>, parent: TerritoryId) -> Result<()> {
    tree_in_turn(conn, ctx)?;
    let all = store::living(conn, ctx)?;
    let find = |id: TerritoryId| all.iter().find(|one| one.id == id);
    if find(parent).is_none() {
        let fault = Fault::new("/parent_id", error::UNKNOWN_REFERENCE.name, text!("there is no such record"));
        return Err(Error::from(error::UNKNOWN_REFERENCE).fault(fault));
    }
    let (mut met, mut next) = (BTreeSet::new(), Some(parent));
    while let Some(one) = next.filter(|one| met.insert(*one)) {
        next = find(one).and_then(|one| one.parent_id);
    }
    match id.is_some_and(|id| met.contains(&id)) {
        true => Err(Error::from(OWN_PARENT).fault(Fault::of("/parent_id", OWN_PARENT))),
        false => Ok(()),
    }
}

fn tree_in_turn(conn: &mut Conn, ctx: &Ctx) -> Result<()> {
    in_turn(conn, &format!("{} territories", ctx.tenant))
}

/// Whom the members name, each by its place.
fn named(members: &TerritoryMembers) -> Vec<(String, Whom)> {
    let place = |at: usize, member: &str| format!("/members/{at}/{member}");
    let all = members.0.iter().enumerate().flat_map(|(at, one)| {
        let user = one.user_id.map(|id| (place(at, "user_id"), Whom::User(id)));
        user.into_iter().chain(one.team_id.map(|id| (place(at, "team_id"), Whom::Team(id))))
    });
    all.collect()
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn coded(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("territories_name_key") => {
            Error::from(NAME_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which territory has the name: asked after the transaction that failed on it.
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
