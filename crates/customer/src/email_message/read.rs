//! A mail as its bytes say it, made harmless: what stands in its headers becomes one line each, addresses are looked at,
//! pages lose whatever runs or calls home, and there is an end to everything.
use super::{Attachment, Participant, page};
use chrono::{DateTime, Duration, Utc};
use kernel::tidy;
use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use sha2::{Digest, Sha256};
use std::fmt::Write;

const LINE: usize = 500;
const ADDRESS: usize = 254;
const PREVIEW: usize = 200;
const TEXT: usize = 500_000;
const PEOPLE: usize = 500;
const REFERENCES: usize = 100;
const PARTS: usize = 200;

/// What a mail says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mail {
    /// what its sender has named it; of one without a name, what its bytes come to
    pub message_key: String,
    /// what it answers, the furthest first and the nearest last
    pub references: Vec<String>,
    pub from_name: Option<String>,
    pub from_address: Option<String>,
    pub participants: Vec<Participant>,
    pub subject: Option<String>,
    pub preview: Option<String>,
    pub text: Option<String>,
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
    pub sent_at: Option<DateTime<Utc>>,
    pub size: i64,
    /// nobody has written it by hand, or it went to many: it is answered by no program (RFC 3834)
    pub is_automatic: bool,
}

/// Nothing, where the bytes are no mail at all. A time that lies ahead is not believed.
pub fn read(raw: &[u8], now: DateTime<Utc>) -> Option<Mail> {
    let parsed = MessageParser::default().parse(raw).filter(is_mail)?;
    let sender = parsed.from().or_else(|| parsed.sender()).and_then(Address::first);
    let (text, html) = (text(&parsed), html(&parsed));
    let sent_at = parsed.date().and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0));
    Some(Mail {
        message_key: parsed.message_id().and_then(name).unwrap_or_else(|| digest(raw)),
        references: references(&parsed),
        from_name: sender.and_then(|sender| line(sender.name()?)),
        from_address: sender.and_then(|sender| address(sender.address()?)),
        participants: participants(&parsed),
        subject: parsed.subject().and_then(line),
        preview: text.as_deref().and_then(preview),
        text,
        html,
        attachments: parsed.attachments().take(PARTS).map(attachment).collect(),
        sent_at: sent_at.filter(|at| (DateTime::UNIX_EPOCH..now + Duration::days(2)).contains(at)),
        size: i64::try_from(raw.len()).unwrap_or(i64::MAX),
        is_automatic: is_automatic(&parsed),
    })
}

/// Any bytes can be read as something; a mail says who it is from, or at least what it is about or called.
fn is_mail(parsed: &Message) -> bool {
    let has_sender = parsed.from().is_some() || parsed.sender().is_some();
    has_sender || parsed.subject().is_some() || parsed.message_id().is_some()
}

/// Whether a program has sent it, or a list, or it says that nothing came to where it went.
fn is_automatic(parsed: &Message) -> bool {
    let said = |name: &'static str| parsed.header(name).and_then(|value| value.as_text()).map(str::to_lowercase);
    let submitted = said("Auto-Submitted").is_some_and(|how| how.trim() != "no");
    let bulk = said("Precedence").is_some_and(|how| ["bulk", "junk", "list", "auto_reply"].contains(&how.trim()));
    let listed = ["List-Id", "List-Unsubscribe", "X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond"]
        .iter()
        .any(|name| parsed.header(*name).is_some());
    let sender = parsed.from().and_then(Address::first).and_then(|one| one.address()).unwrap_or_default();
    let user = sender.split('@').next().unwrap_or_default().to_lowercase();
    let nobody = ["mailer-daemon", "postmaster", "no-reply", "noreply"].contains(&user.as_str());
    submitted || bulk || listed || nobody
}

impl Mail {
    /// All that it says, to be looked through.
    pub fn plain(&self) -> String {
        let people = self.participants.iter().flat_map(|one| [one.name.as_ref(), one.address.as_ref()]);
        let own = [Some(&self.message_key), self.from_name.as_ref(), self.from_address.as_ref(), self.subject.as_ref()];
        let names = self.attachments.iter().map(|one| one.name.as_ref());
        let bodies = [self.text.as_ref(), self.html.as_ref()];
        let all = own.into_iter().chain(people).chain(names).chain(bodies).flatten();
        all.fold(String::new(), |all, one| all + one + "\n")
    }
}

