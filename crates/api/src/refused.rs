//! What callers were refused is noted in the audit trail: that somebody tried what they may not. The same caller with the
//! same refusal at the same operation is noted once in a while, so that nobody fills the trail.
use crate::answer::Fail;
use crate::extract::caller;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use kernel::{Code, Kind, Myself, Permit};
use moka::sync::Cache;
use platform::{Db, audit};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

const QUIET: Duration = Duration::from_secs(60);
const ROOM: u64 = 10_000;

/// What was noted a moment ago: tenant, actor, code, operation.
#[derive(Clone)]
pub struct Refusals(Cache<(Uuid, Uuid, &'static str, String), ()>);

impl Default for Refusals {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(ROOM).time_to_live(QUIET).build())
    }
}

/// Stands outside of [`crate::once`], for a refusal undoes what was done.
pub async fn note(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(req).await?.map_into_boxed_body();
    if let Some(code) = forbidden(&response) {
        told(&response, code).await;
    }
    Ok(response)
}

fn forbidden(response: &ServiceResponse<BoxBody>) -> Option<Code> {
    let fail = response.response().error()?.as_error::<Fail>()?;
    (fail.0.kind() == Kind::Forbidden).then_some(fail.0.code)
}

async fn told(response: &ServiceResponse<BoxBody>, code: Code) {
    let req = response.request();
    let Some(ctx) = caller(req) else { return };
    let (Some(db), Some(known)) = (req.app_data::<Data<Db>>(), req.app_data::<Data<Refusals>>()) else { return };
    let operation = format!("{} {}", req.method(), req.match_pattern().unwrap_or_default());
    let key = (ctx.tenant.0, ctx.actor.user.0, code.name, operation.clone());
    if known.0.contains_key(&key) {
        return;
    }
    known.0.insert(key, ());
    let details = json!({"operation": operation, "code": code.name});
    let Ok(can) = Permit::<Myself>::check(ctx) else { return };
    let noted =
        db.change(can, move |conn, ctx| audit::note(conn, ctx, "request.refused", "user", ctx.actor.user, details));
    if let Err(error) = noted.await {
        tracing::warn!(%error, "a refusal was not noted");
    }
}
