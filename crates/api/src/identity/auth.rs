//! `/v1/auth`: logging in, staying in, and leaving.
use super::bearer::Bearer;
use crate::answer::{Nothing, Result, Secret};
use crate::extract::{Address, Can, Valid, request_id};
use crate::problem::Problem;
use crate::routes::Routes;
use crate::worker;
use ::identity::link::{EmailProof, PasswordByLink, Purpose, ResetRequest};
use ::identity::{Identity, Login, Refresh, Tokens};
use actix_web::http::header::USER_AGENT;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, post};
use kernel::{Myself, clock};

pub fn routes(cfg: &mut Routes) {
    cfg.service(login)
        .service(refresh_session)
        .service(logout)
        .service(accept_invitation)
        .service(request_password_reset)
        .service(reset_password)
        .service(verify_email);
}

/// Log in
///
/// The access token is good for ten minutes; the refresh token gets the next one, once. Too many failures from one
/// address have to wait.
#[utoipa::path(tag = "auth", request_body = Login,
    responses((status = 200, description = "the tokens", body = Tokens),
              (status = 429, description = "too many failures: come back after `Retry-After` seconds", body = Problem,
               content_type = "application/problem+json")))]
#[post("/auth/login")]
async fn login(
    req: HttpRequest,
    identity: Data<Identity>,
    Address(address): Address,
    Valid(mut ask): Valid<Login>,
) -> Result<Secret<Json<Tokens>>> {
    ask.device = ask.device.or_else(|| user_agent(&req));
    Ok(Secret(Json(identity.login(ask, address, request_id(&req), clock::now()).await?)))
}

/// Get the next tokens of a session
///
/// A refresh token is good once. Whoever shows one that was used before ends the session.
#[utoipa::path(tag = "auth", request_body = Refresh,
    responses((status = 200, description = "the tokens", body = Tokens)))]
#[post("/auth/refresh")]
async fn refresh_session(
    req: HttpRequest,
    identity: Data<Identity>,
    Address(address): Address,
    Valid(ask): Valid<Refresh>,
) -> Result<Secret<Json<Tokens>>> {
    Ok(Secret(Json(identity.refresh(&ask, address, request_id(&req), clock::now()).await?)))
}

/// Log out
///
/// Ends the session of the access token.
#[utoipa::path(tag = "auth", responses((status = 204, description = "the session has ended")))]
#[post("/auth/logout")]
async fn logout(identity: Data<Identity>, Can(can): Can<Myself>, Bearer(bearer): Bearer) -> Result<Nothing> {
    identity.logout(can, &bearer).await?;
    Ok(Nothing)
}

/// Accept an invitation
///
/// Chooses the password that one logs in with from now on. The link of the letter is good once, for seven days.
#[utoipa::path(tag = "auth", request_body = PasswordByLink,
    responses((status = 204, description = "the password holds")))]
#[post("/auth/accept-invitation")]
async fn accept_invitation(
    req: HttpRequest,
    identity: Data<Identity>,
    Address(address): Address,
    Valid(ask): Valid<PasswordByLink>,
) -> Result<Nothing> {
    identity.choose_password(ask, Purpose::Invitation, address, request_id(&req), clock::now()).await?;
    Ok(Nothing)
}

/// Ask for a new password
///
/// The answer and the work are the same whether there is such a user. Who is one gets a letter with a link, good once,
/// for 30 minutes; at most one a minute.
#[utoipa::path(tag = "auth", request_body = ResetRequest,
    responses((status = 202, description = "if there is such a user, a letter is on its way")))]
#[post("/auth/request-password-reset")]
async fn request_password_reset(
    req: HttpRequest,
    identity: Data<Identity>,
    Valid(ask): Valid<ResetRequest>,
) -> Result<HttpResponse> {
    identity.request_password_reset(ask, request_id(&req), clock::now()).await?;
    worker::wake();
    Ok(HttpResponse::Accepted().finish())
}

/// Choose a new password
///
/// By the link of the letter. All sessions of the user end.
#[utoipa::path(tag = "auth", request_body = PasswordByLink,
    responses((status = 204, description = "the new password holds")))]
#[post("/auth/reset-password")]
async fn reset_password(
    req: HttpRequest,
    identity: Data<Identity>,
    Address(address): Address,
    Valid(ask): Valid<PasswordByLink>,
) -> Result<Nothing> {
    identity.choose_password(ask, Purpose::PasswordReset, address, request_id(&req), clock::now()).await?;
    Ok(Nothing)
}

/// Prove an e-mail address
///
/// By the link of the letter that `POST /v1/me/verify-email`, or a change of the address, has sent.
#[utoipa::path(tag = "auth", request_body = EmailProof,
    responses((status = 204, description = "the address is the user's")))]
#[post("/auth/verify-email")]
async fn verify_email(
    req: HttpRequest,
    identity: Data<Identity>,
    Address(address): Address,
    Valid(ask): Valid<EmailProof>,
) -> Result<Nothing> {
    identity.verify_email(ask, address, request_id(&req), clock::now()).await?;
    Ok(Nothing)
}

/// What a device calls itself that says nothing else.
pub(super) fn user_agent(req: &HttpRequest) -> Option<String> {
    let text = req.headers().get(USER_AGENT)?.to_str().ok()?;
    Some(text.chars().take(200).collect())
}
