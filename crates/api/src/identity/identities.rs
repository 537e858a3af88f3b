//! `/v1/me/identities`: who the caller is at identity providers; and who a user is there.
use crate::answer::{Nothing, Result, Secret};
use crate::extract::{Can, Id, Valid};
use crate::house::House;
use crate::routes::Routes;
use ::identity::Identity;
use ::identity::sso::identity::{self, SsoIdentity};
use ::identity::sso::provider::SsoProvider;
use ::identity::sso::{self, Begun, Finish, Start};
use ::identity::user::User;
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, post};
use kernel::{Myself, Page, Read, SsoIdentityId, SsoProviderId, Update, UserId};
use platform::Db;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_my_identities)
        .service(start_my_identity)
        .service(link_my_identity)
        .service(unlink_my_identity)
        .service(list_user_identities)
        .service(unlink_user_identity);
}

type SsoIdentityPage = Page<SsoIdentity>;

/// List who I am at identity providers
#[utoipa::path(tag = "me", responses((status = 200, description = "the identities", body = SsoIdentityPage)))]
#[get("/me/identities")]
async fn list_my_identities(db: Data<Db>, Can(can): Can<Myself>) -> Result<Json<SsoIdentityPage>> {
    Ok(Json(db.read(can, identity::list).await?))
}

/// Begin to link myself
///
/// As a login begins: the browser goes to the provider, and comes back with a `code`.
#[utoipa::path(tag = "me", params(("id" = SsoProviderId, Path)), request_body = Start,
    responses((status = 200, description = "where the browser goes", body = Begun)))]
#[post("/sso-providers/{id}/link")]
async fn start_my_identity(
    identity: Data<Identity>,
    house: Data<House>,
    Can(can): Can<Myself>,
    Id(id): Id<SsoProviderId>,
    Valid(ask): Valid<Start>,
) -> Result<Secret<Json<Begun>>> {
    Ok(Secret(Json(identity.start_link(can, id, ask, house.mail.page(sso::PAGE)).await?)))
}

/// Link myself
///
/// With what the provider has sent the browser back with. From then on the caller logs in there too, whatever their e-mail
/// address is there.
#[utoipa::path(tag = "me", request_body = Finish,
    responses((status = 200, description = "the identity", body = SsoIdentity)))]
#[post("/me/identities")]
async fn link_my_identity(
    identity: Data<Identity>,
    Can(can): Can<Myself>,
    Valid(ask): Valid<Finish>,
) -> Result<Json<SsoIdentity>> {
    Ok(Json(identity.finish_link(can, ask).await?))
}

/// Unlink myself
///
/// The next login there is a first one again.
#[utoipa::path(tag = "me", params(("id" = SsoIdentityId, Path)), responses((status = 204, description = "unlinked")))]
#[delete("/me/identities/{id}")]
async fn unlink_my_identity(db: Data<Db>, Can(can): Can<Myself>, Id(id): Id<SsoIdentityId>) -> Result<Nothing> {
    db.change(can, move |conn, ctx| identity::unlink(conn, ctx, id)).await?;
    Ok(Nothing)
}

/// List who a user is at identity providers
#[utoipa::path(tag = "users", params(("id" = UserId, Path)),
    responses((status = 200, description = "the identities", body = SsoIdentityPage)))]
#[get("/users/{id}/identities")]
async fn list_user_identities(
    db: Data<Db>,
    Can(can): Can<(Read<User>, Read<SsoProvider>)>,
    Id(id): Id<UserId>,
) -> Result<Json<SsoIdentityPage>> {
    Ok(Json(db.read(can, move |conn, ctx| identity::of_user(conn, ctx, id)).await?))
}

/// Unlink a user
///
/// By those who hold all that the user holds.
#[utoipa::path(tag = "users", params(("id" = UserId, Path), ("identity_id" = SsoIdentityId, Path)),
    responses((status = 204, description = "unlinked")))]
#[delete("/users/{id}/identities/{identity_id}")]
async fn unlink_user_identity(
    db: Data<Db>,
    house: Data<House>,
    Can(can): Can<Update<User>>,
    path: Path<(UserId, SsoIdentityId)>,
) -> Result<Nothing> {
    let (objects, (user, id)) = (house.identity.objects(), path.into_inner());
    db.change(can, move |conn, ctx| identity::unlink_of(conn, ctx, objects, user, id)).await?;
    Ok(Nothing)
}
