//! Where a record is that became one with another: whoever looks is led there.
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use kernel::Error;
use platform::merge::MERGED;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Where a record is that became one with another.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"code": "merged", "merged_into": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6"}))]
pub struct MergedInto {
    /// `merged`
    #[schema(example = "merged")]
    pub code: &'static str,
    /// the record that is left
    pub merged_into: uuid::Uuid,
}

/// The same place of the record that is left, for whoever looks at one that became one with it.
pub fn lead(error: &Error, req: &HttpRequest) -> Option<HttpResponse> {
    let id = |name: &str| error.members.get(name).and_then(Value::as_str);
    let (merged, into) = (id("merged")?, id("merged_into")?);
    let path = req.path().to_lowercase();
    if !path.split('/').any(|part| part == merged) {
        return None;
    }
    let query = if req.query_string().is_empty() { String::new() } else { format!("?{}", req.query_string()) };
    let place = path.replace(merged, into) + &query;
    let body = MergedInto { code: MERGED.name, merged_into: into.parse().ok()? };
    Some(HttpResponse::MovedPermanently().insert_header((header::LOCATION, place)).json(body))
}
