//! The contract that every answer obeys: its status stands in the document, its body has the shape that stands there,
//! and a problem says all that a problem has to say.
use super::Answer;
use super::shape::{fits, fits_sparsely};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// An operation of the document.
#[derive(Clone, Debug)]
pub struct Operation {
    pub method: String,
    pub path: String,
    pub id: String,
    pub spec: Value,
}

impl Operation {
    pub fn writes(&self) -> bool {
        self.method != "GET"
    }

    pub fn name(&self) -> String {
        format!("{} ({} {})", self.id, self.method, self.path)
    }

    /// The names of its parameters in the path or the query.
    pub fn parameters(&self, place: &str) -> Vec<&Value> {
        let all = self.spec["parameters"].as_array().into_iter().flatten();
        all.filter(|one| one["in"] == place).collect()
    }

    /// The content type of its JSON body, if it takes one.
    pub fn body(&self) -> Option<&str> {
        let kinds = self.spec["requestBody"]["content"].as_object()?;
        kinds.keys().map(String::as_str).find(|kind| kind.ends_with("json"))
    }

    /// The example of its body: its own, or that of its schema.
    pub fn example(&self) -> Option<Value> {
        let content = &self.spec["requestBody"]["content"][self.body()?];
        let schema = resolved(&content["schema"]);
        let all = [&content["example"], &schema["example"], &schema["examples"][0]];
        all.into_iter().find(|one| !one.is_null()).cloned()
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        let (ours, theirs): (Vec<&str>, Vec<&str>) = (self.path.split('/').collect(), path.split('/').collect());
        let same = |(ours, theirs): (&&str, &&str)| ours.starts_with('{') && !theirs.is_empty() || ours == theirs;
        self.method == method && ours.len() == theirs.len() && ours.iter().zip(&theirs).all(same)
    }

    /// How many segments are spelled out: `/contacts/batch` goes before `/contacts/{id}`.
    fn literal(&self) -> usize {
        self.path.split('/').filter(|part| !part.starts_with('{')).count()
    }
}

pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::to_value(api::openapi::document()).unwrap())
}

pub fn operations() -> &'static [Operation] {
    static ALL: OnceLock<Vec<Operation>> = OnceLock::new();
    ALL.get_or_init(|| all_of(document()))
}

pub fn all_of(document: &Value) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, spec) in item.as_object().into_iter().flatten().filter(|(_, spec)| spec.is_object()) {
            let id = spec["operationId"].as_str().unwrap_or_default().to_owned();
            all.push(Operation { method: method.to_uppercase(), path: path.clone(), id, spec: spec.clone() });
        }
    }
    all
}

pub fn resolved(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        Some(place) => {
            document().pointer(place.trim_start_matches('#')).unwrap_or_else(|| panic!("{place} leads nowhere"))
        }
        None => schema,
    }
}

/// Holds an answer against the document; a path that is not in it has nothing but a problem to answer.
/// `sparse`: to somebody from whom fields are held back, whose records lack members.
pub fn hold(method: &str, target: &str, answer: &Answer, sparse: bool) {
    let path = target.split('?').next().unwrap_or_default();
    if answer.status >= 400 {
        problem(path, answer);
    }
    let fitting = operations().iter().filter(|operation| operation.matches(method, path));
    let Some(operation) = fitting.max_by_key(|operation| operation.literal()) else { return };
    let declared = &operation.spec["responses"][answer.status.to_string()];
    assert!(!declared.is_null(), "{} does not declare {}: {}", operation.name(), answer.status, answer.text());
    let told = resolved(declared)["headers"].as_object();
    for name in ["etag", "location"].into_iter().filter(|name| answer.status < 400 && !answer.header(name).is_empty()) {
        let known = told.is_some_and(|told| told.keys().any(|one| one.eq_ignore_ascii_case(name)));
        assert!(known, "{} does not declare {name} of {}", operation.name(), answer.status);
    }
    let place = answer.header("location");
    // what is of another server is found there
    let leads =
        place.is_empty() || place.contains("://") || operations().iter().any(|one| one.matches(&one.method, place));
    assert!(leads, "{} leads to {place}, where nothing is", operation.name());
    let kind = answer.header("content-type").split(';').next().unwrap_or_default().trim();
    let content = resolved(declared)["content"].as_object().cloned().unwrap_or_default();
    if content.is_empty() {
        assert!(answer.body.is_empty(), "{} declares no body for {}", operation.name(), answer.status);
        return;
    }
    let schema = content
        .get(kind)
        .unwrap_or_else(|| panic!("{} does not declare {kind:?}: {}", operation.name(), answer.text()));
    // sparse and expanded views are other shapes than the plain one
    if kind.ends_with("json")
        && !kind.ends_with("ndjson")
        && !target.contains("fields=")
        && !target.contains("include=")
    {
        let mut faults = Vec::new();
        let fits = if sparse { fits_sparsely } else { fits };
        fits(&schema["schema"], &answer.json(), "", &mut faults);
        assert!(
            faults.is_empty(),
            "{} answered what it does not declare: {faults:#?}\n{}",
            operation.name(),
            answer.text()
        );
    }
}

/// RFC 9457, with a stable code and a request id.
fn problem(path: &str, answer: &Answer) {
    let what = || format!("{} answered {} {}", answer.request, answer.status, answer.text());
    // that another server cannot be reached is no fault of this one
    assert!(answer.status < 500 || answer.json()["code"] == "sso_unavailable", "{}", what());
    assert!(answer.header("content-type").starts_with("application/problem+json"), "{}", what());
    let body = answer.json();
    let code = body["code"].as_str().unwrap_or_default();
    assert!(codes().contains_key(code), "{code:?} is no code of the house: {}", what());
    assert_eq!(codes()[code], answer.status, "{}", what());
    assert_eq!(body["status"], answer.status, "{}", what());
    assert_eq!(body["type"], format!("/problems/{code}"), "{}", what());
    assert_eq!(body["instance"], path, "{}", what());
    assert_eq!(body["request_id"], answer.header("x-request-id"), "{}", what());
    assert!(!body["title"].as_str().unwrap_or_default().is_empty(), "{}", what());
    let told = answer.text().to_lowercase();
    let inner = ["select ", "insert into", "diesel", "postgres", ".rs:", "panicked"];
    assert!(!inner.iter().any(|word| told.contains(word)), "{}", what());
}

/// Every code of the program with its status.
fn codes() -> &'static BTreeMap<&'static str, u16> {
    static CODES: OnceLock<BTreeMap<&str, u16>> = OnceLock::new();
    CODES.get_or_init(|| api::house::codes().iter().map(|code| (code.name, status(code.kind))).collect())
}

/// The status that each kind of fault is published with.
pub fn status(kind: kernel::Kind) -> u16 {
    use kernel::Kind::*;
    match kind {
        Malformed => 400,
        Unauthenticated => 401,
        Forbidden => 403,
        NotFound => 404,
        Method => 405,
        Conflict => 409,
        Gone => 410,
        Stale => 412,
        TooLarge => 413,
        MediaType => 415,
        Range => 416,
        Invalid => 422,
        Required => 428,
        TooMany => 429,
        Internal => 500,
        Busy => 503,
        Full => 507,
    }
}
