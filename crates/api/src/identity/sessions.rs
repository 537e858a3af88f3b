//! `/v1/sessions`: the devices that the caller has logged in with.
use crate::answer::{Nothing, Result};
use crate::extract::{Can, Id};
use ::identity::Identity;
use ::identity::session::{self, Session};
use actix_web::web::{Data, Json};
use actix_web::{delete, get};
use kernel::{Myself, Page, SessionId};
use platform::Db;
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_sessions).service(revoke_session);
}

type SessionPage = Page<Session>;

/// List my sessions
///
/// The devices that I have logged in with, the newest first.
#[utoipa::path(tag = "auth", responses((status = 200, description = "all that live", body = SessionPage)))]
#[get("/sessions")]
async fn list_sessions(db: Data<Db>, Can(can): Can<Myself>) -> Result<Json<SessionPage>> {
    Ok(Json(db.read(can, session::own).await?))
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
