//! What is said, and what comes of it. Whoever says something locks the case first, so that what two say at once is
//! told one after the other.
use super::effect;
use super::store::{self, Said};
use super::{AGENT, CUSTOMER, CaseMessage, INTERNAL, MESSAGE_KNOWN, NewCaseMessage, PUBLIC, letter};
use crate::case::deeds::{changeable, make};
use crate::case::standing::{self, OPEN};
use crate::case::{self, Case, CaseSplit, NewCase};
use crate::{category, others};
use customer::account::{self, Account};
use customer::contact::{self, Contact};
use customer::email_message::clean;
use diesel::Connection;
use kernel::{AccountId, CaseId, CaseMessageId, ContactId, Create, Ctx, Error, Fault, Read, Result, error, text};
use platform::custom::{self, Custom};
use platform::{Conn, file};
use std::collections::BTreeSet;

/// What was said about a case, the oldest first.
pub fn of(conn: &mut Conn, ctx: &Ctx, case: CaseId) -> Result<Vec<CaseMessage>> {
    case::find(conn, ctx, case)?;
    Ok(store::of_all(conn, ctx, &[case])?)
}

/// A message of a case that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: CaseMessageId) -> Result<CaseMessage> {
    store::seen(conn, ctx, id)?.ok_or_else(|| error::NOT_FOUND.into())
}

/// Something is said about a case that the caller may change. What a customer says of one that is over opens the next.
pub fn add(conn: &mut Conn, ctx: &Ctx, case: CaseId, new: &NewCaseMessage) -> Result<CaseMessage> {
    conn.transaction(|conn| {
        let case = changeable(conn, ctx, case, None)?;
        may_be_said(conn, ctx, &case, new)?;
        let author = if new.is_customers() { CUSTOMER } else { AGENT };
        let case = match effect::opens_another(&case, author) {
            true => {
                ctx.must::<Create<Case>>()?;
                go_on(conn, ctx, &case)?
            }
            false => case,
        };
        let way = letter::way(conn, ctx, &case, new)?;
        let html = new.html.as_deref().map(clean);
        let said = Said {
            id: new.id.unwrap_or_else(CaseMessageId::new),
            visibility: if new.is_internal() { INTERNAL } else { PUBLIC },
            author_kind: author,
            author: Some(ctx.actor.user),
            contact: if author == CUSTOMER { new.contact_id.or(case.contact_id) } else { new.contact_id },
            channel: new.channel.as_deref().unwrap_or(&case.channel),
            subject: new.subject.as_deref(),
            body: &new.body,
            html: html.as_deref(),
            from: (None, None),
            recipients: way.as_ref().map_or_else(|| new.recipients.clone(), |way| way.to.clone()),
            cc: new.cc.clone(),
            files: &new.file_ids,
            external: new.external_message_id.as_deref(),
            in_reply_to: new.in_reply_to.as_deref().or_else(|| way.as_ref().and_then(|way| way.answers.as_deref())),
            mail: None,
            inbox: way.as_ref().and_then(|way| way.inbox),
            goes_out: way.is_some(),
            at: ctx.now,
        };
        let (message, _) = write(conn, ctx, &case, &said, new.status.as_deref())?;
        Ok(message)
    })
}

/// Whether whom and what it names is there, and it was not said before.
fn may_be_said(conn: &mut Conn, ctx: &Ctx, case: &Case, new: &NewCaseMessage) -> Result<()> {
    contact::is_there(conn, ctx, new.contact_id)?;
    are_attached(conn, ctx, case, new)?;
    new.status.iter().try_for_each(|_| ctx.may_write::<Case>("status"))?;
    match &new.external_message_id {
        Some(name) if store::known(conn, ctx, name)?.is_some() => Err(MESSAGE_KNOWN.into()),
        _ => Ok(()),
    }
}

/// Writes down what was said about a case that is locked, and what comes of it.
pub(crate) fn write(
    conn: &mut Conn,
    ctx: &Ctx,
    case: &Case,
    said: &Said,
    status: Option<&str>,
) -> Result<(CaseMessage, Case)> {
    let effect = effect::of(case, said.author_kind, said.visibility, said.at);
    let message = store::insert(conn, ctx, case.id, said)?;
    let mut case = store::said(conn, ctx, case.id, &effect)?;
    if let Some(status) = status.or(effect.status)
        && let Some(moved) = standing::moved(ctx, &case, status)?
    {
        case = store::moved(conn, ctx, case.id, moved)?;
    }
    if said.goes_out {
        letter::put_down(conn, ctx, message.id)?;
    }
    Ok((message, case))
}