/// One line: what could begin another, or cannot be seen, is a space.
fn line(text: &str) -> Option<String> {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    Some(cut(words.join(" "), LINE)).filter(|text| !text.is_empty())
}

/// As addresses are compared; nothing, where it is none.
fn address(text: &str) -> Option<String> {
    let mut address = text.to_owned();
    tidy::email(&mut address);
    let (user, host) = address.rsplit_once('@')?;
    let strange = |c: char| c.is_control() || c.is_whitespace() || "<>\"(),;:".contains(c);
    let good = !user.is_empty() && !host.is_empty() && address.len() <= ADDRESS && !address.contains(strange);
    good.then_some(address)
}

/// What a mail is called, by itself or by another.
fn name(text: &str) -> Option<String> {
    line(text).filter(|name| name.len() <= LINE && !name.contains(' '))
}

fn digest(raw: &[u8]) -> String {
    let mut name = Sha256::digest(raw).iter().fold(String::new(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}"); // a String takes all
        name
    });
    name.push_str("@sha256.invalid");
    name
}

/// Of a long list the first, which began the conversation, and the nearest.
fn references(parsed: &Message) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for value in [parsed.references(), parsed.in_reply_to()] {
        for one in value.as_text_list().unwrap_or_default() {
            let Some(name) = name(one) else { continue };
            all.retain(|known| *known != name);
            all.push(name);
        }
    }
    if all.len() > REFERENCES {
        all.drain(1..=all.len() - REFERENCES);
    }
    all
}

fn participants(parsed: &Message) -> Vec<Participant> {
    let all = [("to", parsed.to()), ("cc", parsed.cc()), ("bcc", parsed.bcc()), ("reply_to", parsed.reply_to())];
    let named = all.into_iter().filter_map(|(kind, list)| Some((kind, list?)));
    let every = named.flat_map(|(kind, list)| list.iter().map(move |one| (kind, one)));
    let person = |(kind, one): (&str, &mail_parser::Addr)| {
        let (name, address) = (one.name().and_then(line), one.address().and_then(address));
        (name.is_some() || address.is_some()).then(|| Participant { kind: kind.to_owned(), name, address })
    };
    every.filter_map(person).take(PEOPLE).collect()
}

/// The text parts that are read, or what a page says in words.
fn text(parsed: &Message) -> Option<String> {
    let mut all = String::new();
    for place in 0..parsed.text_body_count().min(PARTS) {
        let Some(text) = parsed.body_text(place) else { continue };
        all.push_str(if all.is_empty() { "" } else { "\n" });
        all.push_str(&cut(text.into_owned(), TEXT));
        if all.len() >= TEXT {
            break;
        }
    }
    let all = cut(all.replace('\0', ""), TEXT);
    (!all.trim().is_empty()).then_some(all)
}

fn html(parsed: &Message) -> Option<String> {
    let pages = parsed.html_bodies().take(PARTS).filter_map(|part| match &part.body {
        PartType::Html(page) => Some(page.as_ref()),
        _ => None,
    });
    let clean = page::clean(&cut(pages.collect::<Vec<_>>().join("\n").replace('\0', ""), TEXT));
    (!clean.trim().is_empty()).then_some(clean)
}

fn attachment(part: &MessagePart) -> Attachment {
    let kind = part.content_type().map(|kind| match kind.subtype() {
        Some(sub) => format!("{}/{sub}", kind.ctype()),
        None => kind.ctype().to_owned(),
    });
    Attachment {
        // a name, and no way to a place
        name: part.attachment_name().and_then(line).map(|name| name.replace(['/', '\\'], "_")),
        media_type: kind.as_deref().and_then(line).map(|kind| kind.to_lowercase()),
        size: i64::try_from(part.len()).unwrap_or(i64::MAX),
    }
}

fn preview(text: &str) -> Option<String> {
    let head: String = text.chars().take(10 * PREVIEW).collect();
    line(&head).map(|line| line.chars().take(PREVIEW).collect())
}

/// At most so many bytes, and no half letter.
fn cut(mut text: String, most: usize) -> String {
    text.truncate(text.floor_char_boundary(most));
    text
}
