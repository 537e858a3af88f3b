//! `Upserting<N, P>`: a body that makes a record or changes it, for which of both shows only later.
use super::body::{Body, grants, guarded, json, read};
use super::sighted;
use super::version::given;
use crate::answer::{Fail, Result};
use crate::key::{self, KeyPath, external, unknown_key};
use crate::sight::Sight;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use kernel::custom::CUSTOM;
use kernel::{Error, Grants, error, shape, text};
use platform::custom;
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
        let (base, query) = (given(req), super::Asked::<UpsertQuery>::from_request(req, payload));
        let req = req.clone();
        Box::pin(async move {
            let (base, query) = (base?, query.await?.0);
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
    let Some((key, value)) = key else { return Ok(()) };
    if let Some(own) = key::own(key) {
        let all = grants.own();
        let own = Sight::of_the_house().noun::<N>().and_then(|noun| Some((noun, all.get(noun, own)?)));
        let seen = own.is_some_and(|(noun, own)| own.is_unique && !grants.hides(noun, key));
        let fits = own.is_some_and(|(_, own)| custom::normal(own, value).is_some());
        return match (seen, fits) {
            (false, _) => Err(unknown_key(key)),
            (true, true) => Ok(()),
            (true, false) => Err(Error::invalid("/value", "wrong_type", text!("is no value of the field"))),
        };
    }
    if grants.is_plain() {
        return Ok(());
    }
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
    if let Some((key, value)) = key.as_ref() {
        own_key::<N>(&mut whole, key, value, grants)?;
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

/// A record takes the unique field of the tenant's own that it is asked for by.
fn own_key<N: ToSchema>(whole: &mut Value, key: &str, value: &str, grants: &Grants) -> kernel::Result<()> {
    let all = grants.own();
    let noun = Sight::of_the_house().noun::<N>();
    let Some(own) = noun.zip(key::own(key)).and_then(|(noun, key)| all.get(noun, key)) else { return Ok(()) };
    let Some(members) = whole.as_object_mut() else { return Ok(()) };
    let Some(fields) = members.entry(CUSTOM).or_insert_with(|| Value::Object(Default::default())).as_object_mut()
    else {
        return Ok(());
    };
    let normal = custom::normal(own, value).unwrap_or_default();
    let told = |given: &Value| given.as_str().map_or_else(|| given.to_string(), str::to_owned);
    let same = |given: &Value| custom::normal(own, &told(given)).is_none_or(|given| given == normal);
    if !fields.get(&own.key).is_none_or(same) {
        let told = text!("differs from the key that is asked for");
        return Err(Error::invalid(format!("/{CUSTOM}/{}", own.key), "key_mismatch", told));
    }
    let value = match own.holds {
        kernel::custom::Type::Int => normal.parse::<i64>().map(Value::from).unwrap_or_default(),
        _ => Value::String(normal),
    };
    fields.entry(own.key.clone()).or_insert(value);
    Ok(())
}

fn members_of<T: ToSchema>() -> Vec<String> {
    match T::schema() {
        RefOr::T(Schema::Object(schema)) => schema.properties.keys().cloned().collect(),
        _ => Vec::new(),
    }
}
