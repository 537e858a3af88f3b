//! The items of a batch, each read for itself: one that cannot be read is its own fault, and no other's.
use super::Batch;
use crate::extract::body::{Body, guarded, json, plain, read, shaped};
use crate::extract::{authenticate, keyed};
use crate::key::KeyPath;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use kernel::{Code, Ctx, Error, Fault, Grants, Result, Text, Tidy, error, patch, shape, text};
use platform::deed::{Mode, Upsert};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

const MOST_FAULTS: usize = 50;

/// What to do with one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchOp {
    Create,
    Update,
    /// create it or update it, by its key
    Upsert,
    Delete,
}

/// One write of a batch.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchItem {
    pub op: BatchOp,
    /// the caller's name for the item, given back with its result
    pub r#ref: Option<String>,
    /// which record, unless it is new
    pub id: Option<Uuid>,
    /// which record `upsert` is about, as `PUT …/by/{key}/{value}` names it: a key and its value, with a slash between and
    /// nothing percent-encoded. Records that are not put by a key take no `upsert`.
    #[schema(example = "ext:shop/42", pattern = "^[^/]+/.")]
    pub key: Option<String>,
    /// the version that the change was made on
    pub if_match: Option<i32>,
    /// the new record, or the merge patch; of no use to `delete`
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = Object, required = false)]
    pub data: Option<Map<String, Value>>,
    /// of whoever sends the batch
    #[serde(skip)]
    pub grants: Arc<Grants>,
}

impl Tidy for BatchItem {}

/// An item that is none, and why.
pub struct Unread {
    pub r#ref: Option<String>,
    code: Code,
    detail: Option<Text>,
    faults: Vec<Fault>,
}

impl Unread {
    /// As often as the batch is tried.
    pub fn error(&self) -> Error {
        Error { detail: self.detail.clone(), ..Error::from(self.code).faults(self.faults.clone()) }
    }
}

/// A batch as it was sent: its items in their order, read or not.
pub struct Many {
    pub atomic: bool,
    pub items: Vec<std::result::Result<BatchItem, Unread>>,
}

impl FromRequest for Many {
    type Error = crate::answer::Fail;
    type Future = Pin<Box<dyn Future<Output = crate::answer::Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, bytes) = (req.clone(), json(req, payload));
        Box::pin(async move {
            let body = async { Self::of(&bytes.await?) };
            let mut all = guarded(&req, body.await).await?;
            let grants = authenticate(&req).await?.grants;
            all.items.iter_mut().flatten().for_each(|item| item.grants = Arc::clone(&grants));
            Ok(all)
        })
    }
}

impl Many {
    /// A batch of nothing but items that cannot be read is no batch.
    fn of(bytes: &[u8]) -> Result<Self> {
        let batch: Batch = shaped(bytes, None)?;
        let items: Vec<_> = batch.items.iter().map(|item| BatchItem::of(item)).collect();
        match items.iter().all(|item| item.is_err()) {
            true => Err(Error::from(error::INVALID).faults(placed(&items))),
            false => Ok(Self { atomic: batch.atomic, items }),
        }
    }
}

/// What is wrong with the items, where they stand in the body.
fn placed(items: &[std::result::Result<BatchItem, Unread>]) -> Vec<Fault> {
    let unread = items.iter().enumerate().filter_map(|(place, item)| Some((place, item.as_ref().err()?)));
    let faults = unread.flat_map(|(place, item)| {
        let told = item.detail.clone().map(|detail| Fault::new("", item.code.name, detail));
        let faults = item.faults.iter().cloned().chain(told);
        faults.map(move |fault| Fault { pointer: format!("/items/{place}{}", fault.pointer), ..fault })
    });
    faults.take(MOST_FAULTS).collect()
}

impl BatchItem {
    /// Whether the tenant requires what it does not say: which version is changed.
    pub fn lacks_version(&self, ctx: &Ctx) -> bool {
        let is_change = matches!(self.op, BatchOp::Update | BatchOp::Delete);
        is_change && self.if_match.is_none() && ctx.grants.requires_versions()
    }

    fn of(raw: &RawValue) -> std::result::Result<Self, Unread> {
        let unread = |Error { code, detail, faults, .. }| {
            let named = serde_json::from_str::<Value>(raw.get()).ok();
            let named = named.and_then(|item| item.get("ref")?.as_str().map(str::to_owned));
            Unread { r#ref: named, code, detail, faults }
        };
        let item: Self = plain(raw.get().as_bytes(), None).map_err(unread)?;
        item.aimed().map_err(unread)?;
        Ok(item)
    }

    /// A key goes with `upsert`, an id with the others.
    fn aimed(&self) -> Result<()> {
        let fault = |pointer: &str, code: &str, message| Err(Error::invalid(pointer, code, message));
        match (self.op, &self.key, self.id) {
            (BatchOp::Upsert, None, _) => fault("/key", "required", shape::missing("key")),
            (BatchOp::Upsert, Some(_), Some(_)) => {
                fault("/id", "unknown_field", text!("`key` says which record it is"))
            }
            (BatchOp::Upsert, Some(key), None) if key.split_once('/').is_none_or(|(key, _)| key.is_empty()) => {
                fault("/key", "unknown_key", text!("a key and its value are expected, such as ext:shop/42"))
            }
            (BatchOp::Create | BatchOp::Update | BatchOp::Delete, Some(_), _) => {
                fault("/key", "unknown_field", text!("goes with `upsert` alone"))
            }
            _ => Ok(()),
        }
    }

    /// Its data as a body of this shape, or all that is wrong with it.
    pub fn read<T: Body>(&self) -> Result<T> {
        read(&self.body()?, &self.grants)
    }

    /// Which record is meant.
    pub fn id<I: From<Uuid>>(&self) -> Result<I> {
        self.id.map(I::from).ok_or_else(|| Error::invalid("/id", "required", text!("says which record")))
    }

    /// Its key, and its data in both readings.
    pub fn upsert<N: Body, P: Body>(&self) -> Result<(KeyPath, Upsert<N, P>)> {
        let named = self.key.as_deref().and_then(|key| key.split_once('/'));
        let (key, value) = named.ok_or_else(|| Error::invalid("/key", "required", shape::missing("key")))?;
        let path = KeyPath { key: key.to_owned(), value: value.to_owned() };
        keyed::is_one::<N>(&path, &self.grants).map_err(|error| {
            let faults = error.faults.iter().cloned().map(|fault| Fault { pointer: "/key".to_owned(), ..fault });
            Error { faults: faults.collect(), ..error }
        })?;
        let ask = keyed::upsert(&self.body()?, &path, Mode::Upsert, self.if_match, &self.grants)?;
        Ok((path, ask))
    }

    fn body(&self) -> Result<Vec<u8>> {
        let data = self.data.as_ref().ok_or_else(|| Error::invalid("/data", "required", shape::missing("data")))?;
        serde_json::to_vec(data).map_err(Error::internal)
    }
}

/// Of a noun whose records are not put by a key.
pub fn no_upsert() -> Error {
    Error::invalid("/op", "wrong_type", text!("is none of {choices}", choices = "create, update, delete"))
}
