//! `Upserting<N, P>`: a body that makes a record or changes it, for which of both shows only later.
use super::body::{Body, grants, guarded, json};
use super::keyed;
use super::version::given;
use crate::answer::{Fail, Result};
use crate::key::KeyPath;
use actix_web::dev::Payload;
use actix_web::web::Path;
use actix_web::{FromRequest, HttpRequest};
use kernel::error;
use platform::deed::{Mode, Upsert};
use serde::Deserialize;
use std::future::Future;
use std::pin::Pin;
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
        let path = Path::<KeyPath>::extract(req);
        let (base, query) = (given(req), super::Asked::<UpsertQuery>::from_request(req, payload));
        let req = req.clone();
        Box::pin(async move {
            let (base, query) = (base?, query.await?.0);
            let path = path.await.map_err(|_| error::NOT_FOUND)?;
            let read = async {
                let grants = grants::<N>(&req).await?;
                keyed::is_one::<N>(&path, &grants)?;
                keyed::upsert(&bytes.await?, &path, query.mode.into(), base, &grants)
            };
            guarded(&req, read.await).await.map(Self)
        })
    }
}
