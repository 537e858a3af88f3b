//! What may be done with a definition. Each deed stands alone: nobody writes fields of the noun meanwhile, and whoever has
//! looked a record through by what was in force before is refused.
use super::{
    FieldDef, FieldDefPatch, KEY_IN_USE, KEY_TAKEN, NOT_UNIQUE, NewFieldDef, TOO_MANY, TYPE_IN_USE, sound, store,
};
use crate::custom::store as records;
use crate::custom::{anew, index, option_set};
use crate::deed::{attempt, untouched};
use crate::{Conn, job};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::custom::Type;
use kernel::{Ctx, Error, FieldDefId, OptionSetId, Result, error};
use serde_json::json;

/// The most that a noun has in a tenant.
const MOST: i64 = 200;

pub fn create(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    object: &str,
    new: &NewFieldDef,
) -> Result<FieldDef> {
    let noun = sound::noun(catalogues, object)?;
    let made = conn.transaction(|conn| {
        records::alone(conn, ctx, noun.noun)?;
        sound::learn(conn, ctx)?;
        sound::own(conn, ctx, catalogues, noun, &drafted(ctx, object, new))?;
        if store::count(conn, ctx, object)? >= MOST {
            return Err(TOO_MANY.into());
        }
        if ctx.grants.own().get(object, &new.key).is_some() {
            return Err(KEY_TAKEN.into());
        }
        // values under a key that never was a field's there are none: no need to go through the records
        if store::was_there(conn, ctx, object, &new.key, None)? && records::has_values(conn, ctx, noun, &new.key)? {
            return Err(KEY_IN_USE.into());
        }
        let field = attempt(conn, |conn| store::insert(conn, ctx, object, new)).map_err(named)?;
        settled(conn, ctx, noun, None, field)
    });
    ended(conn, ctx, made)
}

pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    object: &str,
    id: FieldDefId,
    base: Option<i32>,
    patch: &FieldDefPatch,
) -> Result<FieldDef> {
    let noun = sound::noun(catalogues, object)?;
    let done = conn.transaction(|conn| {
        records::alone(conn, ctx, noun.noun)?;
        sound::learn(conn, ctx)?;
        let before = store::find(conn, ctx, object, id)?;
        let after = patched(&before, patch);
        sound::own(conn, ctx, catalogues, noun, &after)?;
        retyped(conn, ctx, noun, &before, &after)?;
        match store::update(conn, ctx, id, base, patch)? {
            Some(field) => settled(conn, ctx, noun, Some(&before), field),
            None => Err(untouched(conn, ctx, |conn, ctx, id| store::find(conn, ctx, object, id), id, base)),
        }
    });
    ended(conn, ctx, done)
}

/// Out of sight; its values stay, for the case that it is restored.
pub fn archive(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    object: &str,
    id: FieldDefId,
    base: Option<i32>,
) -> Result<FieldDef> {
    let noun = sound::noun(catalogues, object)?;
    let done = conn.transaction(|conn| {
        records::alone(conn, ctx, noun.noun)?;
        let before = store::find(conn, ctx, object, id)?;
        match store::set_archived(conn, ctx, id, base, true)? {
            Some(field) => settled(conn, ctx, noun, Some(&before), field),
            None => Err(untouched(conn, ctx, |conn, ctx, id| store::find(conn, ctx, object, id), id, base)),
        }
    });
    ended(conn, ctx, done)
}

