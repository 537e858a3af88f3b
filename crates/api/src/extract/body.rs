//! `Valid<T>`: a JSON body of the right shape that keeps the rules of `T`. A good body is parsed once, straight from
//! its bytes; only a bad one is gone through again, to name all its faults at once.
use super::customs::Looked;
use super::sighted;
use crate::answer::{Fail, Result};
use crate::sight::Sight;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use kernel::{Error, Fault, Grants, Region, Tidy, error, rules, shape, text};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};
use validator::Validate;

/// The largest body of an ordinary operation; a batch may be larger.
pub const LIMIT: usize = 8 << 20;
const MOST_FAULTS: usize = 50;

/// What a body must be able to do.
pub trait Body: DeserializeOwned + Validate + ToSchema + Tidy {}
impl<T: DeserializeOwned + Validate + ToSchema + Tidy> Body for T {}

pub struct Valid<T>(pub T);

impl<T: Body + 'static> FromRequest for Valid<T> {
    type Error = Fail;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, bytes) = (req.clone(), json(req, payload));
        Box::pin(async move {
            let body = async { read(&bytes.await?, &*grants::<T>(&req).await?) };
            guarded(&req, body.await).await.map(Self)
        })
    }
}

/// A body of the same shape that is only compared with what is there: nothing of the tenant's own is missed in it.
pub struct Likeness<T>(pub T);

impl<T: Body + 'static> FromRequest for Likeness<T> {
    type Error = Fail;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, bytes) = (req.clone(), json(req, payload));
        Box::pin(async move {
            let body = async {
                let (bytes, grants) = (bytes.await?, grants::<T>(&req).await?);
                settled(&Looked::compared::<T>(&bytes, &grants)?, &grants)
            };
            guarded(&req, body.await).await.map(Self)
        })
    }
}

/// Who may not come in is told that, whatever they have brought: a fault of the body waits for the caller to be known.
pub async fn guarded<T>(req: &HttpRequest, body: kernel::Result<T>) -> Result<T> {
    if body.is_err() && req.headers().contains_key(header::AUTHORIZATION) {
        super::authenticate(req).await?;
    }
    Ok(body?)
}

/// What is held back from whoever sends a body of this shape, if it is one of a record.
pub async fn grants<T: ToSchema>(req: &HttpRequest) -> kernel::Result<Arc<Grants>> {
    match Sight::of_the_house().speaks_of_records::<T>() {
        true => Ok(super::authenticate(req).await?.grants),
        false => Ok(Arc::default()),
    }
}

/// What was sent with an If-Match, kept for the comparison that a 412 answers.
#[derive(Clone)]
pub struct Sent(pub Bytes);

/// The bytes of a JSON body.
pub fn json(req: &HttpRequest, payload: &mut Payload) -> impl Future<Output = kernel::Result<Bytes>> + use<> {
    let typed = req
        .mime_type()
        .ok()
        .flatten()
        .is_some_and(|mime| mime.subtype() == "json" || mime.suffix().is_some_and(|suffix| suffix == "json"));
    let (req, bytes) = (req.clone(), Bytes::from_request(req, payload));
    async move {
        if !typed {
            return Err(Error::from(error::UNSUPPORTED_MEDIA_TYPE).detail(text!("application/json is read here")));
        }
        let bytes = bytes.await.map_err(|e| match e.as_response_error().status_code().as_u16() {
            413 => Error::from(error::TOO_LARGE).detail(text!("at most {most} bytes", most = LIMIT)),
            _ => Error::from(error::MALFORMED).source(e.to_string()),
        })?;
        if req.headers().contains_key(header::IF_MATCH) {
            req.extensions_mut().insert(Sent(bytes.clone()));
        }
        Ok(bytes)
    }
}

/// The body, or all that is wrong with it. What is hidden from its sender is unknown; what they may only read is refused
/// even where it says what is there.
pub fn read<T: Body>(bytes: &[u8], grants: &Grants) -> kernel::Result<T> {
    settled(&Looked::at::<T>(bytes, grants)?, grants)
}

