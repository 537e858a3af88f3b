//! What may be done with a response: somebody is asked, is sent the letter, looks at the question, and answers it.
use super::{
    ALREADY_ANSWERED, ANSWERED, EXPIRED, INACTIVE, JOB, NOT_WANTED, NewSurveyResponse, OpenSurvey, SurveyAnswer,
    SurveyResponse, TOO_SOON, closing, store,
};
use crate::case;
use crate::locale::Worded;
use crate::survey::{self, Survey, scale};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Duration, Utc};
use customer::contact::{self, Contact};
use diesel::Connection;
use kernel::{
    Action, Ctx, Error, Language, Noun, Reach, Result, SurveyId, SurveyResponseId, TenantId, UserId, error, text,
};
use platform::deed::in_turn;
use platform::job::{self, Priority};
use platform::privacy::restricted;
use platform::{Conn, crash, random, sweep};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use uuid::Uuid;

const PREFIX: &str = "gxs_";
/// How many letters are put down in one pass.
const MOST_AT_ONCE: usize = 500;

/// A response of a contact that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: SurveyResponseId) -> Result<SurveyResponse> {
    let response = store::find(conn, ctx, id)?.ok_or(error::NOT_FOUND)?;
    contact::find(conn, ctx, response.contact_id)?;
    Ok(response)
}

/// Asks a contact that the caller sees: by a letter, when its time has come. Of many who ask them at once, one does.
pub fn ask(conn: &mut Conn, ctx: &Ctx, id: SurveyId, new: &NewSurveyResponse) -> Result<SurveyResponse> {
    conn.transaction(|conn| {
        let survey = survey::find(conn, ctx, id)?;
        if !survey.is_active {
            return Err(INACTIVE.into());
        }
        let asked = match contact::find(conn, ctx, new.contact_id) {
            Err(error) if error.code == error::NOT_FOUND => {
                let message = text!("there is no such record");
                let fault = kernel::Fault::new("/contact_id", error::UNKNOWN_REFERENCE.name, message);
                return Err(Error::from(error::UNKNOWN_REFERENCE).fault(fault));
            }
            found => found?,
        };
        if let Some(case) = new.case_id {
            is_seen(conn, ctx, case)?;
        }
        if !may_be_asked(conn, ctx, &asked)? {
            return Err(NOT_WANTED.into());
        }
        in_turn(conn, &format!("{} survey of {}", ctx.tenant, asked.id))?;
        if store::was_asked(conn, ctx, asked.id, ctx.now - Duration::days(survey.quiet_days.into()))? {
            return Err(TOO_SOON.into());
        }
        let send_at = new.send_at.unwrap_or(ctx.now + Duration::minutes(survey.delay_minutes.into()));
        let expires_at = send_at
            .checked_add_signed(Duration::days(survey.answer_days.into()))
            .ok_or_else(|| Error::invalid("/send_at", "range", text!("is too far away")))?;
        let locale = new.locale.as_deref().or(asked.locale.as_deref());
        Ok(store::insert(conn, ctx, id, new, (locale, send_at, expires_at))?)
    })
}

/// Puts down the letters whose moment has come, of all tenants. How many that were.
pub fn watch(conn: &mut Conn) -> Result<usize> {
    closing::watch(conn)?;
    sweep::some(conn, &store::DUE, MOST_AT_ONCE, |conn, due: &store::Due| {
        let ctx = Ctx::powerless(due.tenant_id, due.created_by, due.now);
        if store::take_up(conn, due.tenant_id, due.id, due.now)? > 0 {
            job::enqueue_as(conn, &ctx, Priority::Usual, JOB, &serde_json::json!({"response": due.id}))?;
            crash::point("survey_put_down");
        }
        Ok(())
    })
}

/// What a letter brings, and to whom.
pub struct Issued {
    pub to: String,
    pub language: Language,
    pub subject: String,
    pub question: String,
    /// what the business is called
    pub house: String,
    pub token: String,
}