/// One that is not archived is answered as it is.
pub fn restore(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    object: &str,
    id: FieldDefId,
) -> Result<FieldDef> {
    let noun = sound::noun(catalogues, object)?;
    let found = store::find_any(conn, ctx, object, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = conn.transaction(|conn| {
        records::alone(conn, ctx, noun.noun)?;
        if store::count(conn, ctx, object)? >= MOST {
            return Err(TOO_MANY.into());
        }
        // what a later field of this key has left behind is not to be read as this one's
        let others = store::was_there(conn, ctx, object, &found.key, found.deleted_at)?;
        if others && records::has_values(conn, ctx, noun, &found.key)? {
            return Err(KEY_IN_USE.into());
        }
        let restored = attempt(conn, |conn| store::set_archived(conn, ctx, id, None, false)).map_err(named)?;
        let field = restored.ok_or(error::FORBIDDEN)?;
        settled(conn, ctx, noun, Some(&found), field)
    });
    ended(conn, ctx, done)
}

/// The choices of a set are about to change: with them the fields that offer them. In a transaction.
pub(crate) fn settle(conn: &mut Conn, ctx: &Ctx, set: OptionSetId) -> Result<()> {
    option_set::find(conn, ctx, set)?;
    for noun in store::offering(conn, ctx, set)? {
        records::alone(conn, ctx, &noun)?;
        records::moved(conn, ctx, &noun)?;
    }
    Ok(())
}

/// What goes with a change: the list of what is unique, the index, what records are found by, and the version that records are checked by.
fn settled(
    conn: &mut Conn,
    ctx: &Ctx,
    noun: &'static Catalogue,
    before: Option<&FieldDef>,
    after: FieldDef,
) -> Result<FieldDef> {
    let lives = |field: &FieldDef| field.deleted_at.is_none();
    let listed = |field: &FieldDef| field.is_unique && lives(field);
    if before.is_some_and(listed) != listed(&after) {
        records::list_uniques(conn, ctx, noun, &after.key, listed(&after)).map_err(not_unique)?;
    }
    let indexed = |field: &FieldDef| (field.is_indexed && lives(field)).then(|| field.r#type.clone());
    if before.and_then(indexed) != indexed(&after) {
        job::enqueue(conn, ctx, index::KIND, &json!({"object": noun.noun}))?;
    }
    // a new one has no values yet
    let searched = |field: &FieldDef| (field.is_searched && lives(field)).then(|| field.r#type.clone());
    if before.is_some_and(|before| searched(before) != searched(&after)) {
        job::enqueue(conn, ctx, anew::KIND, &json!({"object": noun.noun}))?;
    }
    records::moved(conn, ctx, noun.noun)?;
    Ok(after)
}

/// What is kept has to be of the new type too.
fn retyped(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, before: &FieldDef, after: &FieldDef) -> Result<()> {
    let (Some(from), Some(to)) = (Type::named(&before.r#type), Type::named(&after.r#type)) else { return Ok(()) };
    if from == to || !records::has_values(conn, ctx, noun, &before.key)? {
        return Ok(());
    }
    if !from.widens_to(to) {
        return Err(TYPE_IN_USE.into());
    }
    if from == Type::Int {
        records::widen(conn, ctx, noun, &before.key)?;
    }
    Ok(())
}

/// Whatever came of it, what is known is what is kept.
fn ended(conn: &mut Conn, ctx: &Ctx, done: Result<FieldDef>) -> Result<FieldDef> {
    if done.is_ok() {
        sound::learn(conn, ctx)?;
    }
    done
}

fn drafted(ctx: &Ctx, object: &str, new: &NewFieldDef) -> FieldDef {
    let new = new.clone();
    FieldDef {
        id: new.id.unwrap_or_else(FieldDefId::new),
        object: object.to_owned(),
        key: new.key,
        r#type: new.r#type.name().to_owned(),
        labels: new.labels,
        help: new.help,
        is_required: new.is_required,
        is_unique: new.is_unique,
        is_searched: new.is_searched,
        is_indexed: new.is_indexed,
        is_personal: new.is_personal,
        default: new.default,
        limits: new.limits,
        rule: new.rule,
        option_set_id: new.option_set_id,
        reference: new.reference,
        dependence: new.dependence,
        position: new.position,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
        created_by: ctx.actor.user,
        updated_by: ctx.actor.user,
        deleted_at: None,
    }
}

fn patched(before: &FieldDef, patch: &FieldDefPatch) -> FieldDef {
    let (before, patch) = (before.clone(), patch.clone());
    FieldDef {
        r#type: patch.r#type.map_or(before.r#type, |holds| holds.name().to_owned()),
        is_required: patch.is_required.unwrap_or(before.is_required),
        is_unique: patch.is_unique.unwrap_or(before.is_unique),
        is_searched: patch.is_searched.unwrap_or(before.is_searched),
        is_indexed: patch.is_indexed.unwrap_or(before.is_indexed),
        default: patch.default.unwrap_or(before.default),
        limits: patch.limits.unwrap_or(before.limits),
        rule: patch.rule.unwrap_or(before.rule),
        option_set_id: patch.option_set_id.unwrap_or(before.option_set_id),
        dependence: patch.dependence.unwrap_or(before.dependence),
        ..before
    }
}

fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("field_defs_key_key") => {
            Error::from(KEY_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

fn not_unique(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, _) => Error::from(NOT_UNIQUE).source(error),
        _ => error.into(),
    }
}