fn settled<T: Body>(looked: &Looked, grants: &Grants) -> kernel::Result<T> {
    let body = match grants.is_plain() {
        true => plain(&looked.bytes, grants.phone_region()),
        false => sighted::read(&looked.bytes, grants),
    };
    match body {
        body if looked.faults.is_empty() => body,
        Err(error) if error.code != error::INVALID => Err(error),
        body => {
            let rest = body.err().map(|error| error.faults).unwrap_or_default();
            Err(Error::from(error::INVALID).faults([looked.faults.clone(), rest].concat()))
        }
    }
}

/// The same for somebody from whom nothing is held back. Phone numbers that do not say their country are of the region.
pub fn plain<T: Body>(bytes: &[u8], region: Option<Region>) -> kernel::Result<T> {
    // PostgreSQL's text cannot hold it, and nothing that people write does
    if bytes.windows(6).any(|six| six == br"\u0000") {
        return Err(Error::from(error::MALFORMED).detail(text!("the body holds the character U+0000")));
    }
    shaped(bytes, region)
}

/// The same, whatever characters it holds: of a body whose parts are read each for itself.
pub fn shaped<T: Body>(bytes: &[u8], region: Option<Region>) -> kernel::Result<T> {
    // serde reads a struct from an array too
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(not_an_object(bytes));
    }
    let mut body = match serde_json::from_slice::<T>(bytes) {
        Ok(body) => body,
        Err(e) => return Err(misshapen::<T>(bytes, region, &e)),
    };
    body.tidy();
    body.dial(region);
    match rules::faults(&body) {
        faults if faults.is_empty() => Ok(body),
        faults => Err(Error::from(error::INVALID).faults(faults)),
    }
}

fn not_an_object(bytes: &[u8]) -> Error {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(_) => Error::invalid("", "wrong_type", text!("an object is expected")),
        Err(e) => shape::malformed(&e),
    }
}

/// Every fault of shape: each one found is noted and taken out, until the rest is read or nothing more can be told.
fn misshapen<T: Body>(bytes: &[u8], region: Option<Region>, first: &serde_json::Error) -> Error {
    let mut body: Value = match serde_json::from_slice(bytes) {
        Ok(body) => body,
        Err(e) => return shape::malformed(&e),
    };
    let mut faults = missing::<T>(&body);
    while faults.len() < MOST_FAULTS {
        let (fault, said) = match serde_path_to_error::deserialize::<_, T>(&body) {
            Ok(mut good) => {
                good.tidy();
                good.dial(region);
                faults.extend(rules::faults(&good));
                break;
            }
            Err(e) => {
                let (place, said) = (pointer(e.path()), e.inner().to_string());
                (shape::fault(&place, &said, body.pointer(&place)), said)
            }
        };
        let taken = choose(&mut body, &fault.pointer, &said) || take_out(&mut body, &fault.pointer);
        let again =
            |one: &Fault| one.message == fault.message && (one.pointer == fault.pointer || one.code == "required");
        let known = faults.iter().any(again);
        if !known && (taken || faults.is_empty()) {
            faults.push(fault);
        }
        if !taken {
            break;
        }
    }
    // such as a member that stands there twice: gone by the second reading
    if faults.is_empty() { shape::malformed(first) } else { Error::from(error::INVALID).faults(faults) }
}

/// Serde names the first missing field only; the schema knows them all.
fn missing<T: ToSchema>(body: &Value) -> Vec<Fault> {
    let RefOr::T(Schema::Object(schema)) = T::schema() else { return Vec::new() };
    let absent = schema.required.iter().filter(|name| body.is_object() && body.get(name.as_str()).is_none());
    absent.map(|name| Fault::new(format!("/{name}"), "required", shape::missing(name))).collect()
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    path.iter().map(|segment| format!("/{}", segment.to_string().trim_matches(['[', ']']))).collect()
}

/// A choice that is none becomes one, for without it the rest might not be read.
fn choose(body: &mut Value, pointer: &str, said: &str) -> bool {
    let mut named =
        said.strip_prefix("unknown variant").into_iter().flat_map(|said| said.split('`').skip(1).step_by(2));
    let (Some(wrong), Some(good)) = (named.next(), named.next()) else { return false };
    let found = body.pointer_mut(pointer).filter(|found| found.as_str() == Some(wrong));
    found.map(|found| *found = Value::from(good)).is_some()
}

fn take_out(body: &mut Value, pointer: &str) -> bool {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return false };
    match body.pointer_mut(parent) {
        Some(Value::Object(members)) => members.remove(name).is_some(),
        _ => false,
    }
}
