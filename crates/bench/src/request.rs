//! Requests, made ready as bytes before the clock runs.
//! A body may hold the mark `SERIAL`: each sending writes another number of the same width in its place,
//! so that created records differ without building a body.

use std::sync::atomic::{AtomicU64, Ordering};

/// Stands in a body for a number that no other request has.
pub const SERIAL: &str = "@@SERIAL@@@@";

/// One request of a kind of work.
#[derive(Clone, Debug)]
pub struct Request {
    /// GET, POST, PATCH.
    pub method: &'static str,
    /// Path and query, percent-encoded.
    pub target: String,
    /// JSON, perhaps with the mark `SERIAL`.
    pub body: Option<String>,
    /// The record it is about: tells the record's id apart from other values in the SQL it causes.
    pub about: Option<String>,
}

impl Request {
    /// A plain reading.
    pub fn get(target: String) -> Self {
        Self { method: "GET", target, body: None, about: None }
    }

    /// The request as it goes over the wire.
    pub fn wire(&self, bearer: &str) -> Wire {
        let mut text = format!("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n", self.method, self.target);
        if !bearer.is_empty() {
            text.push_str(&format!("Authorization: Bearer {bearer}\r\n"));
        }
        if let Some(body) = &self.body {
            let media = if self.method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
            text.push_str(&format!("Content-Type: {media}\r\nContent-Length: {}\r\n", body.len()));
        }
        text.push_str("\r\n");
        text.push_str(self.body.as_deref().unwrap_or_default());
        let marks = text.match_indices(SERIAL).map(|(at, _)| at).collect();
        Wire { bytes: text.into_bytes(), marks }
    }
}

/// The bytes of a request and where its serial number belongs.
#[derive(Clone, Debug)]
pub struct Wire {
    bytes: Vec<u8>,
    marks: Vec<usize>,
}

impl Wire {
    /// The bytes to send, with a serial number of their own where one is asked for.
    pub fn stamped(&self, scratch: &mut Vec<u8>) {
        scratch.clear();
        scratch.extend_from_slice(&self.bytes);
        if !self.marks.is_empty() {
            self.stamp(scratch, &next_serial());
        }
    }

    /// The bytes to send under a known serial number.
    pub fn with_serial(&self, serial: &str) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        self.stamp(&mut bytes, serial);
        bytes
    }

    fn stamp(&self, bytes: &mut [u8], serial: &str) {
        for at in &self.marks {
            if let Some(place) = bytes.get_mut(*at..*at + SERIAL.len()) {
                place.copy_from_slice(serial.as_bytes());
            }
        }
    }
}

/// A number of twelve digits, each time another; those of the measured limit begin with 5 or more.
pub fn next_serial() -> String {
    static LAST: AtomicU64 = AtomicU64::new(100_000_000_000);
    LAST.fetch_add(1, Ordering::Relaxed).to_string()
}

/// Percent-encodes a value of a query.
pub fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len() * 3);
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_sending_has_its_own_serial_and_the_same_length() {
        let body = Some(format!("{{\"a\":\"{SERIAL}\",\"b\":\"x{SERIAL}\"}}"));
        let wire = Request { method: "POST", target: "/v1/contacts".into(), body, about: None }.wire("t");
        let (mut one, mut two) = (Vec::new(), Vec::new());
        wire.stamped(&mut one);
        wire.stamped(&mut two);
        assert_ne!(one, two);
        assert_eq!(one.len(), two.len());
        let text = String::from_utf8(one).unwrap();
        let body = text.split("\r\n\r\n").nth(1).unwrap();
        assert!(text.contains(&format!("Content-Length: {}\r\n", body.len())));
        let values: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(format!("x{}", values["a"].as_str().unwrap()), values["b"].as_str().unwrap());
    }

    #[test]
    fn a_query_value_is_encoded_whole() {
        assert_eq!(encode("a == \"客\" && b"), "a%20%3D%3D%20%22%E5%AE%A2%22%20%26%26%20b");
    }
}
