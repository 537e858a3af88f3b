//! What a canned response says to somebody.
use super::merge::{self, Values};
use super::{CannedResponse, store};
use crate::case;
use customer::contact;
use kernel::{CannedResponseId, CaseId, ContactId, Ctx, Record, Result, error};
use platform::Conn;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A canned response with its places filled in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "locale": "zh-Hans", "text": "王伟，您好！", "html": "王伟，您好！", "missing": []
}))]
pub struct CannedPreview {
    /// the language that it is in: the one that was asked for, the contact's, or the first that there is
    pub locale: String,
    pub text: String,
    /// the same for a browser
    pub html: String,
    /// the places for which there was nothing
    pub missing: Vec<String>,
}

/// For a contact that the caller sees, as far as they see it.
pub fn preview(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CannedResponseId,
    (contact, case, locale): (Option<ContactId>, Option<CaseId>, Option<&str>),
) -> Result<CannedPreview> {
    let response = store::find(conn, ctx, id)?;
    let (name, email) = store::answerer(conn, ctx)?;
    let mut values: Values = [("user.display_name", name), ("user.email", email)].into();
    let (mut spoken, mut asks) = (None, contact);
    if let Some(case) = case {
        let found = case::find(conn, ctx, case)?;
        let of = told(ctx, &found);
        fill(&mut values, "case", &of);
        asks = asks.or(found.contact_id.filter(|_| of.get("contact_id").is_some_and(Value::is_string)));
    }
    let found = match (asks, contact) {
        (Some(named), Some(_)) => Some(contact::find(conn, ctx, named)?),
        // whoever has a case may be out of sight
        (Some(asks), None) => contact::many(conn, ctx, &[asks])?.pop(),
        _ => None,
    };
    if let Some(contact) = found {
        let of = told(ctx, &contact);
        spoken = of.get("locale").and_then(Value::as_str).map(str::to_owned);
        fill(&mut values, "contact", &of);
    }
    said(&response, &values, [locale, spoken.as_deref()])
}

/// For whoever has a case.
pub(crate) fn for_case(conn: &mut Conn, ctx: &Ctx, id: CannedResponseId, case: CaseId) -> Result<CannedPreview> {
    preview(conn, ctx, id, (None, Some(case), None))
}

/// In the first of these languages that it is in, else in the first that there is.
fn said(response: &CannedResponse, values: &Values, locales: [Option<&str>; 2]) -> Result<CannedPreview> {
    let texts = &response.texts;
    let wanted = locales.into_iter().flatten().find(|locale| texts.told(locale).is_some());
    let known = |locale: &str| texts.0.iter().find(|(one, _)| one.eq_ignore_ascii_case(locale));
    let (locale, text) = wanted.and_then(known).or_else(|| texts.0.iter().next()).ok_or(error::NOT_FOUND)?;
    let merged = merge::merged(text, values);
    Ok(CannedPreview {
        locale: locale.clone(),
        html: merge::escaped(&merged.text),
        text: merged.text,
        missing: merged.missing.into_iter().map(str::to_owned).collect(),
    })
}

/// What the caller sees of a record.
fn told<R: Record + Serialize>(ctx: &Ctx, record: &R) -> Value {
    let mut told = serde_json::to_value(record).unwrap_or_default();
    ctx.grants.trim(R::NAME, &mut told);
    told
}

/// The places of a record, by what is told of it.
fn fill(values: &mut Values, noun: &str, told: &Value) {
    for place in merge::PLACES {
        let Some(member) = place.strip_prefix(noun).and_then(|rest| rest.strip_prefix('.')) else { continue };
        if let Some(text) = told.get(member).and_then(Value::as_str) {
            values.insert(place, text.to_owned());
        }
    }
}
