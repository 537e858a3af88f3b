//! What waits with a submission until who has filled it in is a contact: what they agreed to, word for word, with what
//! shows it, and the address that they have shown to be theirs.
use super::FormSubmission;
use super::deeds::{Sent, evidence};
use super::store;
use super::whose::Whose;
use crate::consent::{self, Evidence, NewConsent};
use crate::contact::point;
use chrono::{DateTime, Utc};
use kernel::{ContactId, Ctx, FormSubmissionId, LeadId, Result, TeamId, UserId};
use platform::Conn;
use serde::{Deserialize, Serialize};

/// What a lead has said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Said {
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    words: Vec<Word>,
}

/// A box that was ticked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Word {
    purpose: String,
    channel: String,
    lawful_basis: String,
    evidence: Evidence,
}

platform::jsonb!(Waiting(Said), "What waits for a lead to be a contact, as a column keeps it.");

impl Waiting {
    /// Of somebody who is no contact.
    pub fn of(ctx: &Ctx, sent: &Sent, id: FormSubmissionId, whose: &Whose) -> Self {
        if whose.lead.is_none() {
            return Self::default();
        }
        let agreed = sent.answered.agreed.iter().filter_map(|field| field.consent.as_ref());
        let word = |agreed: &crate::form::FormConsent| Word {
            purpose: agreed.purpose.clone(),
            channel: agreed.channel.clone(),
            lawful_basis: agreed.lawful_basis.clone(),
            evidence: evidence(ctx, sent, id, agreed),
        };
        let email = sent.answered.contact.get("email").and_then(|email| email.as_str());
        Self(Said { email: email.map(str::to_owned), words: agreed.map(word).collect() })
    }
}

/// A lead has become this contact: what it has said is the contact's, from when it was said. In a transaction.
pub fn converted(conn: &mut Conn, ctx: &Ctx, lead: LeadId, contact: ContactId) -> Result<()> {
    for (submission, waiting) in store::of_lead(conn, ctx, lead)? {
        if submission.contact_id.is_some() {
            continue;
        }
        store::set_whose(conn, ctx, submission.id, Some(Some(contact)), None)?;
        for word in &waiting.0.words {
            write(conn, ctx, contact, &submission, word)?;
        }
        if submission.confirmed_at.is_some() {
            verified(conn, ctx, contact, waiting.0.email.as_deref())?;
        }
    }
    Ok(())
}

/// What is to be confirmed by a letter waits for it; and a stranger does not take back somebody's no.
fn write(conn: &mut Conn, ctx: &Ctx, contact: ContactId, submission: &FormSubmission, word: &Word) -> Result<()> {
    let refused = consent::refused(conn, ctx, contact)?;
    let is_refused = refused.iter().any(|(purpose, channel)| {
        *purpose == word.purpose && (*channel == word.channel || channel == "any" || word.channel == "any")
    });
    let is_said = submission.status == "received" && !is_refused;
    let status = if is_said { "granted" } else { "pending" };
    consent::write(conn, ctx, &said(contact, word, status, submission.created_at))?;
    if let Some(at) = submission.confirmed_at {
        consent::write(conn, ctx, &said(contact, word, "granted", at))?;
    }
    Ok(())
}

fn said(contact_id: ContactId, word: &Word, status: &str, at: DateTime<Utc>) -> NewConsent {
    NewConsent {
        contact_id,
        purpose: word.purpose.clone(),
        channel: word.channel.clone(),
        status: status.to_owned(),
        lawful_basis: word.lawful_basis.clone(),
        source: Some("form".to_owned()),
        evidence: word.evidence.clone(),
        occurred_at: Some(at),
        expires_at: None,
    }
}

/// The address that a letter was answered from is the contact's point, where it has one.
fn verified(conn: &mut Conn, ctx: &Ctx, contact: ContactId, email: Option<&str>) -> Result<()> {
    let points = point::of_all(conn, ctx, &[contact])?;
    let theirs = points.iter().find(|one| one.kind == "email" && Some(one.value_norm.as_str()) == email);
    match theirs.filter(|one| one.verified_at.is_none()) {
        Some(point) => point::verified(conn, ctx, point),
        None => Ok(()),
    }
}

/// The link of a letter to a lead was followed after it had become a contact.
pub(super) fn confirmed(conn: &mut Conn, ctx: &Ctx, submission: &FormSubmission) -> Result<()> {
    let (Some(lead), Some(contact)) = (submission.lead_id, submission.contact_id) else { return Ok(()) };
    let all = store::of_lead(conn, ctx, lead)?;
    let Some((_, waiting)) = all.into_iter().find(|(one, _)| one.id == submission.id) else { return Ok(()) };
    verified(conn, ctx, contact, waiting.0.email.as_deref())
}

/// A lead is no contact after all: what it has said waits again. What was written down of the contact stands.
pub fn parted(conn: &mut Conn, ctx: &Ctx, lead: LeadId) -> Result<()> {
    for (submission, _) in store::of_lead(conn, ctx, lead)? {
        store::set_whose(conn, ctx, submission.id, Some(None), None)?;
    }
    Ok(())
}

/// The lead lies in a pool that masks: what was filled in is its form's user's alone.
pub fn withdraw(conn: &mut Conn, ctx: &Ctx, lead: LeadId) -> Result<()> {
    for (submission, _) in store::of_lead(conn, ctx, lead)? {
        store::set_whose(conn, ctx, submission.id, None, Some((submission.created_by, None)))?;
    }
    Ok(())
}

/// Somebody has taken the lead from there: what was filled in goes with it.
pub fn hand(conn: &mut Conn, ctx: &Ctx, lead: LeadId, owner: UserId, team: Option<TeamId>) -> Result<()> {
    for (submission, _) in store::of_lead(conn, ctx, lead)? {
        store::set_whose(conn, ctx, submission.id, None, Some((owner, team)))?;
    }
    Ok(())
}