/// The next case of whoever has one that is over.
pub(super) fn go_on(conn: &mut Conn, ctx: &Ctx, case: &Case) -> Result<Case> {
    let new = NewCase { status: Some(OPEN.to_owned()), ..like(conn, ctx, case)? };
    make(conn, ctx, &new, Some(case.id))
}

/// A new case about the same, as far as whoever makes it sees what that names.
fn like(conn: &mut Conn, ctx: &Ctx, case: &Case) -> Result<NewCase> {
    Ok(NewCase {
        owner_id: Some(case.owner_id),
        team_id: case.team_id,
        subject: case.subject.clone(),
        case_type: Some(case.case_type.clone()),
        priority: Some(case.priority.clone()),
        severity: case.severity.clone(),
        channel: Some(case.channel.clone()),
        account_id: seen_account(conn, ctx, case.account_id)?,
        contact_id: seen_contact(conn, ctx, case.contact_id)?,
        category_id: case.category_id.filter(|id| category::is_there(conn, ctx, Some(*id)).is_ok()),
        queue_id: case.queue_id.filter(|id| others::is_queue(conn, ctx, Some(*id)).is_ok()),
        required_skills: case.required_skills.clone(),
        custom: Custom::default(),
        ..NewCase::default()
    })
}

fn seen_contact(conn: &mut Conn, ctx: &Ctx, id: Option<ContactId>) -> Result<Option<ContactId>> {
    let Some(id) = id.filter(|_| ctx.must::<Read<Contact>>().is_ok()) else { return Ok(None) };
    Ok(contact::many(conn, ctx, &[id])?.first().map(|contact| contact.id))
}

fn seen_account(conn: &mut Conn, ctx: &Ctx, id: Option<AccountId>) -> Result<Option<AccountId>> {
    let Some(id) = id.filter(|_| ctx.must::<Read<Account>>().is_ok()) else { return Ok(None) };
    Ok(account::many(conn, ctx, &[id])?.first().map(|account| account.id))
}

/// Chosen messages become a case of their own, which goes on from this one.
pub fn split(conn: &mut Conn, ctx: &Ctx, id: CaseId, base: Option<i32>, split: &CaseSplit) -> Result<Case> {
    conn.transaction(|conn| {
        let case = changeable(conn, ctx, id, base)?;
        let chosen = store::among(conn, ctx, id, &split.message_ids)?;
        let there: BTreeSet<CaseMessageId> = chosen.iter().map(|one| one.id).collect();
        let missing = |(at, id): (usize, &CaseMessageId)| {
            (!there.contains(id)).then(|| others::unknown(&format!("/message_ids/{at}")))
        };
        let faults: Vec<Fault> = split.message_ids.iter().enumerate().filter_map(missing).collect();
        if !faults.is_empty() {
            return Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults));
        }
        let subject = split.subject.clone().unwrap_or_else(|| case.subject.clone());
        let new = NewCase { subject, ..like(conn, ctx, &case)? };
        let made = make(conn, ctx, &new, Some(case.id))?;
        let ids: Vec<CaseMessageId> = there.into_iter().collect();
        store::give(conn, ctx, &ids, made.id)?;
        store::reckon(conn, ctx, &[case.id, made.id])?;
        case::deeds::write(conn, ctx, &case, &case::CasePatch::default())?;
        case::deeds::write(conn, ctx, &made, &case::CasePatch::default())
    })
}

/// Files that go with a message are attached to its case, and the caller sees them.
fn are_attached(conn: &mut Conn, ctx: &Ctx, case: &Case, new: &NewCaseMessage) -> Result<()> {
    let all = custom::catalogues().ok_or_else(|| Error::internal("the catalogues are not open"))?;
    let mut faults = Vec::new();
    for (at, id) in new.file_ids.iter().enumerate() {
        let is_here = match file::find(conn, ctx, all, *id) {
            Ok(file) => file.record_id == Some(case.id.0),
            Err(error) if error.code == error::NOT_FOUND => false,
            Err(error) => return Err(error),
        };
        if !is_here {
            let message = text!("there is no such file attached to the case");
            faults.push(Fault::new(format!("/file_ids/{at}"), error::UNKNOWN_REFERENCE.name, message));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults)) }
}
