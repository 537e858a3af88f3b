//! `/v1/me`: who the caller is, and what they may do.
use super::bearer::Bearer;
use crate::answer::{Found, Nothing, Result};
use crate::extract::{Can, IfMatch, Valid};
use crate::house::House;
use crate::problem::Problem;
use crate::routes::Routes;
use crate::worker;
use ::identity::Identity;
use ::identity::me::{self, Me, MePatch, MyPermissions, PasswordChange};
use ::identity::user::{self, User};
use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, patch, post};
use kernel::Myself;
use platform::Db;

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_me)
        .service(update_me)
        .service(get_my_permissions)
        .service(change_my_password)
        .service(request_email_proof);
}

/// Get who I am
#[utoipa::path(tag = "me",
    responses((status = 200, description = "the caller, their tenant, roles and permissions", body = Me)))]
#[get("/me")]
async fn get_me(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Myself>,
    Bearer(bearer): Bearer,
) -> Result<Json<Me>> {
    let session = identity.session(&bearer);
    Ok(Json(db.read(can, move |conn, ctx| me::show(conn, ctx, session)).await?))
}

/// Update myself
#[utoipa::path(tag = "me", request_body(content = MePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the caller as they are now", body = User)))]
#[patch("/me")]
async fn update_me(
    db: Data<Db>,
    Can(can): Can<Myself>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<MePatch>,
) -> Result<Found<User>> {
    Ok(Found::plain(db.change(can, move |conn, ctx| user::update_own(conn, ctx, base, &patch)).await?))
}

/// Get what I may do
#[utoipa::path(tag = "me",
    responses((status = 200, description = "object × action → reach, and the fields held back, for an application to draw what works",
               body = MyPermissions)))]
#[get("/me/permissions")]
async fn get_my_permissions(Can(can): Can<Myself>) -> Result<Json<MyPermissions>> {
    Ok(Json(me::permissions(can.ctx())))
}

/// Change my password
///
/// All my other sessions end.
#[utoipa::path(tag = "me", request_body = PasswordChange,
    responses((status = 204, description = "the new password holds"),
              (status = 429, description = "too many failures: come back after `Retry-After` seconds", body = Problem,
               content_type = "application/problem+json")))]
#[post("/me/password")]
async fn change_my_password(
    identity: Data<Identity>,
    Can(can): Can<Myself>,
    Bearer(bearer): Bearer,
    Valid(change): Valid<PasswordChange>,
) -> Result<Nothing> {
    identity.change_password(can, &bearer, change).await?;
    Ok(Nothing)
}

/// Prove my e-mail address
///
/// Sends a letter with a link to it, good once, for 30 minutes.
#[utoipa::path(tag = "me", responses((status = 202, description = "the letter is on its way")))]
#[post("/me/verify-email")]
async fn request_email_proof(db: Data<Db>, house: Data<House>, Can(can): Can<Myself>) -> Result<HttpResponse> {
    let mail = house.mail.clone();
    db.change(can, move |conn, ctx| user::ask_for_proof(conn, ctx, &mail)).await?;
    worker::wake();
    Ok(HttpResponse::Accepted().finish())
}
