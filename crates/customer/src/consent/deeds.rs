//! What may be done with a consent: it is written down, and told.
use super::effective::{self, EffectiveConsent};
use super::{CHANNELS, Consent, NewConsent, PURPOSES, store};
use crate::contact;
use chrono::Duration;
use kernel::{ConsentId, ContactId, Ctx, Error, Result, error, text};
use platform::Conn;
use platform::custom::option_set;

/// Clocks differ; a word that lies further ahead would silence all that is said until then.
const AHEAD: Duration = Duration::minutes(5);

/// Writes a word down, and what holds since. In a transaction: the contact is locked, so that words of one person follow
/// each other.
pub fn record(conn: &mut Conn, ctx: &Ctx, new: &NewConsent) -> Result<Consent> {
    if new.occurred_at.is_some_and(|at| at > ctx.now + AHEAD) {
        return Err(Error::invalid("/occurred_at", "future", text!("lies in the future")));
    }
    if new.expires_at.is_some_and(|end| end <= new.occurred_at.unwrap_or(ctx.now)) {
        return Err(Error::invalid("/expires_at", "order", text!("ends before it starts")));
    }
    is_purpose(conn, ctx, &new.purpose)?;
    contact::is_there(conn, ctx, Some(new.contact_id))?;
    write(conn, ctx, new)
}

/// The same of what a form has asked, whose purposes were looked at when it was made.
pub(crate) fn write(conn: &mut Conn, ctx: &Ctx, new: &NewConsent) -> Result<Consent> {
    contact::changeable(conn, ctx, new.contact_id)?;
    let kept = store::insert(conn, ctx, new)?;
    settle(conn, ctx, new.contact_id, &new.purpose)?;
    contact::consent_changed(conn, ctx, new.contact_id)?;
    Ok(kept)
}

fn settle(conn: &mut Conn, ctx: &Ctx, contact: ContactId, purpose: &str) -> Result<()> {
    let words = store::words(conn, ctx, contact, purpose)?;
    let decided: Vec<_> =
        CHANNELS.iter().filter_map(|channel| Some((*channel, effective::deciding(&words, channel)?))).collect();
    store::settle(conn, ctx, contact, purpose, &decided)?;
    Ok(())
}

/// What holds of contacts whose words are others by now, made anew of the whole ledger.
pub(crate) fn reckon(conn: &mut Conn, ctx: &Ctx, contacts: &[ContactId]) -> Result<()> {
    store::forget(conn, ctx, contacts)?;
    for (contact, purpose) in store::purposes(conn, ctx, contacts)? {
        settle(conn, ctx, contact, &purpose)?;
    }
    Ok(())
}

/// Where the tenant says which purposes there are, it is one of them.
pub(crate) fn is_purpose(conn: &mut Conn, ctx: &Ctx, purpose: &str) -> Result<()> {
    let Some(set) = option_set::called(conn, ctx, PURPOSES)? else { return Ok(()) };
    let known: Vec<&str> = set.offered().collect();
    if known.contains(&purpose) {
        return Ok(());
    }
    let message = text!("is none of {choices}", choices = known.join(", "));
    Err(Error::from(error::INVALID).fault(kernel::Fault::new("/purpose", "choice", message)))
}

/// A word of a contact that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: ConsentId) -> Result<Consent> {
    let one = store::find(conn, ctx, id)?.ok_or(error::NOT_FOUND)?;
    contact::find(conn, ctx, one.contact_id)?;
    Ok(one)
}

/// The newest words of a contact that the caller may see.
pub fn of_contact(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> Result<Vec<Consent>> {
    contact::find(conn, ctx, contact)?;
    Ok(store::of(conn, ctx, contact)?)
}

/// What a contact was asked and has not said yet.
pub(crate) fn pending(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> Result<Vec<Consent>> {
    Ok(store::pending(conn, ctx, contact)?)
}

/// What holds of a contact that the caller may see.
pub fn effective_of(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> Result<Vec<EffectiveConsent>> {
    contact::find(conn, ctx, contact)?;
    effective_of_all(conn, ctx, &[contact])
}

/// To what a contact has said no, and not yes since: purpose and channel.
pub(crate) fn refused(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> Result<Vec<(String, String)>> {
    let all = effective_of_all(conn, ctx, &[contact])?.into_iter();
    let no = all.filter(|one| ["denied", "withdrawn"].contains(&one.status.as_str()));
    Ok(no.map(|one| (one.purpose, one.channel)).collect())
}

/// What holds of contacts that the caller may see.
pub fn effective_of_all(conn: &mut Conn, ctx: &Ctx, contacts: &[ContactId]) -> Result<Vec<EffectiveConsent>> {
    Ok(store::effective(conn, ctx, contacts)?)
}
