//! Mail, on its way out: one letter at a time to the server that the configuration names, by whoever does a job.
//!
//! The links in a letter begin with the configured address of the house and with nothing that a request says.
use kernel::{Code, Error, Kind, Result, text};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport, Tokio1Executor};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

pub const NOT_CONFIGURED: Code =
    Code::new("mail_not_configured", Kind::Conflict, "This server sends no mail: `GUANXI_SMTP_URL` is not set.");
pub const REFUSED: Code =
    Code::new("mail_refused", Kind::Invalid, "The mail server refused the letter: it is not sent again.");
pub const CODES: &[Code] = &[NOT_CONFIGURED, REFUSED];

const PATIENCE: Duration = Duration::from_secs(20);

/// What mail needs to be told.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `smtp://user:password@host:587?tls=required`, `smtps://…`; none: no mail is sent
    pub smtp_url: Option<String>,
    /// whom letters come from: `Guanxi <guanxi@example.com>`
    pub from: Option<String>,
    /// where the application is that people open, without a slash at the end
    pub public_url: String,
}

/// A letter of plain text, with a file at most.
#[derive(Clone, Debug)]
pub struct Letter {
    /// sent a second time after a crash, it has the same: programs that read mail show it once
    pub id: Uuid,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub attachment: Option<Attachment>,
}

/// A file that goes with a letter.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// letters, digits and dashes: it stands in a header
    pub name: String,
    /// such as `application/pdf`
    pub kind: &'static str,
    pub bytes: Vec<u8>,
}

/// What is written to somebody who has written to the business: a letter that stands in their conversation.
#[derive(Clone, Debug, Default)]
pub struct Correspondence {
    /// sent a second time after a crash, it has the same
    pub id: Uuid,
    /// who of the business writes
    pub from_name: Option<String>,
    pub to: Vec<String>,
    pub cc: Vec<String>,
    /// where an answer goes
    pub reply_to: Option<String>,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    /// what it answers, and what came before that, without brackets
    pub in_reply_to: Option<String>,
    pub references: Vec<String>,
    /// nobody has written it (RFC 3834): programs answer it with nothing
    pub is_automatic: bool,
}

/// A text whose places, which stand between bars, are filled in. In one pass, for what a value holds is no place.
pub fn filled(text: &str, places: &[(&str, &str)]) -> String {
    let value = |part: &str| places.iter().find(|(name, _)| *name == part).map(|(_, value)| *value);
    text.split('|').map(|part| value(part).unwrap_or(part)).collect()
}

/// What somebody is called, as a letter may say it: one line, and no address to be clicked on.
pub fn plain(name: &str) -> String {
    let name: String = name.chars().filter(|one| !one.is_control()).take(100).collect();
    name.replace("://", " ").replace("www.", " ")
}

type Carried<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// Takes a letter to its receiver, or fails: for good with [`REFUSED`], else it may be tried again.
pub trait Carrier: Send + Sync {
    fn carry<'a>(&'a self, letter: &'a Letter) -> Carried<'a>;
    fn carry_on<'a>(&'a self, letter: &'a Correspondence) -> Carried<'a>;
}

/// The post of the house. One a program.
#[derive(Clone)]
pub struct Mail {
    carrier: Option<Arc<dyn Carrier>>,
    public_url: Arc<str>,
}

impl Mail {
    /// Fails where the settings cannot be read; the mail server is first spoken to when there is a letter.
    pub fn open(settings: &Settings) -> Result<Self> {
        let carrier: Option<Arc<dyn Carrier>> = match (&settings.smtp_url, &settings.from) {
            (Some(url), Some(from)) => Some(Arc::new(Smtp::open(url, from)?)),
            _ => None,
        };
        Ok(Self { carrier, public_url: settings.public_url.as_str().into() })
    }

    /// Whether letters can be sent.
    pub fn is_configured(&self) -> bool {
        self.carrier.is_some()
    }

    /// A link to a page of the application. The token stands behind the `#`, which no server and no log gets to see.
    pub fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}#token={token}", self.public_url)
    }

    /// A page of the application.
    pub fn page(&self, page: &str) -> String {
        format!("{}/{page}", self.public_url)
    }

    pub async fn send(&self, letter: &Letter) -> Result<()> {
        match &self.carrier {
            Some(carrier) => carrier.carry(letter).await,
            None => Err(NOT_CONFIGURED.into()),
        }
    }

    pub async fn correspond(&self, letter: &Correspondence) -> Result<()> {
        match &self.carrier {
            Some(carrier) => carrier.carry_on(letter).await,
            None => Err(NOT_CONFIGURED.into()),
        }
    }
}

