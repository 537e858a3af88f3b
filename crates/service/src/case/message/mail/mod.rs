//! Mails that become cases, or are said about one: what is written to an inbox, and what answers something that was
//! said about a case. A mail is one message, however often it comes, and whoever writes joins a case by what they
//! answer; by its number in the subject only where they have had to do with it before, for numbers can be guessed.
mod store;

use super::deeds::{go_on, write};
use super::effect::opens_another;
use super::store::{Said, hold, known};
use super::{CUSTOMER, CaseMessage, PUBLIC};
use crate::case::deeds::make;
use crate::case::{Case, NewCase};
use crate::inbox::{self, CaseInbox};
use crate::{auto_reply, category};
use chrono::{DateTime, Utc};
use customer::account::{self, Account};
use customer::contact::{self, Contact};
use customer::email_message::{EmailMessage, Mail, read};
use kernel::{AccountId, Action, CaseMessageId, ContactId, Ctx, Noun, Reach, Read, Result};
use platform::Conn;
use uuid::Uuid;

const LONGEST_SUBJECT: usize = 500;
const LONGEST_BODY: usize = 100_000;

/// A mail that was kept a moment ago, in the caller's transaction: what was said with it about a case, if it is about
/// one. Whoever brings it in need not see the case that it joins; a new one takes the right to make it.
pub fn take(conn: &mut Conn, ctx: &Ctx, raw: &[u8], kept: &EmailMessage) -> Result<Option<CaseMessage>> {
    let Some(mail) = read(raw, ctx.now) else { return Ok(None) };
    let Some(sender) = mail.from_address.as_deref() else { return Ok(None) };
    let recipients = addresses(&mail, &["to", "cc", "bcc"]);
    let named: Vec<&str> = recipients.iter().map(String::as_str).chain([sender]).collect();
    let inboxes = inbox::store::open_at(conn, ctx, &named)?;
    // what the business writes to itself is no customer's
    if inboxes.iter().any(|one| one.address == sender) || known(conn, ctx, &mail.message_key)?.is_some() {
        return Ok(None);
    }
    let first = recipients.iter().find_map(|address| inboxes.iter().find(|one| one.address == *address));
    let may_make = ctx.grants.reach(Case::NAME, Action::Create) > Reach::None;
    let (case, is_new) = match joined(conn, ctx, &mail, sender)? {
        Some(case) if opens_another(&case, CUSTOMER) && may_make => (go_on(conn, ctx, &case)?, false),
        Some(case) if opens_another(&case, CUSTOMER) => return Ok(None),
        Some(case) => (case, false),
        None => match first.filter(|_| may_make) {
            Some(inbox) => (opened(conn, ctx, &mail, kept, inbox)?, true),
            None => return Ok(None),
        },
    };
    let (message, case) = say(conn, ctx, &case, &mail, kept, first)?;
    if is_new {
        auto_reply::answer(conn, ctx, &case, &auto_reply::Asked::of(&mail, &message))?;
    }
    Ok(Some(message))
}

/// The living case that a mail is about, locked.
fn joined(conn: &mut Conn, ctx: &Ctx, mail: &Mail, sender: &str) -> Result<Option<Case>> {
    let own: Vec<CaseMessageId> = mail.references.iter().filter_map(|name| own_name(name)).collect();
    let mut found = store::answered(conn, ctx, &mail.references, &own)?;
    if found.is_none()
        && let Some(number) = mail.subject.as_deref().and_then(number_in)
    {
        found = match store::numbered(conn, ctx, number)? {
            Some(case) if store::is_named(conn, ctx, case, sender)? => Some(case),
            _ => None,
        };
    }
    let Some(id) = found else { return Ok(None) };
    Ok(hold(conn, ctx, id)?.filter(|case| case.deleted_at.is_none()))
}

/// The message that we have called so: its id stands before the `@`.
fn own_name(name: &str) -> Option<CaseMessageId> {
    let (id, _) = name.split_once('@')?;
    Uuid::try_parse(id).ok().map(CaseMessageId)
}

