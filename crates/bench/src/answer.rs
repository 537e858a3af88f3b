//! The least of HTTP/1.1 that a load generator needs: where an answer's head ends, its status, its length.
//! Only answers with a `Content-Length` (or none to speak of: 1xx, 204, 304) are understood; the server sends no others.

use std::fmt;

/// What the head of an answer says.
#[derive(Debug, PartialEq)]
pub struct Head {
    /// The three-digit status.
    pub status: u16,
    /// Head and body together, in bytes.
    pub length: usize,
    /// Where the body begins.
    pub body_at: usize,
    /// The server will close the connection after this answer.
    pub closes: bool,
}

/// The bytes are not an answer we can follow.
#[derive(Debug, PartialEq)]
pub struct Malformed(pub &'static str);

impl fmt::Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot follow the answer: {}", self.0)
    }
}

impl std::error::Error for Malformed {}

/// Reads the head at the start of `bytes`; `None` while it has not come whole.
pub fn head(bytes: &[u8]) -> Result<Option<Head>, Malformed> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let mut lines = bytes.get(..end).unwrap_or_default().split(|byte| *byte == b'\n');
    let status = status(lines.next().unwrap_or_default())?;
    let (mut length, mut closes) = (None, false);
    for line in lines {
        let line = line.trim_ascii_end();
        if let Some(value) = value_of(line, b"content-length:") {
            length = Some(number(value).ok_or(Malformed("Content-Length is no number"))?);
        } else if value_of(line, b"transfer-encoding:").is_some() {
            return Err(Malformed("it is chunked"));
        } else if let Some(value) = value_of(line, b"connection:") {
            closes = value.eq_ignore_ascii_case(b"close");
        }
    }
    let body = match (length, status) {
        (_, 204 | 304) => 0,
        (Some(length), _) => length,
        (None, _) => return Err(Malformed("it has no Content-Length")),
    };
    let body_at = end + 4;
    Ok(Some(Head { status, length: body_at.saturating_add(body), body_at, closes }))
}

fn status(line: &[u8]) -> Result<u16, Malformed> {
    let digits = line.strip_prefix(b"HTTP/1.1 ").ok_or(Malformed("it is not HTTP/1.1"))?.get(..3);
    let status = digits.and_then(number).and_then(|status| u16::try_from(status).ok());
    status.ok_or(Malformed("it has no status"))
}

fn value_of<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let start = line.get(..name.len())?;
    start.eq_ignore_ascii_case(name).then(|| line.get(name.len()..).unwrap_or_default().trim_ascii())
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_status_and_length() {
        let text = b"HTTP/1.1 201 Created\r\nETag: \"1\"\r\ncontent-LENGTH:  5 \r\n\r\nhello";
        let head = head(text).unwrap().unwrap();
        assert_eq!((head.status, head.length, head.closes), (201, text.len(), false));
        assert_eq!(&text[head.body_at..], b"hello");
    }

    #[test]
    fn waits_for_the_whole_head() {
        let text = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        for end in 0..text.len() {
            assert_eq!(head(&text[..end]).unwrap(), None, "{end}");
        }
        assert_eq!(head(text).unwrap().unwrap().length, text.len());
    }

    #[test]
    fn an_answer_without_a_body_needs_no_length() {
        let text = b"HTTP/1.1 304 Not Modified\r\nConnection: Close\r\n\r\n";
        let head = head(text).unwrap().unwrap();
        assert_eq!((head.status, head.length, head.closes), (304, text.len(), true));
    }

    #[test]
    fn refuses_what_it_cannot_frame() {
        for text in [
            "SSH-2.0-x\r\n\r\n",
            "HTTP/1.1 2x0 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        ] {
            assert!(head(text.as_bytes()).is_err(), "{text}");
        }
    }
}
