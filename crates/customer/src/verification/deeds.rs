//! What may be done with a verification: it is asked for, sent, and met.
use super::{
    A_DAY, CONFIRMATION_INVALID, JOB, MOST_A_DAY, MOST_TRIES, NO_PROVIDER, NewVerification, PAUSE, TOO_MANY,
    VerificationSent, VerificationStatus, secret,
    store::{self, Counted, To},
};
use crate::contact;
use crate::contact::point::{self, ContactPoint};
use crate::form::submission;
use chrono::{DateTime, Duration, Utc};
use diesel::Connection;
use kernel::page::Seal;
use kernel::{
    ContactId, ContactPointId, Ctx, Error, FormSubmissionId, Language, LeadId, Noun, Result, TenantId, UserId,
    VerificationId, error, text,
};
use platform::deed::in_turn;
use platform::job::{self, Priority};
use platform::{Conn, audit, mail, sms};

fn lifetime(method: &str) -> Duration {
    if method == "code" { Duration::minutes(10) } else { Duration::hours(24) }
}

/// How something is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Letter,
    Text,
}

/// Whether there is a server for letters, and a gateway for text messages.
#[derive(Clone, Copy, Debug)]
pub struct Ways {
    pub letters: bool,
    pub texts: bool,
}

impl Way {
    /// To a point of this kind.
    fn of(kind: &str) -> Result<Self> {
        match kind {
            "email" => Ok(Self::Letter),
            "phone" => Ok(Self::Text),
            _ => Err(NO_PROVIDER.into()),
        }
    }

    fn is_open(self, ways: Ways) -> Result<()> {
        match self {
            Self::Letter if !ways.letters => Err(mail::NOT_CONFIGURED.into()),
            Self::Text if !ways.texts => Err(sms::NOT_CONFIGURED.into()),
            Self::Letter | Self::Text => Ok(()),
        }
    }
}

/// Asks for a letter or a text message to a point that the caller may change.
pub fn ask(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContactPointId,
    new: &NewVerification,
    ways: Ways,
) -> Result<VerificationSent> {
    conn.transaction(|conn| {
        let point = point::find(conn, ctx, id)?;
        let way = Way::of(&point.kind)?;
        if way == Way::Text && new.method != "code" {
            return Err(Error::invalid("/method", "choice", text!("a phone number is verified by a code")));
        }
        let contact = contact::changeable(conn, ctx, point.contact_id)?;
        way.is_open(ways)?;
        // the number may be of several contacts: of all who ask at once one comes through
        in_turn(conn, &format!("{} verification {}", ctx.tenant, point.value_norm))?;
        if is_enough(conn, ctx, &point.kind, &point.value_norm)? {
            return Err(TOO_MANY.into());
        }
        let asked = new.language.as_deref().or(contact.locale.as_deref()).and_then(Language::of);
        let (asked, method) = (asked.unwrap_or_default(), new.method.clone());
        let (put, expires_at) = put_down(conn, ctx, To::Point(&point), &method, asked, None)?;
        audit::note(conn, ctx, "contact_point.verification_sent", ContactPoint::NAME, id, None)?;
        Ok(VerificationSent { id: put, contact_point_id: id, method, expires_at })
    })
}

/// What became of those of a point that the caller sees, the newest first.
pub fn of_point(conn: &mut Conn, ctx: &Ctx, id: ContactPointId) -> Result<Vec<VerificationStatus>> {
    point::find(conn, ctx, id)?;
    let status = |one: store::Kept| VerificationStatus {
        id: one.id,
        status: one.status(ctx.now).to_owned(),
        method: one.method,
        failure: one.failure,
        sent_at: one.sent_at,
        confirmed_at: one.used_at,
        expires_at: one.expires_at,
        created_at: one.created_at,
    };
    Ok(store::of_point(conn, ctx, id)?.into_iter().map(status).collect())
}

/// A letter to whoever has filled in a form. Where enough was sent to the address, there is none, and nobody is told.
pub fn of_submission(
    conn: &mut Conn,
    ctx: &Ctx,
    contact: ContactId,
    email: &str,
    submission: FormSubmissionId,
    language: Language,
) -> Result<()> {
    let points = point::of_all(conn, ctx, &[contact])?;
    let Some(point) = points.into_iter().find(|one| one.kind == "email" && one.value_norm == email) else {
        return Ok(());
    };
    of_form(conn, ctx, To::Point(&point), submission, language)
}

/// The same to somebody who is no contact yet.
pub fn of_lead(
    conn: &mut Conn,
    ctx: &Ctx,
    lead: LeadId,
    email: &str,
    submission: FormSubmissionId,
    language: Language,
) -> Result<()> {
    of_form(conn, ctx, To::Lead(lead, email), submission, language)
}

fn of_form(conn: &mut Conn, ctx: &Ctx, to: To, submission: FormSubmissionId, language: Language) -> Result<()> {
    if is_enough(conn, ctx, "email", to.address())? {
        return Ok(());
    }
    put_down(conn, ctx, to, "link", language, Some(submission)).map(drop)
}