/// The number of a case in a subject: `Re: broken tea [#1042]`; the last, where there are several.
pub fn number_in(subject: &str) -> Option<&str> {
    let (_, rest) = subject.rsplit_once("[#")?;
    let (number, _) = rest.split_once(']')?;
    Some(number.trim()).filter(|number| !number.is_empty() && number.len() <= 40)
}

/// The case that a mail to an inbox opens.
fn opened(conn: &mut Conn, ctx: &Ctx, mail: &Mail, kept: &EmailMessage, inbox: &CaseInbox) -> Result<Case> {
    let subject = mail.subject.as_ref().or(mail.preview.as_ref()).map_or("…", String::as_str);
    let (contact, account) = whose(conn, ctx, kept)?;
    let new = NewCase {
        subject: subject.chars().take(LONGEST_SUBJECT).collect(),
        case_type: Some(inbox.case_type.clone()),
        priority: Some(inbox.priority.clone()),
        channel: Some("email".to_owned()),
        category_id: inbox.category_id.filter(|id| category::is_there(conn, ctx, Some(*id)).is_ok()),
        queue_id: inbox.queue_id.filter(|id| crate::others::is_queue(conn, ctx, Some(*id)).is_ok()),
        team_id: inbox.team_id,
        contact_id: contact,
        account_id: account,
        ..NewCase::default()
    };
    make(conn, ctx, &new, None)
}

/// Whom the mail was put to, as far as whoever brings it in sees them.
fn whose(conn: &mut Conn, ctx: &Ctx, kept: &EmailMessage) -> Result<(Option<ContactId>, Option<AccountId>)> {
    let contact = match kept.contact_id.filter(|_| ctx.must::<Read<Contact>>().is_ok()) {
        Some(id) => contact::many(conn, ctx, &[id])?.first().map(|contact| contact.id),
        None => None,
    };
    let account = match kept.account_id.filter(|_| ctx.must::<Read<Account>>().is_ok()) {
        Some(id) => account::many(conn, ctx, &[id])?.first().map(|account| account.id),
        None => None,
    };
    Ok((contact, account))
}

fn say(
    conn: &mut Conn,
    ctx: &Ctx,
    case: &Case,
    mail: &Mail,
    kept: &EmailMessage,
    inbox: Option<&CaseInbox>,
) -> Result<(CaseMessage, Case)> {
    let body: String = mail.text.as_deref().unwrap_or("…").chars().take(LONGEST_BODY).collect();
    let said = Said {
        id: CaseMessageId::new(),
        visibility: PUBLIC,
        author_kind: CUSTOMER,
        author: None,
        contact: kept.contact_id,
        channel: "email",
        subject: mail.subject.as_deref(),
        body: &body,
        html: mail.html.as_deref(),
        from: (mail.from_name.as_deref(), mail.from_address.as_deref()),
        recipients: addresses(mail, &["to"]),
        cc: addresses(mail, &["cc"]),
        files: &[],
        external: Some(&mail.message_key),
        in_reply_to: mail.references.last().map(String::as_str),
        mail: Some(kept.id),
        inbox: inbox.map(|inbox| inbox.id),
        goes_out: false,
        at: moment(kept.received_at, ctx.now),
    };
    write(conn, ctx, case, &said, None)
}

/// What has come in earlier was said then, and nothing was said later than now.
fn moment(received: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    received.min(now)
}

fn addresses(mail: &Mail, kinds: &[&str]) -> Vec<String> {
    let chosen = mail.participants.iter().filter(|one| kinds.contains(&one.kind.as_str()));
    chosen.filter_map(|one| one.address.clone()).take(50).collect()
}

#[cfg(test)]
mod tests {
    use super::number_in;

    #[test]
    fn a_number_stands_between_brackets() {
        assert_eq!(number_in("Re: broken tea [#1042]"), Some("1042"));
        assert_eq!(number_in("[#7] and [#8] again"), Some("8"));
        for none in ["", "#1042", "[#]", "[# ]", "[#1042", "]#1042["] {
            assert_eq!(number_in(none), None, "{none}");
        }
    }
}
