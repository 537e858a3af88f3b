//! `/v1/me/factors`: what the caller shows beside their password; and how it is shown at a login.
use crate::answer::{Created, Nothing, Result, Secret};
use crate::extract::{Address, Can, Id, Valid, request_id};
use crate::problem::Problem;
use crate::routes::Routes;
use ::identity::factor::{self, Confirmation, ConfirmedFactor, Factor, FreshFactor, NewFactor, SecondFactor};
use ::identity::user::User;
use ::identity::{Identity, Tokens};
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, delete, get, post};
use kernel::{FactorId, Myself, Page, Update, UserId, clock};
use platform::{Db, Vault};

pub fn routes(cfg: &mut Routes) {
    cfg.service(pass_second_factor)
        .service(list_my_factors)
        .service(add_my_factor)
        .service(confirm_my_factor)
        .service(remove_my_factor)
        .service(reset_user_factors);
}

type FactorPage = Page<Factor>;

/// Show my second factor
///
/// The second step of a login that was answered with `second_factor_required` and a `challenge`, within five minutes. A
/// code is good once; too many wrong ones have to wait.
#[utoipa::path(tag = "auth", request_body = SecondFactor,
    responses((status = 200, description = "the tokens", body = Tokens),
              (status = 429, description = "too many failures: come back after `Retry-After` seconds", body = Problem,
               content_type = "application/problem+json")))]
#[post("/auth/login/second-factor")]
async fn pass_second_factor(
    req: HttpRequest,
    identity: Data<Identity>,
    Address(address): Address,
    Valid(ask): Valid<SecondFactor>,
) -> Result<Secret<Json<Tokens>>> {
    Ok(Secret(Json(identity.second_factor(ask, address, request_id(&req), clock::now()).await?)))
}

/// List my factors
#[utoipa::path(tag = "me", responses((status = 200, description = "the factors", body = FactorPage)))]
#[get("/me/factors")]
async fn list_my_factors(db: Data<Db>, Can(can): Can<Myself>) -> Result<Json<FactorPage>> {
    Ok(Json(db.read(can, factor::list).await?))
}

/// Begin a factor
///
/// Its secret is shown this once. It is asked for at a login when it is confirmed, and not before.
#[utoipa::path(tag = "me", request_body = NewFactor,
    responses((status = 201, description = "the factor, with its secret", body = FreshFactor)))]
#[post("/me/factors")]
async fn add_my_factor(
    db: Data<Db>,
    vault: Data<Vault>,
    Can(can): Can<Myself>,
    Valid(new): Valid<NewFactor>,
) -> Result<Secret<Created<FreshFactor>>> {
    Ok(Secret(Created(db.change(can, move |conn, ctx| factor::add(conn, ctx, &vault, &new)).await?)))
}

/// Confirm a factor
///
/// With a code that shows that it works. From then on each login asks for one. The recovery codes are shown this once.
#[utoipa::path(tag = "me", params(("id" = FactorId, Path)), request_body = Confirmation,
    responses((status = 200, description = "the factor, with its recovery codes", body = ConfirmedFactor)))]
#[post("/me/factors/{id}/confirm")]
async fn confirm_my_factor(
    db: Data<Db>,
    vault: Data<Vault>,
    identity: Data<Identity>,
    Can(can): Can<Myself>,
    Id(id): Id<FactorId>,
    Valid(ask): Valid<Confirmation>,
) -> Result<Secret<Json<ConfirmedFactor>>> {
    let confirmed = db.change(can, move |conn, ctx| factor::confirm(conn, ctx, &vault, id, &ask.code)).await?;
    identity.forget();
    Ok(Secret(Json(confirmed)))
}

/// Take away a factor of mine
///
/// And its recovery codes. A login asks for the password alone from then on.
#[utoipa::path(tag = "me", params(("id" = FactorId, Path)), responses((status = 204, description = "taken away")))]
#[delete("/me/factors/{id}")]
async fn remove_my_factor(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Myself>,
    Id(id): Id<FactorId>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| factor::remove(conn, ctx, id)).await?;
    identity.forget();
    Ok(Nothing)
}

/// Reset the factors of a user
///
/// Who has lost theirs, by those who hold all that the user holds.
#[utoipa::path(tag = "users", params(("id" = UserId, Path)),
    responses((status = 204, description = "the user has no factor any more")))]
#[delete("/users/{id}/factors")]
async fn reset_user_factors(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Update<User>>,
    Id(id): Id<UserId>,
) -> Result<Nothing> {
    let objects = identity.objects();
    db.change(can, move |conn, ctx| factor::reset(conn, ctx, objects, id)).await?;
    identity.forget();
    Ok(Nothing)
}
