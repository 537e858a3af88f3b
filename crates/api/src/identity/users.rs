//! `/v1/users`: the people who work here, and the roles they hold.
use crate::answer::{Created, Found, Nothing, Result, Secret, Shown};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::house::House;
use crate::routes::Routes;
use crate::worker;
use ::identity::Identity;
use ::identity::link::Invitation;
use ::identity::role::{self, Role};
use ::identity::user::{self, NewUser, User, UserPatch};
use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get, patch, post, put};
use kernel::{Assign, Create, Delete, Page, Purge, Read, RoleId, Update, UserId};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_users)
        .service(create_user)
        .service(get_user)
        .service(update_user)
        .service(delete_user)
        .service(restore_user)
        .service(invite_user)
        .service(list_user_roles)
        .service(give_user_role)
        .service(take_user_role);
}

type UserPage = Page<User>;

/// List users
#[utoipa::path(tag = "users", params(ListQuery),
    responses((status = 200, description = "a page of users", body = UserPage)))]
#[get("/users")]
async fn list_users(
    db: Data<Db>,
    Can(can): Can<Read<User>>,
    List(listing, view): List<user::Table>,
) -> Result<Shown<UserPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| user::list(conn, ctx, &listing)).await
}

/// Create a user
///
/// With roles that the caller could give, and teams that they may change.
#[utoipa::path(tag = "users", request_body = NewUser,
    responses((status = 201, description = "the user as they were made", body = User)))]
#[post("/users")]
async fn create_user(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Create<User>>,
    Valid(new): Valid<NewUser>,
) -> Result<Created<User>> {
    let (objects, hash) = (identity.objects(), identity.hash(new.password.as_ref()).await?);
    let made = db.change(can, move |conn, ctx| user::create(conn, ctx, objects, &new, hash.as_ref()));
    Ok(Created(made.await?))
}

/// Get a user
#[utoipa::path(tag = "users", params(("id" = UserId, Path), ViewQuery),
    responses((status = 200, description = "the user", body = User)))]
#[get("/users/{id}")]
async fn get_user(db: Data<Db>, Can(can): Can<Read<User>>, Id(id): Id<UserId>, view: View) -> Result<Found<User>> {
    view.one(&db, can, id).await
}

/// Update a user
///
/// By those who hold all that the user holds. A new password and `is_active: false` end the user's sessions.
#[utoipa::path(tag = "users", params(("id" = UserId, Path)),
    request_body(content = UserPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the user as they are now", body = User)))]
#[patch("/users/{id}")]
async fn update_user(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Update<User>>,
    Id(id): Id<UserId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<UserPatch>,
) -> Result<Found<User>> {
    let (objects, hash) = (identity.objects(), identity.hash(patch.password.as_ref()).await?);
    let changed = db.change(can, move |conn, ctx| user::update(conn, ctx, objects, id, base, &patch, hash.as_ref()));
    let changed = changed.await?;
    identity.forget();
    worker::wake(); // a new address has to be proved
    Ok(Found::plain(changed))
}

/// Archive or purge a user
///
/// An archived user keeps what they own, and gets in nowhere.
#[utoipa::path(tag = "users", params(("id" = UserId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/users/{id}")]
async fn delete_user(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Delete<User>>,
    Id(id): Id<UserId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    let objects = identity.objects();
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<User>>().and_then(|()| user::purge(conn, ctx, objects, id, base)),
        false => user::archive(conn, ctx, objects, id, base).map(drop),
    })
    .await?;
    identity.forget();
    Ok(Nothing)
}

/// Restore an archived user
#[utoipa::path(tag = "users", params(("id" = UserId, Path)),
    responses((status = 200, description = "the user, back again", body = User)))]
#[post("/users/{id}/restore")]
async fn restore_user(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Delete<User>>,
    Id(id): Id<UserId>,
) -> Result<Found<User>> {
    let objects = identity.objects();
    Ok(Found::plain(db.change(can, move |conn, ctx| user::restore(conn, ctx, objects, id)).await?))
}

/// Invite a user
///
/// Sends a letter with a link by which they choose their password, good once, for seven days. Where this server sends
/// no mail, the link is in the answer, once, to be passed on. By those who hold all that the user holds.
#[utoipa::path(tag = "users", params(("id" = UserId, Path)),
    responses((status = 200, description = "how the invitation reaches them", body = Invitation)))]
#[post("/users/{id}/invite")]
async fn invite_user(
    db: Data<Db>,
    house: Data<House>,
    Can(can): Can<Update<User>>,
    Id(id): Id<UserId>,
) -> Result<Secret<Json<Invitation>>> {
    let (objects, mail) = (house.identity.objects(), house.mail.clone());
    let invitation = db.change(can, move |conn, ctx| user::invite(conn, ctx, objects, id, &mail)).await?;
    worker::wake();
    Ok(Secret(Json(invitation)))
}

/// List the roles of a user
#[utoipa::path(tag = "users", params(("id" = UserId, Path)),
    responses((status = 200, description = "the roles", body = [Role])))]
#[get("/users/{id}/roles")]
async fn list_user_roles(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<(Read<User>, Read<Role>)>,
    Id(id): Id<UserId>,
) -> Result<Json<Vec<Role>>> {
    let objects = identity.objects();
    Ok(Json(db.read(can, move |conn, ctx| role::of_user(conn, ctx, objects, id)).await?))
}

/// Give a user a role
///
/// One that goes no further than what the caller holds.
#[utoipa::path(tag = "users", params(("id" = UserId, Path), ("role_id" = RoleId, Path)),
    responses((status = 200, description = "the user, who holds the role", body = User)))]
#[put("/users/{id}/roles/{role_id}")]
async fn give_user_role(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Assign<Role>>,
    path: Path<(UserId, RoleId)>,
) -> Result<Found<User>> {
    let (objects, (id, role)) = (identity.objects(), path.into_inner());
    let user = db.change(can, move |conn, ctx| role::give(conn, ctx, objects, id, role)).await?;
    identity.forget();
    Ok(Found::plain(user))
}

/// Take a role from a user
///
/// A tenant keeps one active owner at least.
#[utoipa::path(tag = "users", params(("id" = UserId, Path), ("role_id" = RoleId, Path)),
    responses((status = 200, description = "the user, who holds the role no longer", body = User)))]
#[delete("/users/{id}/roles/{role_id}")]
async fn take_user_role(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Assign<Role>>,
    path: Path<(UserId, RoleId)>,
) -> Result<Found<User>> {
    let (objects, (id, role)) = (identity.objects(), path.into_inner());
    let user = db.change(can, move |conn, ctx| role::take(conn, ctx, objects, id, role)).await?;
    identity.forget();
    Ok(Found::plain(user))
}
