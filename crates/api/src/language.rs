//! The language that somebody reads problems in: what their request asks for, else what they have chosen for themselves,
//! else what their tenant has, else English. It is asked for only where something is to be said in it.
use crate::extract::{bearer, state};
use ::identity::Identity;
use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use kernel::{Language, Texts};
use std::sync::OnceLock;

pub fn of(req: &HttpRequest) -> Language {
    let asked = req.headers().get_all(header::ACCEPT_LANGUAGE).filter_map(|value| value.to_str().ok());
    let asked: Vec<&str> = asked.collect();
    Language::negotiated(&asked.join(","), || own(req).unwrap_or_default())
}

/// Of a caller who was let in a moment ago.
fn own(req: &HttpRequest) -> Option<Language> {
    state::<Identity>(req).ok()?.language(bearer(req)?)
}

/// Says which language an answer is in, and that another request may get it in another.
pub fn tell(headers: &mut HeaderMap, language: Language) {
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.append(header::VARY, HeaderValue::from_static("accept-language"));
}

/// The texts of all wings.
pub fn texts() -> &'static Texts {
    static ALL: OnceLock<Texts> = OnceLock::new();
    ALL.get_or_init(|| Texts::new(&crate::house::texts().map(|(_, text)| text)))
}
