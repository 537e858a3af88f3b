//! What a canned response says to somebody.
use super::merge::{self, Values};
use super::{CannedResponse, store};
use customer::contact::{self, Contact};
use kernel::{CannedResponseId, ContactId, Ctx, Noun, Result, error};
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
    (contact, locale): (Option<ContactId>, Option<&str>),
) -> Result<CannedPreview> {
    let response = store::find(conn, ctx, id)?;
    let (name, email) = store::answerer(conn, ctx)?;
    let mut values: Values = [("user.display_name", name), ("user.email", email)].into();
    let mut spoken = None;
    if let Some(contact) = contact {
        let of = told(ctx, &contact::find(conn, ctx, contact)?);
        spoken = of.get("locale").and_then(Value::as_str).map(str::to_owned);
        fill(&mut values, "contact", &of);
    }
    said(&response, &values, [locale, spoken.as_deref()])
}

/// In the first of these languages that it is in, else in the first that there is.
pub(crate) fn said(response: &CannedResponse, values: &Values, locales: [Option<&str>; 2]) -> Result<CannedPreview> {
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

/// What the caller sees of a contact.
pub(crate) fn told(ctx: &Ctx, contact: &Contact) -> Value {
    let mut told = serde_json::to_value(contact).unwrap_or_default();
    ctx.grants.trim(Contact::NAME, &mut told);
    told
}

/// The places of a record, by what is told of it.
pub(crate) fn fill(values: &mut Values, noun: &str, told: &Value) {
    for place in merge::PLACES {
        let Some(member) = place.strip_prefix(noun).and_then(|rest| rest.strip_prefix('.')) else { continue };
        if let Some(text) = told.get(member).and_then(Value::as_str) {
            values.insert(place, text.to_owned());
        }
    }
}
