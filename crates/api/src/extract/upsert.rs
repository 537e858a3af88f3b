//! `Upserting<N, P>`: a body that makes a record or changes it, for which of both shows only later.
use super::body::{Body, grants, guarded, json, read};
use super::sighted;
use super::version::IfMatch;
use crate::answer::{Fail, Result};
use crate::key::{KeyPath, external, unknown_key};
use crate::sight::Sight;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use kernel::{Error, Grants, error, shape, text};
use platform::deed::{Mode, Upsert};
use serde::Deserialize;
use serde_json::Value;
use std::future::Future;
use std::pin::Pin;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, ToSchema};

/// What an upsert may do.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UpsertQuery {
    /// whether a record may be made, changed, or both
    #[serde(default)]
    #[param(inline)]
    pub mode: UpsertMode,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UpsertMode {
    #[default]
    Upsert,
    CreateOnly,
    UpdateOnly,
}

impl From<UpsertMode> for Mode {
    fn from(mode: UpsertMode) -> Self {
        match mode {
            UpsertMode::Upsert => Self::Upsert,
            UpsertMode::CreateOnly => Self::CreateOnly,
            UpsertMode::UpdateOnly => Self::UpdateOnly,
        }
    }
}

pub struct Upserting<N, P>(pub Upsert<N, P>);

impl<N: Body + 'static, P: Body + 'static> FromRequest for Upserting<N, P> {
    type Error = Fail;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = json(req, payload);
        let key = named(req);
        let (base, query) =
            (IfMatch::from_request(req, payload), super::Asked::<UpsertQuery>::from_request(req, payload));
        let req = req.clone();
        Box::pin(async move {
            let (base, query) = (base.await?.0, query.await?.0);
            let read = async {
                let grants = grants::<N>(&req).await?;
                key_is_seen::<N>(key.as_ref(), &grants)?;
                if key.as_ref().is_some_and(|(_, value)| value.trim().is_empty()) {
                    return Err(Error::invalid("/value", "required", text!("names nothing")));
                }
                upsert(&bytes.await?, key, query.mode.into(), base, &grants)
            };
            guarded(&req, read.await).await.map(Self)
        })
    }
}

/// The key and its value, as the path names them.
fn named(req: &HttpRequest) -> Option<(String, String)> {
    let path = actix_web::web::Path::<KeyPath>::extract(req).into_inner().ok()?.into_inner();
    Some((path.key, path.value))
}

/// A key that is hidden is none.
fn key_is_seen<N: ToSchema>(key: Option<&(String, String)>, grants: &Grants) -> kernel::Result<()> {
    let Some((key, _)) = key.filter(|_| !grants.is_plain()) else { return Ok(()) };
    let hidden = match (external(key), Sight::of_the_house().noun::<N>()) {
        (Some(_), _) => grants.hides("external_ref", "external_id"),
        (None, Some(noun)) => grants.hides(noun, key),
        (None, None) => false,
    };
    if hidden { Err(unknown_key(key)) } else { Ok(()) }
}

/// Both readings of one body. That it cannot be a new record is a fault only if there is none yet; a new record takes
/// the key it is asked for by as its own.
pub fn upsert<N: Body, P: Body>(
    bytes: &[u8],
    key: Option<(String, String)>,
    mode: Mode,
    base: Option<i32>,
    grants: &Grants,
) -> kernel::Result<Upsert<N, P>> {
    let (makes, changes) = (members_of::<N>(), members_of::<P>());
    let mut whole: Value = serde_json::from_slice(bytes).map_err(|e| shape::malformed(&e))?;
    if !grants.is_plain() && sighted::hide::<N>(&mut whole, grants) {
        read::<N>(bytes, grants)?;
    }
    let (mut new, mut patch) = (whole.clone(), whole);
    if let (Some(members), Some((key, value))) = (new.as_object_mut(), key.filter(|(key, _)| makes.contains(key))) {
        let same =
            |given: &Value| given.as_str().is_none_or(|given| given.trim().to_lowercase() == value.to_lowercase());
        if !members.get(&key).is_none_or(same) {
            return Err(Error::invalid(
                format!("/{key}"),
                "key_mismatch",
                text!("differs from the key that is asked for"),
            ));
        }
        members.entry(key).or_insert(Value::String(value));
    }
    if let Some(members) = patch.as_object_mut() {
        members.retain(|name, _| changes.contains(name) || !makes.contains(name));
    }
    let bytes = |value| serde_json::to_vec(value).map_err(Error::internal);
    let new = match read::<N>(&bytes(&new)?, grants) {
        Ok(new) => Ok(new),
        Err(error) if error.code == error::INVALID => Err(error.faults),
        Err(error) => return Err(error),
    };
    Ok(Upsert { mode, base, new, patch: read::<P>(&bytes(&patch)?, grants)? })
}

fn members_of<T: ToSchema>() -> Vec<String> {
    match T::schema() {
        RefOr::T(Schema::Object(schema)) => schema.properties.keys().cloned().collect(),
        _ => Vec::new(),
    }
}
