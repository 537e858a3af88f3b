//! What the server answered.
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub struct Answer {
    pub request: String,
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// Holds it against a status, and gives the body.
    #[track_caller]
    pub fn is(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{} answered {}", self.request, self.text());
        self.json()
    }

    #[track_caller]
    pub fn is_one_of(&self, statuses: &[u16]) -> Value {
        assert!(statuses.contains(&self.status), "{} answered {} {}", self.request, self.status, self.text());
        self.json()
    }

    #[track_caller]
    pub fn ok(&self) -> Value {
        self.is(200)
    }

    #[track_caller]
    pub fn created(&self) -> Value {
        self.is(201)
    }

    /// A problem with this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let body = self.is(status);
        assert_eq!(body["code"], code, "{} answered {}", self.request, self.text());
        body
    }

    /// The pointers of the faults, in order.
    pub fn pointers(&self) -> Vec<String> {
        let body = self.json();
        let faults = body["errors"].as_array().cloned().unwrap_or_default();
        faults.iter().map(|fault| fault["pointer"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// A member of each record of a page.
    #[track_caller]
    pub fn each(&self, member: &str) -> Vec<String> {
        let body = self.ok();
        let rows = body["data"].as_array().unwrap_or_else(|| panic!("{} answered no page", self.request)).clone();
        rows.iter().map(|row| row[member].as_str().map_or_else(|| row[member].to_string(), str::to_owned)).collect()
    }

    /// The ids of a page.
    #[track_caller]
    pub fn ids(&self) -> Vec<String> {
        self.each("id")
    }
}