/// Whoever asks in the name of the business, and whoever answers by a link: what they see is the one contact and survey.
#[must_use]
pub fn asking(tenant: TenantId, user: UserId, now: DateTime<Utc>) -> Ctx {
    let mut ctx = Ctx::powerless(tenant, user, now);
    let grants = Arc::make_mut(&mut ctx.grants);
    for action in [Action::Read, Action::Update] {
        grants.allow(Survey::NAME, action, Reach::All);
    }
    grants.allow(Contact::NAME, Action::Read, Reach::All);
    ctx
}

/// Draws the token of a letter; one that is sent once more brings another. Nothing, where it is no longer wanted.
pub fn issue(conn: &mut Conn, ctx: &Ctx, id: SurveyResponseId) -> Result<Option<Issued>> {
    conn.transaction(|conn| {
        let Some(response) = store::waiting(conn, ctx, id)? else { return Ok(None) };
        let found = found(survey::find(conn, ctx, response.survey_id))?.zip(found(contact::find(
            conn,
            ctx,
            response.contact_id,
        ))?);
        let Some((survey, asked)) = found.filter(|(survey, _)| survey.is_active) else {
            store::cancel(conn, ctx, id)?;
            return Ok(None);
        };
        let Some(to) = asked.email.clone().filter(|_| !asked.do_not_contact) else {
            store::cancel(conn, ctx, id)?;
            return Ok(None);
        };
        if restricted(conn, ctx, asked.id)? {
            store::cancel(conn, ctx, id)?;
            return Ok(None);
        }
        let (house, own) = store::letterhead(conn, ctx)?;
        let wanted = response.locale.as_deref().unwrap_or(&own);
        let secret: [u8; 32] = random::bytes();
        store::add_hash(conn, ctx, id, &of_secret(&secret))?;
        Ok(Some(Issued {
            to,
            language: Language::of(wanted).unwrap_or_default(),
            subject: told(&survey.subjects, [wanted, &own]).1.to_owned(),
            question: told(&survey.questions, [wanted, &own]).1.to_owned(),
            house,
            token: written(ctx.tenant, id, &secret),
        }))
    })
}

/// The letter has gone out.
pub fn sent(conn: &mut Conn, ctx: &Ctx, id: SurveyResponseId) -> Result<()> {
    store::sent(conn, ctx, id)?;
    Ok(())
}

/// The tenant that a token is of, and in whose name it was asked.
pub fn whose(conn: &mut Conn, token: &str) -> Result<(TenantId, UserId)> {
    let (tenant, id, hash) = read(token).ok_or(error::NOT_FOUND)?;
    let response = store::by_token(conn, tenant, id, &hash)?.ok_or(error::NOT_FOUND)?;
    Ok((tenant, response.created_by))
}

/// What is asked, or was.
pub fn look(conn: &mut Conn, ctx: &Ctx, token: &str) -> Result<OpenSurvey> {
    let (response, survey) = of_token(conn, ctx, token)?;
    if response.answered_at.is_none() && response.expires_at <= ctx.now {
        return Err(EXPIRED.into());
    }
    Ok(shown(conn, ctx, &response, &survey)?)
}

/// Once.
pub fn answer(conn: &mut Conn, ctx: &Ctx, token: &str, said: &SurveyAnswer) -> Result<OpenSurvey> {
    let (response, survey) = of_token(conn, ctx, token)?;
    if response.answered_at.is_some() || response.status == ANSWERED {
        return Err(ALREADY_ANSWERED.into());
    }
    if response.expires_at <= ctx.now {
        return Err(EXPIRED.into());
    }
    let (least, most) = scale(&survey.kind);
    if !(least..=most).contains(&said.score) {
        return Err(Error::invalid("/score", "range", text!("must be from {min} to {max}", min = least, max = most)));
    }
    let answered = store::answer(conn, ctx, response.id, said)?.ok_or(ALREADY_ANSWERED)?;
    Ok(shown(conn, ctx, &answered, &survey)?)
}

