//! How a deed's outcome becomes HTTP: a record with its ETag, a created one with its Location, a page, or nothing.
use crate::problem;
use actix_web::body::BoxBody;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError};
use kernel::{Error, Page, Record};
use platform::deed::Upserted;
use serde::Serialize;
use serde_json::Value;

pub type Result<T> = std::result::Result<T, Fail>;

/// A `kernel::Error` on its way out. (A newtype, for neither the error nor the trait is ours to join here.)
#[derive(Debug)]
pub struct Fail(pub Error);

impl<E: Into<Error>> From<E> for Fail {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}
impl std::fmt::Display for Fail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
impl ResponseError for Fail {
    fn status_code(&self) -> StatusCode {
        problem::status(self.0.kind())
    }
    /// Only the status: the body needs the request, and is written by [`problem::finish`].
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// A record as it is, or as the view on it wants it.
pub enum Shown<T, V = Value> {
    Plain(T),
    Dressed(V),
}

/// 200 and ETag, or 304 where the caller has this version; of a dressed record 200 alone.
pub struct Found<T>(pub Shown<T>);

impl<T> Found<T> {
    pub fn plain(record: T) -> Self {
        Self(Shown::Plain(record))
    }
}

impl<T: Record + Serialize> Responder for Found<T> {
    type Body = BoxBody;
    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let record = match self.0 {
            // what is put in may change while the version stays
            Shown::Dressed(value) => return HttpResponse::Ok().json(value),
            Shown::Plain(record) => record,
        };
        let etag = etag(record.version());
        if req.method() == actix_web::http::Method::GET && knows(req, &etag) {
            return HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish();
        }
        HttpResponse::Ok().insert_header((header::ETAG, etag)).json(record)
    }
}

/// Whether the caller has this version: any of a list, weak or strong, or `*`.
pub fn knows(req: &HttpRequest, etag: &str) -> bool {
    let known = req.headers().get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    known
        .flat_map(|value| value.split(','))
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == etag || one == "*")
}

/// A page is answered as it is.
impl<T: Serialize> Responder for Shown<Page<T>, Page<Value>> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        match self {
            Self::Plain(page) => HttpResponse::Ok().json(page),
            Self::Dressed(value) => HttpResponse::Ok().json(value),
        }
    }
}

/// 201, ETag and Location.
pub struct Created<T>(pub T);

impl<T: Record + Serialize> Responder for Created<T> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        created(&self.0)
    }
}

/// 201 where the record was made, 200 where it was changed.
pub struct Put<T>(pub Upserted<T>);

impl<T: Record + Serialize> Responder for Put<T> {
    type Body = BoxBody;
    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        match self.0 {
            Upserted::Updated(record) => Found::plain(record).respond_to(req),
            Upserted::Created(record) => created(&record),
        }
    }
}

fn created<T: Record + Serialize>(record: &T) -> HttpResponse {
    let place = format!("/v1/{}/{}", place(T::NAME), record.id());
    HttpResponse::Created()
        .insert_header((header::ETAG, etag(record.version())))
        .insert_header((header::LOCATION, place))
        .json(record)
}

/// Where the records of a noun are.
fn place(noun: &str) -> String {
    let noun = noun.replace('_', "-");
    match noun.strip_suffix('y') {
        // everybody has their own
        _ if noun == "factor" => "me/factors".to_owned(),
        Some(stem) if !stem.ends_with('e') => format!("{stem}ies"),
        None if noun.ends_with(['s', 'x']) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

/// An answer with a secret in it: nobody on the way keeps a copy, and no `Idempotency-Key` gets it a second time.
pub struct Secret<R>(pub R);

impl<R: Responder> Responder for Secret<R> {
    type Body = R::Body;
    fn respond_to(self, req: &HttpRequest) -> HttpResponse<R::Body> {
        let mut answer = self.0.respond_to(req);
        answer.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
        answer
    }
}

/// 204.
pub struct Nothing;

impl Responder for Nothing {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

fn etag(version: i32) -> String {
    format!("\"{version}\"")
}
