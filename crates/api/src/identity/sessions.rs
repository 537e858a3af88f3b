//! `/v1/sessions`: the devices that the caller has logged in with.
use super::bearer::Bearer;
use crate::answer::{Nothing, Result};
use crate::extract::{Can, Id};
use crate::routes::Routes;
use ::identity::Identity;
use ::identity::session::{self, Device};
use actix_web::web::{Data, Json};
use actix_web::{delete, get};
use kernel::{Myself, Page, SessionId};
use platform::Db;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_sessions).service(revoke_other_sessions).service(revoke_session);
}

type DevicePage = Page<Device>;

/// List my sessions
///
/// The devices that I have logged in with, the newest first: what they call themselves, from where and when they last
/// asked for tokens, and which of them asks now.
#[utoipa::path(tag = "auth", responses((status = 200, description = "all that live", body = DevicePage)))]
#[get("/sessions")]
async fn list_sessions(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Myself>,
    Bearer(bearer): Bearer,
) -> Result<Json<DevicePage>> {
    let current = identity.session(&bearer);
    Ok(Json(db.read(can, move |conn, ctx| session::own(conn, ctx, current)).await?))
}

/// End all my other sessions
///
/// Every device but this one is out within five seconds, on every server. With an API key: every device.
#[utoipa::path(tag = "auth", responses((status = 204, description = "they have ended")))]
#[delete("/sessions")]
async fn revoke_other_sessions(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Myself>,
    Bearer(bearer): Bearer,
) -> Result<Nothing> {
    let current = identity.session(&bearer);
    db.change(can, move |conn, ctx| session::revoke_others(conn, ctx, current)).await?;
    identity.forget();
    Ok(Nothing)
}

/// End one of my sessions
#[utoipa::path(tag = "auth", params(("id" = SessionId, Path)),
    responses((status = 204, description = "it has ended")))]
#[delete("/sessions/{id}")]
async fn revoke_session(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Myself>,
    Id(id): Id<SessionId>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| session::revoke(conn, ctx, id)).await?;
    identity.forget();
    Ok(Nothing)
}