fn of_token(conn: &mut Conn, ctx: &Ctx, token: &str) -> Result<(SurveyResponse, Survey)> {
    let (tenant, id, hash) = read(token).filter(|(tenant, ..)| *tenant == ctx.tenant).ok_or(error::NOT_FOUND)?;
    let response = store::by_token(conn, tenant, id, &hash)?.ok_or(error::NOT_FOUND)?;
    // a contact who is gone is asked nothing
    contact::find(conn, ctx, response.contact_id)?;
    let survey = survey::find_any(conn, ctx, response.survey_id)?;
    Ok((response, survey))
}

fn shown(
    conn: &mut Conn,
    ctx: &Ctx,
    response: &SurveyResponse,
    survey: &Survey,
) -> diesel::result::QueryResult<OpenSurvey> {
    let (_, own) = store::letterhead(conn, ctx)?;
    let wanted = response.locale.as_deref().unwrap_or(&own);
    let (locale, question) = told(&survey.questions, [wanted, &own]);
    let (least, most) = scale(&survey.kind);
    let thanks = Some(told(&survey.thanks, [wanted, &own]).1).filter(|text| !text.is_empty());
    Ok(OpenSurvey {
        kind: survey.kind.clone(),
        locale: locale.to_owned(),
        question: question.to_owned(),
        least,
        most,
        expires_at: response.expires_at,
        answered_at: response.answered_at,
        thanks: thanks.filter(|_| response.answered_at.is_some()).map(str::to_owned),
    })
}

/// A text in the first of these languages that it is in, or in one that means the same, else in the first that there is.
fn told<'a>(texts: &'a Worded, wanted: [&'a str; 2]) -> (&'a str, &'a str) {
    let [first, own] = wanted;
    let exact = |locale: &'a str| texts.told(locale).map(|text| (locale, text));
    let pair = |(locale, text): (&'a String, &'a String)| (locale.as_str(), text.as_str());
    let meant = || {
        let language = Language::of(first)?;
        texts.0.iter().find(|(locale, _)| Language::of(locale) == Some(language)).map(pair)
    };
    exact(first).or_else(meant).or_else(|| exact(own)).or_else(|| texts.0.iter().next().map(pair)).unwrap_or_default()
}

pub(super) fn may_be_asked(conn: &mut Conn, ctx: &Ctx, asked: &Contact) -> Result<bool> {
    Ok(asked.email.is_some() && !asked.do_not_contact && !restricted(conn, ctx, asked.id)?)
}

fn is_seen(conn: &mut Conn, ctx: &Ctx, id: kernel::CaseId) -> Result<()> {
    match found(case::find(conn, ctx, id))? {
        Some(_) => Ok(()),
        None => {
            let fault = kernel::Fault::new("/case_id", error::UNKNOWN_REFERENCE.name, text!("there is no such record"));
            Err(Error::from(error::UNKNOWN_REFERENCE).fault(fault))
        }
    }
}

/// Nothing, where it is not there any more.
pub(super) fn found<T>(looked_for: Result<T>) -> Result<Option<T>> {
    match looked_for {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.code == error::NOT_FOUND => Ok(None),
        Err(error) => Err(error),
    }
}

fn of_secret(secret: &[u8]) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

fn written(tenant: TenantId, id: SurveyResponseId, secret: &[u8; 32]) -> String {
    let token = [tenant.0.as_bytes().as_slice(), id.0.as_bytes(), secret].concat();
    format!("{PREFIX}{}", BASE64.encode(token))
}

fn read(token: &str) -> Option<(TenantId, SurveyResponseId, Vec<u8>)> {
    let bytes = BASE64.decode(token.strip_prefix(PREFIX)?).ok()?;
    let (tenant, rest) = bytes.split_first_chunk::<16>()?;
    let (id, secret) = rest.split_first_chunk::<16>()?;
    (secret.len() == 32).then(|| (Uuid::from_bytes(*tenant).into(), Uuid::from_bytes(*id).into(), of_secret(secret)))
}
