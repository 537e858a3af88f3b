//! Keyset pages. A cursor is opaque and signed, and is good only for the list, the sort and the filter it came from.
use crate::{Error, Result, error};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::borrow::Cow;
use std::sync::Arc;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Ref, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

const TAG: usize = 16;
/// A cursor carries the sort values of one row; longer text is cut when it is made, so this is ample.
const LONGEST: usize = 8 * 1024;

/// Where a page ended: the sort values of its last row, as PostgreSQL writes them, and its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    pub keys: Vec<Option<String>>,
    pub id: Uuid,
}

/// Signs and opens cursors.
#[derive(Clone)]
pub struct Seal(Arc<[u8]>);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    pub fn new(secret: &[u8]) -> Self {
        Self(secret.into())
    }

    /// `purpose` is whatever the cursor must not be used without: tenant, path, sort, filter.
    pub fn close(&self, purpose: &str, mark: &Mark) -> String {
        let body = serde_json::to_vec(mark).unwrap_or_default();
        BASE64.encode([&self.sign(purpose, &body), body.as_slice()].concat())
    }

    pub fn open(&self, purpose: &str, cursor: &str) -> Result<Mark> {
        let wrong = || Error::from(error::CURSOR_MISMATCH);
        if cursor.len() > LONGEST {
            return Err(wrong());
        }
        let bytes = BASE64.decode(cursor).map_err(|e| wrong().source(e))?;
        let (tag, body) = bytes.split_at_checked(TAG).ok_or_else(wrong)?;
        let mac = self.mac(purpose, body);
        mac.verify_truncated_left(tag).map_err(|e| wrong().source(e))?;
        serde_json::from_slice(body).map_err(|e| wrong().source(e))
    }

    fn mac(&self, purpose: &str, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("HMAC takes any key"));
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(body);
        mac
    }

    fn sign(&self, purpose: &str, body: &[u8]) -> [u8; TAG] {
        let mut tag = [0; TAG];
        tag.copy_from_slice(self.mac(purpose, body).finalize().into_bytes().split_at(TAG).0);
        tag
    }
}

/// A page of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    pub data: Vec<T>,
    pub page: Cut,
}

/// Where the page was cut off.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(as = PageInfo)]
pub struct Cut {
    /// the `cursor` of the next page; null on the last one
    #[schema(required)]
    pub next_cursor: Option<String>,
    pub has_more: bool,
    /// how many records match, where `count` asked for it
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub count: Option<i64>,
}

impl<T> Page<T> {
    /// The same page with other rows.
    pub fn map<U>(self, row: impl FnMut(T) -> U) -> Page<U> {
        Page { data: self.data.into_iter().map(row).collect(), page: self.page }
    }
}

// By hand: the derive inlines `T` into the page instead of referring to it.
impl<T: ToSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .property("data", ArrayBuilder::new().items(Ref::from_schema_name(T::name())))
            .property("page", Ref::from_schema_name(Cut::name()))
            .required("data")
            .required("page")
            .description(Some(format!("A page of {}", T::name())))
            .into()
    }
}

impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }
    fn schemas(out: &mut Vec<(String, RefOr<Schema>)>) {
        out.push((T::name().into(), T::schema()));
        out.push((Cut::name().into(), Cut::schema()));
        T::schemas(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_opens_for_its_purpose_only() {
        let seal = Seal::new(b"secret");
        let mark = Mark { keys: vec![Some("a".into()), None], id: Uuid::nil() };
        let cursor = seal.close("contacts", &mark);
        assert_eq!(seal.open("contacts", &cursor).ok(), Some(mark));
        assert!(seal.open("orders", &cursor).is_err());
        assert!(Seal::new(b"other").open("contacts", &cursor).is_err());
        for broken in ["", "x", "AAAA", &cursor[1..], &"A".repeat(9000)] {
            assert!(seal.open("contacts", broken).is_err());
        }
    }
}