fn is_enough(conn: &mut Conn, ctx: &Ctx, kind: &str, address: &str) -> Result<bool> {
    let lately = store::asked_since(conn, ctx, (kind, address), ctx.now - PAUSE, Counted::All)?;
    // what did not go out is not held against whoever waits for it
    Ok(lately > 0 || store::asked_since(conn, ctx, (kind, address), ctx.now - A_DAY, Counted::Gone)? >= MOST_A_DAY)
}

fn put_down(
    conn: &mut Conn,
    ctx: &Ctx,
    to: To,
    method: &str,
    language: Language,
    submission: Option<FormSubmissionId>,
) -> Result<(VerificationId, DateTime<Utc>)> {
    let expires_at = ctx.now + lifetime(method);
    let id = store::insert(conn, ctx, to, method, language, submission, expires_at)?;
    job::enqueue_as(conn, ctx, Priority::Urgent, JOB, &serde_json::json!({"verification": id}))?;
    Ok((id, expires_at))
}

/// What is brought, how, and to whom.
pub struct Issued {
    pub way: Way,
    pub to: String,
    pub language: Language,
    /// as whom it was asked for
    pub asked_by: UserId,
    pub is_form: bool,
    pub what: Pledge,
}

/// A code, or the token of a link.
pub enum Pledge {
    Code(String),
    Link(String),
}

/// Draws what is sent; a letter that is sent once more brings another link, and the same code. Nothing, where it is no
/// longer wanted.
pub fn issue(
    conn: &mut Conn,
    tenant: TenantId,
    id: VerificationId,
    seal: &Seal,
    now: DateTime<Utc>,
) -> Result<Option<Issued>> {
    conn.transaction(|conn| {
        let Some((asked, kind, to)) = store::waiting(conn, tenant, id, now)? else { return Ok(None) };
        let way = Way::of(&kind)?;
        let (what, hash) = if asked.method == "code" {
            let code = secret::code(seal, id);
            let hash = secret::of_code(seal, id, &code);
            (Pledge::Code(code), hash)
        } else {
            let (token, hash) = secret::token(tenant, id);
            (Pledge::Link(token), hash)
        };
        store::set_hash(conn, tenant, id, &hash)?;
        let language = Language::of(&asked.language).unwrap_or_default();
        let is_form = asked.form_submission_id.is_some();
        Ok(Some(Issued { way, to, language, asked_by: asked.created_by, is_form, what }))
    })
}

/// Whether it is the code that was sent last. A wrong one is counted, so this answers and does not fail.
pub fn confirm_code(conn: &mut Conn, ctx: &Ctx, id: ContactPointId, code: &str, seal: &Seal) -> Result<bool> {
    conn.transaction(|conn| {
        let point = point::find(conn, ctx, id)?;
        contact::changeable(conn, ctx, point.contact_id)?;
        let sent = store::last_code(conn, ctx, id)?.filter(|sent| sent.tries < MOST_TRIES);
        let of_it = |sent: &store::Asked| sent.hash.as_deref() == Some(secret::of_code(seal, sent.id, code).as_slice());
        let Some(met) = sent.as_ref().filter(|sent| of_it(sent)) else {
            if let Some(sent) = &sent {
                store::tried(conn, ctx.tenant, sent.id)?;
            }
            audit::note(conn, ctx, "contact_point.verification_failed", ContactPoint::NAME, id, None)?;
            return Ok(false);
        };
        store::used(conn, ctx.tenant, met.id, ctx.now)?;
        point::verified(conn, ctx, &point)?;
        Ok(true)
    })
}

/// The tenant that a token is of, and as whom it was asked for, while it is good.
pub fn is_open(conn: &mut Conn, token: &str, now: DateTime<Utc>) -> Result<(TenantId, UserId)> {
    let (tenant, id, hash) = secret::read(token).ok_or(CONFIRMATION_INVALID)?;
    let asked = store::good(conn, tenant, id, &hash, now)?.ok_or(CONFIRMATION_INVALID)?;
    Ok((tenant, asked.created_by))
}

/// Uses a link up: of any number at once one comes through. In a transaction.
pub fn confirm_link(conn: &mut Conn, ctx: &Ctx, token: &str) -> Result<()> {
    let (tenant, id, hash) =
        secret::read(token).filter(|(tenant, ..)| *tenant == ctx.tenant).ok_or(CONFIRMATION_INVALID)?;
    let asked = store::good(conn, tenant, id, &hash, ctx.now)?.ok_or(CONFIRMATION_INVALID)?;
    store::used(conn, tenant, id, ctx.now)?;
    if let Some(id) = asked.contact_point_id {
        let point = match point::find(conn, ctx, id) {
            Err(error) if error.code == error::NOT_FOUND => return Err(CONFIRMATION_INVALID.into()),
            point => point?,
        };
        point::verified(conn, ctx, &point)?;
    }
    match asked.form_submission_id {
        Some(submission) => submission::confirm(conn, ctx, submission),
        None => Ok(()),
    }
}
