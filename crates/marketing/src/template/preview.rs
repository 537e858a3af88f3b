//! What a template looks like to somebody: shown, or sent to whoever asks. What the asker does not see of the reader is
//! blank there, as it is in what they send.
use super::render::{self, Reader};
use super::{BROKEN, Template, store};
use customer::account::{self, Account};
use customer::contact::{self, Contact};
use kernel::{Action, ContactId, Ctx, Error, JobId, Noun, Reach, Result, TemplateId, Tidy};
use platform::job::{self, Priority};
use platform::mail::Letter;
use platform::{Conn, mail};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// The job that sends one to whoever asked.
pub const JOB: &str = "template_test";

/// As whom a template is looked at.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "locale": "zh-Hans"}))]
pub struct TemplatePreviewAsk {
    /// nobody in particular, where it is absent: the fallbacks stand in all places
    pub contact_id: Option<ContactId>,
    /// that of the contact, unless said otherwise
    #[validate(length(max = 35))]
    #[schema(max_length = 35)]
    pub locale: Option<String>,
}

/// A template as somebody gets it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"locale": "zh-Hans", "subject": "伟，春茶到了", "html": "<p>您好，伟！</p>", "text": "您好，伟！"}))]
pub struct TemplatePreview {
    /// of the variant that they get
    pub locale: String,
    pub subject: Option<String>,
    pub html: Option<String>,
    pub text: Option<String>,
}

/// To whoever asks, as somebody would get it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"contact_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6"}))]
pub struct TemplateTest {
    pub contact_id: Option<ContactId>,
    #[validate(length(max = 35))]
    #[schema(max_length = 35)]
    pub locale: Option<String>,
}

/// That a letter is on its way to whoever has asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"job_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f7"}))]
pub struct TestQueued {
    pub job_id: JobId,
}

impl Tidy for TemplatePreviewAsk {}
impl Tidy for TemplateTest {}

/// Filled in for a contact that the caller may see, as far as they see them.
pub fn preview(conn: &mut Conn, ctx: &Ctx, id: TemplateId, ask: &TemplatePreviewAsk) -> Result<TemplatePreview> {
    let template = store::find(conn, ctx, id)?;
    let contact = match ask.contact_id {
        Some(id) => Some(crate::rules::referred("contact_id", contact::find(conn, ctx, id))?),
        None => None,
    };
    let theirs = contact.as_ref().and_then(|one| shown_locale(ctx, one));
    let reader = match &contact {
        Some(contact) => reader(conn, ctx, contact)?,
        None => Reader { known: json!({}), given: given(conn, ctx)? },
    };
    of_reader(&template, ask.locale.as_deref().or(theirs.as_deref()), &reader)
}

/// Filled in for a reader.
pub fn of_reader(template: &Template, locale: Option<&str>, reader: &Reader) -> Result<TemplatePreview> {
    let variant = template.variant(locale).ok_or(BROKEN)?;
    let written = render::write(variant, &template.variables.0, reader)?;
    let (subject, html, text) = (written.subject, written.html, written.text);
    Ok(TemplatePreview { locale: variant.locale.clone(), subject, html, text })
}

/// What the caller sees of a contact and of their account. Links are those of nobody.
pub fn reader(conn: &mut Conn, ctx: &Ctx, contact: &Contact) -> Result<Reader> {
    let sees_account = ctx.sees::<Contact>("account_id") && ctx.reach::<Account>(Action::Read) != Reach::None;
    let ids: Vec<_> = contact.account_id.filter(|_| sees_account).into_iter().collect();
    let account = account::many(conn, ctx, &ids)?.into_iter().next();
    let known = json!({
        "contact": shown::<Contact, _>(ctx, contact)?,
        "account": account.map(|one| shown::<Account, _>(ctx, &one)).transpose()?,
    });
    Ok(Reader { known, given: given(conn, ctx)? })
}

fn shown<N: Noun, R: Serialize>(ctx: &Ctx, record: &R) -> Result<Value> {
    let mut value = serde_json::to_value(record).map_err(Error::internal)?;
    ctx.grants.trim(N::NAME, &mut value);
    Ok(value)
}

fn shown_locale(ctx: &Ctx, contact: &Contact) -> Option<String> {
    contact.locale.clone().filter(|_| ctx.sees::<Contact>("locale"))
}

fn given(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<(&'static str, String)>> {
    let name = store::sender(conn, ctx)?;
    Ok(vec![("sender_name", name), ("unsubscribe_url", "#".to_owned()), ("preferences_url", "#".to_owned())])
}

/// Asks for a letter to whoever asks. What cannot be filled in is told at once.
pub fn test(conn: &mut Conn, ctx: &Ctx, id: TemplateId, ask: &TemplateTest, is_open: bool) -> Result<TestQueued> {
    let as_whom = TemplatePreviewAsk { contact_id: ask.contact_id, locale: ask.locale.clone() };
    preview(conn, ctx, id, &as_whom)?;
    if !is_open {
        return Err(mail::NOT_CONFIGURED.into());
    }
    let may: Vec<(&str, &str)> = ctx.grants.all().map(|(object, action, _)| (object, action.name())).collect();
    let payload = json!({"template": id, "ask": ask, "may": may, "key": ctx.actor.key});
    let job_id = job::enqueue_as(conn, ctx, Priority::Urgent, JOB, &payload)?;
    Ok(TestQueued { job_id })
}

/// The letter to whoever has asked. A letter that is sent once more is the same.
pub fn test_letter(
    conn: &mut Conn,
    ctx: &Ctx,
    id: TemplateId,
    ask: &TemplateTest,
    letter: Uuid,
) -> Result<(Letter, Option<String>)> {
    let as_whom = TemplatePreviewAsk { contact_id: ask.contact_id, locale: ask.locale.clone() };
    let shown = preview(conn, ctx, id, &as_whom)?;
    let to = store::address_of_actor(conn, ctx)?;
    let text = shown.text.unwrap_or_default();
    Ok((Letter { id: letter, to, subject: shown.subject.unwrap_or_default(), text, attachment: None }, shown.html))
}
