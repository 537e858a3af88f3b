//! What mail servers send back: that a mail could not be delivered (RFC 3464), or that its reader complains of it (RFC
//! 5965). Both name the mail by its Message-ID, which is the delivery and is known to nobody else; whatever names none of
//! ours is no report to us.
use super::{Delivery, Digests, Happened, happened, suppress};
use crate::delivery;
use diesel::OptionalExtension;
use kernel::{Ctx, DeliveryId, Result};
use mail_parser::{MessageParser, MimeHeaders, PartType};
use platform::Conn;
use uuid::Uuid;

/// What a report says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    pub delivery: DeliveryId,
    pub what: Happened,
}

/// Reads a mail as a report; nothing, where it is none.
#[must_use]
pub fn read(raw: &[u8]) -> Option<Report> {
    let parsed = MessageParser::default().parse(raw)?;
    let kind = parsed.content_type()?;
    if !kind.ctype().eq_ignore_ascii_case("multipart") || !kind.subtype()?.eq_ignore_ascii_case("report") {
        return None;
    }
    let what = match kind.attribute("report-type")?.to_ascii_lowercase().as_str() {
        "delivery-status" => bounce(&fields(&parsed, "delivery-status"))?,
        "feedback-report" => complaint(&fields(&parsed, "feedback-report"))?,
        _ => return None,
    };
    let delivery = named(&parsed)?;
    Some(Report { delivery, what })
}

/// The fields of the part that programs read.
fn fields(parsed: &mail_parser::Message, subtype: &str) -> String {
    let part = parsed.parts.iter().find(|part| {
        part.content_type().and_then(|kind| kind.subtype()).is_some_and(|one| one.eq_ignore_ascii_case(subtype))
    });
    match part.map(|part| &part.body) {
        Some(PartType::Text(text) | PartType::Html(text)) => text.to_string(),
        Some(PartType::Binary(bytes) | PartType::InlineBinary(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        _ => String::new(),
    }
}

fn field<'a>(fields: &'a str, name: &str) -> Option<&'a str> {
    fields.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// `failed` with a status of 5 is for good; what is delayed says nothing yet.
fn bounce(fields: &str) -> Option<Happened> {
    if !field(fields, "action")?.eq_ignore_ascii_case("failed") {
        return None;
    }
    let is_hard = field(fields, "status").is_some_and(|status| status.starts_with("5.") && !is_passing(status));
    Some(if is_hard { Happened::HardBounce } else { Happened::SoftBounce })
}

/// A full mailbox and a mail that is too large are not for good, whatever their first digit says.
fn is_passing(status: &str) -> bool {
    ["5.2.2", "5.2.3", "5.3.4", "5.7.1"].iter().any(|one| status.starts_with(one))
}

fn complaint(fields: &str) -> Option<Happened> {
    let kind = field(fields, "feedback-type")?.to_ascii_lowercase();
    ["abuse", "fraud", "opt-out", "other"].contains(&kind.as_str()).then_some(Happened::Complaint)
}

/// The delivery that the returned mail was: by the Message-ID of the mail in the report.
fn named(parsed: &mail_parser::Message) -> Option<DeliveryId> {
    // the head of the report itself is of whoever sends it
    parsed.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => inner.message_id().and_then(id_of),
        PartType::Text(text) => field(text, "message-id").and_then(id_of),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            field(&String::from_utf8_lossy(bytes), "message-id").and_then(id_of)
        }
        _ => None,
    })
}

fn id_of(name: &str) -> Option<DeliveryId> {
    let local = name.trim().trim_start_matches('<').split('@').next()?;
    local.parse::<Uuid>().ok().map(DeliveryId::from)
}

/// Takes a report in; whether it was one of ours. Hard bounces and complaints keep the address from all that follows.
pub fn receive(conn: &mut Conn, ctx: &Ctx, raw: &[u8], digests: &Digests) -> Result<bool> {
    let Some(report) = read(raw) else { return Ok(false) };
    let Some(one): Option<Delivery> = delivery::held(conn, ctx.tenant, report.delivery).optional()? else {
        return Ok(false);
    };
    match report.what {
        Happened::HardBounce => suppress(conn, ctx, &one, digests, "hard_bounce", None)?,
        Happened::Complaint => suppress(conn, ctx, &one, digests, "complaint", None)?,
        _ => {}
    }
    happened(conn, ctx.tenant, &one, report.what, ctx.now)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dsn(action: &str, status: &str, id: &str) -> String {
        format!(
            "From: MAILER-DAEMON@mx.example.com\r\nTo: news@example.com\r\nSubject: failed\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\n\
             Content-Type: text/plain\r\n\r\nIt failed.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.example.com\r\n\r\nFinal-Recipient: rfc822; a@example.com\r\nAction: {action}\r\n\
             Status: {status}\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}@example.com>\r\n\
             Subject: hello\r\n--b--\r\n"
        )
    }

    #[test]
    fn a_report_is_read_for_what_it_says() {
        let id = DeliveryId::new();
        for (action, status, what) in [
            ("failed", "5.1.1", Some(Happened::HardBounce)),
            ("failed", "4.4.1", Some(Happened::SoftBounce)),
            ("failed", "5.2.2", Some(Happened::SoftBounce)),
            ("delayed", "4.4.1", None),
        ] {
            let told = read(dsn(action, status, &id.to_string()).as_bytes());
            assert_eq!(told, what.map(|what| Report { delivery: id, what }), "{action} {status}");
        }
        assert_eq!(read(dsn("failed", "5.1.1", "somebody-elses").as_bytes()), None);
        assert_eq!(read(b"From: a@example.com\r\nSubject: hello\r\n\r\nhello"), None);
        assert_eq!(read(b""), None);
    }

    #[test]
    fn a_complaint_is_known() {
        let id = DeliveryId::new();
        let arf = format!(
            "From: fbl@isp.example\r\nTo: news@example.com\r\nSubject: complaint\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=feedback-report; boundary=\"b\"\r\n\r\n--b\r\n\
             Content-Type: text/plain\r\n\r\nA complaint.\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n\
             Feedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
             Message-ID: <{id}@example.com>\r\nSubject: hello\r\n\r\nhello\r\n--b--\r\n"
        );
        assert_eq!(read(arf.as_bytes()), Some(Report { delivery: id, what: Happened::Complaint }));
    }
}