/// A mail server.
struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    fn open(url: &str, from: &str) -> Result<Self> {
        let from = from.parse().map_err(|e| Error::internal(format!("GUANXI_MAIL_FROM: {e}")))?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|e| Error::internal(format!("GUANXI_SMTP_URL: {e}")))?;
        Ok(Self { transport: builder.timeout(Some(PATIENCE)).build(), from })
    }

    fn message(&self, letter: &Letter) -> Result<Message> {
        let refused = |e: &dyn std::fmt::Display| Error::from(REFUSED).source(e.to_string());
        let to: lettre::Address = letter.to.parse().map_err(|e: lettre::address::AddressError| refused(&e))?;
        let head = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())))
            .subject(letter.subject.as_str());
        let message = match &letter.attachment {
            None => head.header(ContentType::TEXT_PLAIN).body(letter.text.clone()),
            Some(file) => {
                let kind = ContentType::parse(file.kind).map_err(|e| refused(&e))?;
                let file = lettre::message::Attachment::new(file.name.clone()).body(file.bytes.clone(), kind);
                head.multipart(MultiPart::mixed().singlepart(SinglePart::plain(letter.text.clone())).singlepart(file))
            }
        };
        message.map_err(|e| refused(&e))
    }

    /// Names and subjects are one line each, and addresses and names of messages nothing else than that: none of them
    /// begins another header.
    fn correspondence(&self, letter: &Correspondence) -> Result<Message> {
        let refused = |e: &dyn std::fmt::Display| Error::from(REFUSED).source(e.to_string());
        let mailbox = |address: &String| {
            let address: lettre::Address = address.parse().map_err(|e: lettre::address::AddressError| refused(&e))?;
            Ok::<_, Error>(Mailbox::new(None, address))
        };
        let name = letter.from_name.as_deref().map(line).filter(|name| !name.is_empty());
        let from = Mailbox::new(name.or_else(|| self.from.name.clone()), self.from.email.clone());
        let mut head = Message::builder()
            .from(from)
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())))
            .subject(line(&letter.subject));
        for to in &letter.to {
            head = head.to(mailbox(to)?);
        }
        for cc in &letter.cc {
            head = head.cc(mailbox(cc)?);
        }
        if let Some(address) = &letter.reply_to {
            head = head.reply_to(mailbox(address)?);
        }
        if let Some(name) = letter.in_reply_to.as_deref().and_then(bracketed) {
            head = head.in_reply_to(name);
        }
        let references: Vec<String> = letter.references.iter().filter_map(|name| bracketed(name)).collect();
        if !references.is_empty() {
            head = head.references(references.join(" "));
        }
        if letter.is_automatic {
            head = head.header(AutoSubmitted);
        }
        let message = match &letter.html {
            None => head.header(ContentType::TEXT_PLAIN).body(letter.text.clone()),
            Some(html) => head.multipart(MultiPart::alternative_plain_html(letter.text.clone(), html.clone())),
        };
        message.map_err(|e| refused(&e))
    }

    async fn hand_over(&self, message: Message) -> Result<()> {
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(Error::from(REFUSED).source(error)),
            Err(error) => {
                Err(Error::from(kernel::error::BUSY).detail(text!("the mail server did not take it")).source(error))
            }
        }
    }
}

/// One line: what could begin another is a space.
fn line(text: &str) -> String {
    let plain: String = text.chars().map(|one| if one.is_control() { ' ' } else { one }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a message is called, as a header has it; nothing, where it is no such name.
fn bracketed(name: &str) -> Option<String> {
    let strange = |one: char| !one.is_ascii_graphic() || "<>".contains(one);
    (!name.is_empty() && name.len() <= 500 && !name.contains(strange)).then(|| format!("<{name}>"))
}

/// `Auto-Submitted: auto-replied`
#[derive(Clone, Copy, Debug)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> std::result::Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-replied".to_owned())
    }
}

impl Carrier for Smtp {
    fn carry<'a>(&'a self, letter: &'a Letter) -> Carried<'a> {
        Box::pin(async move { self.hand_over(self.message(letter)?).await })
    }
    fn carry_on<'a>(&'a self, letter: &'a Correspondence) -> Carried<'a> {
        Box::pin(async move { self.hand_over(self.correspondence(letter)?).await })
    }
}

#[cfg(test)]
mod tests {
    use super::{bracketed, line};

    #[test]
    fn nothing_begins_another_header() {
        assert_eq!(line("Re: hello\r\nBcc: somebody@example.com"), "Re: hello Bcc: somebody@example.com");
        assert_eq!(bracketed("a@b"), Some("<a@b>".to_owned()));
        for hostile in ["", "a\r\nBcc: x@y", "a b", "a>", "王@b"] {
            assert_eq!(bracketed(hostile), None, "{hostile:?}");
        }
    }
}
