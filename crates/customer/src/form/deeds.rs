//! What may be done with a form. Whoever sets one up lets strangers act as its user: whether they may is asked where it
//! is known what users may do (`identity::permission::lends`).
use super::{Form, FormField, FormPatch, LEAD, NewForm, field, store};
use crate::consent::is_purpose;
use crate::contact::Contact;
use diesel::Connection;
use kernel::{Ctx, Error, Fault, FormId, Noun, Result, error, text};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, untouched};

pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewForm) -> Result<Form> {
    conn.transaction(|conn| {
        fits(conn, ctx, &new.makes, &new.fields.0, new.has_double_opt_in)?;
        Ok(store::insert(conn, ctx, new)?)
    })
}

/// With a `base`, only if the form is still at that version.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: FormId, base: Option<i32>, patch: &FormPatch) -> Result<Form> {
    conn.transaction(|conn| {
        let Some(after) = store::update(conn, ctx, id, base, patch)? else {
            return Err(untouched(conn, ctx, store::find, id, base));
        };
        if patch.fields.is_some() || patch.has_double_opt_in.is_some() {
            fits(conn, ctx, &after.makes, &after.fields.0, after.has_double_opt_in)?;
        }
        if patch.name.is_some() {
            store::set_words(conn, ctx, &after)?;
        }
        Ok(after)
    })
}

/// The form with this name is changed, or made where there is none, by who knows whose rights the caller holds.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewForm, FormPatch>,
    create: impl Fn(&mut Conn, &NewForm) -> Result<Form>,
    update: impl Fn(&mut Conn, Form, &FormPatch) -> Result<Form>,
) -> Result<Upserted<Form>> {
    let create = |conn: &mut Conn, new: &NewForm| create(conn, &NewForm { name: name.0.clone(), ..new.clone() });
    deed::upsert(conn, ctx, name, ask, (store::find_by, store::find_any), create, update)
}

/// Purposes and fields of the tenant's own are there, and there is an address to write to where a letter is promised.
fn fits(conn: &mut Conn, ctx: &Ctx, makes: &str, fields: &[FormField], has_double_opt_in: bool) -> Result<()> {
    let noun = if makes == LEAD { LEAD } else { Contact::NAME };
    let mut faults = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        if let Some(agreed) = &field.consent
            && let Err(error) = is_purpose(conn, ctx, &agreed.purpose)
        {
            let pointer = format!("/fields/{at}/consent/purpose");
            faults.extend(error.faults.into_iter().map(|fault| Fault { pointer: pointer.clone(), ..fault }));
        }
        let own = field.target.as_deref().and_then(kernel::custom::key);
        let is_of_leads = field.target.as_deref().is_some_and(|target| field::OF_LEADS.contains(&target));
        if is_of_leads && makes != LEAD || own.is_some_and(|key| ctx.grants.own().get(noun, key).is_none()) {
            let message = text!("there is no such field");
            faults.push(Fault::new(format!("/fields/{at}/target"), "unknown_reference", message));
        }
    }
    let asks = fields.iter().any(|field| field.target.as_deref() == Some("contact.email") && field.kind == "email");
    if has_double_opt_in && !asks {
        let message = text!("a letter needs a field of kind email that becomes contact.email");
        faults.push(Fault::new("/has_double_opt_in", "no_address", message));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: FormId, base: Option<i32>) -> Result<Form> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(form) => Ok(form),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A form that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: FormId) -> Result<Form> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, with all that was filled in. What came of that stays.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: FormId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}
