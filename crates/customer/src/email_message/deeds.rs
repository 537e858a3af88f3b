//! What may be done with a mail: it comes in, once; is put to somebody else; goes.
use super::{EMAIL_MESSAGE_KNOWN, EmailMessage, EmailMessagePatch, Mail, NewEmailMessage, read, store, thread};
use crate::contact::Contact;
use crate::{account, contact};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::existing::conflict;
use kernel::{AccountId, ContactId, Create, Ctx, EmailMessageId, Error, Existing, Result, TeamId, UserId, error, text};
use platform::Conn;
use platform::deed::{self, in_turn, may_own, untouched};

/// A mail that somebody puts in.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewEmailMessage) -> Result<EmailMessage> {
    may_own::<EmailMessage>(ctx, new.owner_id)?;
    contact::is_there(conn, ctx, new.contact_id)?;
    account::is_there(conn, ctx, new.account_id)?;
    let raw = BASE64_STANDARD.decode(new.mime.trim().as_bytes());
    let raw = raw.map_err(|e| Error::invalid("/mime", "base64", text!("is not base64")).source(e.to_string()))?;
    let mail = read(&raw, ctx.now).ok_or_else(|| Error::invalid("/mime", "mail", text!("is not a mail")))?;
    conn.transaction(|conn| {
        if let Some(known) = standing(conn, ctx, &mail)? {
            let seen = store::find_any(conn, ctx, known).ok();
            let existing: Vec<Existing> = seen.iter().map(|one| Existing::new(one.id, "message_key", 100)).collect();
            return Err(conflict(EMAIL_MESSAGE_KNOWN, &existing));
        }
        let mut whose = whose(conn, ctx, &mail, new.contact_id)?;
        whose.owner = new.owner_id.unwrap_or(whose.owner);
        whose.account = new.account_id.or(whose.account);
        keep(conn, ctx, &mail, &whose, ctx.now)
    })
}

/// Its bytes, where they can be read.
pub fn raw(new: &NewEmailMessage) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(new.mime.trim().as_bytes()).ok()
}

/// A mail that another system has sent; nothing, where it was here before. In the caller's transaction.
pub fn receive(conn: &mut Conn, ctx: &Ctx, raw: &[u8], at: DateTime<Utc>) -> Result<Option<EmailMessage>> {
    ctx.must::<Create<EmailMessage>>()?;
    let mail = read(raw, ctx.now).ok_or_else(|| Error::from(error::INVALID).detail(text!("is not a mail")))?;
    if standing(conn, ctx, &mail)?.is_some() {
        return Ok(None);
    }
    let whose = whose(conn, ctx, &mail, None)?;
    keep(conn, ctx, &mail, &whose, at).map(Some)
}

/// What a mail says, in the clear: its own bytes hide it.
pub fn plain(raw: &[u8], now: DateTime<Utc>) -> Option<String> {
    read(raw, now).map(|mail| mail.plain())
}

/// The same mail, if it is here. From now on nobody else takes one in, of any conversation, until the transaction ends:
/// two that answer each other would not see one another.
fn standing(conn: &mut Conn, ctx: &Ctx, mail: &Mail) -> Result<Option<EmailMessageId>> {
    in_turn(conn, &format!("{} email_message", ctx.tenant))?;
    Ok(thread::called(conn, ctx, &mail.message_key)?)
}

/// To whom a mail belongs.
pub(super) struct Whose {
    pub owner: UserId,
    pub team: Option<TeamId>,
    pub contact: Option<ContactId>,
    pub account: Option<AccountId>,
}

/// Whom its addresses name: the sender, or else the first recipient who is known. Two who share an address are nobody.
fn whose(conn: &mut Conn, ctx: &Ctx, mail: &Mail, given: Option<ContactId>) -> Result<Whose> {
    let recipients = mail.participants.iter().filter(|one| one.kind != "reply_to");
    let recipients = recipients.filter_map(|one| one.address.as_deref()).take(50);
    let addresses: Vec<&str> = mail.from_address.as_deref().into_iter().chain(recipients).collect();
    let contact = match given {
        Some(id) => Some(contact::find(conn, ctx, id)?),
        None => known(&addresses, contact::at_addresses(conn, ctx, &addresses)?),
    };
    let account = match &contact {
        Some(contact) => contact.account_id,
        None => known(&addresses, account::at_addresses(conn, ctx, &addresses)?).map(|account| account.id),
    };
    let account = match account {
        Some(id) => account::find(conn, ctx, id).ok().map(|account| account.id),
        None => None,
    };
    let theirs = contact.as_ref().filter(|contact| may_own::<EmailMessage>(ctx, Some(contact.owner_id)).is_ok());
    Ok(Whose {
        owner: theirs.map_or(ctx.actor.user, |contact: &Contact| contact.owner_id),
        team: theirs.and_then(|contact| contact.team_id),
        contact: contact.as_ref().map(|contact| contact.id),
        account,
    })
}

fn known<R>(addresses: &[&str], found: Vec<(String, R)>) -> Option<R> {
    let place = |address: &str| addresses.iter().position(|one| *one == address);
    let first = found.iter().filter_map(|(address, _)| place(address)).min()?;
    let mut nearest = found.into_iter().filter(|(address, _)| place(address) == Some(first));
    let (_, one) = nearest.next()?;
    nearest.next().is_none().then_some(one)
}

fn keep(conn: &mut Conn, ctx: &Ctx, mail: &Mail, whose: &Whose, at: DateTime<Utc>) -> Result<EmailMessage> {
    let id = EmailMessageId::new();
    let place = thread::find(conn, ctx, (id, &mail.message_key), &mail.references)?;
    let kept = store::insert(conn, ctx, (id, place.thread), mail, whose, at)?;
    store::insert_content(conn, ctx, id, mail)?;
    thread::settle(conn, ctx, &place)?;
    Ok(kept)
}

/// With a `base`, only if it is still at that version.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: EmailMessageId,
    base: Option<i32>,
    patch: &EmailMessagePatch,
) -> Result<EmailMessage> {
    may_own::<EmailMessage>(ctx, patch.owner_id)?;
    contact::is_there(conn, ctx, patch.contact_id.flatten())?;
    account::is_there(conn, ctx, patch.account_id.flatten())?;
    match store::update(conn, ctx, id, base, patch)? {
        Some(message) => Ok(message),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: EmailMessageId, base: Option<i32>) -> Result<EmailMessage> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(message) => Ok(message),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// One that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: EmailMessageId) -> Result<EmailMessage> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good. Sent once more, it comes in anew.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: EmailMessageId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}
