//! Letters to many: each can be stopped by its reader's program, and none is sent twice.
use super::{Letter, REFUSED, Smtp};
use kernel::{Error, Result};
use lettre::AsyncTransport;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};

/// A letter to one of many, who can have no more of them by the link in its head (RFC 8058).
#[derive(Clone, Debug)]
pub struct Circular {
    pub letter: Letter,
    /// the same as a page
    pub html: Option<String>,
    /// what a program that reads mail asks, in the name of its reader
    pub unsubscribe: Option<String>,
}

/// What became of a circular. One of many is never sent twice, so it matters what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Taken,
    /// for good
    Refused,
    /// for now: the server has said so, and holds nothing of it
    Later,
    /// the line broke before the server had answered
    Unknown,
}

impl Smtp {
    /// What became of it.
    pub(super) async fn circulate_one(&self, one: &Circular) -> Outcome {
        let Ok(message) = self.circular(one) else { return Outcome::Refused };
        match self.transport.send(message).await {
            Ok(_) => Outcome::Taken,
            Err(error) if error.is_permanent() => Outcome::Refused,
            Err(error) if error.is_transient() => Outcome::Later,
            Err(_) => Outcome::Unknown,
        }
    }

    fn circular(&self, one: &Circular) -> Result<Message> {
        let refused = |e: &dyn std::fmt::Display| Error::from(REFUSED).source(e.to_string());
        let letter = &one.letter;
        let to: lettre::Address = letter.to.parse().map_err(|e: lettre::address::AddressError| refused(&e))?;
        let mut head = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())))
            .subject(letter.subject.as_str());
        if let Some(url) = &one.unsubscribe {
            // a link is ASCII, and is not to be parted or put otherwise
            let plain = |name: &'static str, value: String| {
                HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
            };
            head = head
                .raw_header(plain("List-Unsubscribe", format!("<{url}>")))
                .raw_header(plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        let message = match &one.html {
            None => head.header(ContentType::TEXT_PLAIN).body(letter.text.clone()),
            Some(html) if letter.text.is_empty() => head.header(ContentType::TEXT_HTML).body(html.clone()),
            Some(html) => head.multipart(MultiPart::alternative_plain_html(letter.text.clone(), html.clone())),
        };
        message.map_err(|e| refused(&e))
    }
}
