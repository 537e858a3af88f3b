//! What a visitor sends: JSON, or what a browser makes of a form.
use crate::extract::body::plain;
use crate::platform::inbound::body;
use actix_web::web::{Payload, Query};
use actix_web::{HttpMessage, HttpRequest};
use kernel::{Error, Result, Tidy, error, text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use validator::Validate;

/// The largest body of a form.
const LIMIT: usize = 256 << 10;
const URLENCODED: &str = "application/x-www-form-urlencoded";

/// What a visitor has filled in.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "q4Zk…", "answers": {"mail": "wang.wei@example.cn", "news": true}, "referrer": "https://www.example.com/news",
    "utm": {"source": "wechat", "medium": "social", "campaign": "autumn"}
}))]
pub struct FormAnswers {
    /// that came with the form
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    pub token: String,
    /// by the keys of the fields
    #[serde(default)]
    #[schema(value_type = Object, required = false)]
    pub answers: Map<String, Value>,
    /// stays empty: people do not see it
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    pub website: Option<String>,
    /// the page that the form stood on
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub referrer: Option<String>,
    #[validate(nested)]
    pub utm: Option<Utm>,
}

/// What had brought the visitor there.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Utm {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub medium: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub campaign: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub term: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub content: Option<String>,
}

/// The same as a browser sends it: whatever else is in it are answers, by the keys of the fields.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({
    "token": "q4Zk…", "mail": "wang.wei@example.cn", "news": "on", "utm_source": "wechat", "utm_campaign": "autumn"
}))]
#[allow(dead_code)] // the document's half: the pairs are read as they come
pub struct FormPairs {
    /// that came with the form
    #[schema(max_length = 1000)]
    token: String,
    /// stays empty: people do not see it
    #[schema(max_length = 1000, nullable = false)]
    website: Option<String>,
    /// the page that the form stood on
    #[schema(max_length = 2000, nullable = false)]
    referrer: Option<String>,
    #[schema(max_length = 200, nullable = false)]
    utm_source: Option<String>,
    #[schema(max_length = 200, nullable = false)]
    utm_medium: Option<String>,
    #[schema(max_length = 200, nullable = false)]
    utm_campaign: Option<String>,
    #[schema(max_length = 200, nullable = false)]
    utm_term: Option<String>,
    #[schema(max_length = 200, nullable = false)]
    utm_content: Option<String>,
    #[serde(flatten)]
    answers: Map<String, Value>,
}

impl Tidy for FormAnswers {}

impl FormAnswers {
    pub fn marks(&self) -> Value {
        self.utm.as_ref().and_then(|utm| serde_json::to_value(utm).ok()).unwrap_or_else(|| json!({}))
    }
}

pub async fn read(req: &HttpRequest, stream: Payload) -> Result<FormAnswers> {
    let mime = req.mime_type().ok().flatten();
    let is_form = mime.as_ref().is_some_and(|mime| mime.essence_str() == URLENCODED);
    let is_json = mime.is_some_and(|mime| mime.subtype() == "json" || mime.suffix().is_some_and(|end| end == "json"));
    if !is_form && !is_json {
        let read = text!("application/json is read here, and application/x-www-form-urlencoded");
        return Err(Error::from(error::UNSUPPORTED_MEDIA_TYPE).detail(read));
    }
    let bytes = body(stream, LIMIT).await?;
    if is_json {
        return plain(&bytes, None);
    }
    let said = serde_json::to_vec(&of_pairs(&bytes)?).map_err(Error::internal)?;
    plain(&said, None)
}

/// The same as JSON. What is there several times are several answers.
fn of_pairs(bytes: &[u8]) -> Result<Value> {
    let malformed = |why: String| Error::from(error::MALFORMED).source(why);
    let said = std::str::from_utf8(bytes).map_err(|e| malformed(e.to_string()))?;
    let pairs = Query::<Vec<(String, String)>>::from_query(said).map_err(|e| malformed(e.to_string()))?.into_inner();
    let (mut whole, mut answers, mut utm) = (Map::new(), Map::new(), Map::new());
    for (name, value) in pairs {
        match name.as_str() {
            "token" | "website" | "referrer" => drop(whole.insert(name, value.into())),
            mark if mark.starts_with("utm_") => {
                drop(utm.insert(mark.trim_start_matches("utm_").to_owned(), value.into()))
            }
            _ => match answers.get_mut(&name) {
                None => drop(answers.insert(name, value.into())),
                Some(Value::Array(all)) => all.push(value.into()),
                Some(one) => *one = json!([one.take(), value]),
            },
        }
    }
    whole.insert("answers".to_owned(), answers.into());
    if !utm.is_empty() {
        whole.insert("utm".to_owned(), utm.into());
    }
    Ok(whole.into())
}
