//! An answer that nobody has written: put down with the case that it answers, and sent by a worker.
use super::{AutoReplyRule, AutoReplyText, store, template};
use crate::case::message::store::{Said, said_to};
use crate::case::message::{CaseMessage, PUBLIC, SYSTEM, deeds};
use crate::case::{self, Case};
use crate::others;
use chrono::Duration;
use customer::contact::{self, Contact};
use customer::email_message::Mail;
use kernel::{CaseInboxId, CaseMessageId, Ctx, Language, Read, Result};
use platform::Conn;
use platform::filter::rule;
use platform::mail::plain;

/// So often a day at most to one address.
const MOST: i64 = 3;

/// What is answered.
#[derive(Debug)]
pub struct Asked {
    to: Option<String>,
    key: String,
    inbox: Option<CaseInboxId>,
    is_automatic: bool,
}

impl Asked {
    pub fn of(mail: &Mail, message: &CaseMessage) -> Self {
        Self {
            to: mail.from_address.clone(),
            key: mail.message_key.clone(),
            inbox: message.inbox_id,
            is_automatic: mail.is_automatic,
        }
    }
}

/// Once a case, by the first rule that holds of it. In the caller's transaction; the case is held.
pub fn answer(conn: &mut Conn, ctx: &Ctx, case: &Case, asked: &Asked) -> Result<()> {
    let Some(to) = asked.to.as_deref().filter(|_| !asked.is_automatic && case.auto_replied_at.is_none()) else {
        return Ok(());
    };
    let Some(chosen) = chosen(conn, ctx, case)? else { return Ok(()) };
    if said_to(conn, ctx, to, ctx.now - Duration::days(1))? >= MOST {
        return Ok(());
    }
    let Some((subject, body)) = worded(conn, ctx, case, &chosen)? else { return Ok(()) };
    let said = Said {
        id: CaseMessageId::new(),
        visibility: PUBLIC,
        author_kind: SYSTEM,
        author: None,
        contact: None,
        channel: "email",
        subject: Some(&subject),
        body: &body,
        html: None,
        from: (None, None),
        recipients: vec![to.to_owned()],
        cc: Vec::new(),
        files: &[],
        external: None,
        in_reply_to: Some(&asked.key),
        mail: None,
        inbox: asked.inbox,
        goes_out: true,
        at: ctx.now,
    };
    deeds::write(conn, ctx, case, &said, None).map(drop)
}

/// Subject and body, in the language of the contact.
fn worded(conn: &mut Conn, ctx: &Ctx, case: &Case, rule: &AutoReplyRule) -> Result<Option<(String, String)>> {
    let (name, locale) = called(conn, ctx, case)?;
    let (house, _) = others::letterhead(conn, ctx.tenant)?;
    let values = [
        ("case.number", case.number.as_str()),
        ("case.subject", case.subject.as_str()),
        ("contact.name", name.as_str()),
        ("tenant.name", house.as_str()),
    ];
    let fill = |text: &str| template::filled(text, &values);
    Ok(spoken(rule, locale.as_deref()).map(|text| (fill(&text.subject), fill(&text.body))))
}

/// The first rule that holds of a case.
fn chosen(conn: &mut Conn, ctx: &Ctx, case: &Case) -> Result<Option<AutoReplyRule>> {
    let rules = store::active(conn, ctx)?;
    let asked = rules.iter().filter_map(|one| Some((one.id.0, one.filter.as_deref()?))).collect::<Vec<_>>();
    let holding = rule::holding(conn, ctx, &case::CATALOGUE, case.id.0, &asked)?;
    Ok(rules.into_iter().find(|one| one.filter.is_none() || holding.contains(&one.id.0)))
}

/// What the contact of a case is called, and speaks; as far as whoever brings the mail in sees them.
fn called(conn: &mut Conn, ctx: &Ctx, case: &Case) -> Result<(String, Option<String>)> {
    let Some(id) = case.contact_id.filter(|_| ctx.must::<Read<Contact>>().is_ok()) else {
        return Ok((String::new(), None));
    };
    let found = contact::many(conn, ctx, &[id])?.pop();
    let name = found.as_ref().filter(|_| ctx.sees::<Contact>("display_name")).map(|one| plain(&one.display_name));
    Ok((name.unwrap_or_default(), found.and_then(|one| one.locale)))
}

/// In their language, or else the first.
fn spoken(rule: &AutoReplyRule, locale: Option<&str>) -> Option<AutoReplyText> {
    let language = locale.and_then(Language::of);
    let theirs = rule.texts.0.iter().find(|one| language.is_some() && Language::of(&one.locale) == language);
    theirs.or_else(|| rule.texts.0.first()).cloned()
}
