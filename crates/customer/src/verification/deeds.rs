//! What may be done with a verification: it is asked for, sent, and met.
use super::{
    A_DAY, CONFIRMATION_INVALID, JOB, MOST_A_DAY, MOST_TRIES, NO_PROVIDER, NewVerification, PAUSE, TOO_MANY,
    VerificationSent,
    store::{self, To},
};
use crate::contact;
use crate::contact::point::{self, ContactPoint};
use crate::form::submission;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Duration, Utc};
use diesel::Connection;
use kernel::page::{Mark, Seal};
use kernel::{
    ContactId, ContactPointId, Ctx, FormSubmissionId, Language, LeadId, Noun, Result, TenantId, UserId, VerificationId,
    error,
};
use platform::job::{self, Priority};
use platform::{Conn, audit, random};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const PREFIX: &str = "gxv_";

fn lifetime(method: &str) -> Duration {
    if method == "code" { Duration::minutes(10) } else { Duration::hours(24) }
}

/// Asks for a letter to a point that the caller may change.
pub fn ask(conn: &mut Conn, ctx: &Ctx, id: ContactPointId, new: &NewVerification) -> Result<VerificationSent> {
    conn.transaction(|conn| {
        let point = point::find(conn, ctx, id)?;
        if point.kind != "email" {
            return Err(NO_PROVIDER.into());
        }
        let contact = contact::changeable(conn, ctx, point.contact_id)?;
        if is_enough(conn, ctx, &point.value_norm)? {
            return Err(TOO_MANY.into());
        }
        let asked = new.language.as_deref().or(contact.locale.as_deref()).and_then(Language::of);
        let expires_at = put_down(conn, ctx, To::Point(&point), &new.method, asked.unwrap_or_default(), None)?;
        audit::note(conn, ctx, "contact_point.verification_sent", ContactPoint::NAME, id, None)?;
        Ok(VerificationSent { contact_point_id: id, method: new.method.clone(), expires_at })
    })
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
    if is_enough(conn, ctx, to.address())? {
        return Ok(());
    }
    put_down(conn, ctx, to, "link", language, Some(submission)).map(drop)
}

fn is_enough(conn: &mut Conn, ctx: &Ctx, address: &str) -> Result<bool> {
    let since = |span: Duration| ctx.now - span;
    let lately = store::sent_since(conn, ctx, address, since(PAUSE))?;
    Ok(lately > 0 || store::sent_since(conn, ctx, address, since(A_DAY))? >= MOST_A_DAY)
}

fn put_down(
    conn: &mut Conn,
    ctx: &Ctx,
    to: To,
    method: &str,
    language: Language,
    submission: Option<FormSubmissionId>,
) -> Result<DateTime<Utc>> {
    let expires_at = ctx.now + lifetime(method);
    let id = store::insert(conn, ctx, to, method, language, submission, expires_at)?;
    job::enqueue_as(conn, ctx, Priority::Urgent, JOB, &serde_json::json!({"verification": id}))?;
    Ok(expires_at)
}

/// What a letter brings, and to whom.
pub struct Issued {
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

/// Draws what is sent; a letter that is sent once more brings another. Nothing, where it is no longer wanted.
pub fn issue(
    conn: &mut Conn,
    tenant: TenantId,
    id: VerificationId,
    seal: &Seal,
    now: DateTime<Utc>,
) -> Result<Option<Issued>> {
    conn.transaction(|conn| {
        let Some((asked, to)) = store::waiting(conn, tenant, id, now)? else { return Ok(None) };
        let (what, hash) = match asked.method.as_str() {
            "code" => {
                let code = format!("{:06}", u64::from_be_bytes(random::bytes()) % 1_000_000);
                let hash = of_code(seal, id, &code);
                (Pledge::Code(code), hash)
            }
            _ => {
                let secret: [u8; 32] = random::bytes();
                let token = [tenant.0.as_bytes().as_slice(), id.0.as_bytes(), &secret].concat();
                (Pledge::Link(format!("{PREFIX}{}", BASE64.encode(token))), of_secret(&secret))
            }
        };
        store::set_hash(conn, tenant, id, &hash)?;
        let language = Language::of(&asked.language).unwrap_or_default();
        let is_form = asked.form_submission_id.is_some();
        Ok(Some(Issued { to, language, asked_by: asked.created_by, is_form, what }))
    })
}

fn of_secret(secret: &[u8]) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

/// Of so few digits nobody makes them out who has the table alone: it is signed with what the server keeps elsewhere.
fn of_code(seal: &Seal, id: VerificationId, code: &str) -> Vec<u8> {
    let mark = Mark { keys: Vec::new(), id: id.0 };
    of_secret(seal.close(&format!("verification {id} {code}"), &mark).as_bytes())
}

/// Whether it is the code that was sent last. A wrong one is counted, so this answers and does not fail.
pub fn confirm_code(conn: &mut Conn, ctx: &Ctx, id: ContactPointId, code: &str, seal: &Seal) -> Result<bool> {
    conn.transaction(|conn| {
        let point = point::find(conn, ctx, id)?;
        contact::changeable(conn, ctx, point.contact_id)?;
        let sent = store::last_code(conn, ctx, id)?.filter(|sent| sent.tries < MOST_TRIES);
        let of_it = |sent: &store::Asked| sent.hash.as_deref() == Some(of_code(seal, sent.id, code).as_slice());
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
    let (tenant, id, hash) = read(token).ok_or(CONFIRMATION_INVALID)?;
    let asked = store::good(conn, tenant, id, &hash, now)?.ok_or(CONFIRMATION_INVALID)?;
    Ok((tenant, asked.created_by))
}

/// Uses a link up: of any number at once one comes through. In a transaction.
pub fn confirm_link(conn: &mut Conn, ctx: &Ctx, token: &str) -> Result<()> {
    let (tenant, id, hash) = read(token).filter(|(tenant, ..)| *tenant == ctx.tenant).ok_or(CONFIRMATION_INVALID)?;
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

fn read(token: &str) -> Option<(TenantId, VerificationId, Vec<u8>)> {
    let bytes = BASE64.decode(token.strip_prefix(PREFIX)?).ok()?;
    let (tenant, rest) = bytes.split_first_chunk::<16>()?;
    let (id, secret) = rest.split_first_chunk::<16>()?;
    (secret.len() == 32).then(|| (Uuid::from_bytes(*tenant).into(), Uuid::from_bytes(*id).into(), of_secret(secret)))
}
