//! `Can<P>`: who asks, and that they may. The only source of a [`Permit`] in a handler, and so of the database.
use super::{address, request_id, state};
use crate::answer::{Fail, Result};
use crate::limit;
use ::identity::Identity;
use ::identity::api_key::ADDRESS_NOT_ALLOWED;
use actix_web::dev::Payload;
use actix_web::http::{Method, header};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use kernel::{Ctx, Permission, Permit, clock, error};
use platform::{Db, custom};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use tokio::sync::OnceCell;

pub struct Can<P>(pub Permit<P>);

impl<P: Permission> FromRequest for Can<P> {
    type Error = Fail;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { Ok(Self(Permit::check(authenticate(&req).await?)?)) })
    }
}

/// Found out once for a request: who asks meanwhile waits for the first who did.
#[derive(Clone, Default)]
struct Known(Rc<OnceCell<Ctx>>);

/// The caller, by the bearer token or API key of the request.
pub async fn authenticate(req: &HttpRequest) -> kernel::Result<Ctx> {
    let known = req.extensions().get::<Known>().cloned();
    let known = known.unwrap_or_else(|| {
        let first = Known::default();
        req.extensions_mut().insert(first.clone());
        first
    });
    known.0.get_or_try_init(|| ask(req)).await.cloned()
}

/// The caller, where somebody has asked for them and they may come in.
pub fn caller(req: &HttpRequest) -> Option<Ctx> {
    req.extensions().get::<Known>()?.0.get().cloned()
}

async fn ask(req: &HttpRequest) -> kernel::Result<Ctx> {
    let bearer = bearer(req).ok_or(error::UNAUTHENTICATED)?;
    let (identity, from, request, now) = (state::<Identity>(req)?, address(req), request_id(req), clock::now());
    let known = match identity.known(bearer, from, request, now) {
        Some(known) => known,
        None => identity.authenticate(bearer, from, request, now).await,
    };
    if known.as_ref().is_err_and(|error| error.code == ADDRESS_NOT_ALLOWED) {
        identity.note_elsewhere(bearer, from, request, now).await;
    }
    let ctx = known?;
    limit::caller(req, &ctx)?;
    if req.method() != Method::GET {
        custom::refreshed(state::<Db>(req)?, ctx.tenant, ctx.grants.known()).await?;
    }
    Ok(ctx)
}

/// The token or key that a request comes with.
pub fn bearer(req: &HttpRequest) -> Option<&str> {
    let value = req.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
