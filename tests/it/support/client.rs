//! Somebody who speaks HTTP to the server. What comes back is held against the document before a test sees it.
use super::{Answer, contract};
use serde_json::Value;
use std::borrow::Borrow;
use std::io::Read;
use std::time::Duration;
use ureq::http::{Method, Request};
use ureq::{Agent, Body};

#[derive(Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    token: Option<String>,
    headers: Vec<(String, String)>,
    sparse: bool,
}

impl Client {
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self { agent: config.new_agent(), base: base.to_owned(), token: None, headers: Vec::new(), sparse: false }
    }

    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The same, without any token.
    pub fn nobody(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    /// The same, with another token or key.
    pub fn bearing(&self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self.clone() }
    }

    /// The same, where fields are held back from them.
    pub fn sparse(&self) -> Self {
        Self { sparse: true, ..self.clone() }
    }

    /// The same, with one more header.
    pub fn with(&self, name: &str, value: impl Into<String>) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.into()));
        client
    }

    pub fn if_match(&self, version: impl std::fmt::Display) -> Self {
        self.with("if-match", format!("\"{version}\""))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    pub fn post(&self, path: &str, body: impl Borrow<Value>) -> Answer {
        self.send("POST", path, Some(body.borrow()))
    }

    /// A POST without a body.
    pub fn act(&self, path: &str) -> Answer {
        self.send("POST", path, None)
    }

    pub fn patch(&self, path: &str, body: impl Borrow<Value>) -> Answer {
        self.send("PATCH", path, Some(body.borrow()))
    }

    pub fn put(&self, path: &str, body: impl Borrow<Value>) -> Answer {
        self.send("PUT", path, Some(body.borrow()))
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None)
    }

    pub fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let kind = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
        self.raw(method, path, body.map(|body| (kind, body.to_string().into_bytes())))
    }

    /// Any bytes of any type.
    pub fn raw(&self, method: &str, path: &str, body: Option<(&str, Vec<u8>)>) -> Answer {
        let answer = self.unheld(method, path, body);
        contract::hold(method, path, &answer, self.sparse);
        answer
    }

    /// The same, where a fault of the server is what is looked for.
    pub fn unheld(&self, method: &str, path: &str, body: Option<(&str, Vec<u8>)>) -> Answer {
        self.attempt(method, path, body).unwrap_or_else(|e| panic!("{method} {path}: {e}"))
    }

    /// The same, where the server may be gone before it has answered.
    pub fn attempt(&self, method: &str, path: &str, body: Option<(&str, Vec<u8>)>) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap());
        request = request.uri(format!("{}{path}", self.base));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let has_none = !matches!(method, "GET" | "DELETE" | "HEAD" | "OPTIONS");
        let answer = match body {
            Some((kind, bytes)) => self.agent.run(request.header("content-type", kind).body(bytes).unwrap()),
            None if has_none => self.agent.run(request.body(Vec::new()).unwrap()),
            None => self.agent.run(request.body(()).unwrap()),
        };
        read(format!("{method} {path}"), answer?)
    }

    /// All pages of a list, one after the other.
    pub fn walk(&self, path: &str) -> Vec<Value> {
        let join = if path.contains('?') { '&' } else { '?' };
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("{path}{cursor}")).ok();
            rows.extend(page["data"].as_array().cloned().unwrap_or_default());
            match page["page"]["next_cursor"].as_str() {
                Some(next) => cursor = format!("{join}cursor={next}"),
                None => return rows,
            }
        }
    }
}

fn read(request: String, mut answer: ureq::http::Response<Body>) -> Result<Answer, ureq::Error> {
    let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Ok(Answer {
        request,
        status: answer.status().as_u16(),
        headers: answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: match answer.headers().get("content-type") {
            Some(kind) if kind == "text/event-stream" => first_frame(&mut answer),
            _ => answer.body_mut().with_config().limit(1 << 28).read_to_vec()?,
        },
    })
}

/// A stream does not end by itself: what it begins with will do.
fn first_frame(answer: &mut ureq::http::Response<Body>) -> Vec<u8> {
    let (mut reader, mut frame, mut part) = (answer.body_mut().as_reader(), Vec::new(), [0; 64]);
    while !frame.ends_with(b"\n\n") {
        match reader.read(&mut part).unwrap() {
            0 => break,
            read => frame.extend_from_slice(&part[..read]),
        }
    }
    frame
}

/// A text as it stands in a query or a path.
pub fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}
