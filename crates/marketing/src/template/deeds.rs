//! What may be done with a template. What cannot be filled in is refused when it is written, each fault at its place.
use super::{
    BROKEN, NAME_TAKEN, NewTemplate, Template, TemplatePatch, TemplateVariable, TemplateVariant, render, store,
};
use crate::rules::referred;
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::existing::conflict;
use kernel::{Ctx, Error, Existing, Fault, Result, TemplateId, error, text};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, untouched};
use platform::search::Words;

/// Refused where the name is taken, and where a variant cannot be filled in.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewTemplate) -> Result<Template> {
    fits(&new.channel, &new.default_locale, &new.variants.0, &new.variables.0)?;
    let done = conn.transaction(|conn| store::insert(conn, ctx, new, words(&new.name)).map_err(coded));
    done.map_err(|error| with_existing(conn, ctx, error, Some(&new.name)))
}

/// With a `base`, only if the template is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: TemplateId,
    base: Option<i32>,
    patch: &TemplatePatch,
) -> Result<Template> {
    let done = conn.transaction(|conn| {
        let before = store::find(conn, ctx, id)?;
        let locale = patch.default_locale.as_deref().unwrap_or(&before.default_locale);
        let variants = patch.variants.as_ref().unwrap_or(&before.variants);
        let variables = patch.variables.as_ref().unwrap_or(&before.variables);
        fits(&before.channel, locale, &variants.0, &variables.0)?;
        // what was looked through is what is changed
        let base = base.or(Some(before.version));
        let words = patch.name.as_deref().map(words);
        match store::update(conn, ctx, id, base, patch, words).map_err(coded)? {
            Some(template) => Ok(template),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    });
    done.map_err(|error| with_existing(conn, ctx, error, patch.name.as_deref()))
}

/// The template with this name is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewTemplate, TemplatePatch>,
) -> Result<Upserted<Template>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewTemplate { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: TemplateId, base: Option<i32>) -> Result<Template> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(template) => Ok(template),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A template that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: TemplateId) -> Result<Template> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = conn.transaction(|conn| store::set_archived(conn, ctx, id, None, false).map_err(coded));
    let done = done.map_err(|error| with_existing(conn, ctx, error, Some(&found.name)))?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good; refused while it stands in a send.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: TemplateId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// The template that a body names.
pub fn is_there(conn: &mut Conn, ctx: &Ctx, id: TemplateId) -> Result<Template> {
    referred("template_id", store::find(conn, ctx, id))
}

/// Whether each variant says what its channel needs, and can be filled in: all faults at once.
fn fits(channel: &str, locale: &str, variants: &[TemplateVariant], variables: &[TemplateVariable]) -> Result<()> {
    let mut faults = Vec::new();
    if !variants.iter().any(|one| one.locale.eq_ignore_ascii_case(locale)) {
        faults.push(Fault::new("/default_locale", "unknown_locale", text!("none of the variants has this locale")));
    }
    for (at, variant) in variants.iter().enumerate() {
        let at = format!("/variants/{at}");
        let needed = |member: &str| Fault::new(format!("{at}/{member}"), "required", text!("has to be said"));
        let is_said = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
        if channel == "email" && !is_said(&variant.subject) {
            faults.push(needed("subject"));
        }
        if !is_said(&variant.text) && !(channel == "email" && is_said(&variant.html)) {
            faults.push(needed("text"));
        }
        if channel != "email" && (variant.html.is_some() || variant.subject.is_some()) {
            let message = text!("only an e-mail has a subject and a page");
            faults.push(Fault::new(at.clone(), "channel", message));
        }
        faults.extend(render::faults(variant, variables, &at));
    }
    match faults.iter().any(|fault| fault.code == BROKEN.name) {
        _ if faults.is_empty() => Ok(()),
        true => Err(Error::from(BROKEN).faults(faults)),
        false => Err(Error::from(error::INVALID).faults(faults)),
    }
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

/// The constraints of the table, by the codes of the room.
fn coded(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("templates_name_key") => {
            Error::from(NAME_TAKEN).source(error)
        }
        _ => error.into(),
    }
}

/// Which template has the name: asked after the transaction that failed on it.
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
