//! How an answer goes out: it is put down with its message, in the same transaction, and sent by a worker, each under a
//! name that is made of the message, so that one which is sent once more after a crash is the same mail.
mod store;

use super::{CaseMessage, NO_ADDRESS, NewCaseMessage, SYSTEM};
use crate::case::Case;
use crate::{inbox, others};
use chrono::{DateTime, Utc};
use customer::contact::{self, Contact};
use kernel::{CaseInboxId, CaseMessageId, Ctx, Read, Result, TenantId};
use platform::job::{self, Priority};
use platform::mail::{Correspondence, plain};
use platform::{Conn, mail};
use serde_json::json;

pub const JOB: &str = "case_letter";

const EMAIL: &str = "email";
const MOST_REFERENCES: i64 = 20;

/// To whom a mail goes, and what it answers.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub to: Vec<String>,
    pub answers: Option<String>,
    pub inbox: Option<CaseInboxId>,
}

/// How what somebody says goes out: by mail, where the customer is told it by that; else not at all.
pub(super) fn way(conn: &mut Conn, ctx: &Ctx, case: &Case, new: &NewCaseMessage) -> Result<Option<Way>> {
    let channel = new.channel.as_deref().unwrap_or(&case.channel);
    if new.is_internal() || new.is_customers() || channel != EMAIL {
        return Ok(None);
    }
    let to = (!new.recipients.is_empty()).then(|| new.recipients.clone());
    to_customer(conn, ctx, case, to)?.map_or_else(|| Err(NO_ADDRESS.into()), |way| Ok(Some(way)))
}

/// The way to whoever has written last, or to the contact of the case; none, where nobody has an address.
pub(super) fn to_customer(conn: &mut Conn, ctx: &Ctx, case: &Case, given: Option<Vec<String>>) -> Result<Option<Way>> {
    let last = super::store::newest_mail(conn, ctx, case.id)?;
    let to = match given.or_else(|| last.as_ref().and_then(|last| Some(vec![last.from_address.clone()?]))) {
        Some(to) => Some(to),
        None => address(conn, ctx, case)?.map(|address| vec![address]),
    };
    let (answers, inbox) = last.map_or((None, None), |last| (last.external_message_id, last.inbox_id));
    Ok(to.map(|to| Way { to, answers, inbox }))
}

/// That of the contact, if the caller sees it.
fn address(conn: &mut Conn, ctx: &Ctx, case: &Case) -> Result<Option<String>> {
    let Some(id) = case.contact_id.filter(|_| ctx.must::<Read<Contact>>().is_ok()) else { return Ok(None) };
    let found = contact::many(conn, ctx, &[id])?.pop();
    Ok(found.filter(|_| ctx.sees::<Contact>("email")).and_then(|contact| contact.email))
}

pub(super) fn put_down(conn: &mut Conn, ctx: &Ctx, id: CaseMessageId) -> Result<()> {
    job::enqueue_as(conn, ctx, Priority::Urgent, JOB, &json!({"message": id}))?;
    Ok(())
}

/// What is sent; nothing, where that is wanted no more, or was done.
pub fn issue(conn: &mut Conn, tenant: TenantId, id: CaseMessageId) -> Result<Option<Correspondence>> {
    let Some((message, number, title)) = store::waiting(conn, tenant, id)? else { return Ok(None) };
    let reply_to = match message.inbox_id {
        Some(id) => inbox::address_of(conn, tenant, id)?,
        None => None,
    };
    let references = store::references(conn, tenant, message.case_id, MOST_REFERENCES)?;
    Ok(Some(Correspondence {
        id: message.id.0,
        from_name: Some(sender(conn, tenant, &message)?),
        reply_to,
        subject: subject(message.subject.as_deref().unwrap_or(&title), &number),
        text: message.body,
        html: message.html,
        to: message.recipients,
        cc: message.cc,
        in_reply_to: message.in_reply_to,
        references,
        is_automatic: message.author_kind == SYSTEM,
    }))
}

/// Who writes: somebody of the business, or the business.
fn sender(conn: &mut Conn, tenant: TenantId, message: &CaseMessage) -> Result<String> {
    let (house, _) = others::letterhead(conn, tenant)?;
    let somebody = match message.author_id.filter(|_| message.author_kind != SYSTEM) {
        Some(id) => others::name_of(conn, tenant, id)?,
        None => None,
    };
    Ok(plain(&somebody.map_or_else(|| house.clone(), |name| format!("{name} ({house})"))))
}

/// With the number of its case, by which an answer is found to belong to it.
pub fn subject(subject: &str, number: &str) -> String {
    let tag = format!("[#{number}]");
    if subject.contains(&tag) { subject.to_owned() } else { format!("{subject} {tag}") }
}

/// What became of it.
pub fn sent(conn: &mut Conn, tenant: TenantId, id: CaseMessageId, at: DateTime<Utc>) -> Result<()> {
    Ok(store::set_delivery(conn, tenant, id, "sent", Some(at)).map(drop)?)
}

pub fn failed(conn: &mut Conn, tenant: TenantId, id: CaseMessageId) -> Result<()> {
    Ok(store::set_delivery(conn, tenant, id, "failed", None).map(drop)?)
}

/// The codes of what keeps a mail from going out for good.
pub const SHUT: kernel::Code = mail::NOT_CONFIGURED;
