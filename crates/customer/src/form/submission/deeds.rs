//! What may be done with a submission: it comes in, once; is confirmed; goes.
use super::waiting::{self, Waiting};
use super::whose::{Leads, whose};
use super::{FormSubmission, store};
use crate::consent::{self, Evidence, NewConsent};
use crate::contact::{Contact, ContactPatch, NewContact};
use crate::form::{Answered, Form, FormConsent, FormField};
use crate::verification;
use kernel::{Ctx, FormSubmissionId, Language, Result, error};
use platform::Conn;
use platform::deed::{self, in_turn, untouched};
use serde_json::{Map, Value};

/// How answers become bodies of a contact, by the rules that hold for everybody's.
pub struct Reads<'a> {
    pub new: &'a dyn Fn(&Map<String, Value>) -> Result<NewContact>,
    pub patch: &'a dyn Fn(&Map<String, Value>) -> Result<ContactPatch>,
}

/// What has come to the open door of a form.
pub struct Sent<'a> {
    pub form: &'a Form,
    pub answered: &'a Answered,
    pub token_key: &'a str,
    pub utm: Value,
    pub referrer: Option<String>,
    pub user_agent: Option<String>,
    pub language: Language,
    pub reads: &'a Reads<'a>,
    /// of a form that makes leads
    pub leads: Option<&'a dyn Leads>,
}

/// Keeps it with all that it becomes; nothing, where its token was used before. In a transaction.
pub fn take(conn: &mut Conn, ctx: &Ctx, sent: &Sent) -> Result<Option<FormSubmission>> {
    in_turn(conn, &format!("{} form {}", ctx.tenant, sent.token_key))?;
    if store::is_used(conn, ctx, sent.form.id, sent.token_key)? {
        return Ok(None);
    }
    // whoever has the same address waits: of two strangers at once one contact comes
    let said = |name: &str| sent.answered.contact.get(name).and_then(Value::as_str);
    if let Some(name) = said("email").or_else(|| said("phone")) {
        in_turn(conn, &format!("{} form {name}", ctx.tenant))?;
    }
    let whose = whose(conn, ctx, sent)?;
    let id = FormSubmissionId::new();
    let asks = sent.form.has_double_opt_in && whose.may_change && said("email").is_some();
    let waiting = Waiting::of(ctx, sent, id, &whose);
    let kept = store::insert(conn, ctx, id, sent, (&whose, waiting), if asks { "pending" } else { "received" })?;
    if let Some(contact) = whose.contact.as_ref().filter(|_| whose.may_change) {
        let refused = match whose.is_new || sent.answered.agreed.is_empty() {
            true => Vec::new(),
            false => consent::refused(conn, ctx, contact.id)?,
        };
        for field in &sent.answered.agreed {
            agree(conn, ctx, sent, &kept, (contact, &refused), field)?;
        }
        if let Some(email) = said("email").filter(|_| asks) {
            verification::of_submission(conn, ctx, contact.id, email, id, sent.language)?;
        }
    }
    if let Some((lead, email)) = whose.lead.as_ref().zip(said("email")).filter(|_| asks) {
        verification::of_lead(conn, ctx, lead.id, email, id, sent.language)?;
    }
    platform::crash::point("form_submission_kept");
    Ok(Some(kept))
}

/// A box that was ticked, with what stood beside it.
fn agree(
    conn: &mut Conn,
    ctx: &Ctx,
    sent: &Sent,
    kept: &FormSubmission,
    (contact, refused): (&Contact, &[(String, String)]),
    field: &FormField,
) -> Result<()> {
    let Some(agreed) = &field.consent else { return Ok(()) };
    let is_refused = refused.iter().any(|(purpose, channel)| {
        *purpose == agreed.purpose && (*channel == agreed.channel || channel == "any" || agreed.channel == "any")
    });
    let word = NewConsent {
        contact_id: contact.id,
        purpose: agreed.purpose.clone(),
        channel: agreed.channel.clone(),
        // what is to be confirmed by a letter waits for it; and a stranger does not take back somebody's no
        status: if sent.form.has_double_opt_in || is_refused { "pending" } else { "granted" }.to_owned(),
        lawful_basis: agreed.lawful_basis.clone(),
        source: Some("form".to_owned()),
        evidence: evidence(ctx, sent, kept.id, agreed),
        occurred_at: None,
        expires_at: None,
    };
    consent::write(conn, ctx, &word).map(drop)
}

/// What stood beside a box, and by which way it was ticked.
pub(super) fn evidence(ctx: &Ctx, sent: &Sent, id: FormSubmissionId, agreed: &FormConsent) -> Evidence {
    let shown = agreed.wording.told(sent.language);
    Evidence {
        text: shown.map(|(_, text)| text.to_owned()),
        language: shown.map(|(language, _)| language.tag().to_owned()),
        version: agreed.version.clone(),
        address: ctx.origin.address.map(|address| address.to_string()),
        user_agent: sent.user_agent.clone(),
        url: sent.referrer.clone(),
        form_id: Some(sent.form.id.to_string()),
        form_submission_id: Some(id.to_string()),
    }
}

/// The link of its letter was followed: what waited for that is granted now, with the same evidence.
pub fn confirm(conn: &mut Conn, ctx: &Ctx, id: FormSubmissionId) -> Result<()> {
    let Some(submission) = store::set_confirmed(conn, ctx, id)? else { return Ok(()) };
    let Some(contact) = submission.contact_id else { return Ok(()) };
    let of_it = |one: &consent::Consent| one.evidence.0.form_submission_id == Some(id.to_string());
    for asked in consent::pending(conn, ctx, contact)?.into_iter().filter(of_it) {
        let word = NewConsent {
            contact_id: contact,
            purpose: asked.purpose,
            channel: asked.channel,
            status: "granted".to_owned(),
            lawful_basis: asked.lawful_basis,
            source: asked.source,
            evidence: asked.evidence.0,
            occurred_at: None,
            expires_at: asked.expires_at,
        };
        consent::write(conn, ctx, &word)?;
    }
    waiting::confirmed(conn, ctx, &submission)
}

pub fn archive(conn: &mut Conn, ctx: &Ctx, id: FormSubmissionId, base: Option<i32>) -> Result<FormSubmission> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(submission) => Ok(submission),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// One that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: FormSubmissionId) -> Result<FormSubmission> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good. What came of it stays.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: FormSubmissionId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}
