//! `/v1/roles`: what people may do. Who holds a role is under `/v1/users/{id}/roles`.
use crate::answer::{Created, Found, Nothing, Result, Shown};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid};
use crate::routes::Routes;
use ::identity::Identity;
use ::identity::role::{self, NewRole, Role, RolePatch};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{Create, Delete, Page, Purge, Read, RoleId, Update};
use platform::Db;
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_roles)
        .service(create_role)
        .service(get_role)
        .service(update_role)
        .service(delete_role)
        .service(restore_role);
}

type RolePage = Page<Role>;

/// List roles
///
/// The built-in ones and the tenant's own.
#[utoipa::path(tag = "roles", params(ListQuery),
    responses((status = 200, description = "a page of roles", body = RolePage)))]
#[get("/roles")]
async fn list_roles(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Read<Role>>,
    List(listing, view): List<role::Table>,
) -> Result<Shown<RolePage, Page<Value>>> {
    let objects = identity.objects();
    view.page(&db, can, move |conn, ctx| role::list(conn, ctx, objects, &listing)).await
}

/// Create a role
///
/// One that goes no further than what the caller holds, and holds back what is held back from them.
#[utoipa::path(tag = "roles", request_body = NewRole,
    responses((status = 201, description = "the role as it was made", body = Role)))]
#[post("/roles")]
async fn create_role(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Create<Role>>,
    Valid(new): Valid<NewRole>,
) -> Result<Created<Role>> {
    let objects = identity.objects();
    Ok(Created(db.change(can, move |conn, ctx| role::create(conn, ctx, objects, &new)).await?))
}

/// Get a role
#[utoipa::path(tag = "roles", params(("id" = RoleId, Path)),
    responses((status = 200, description = "the role with all its permissions", body = Role)))]
#[get("/roles/{id}")]
async fn get_role(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Read<Role>>,
    Id(id): Id<RoleId>,
) -> Result<Found<Role>> {
    let objects = identity.objects();
    Ok(Found::plain(db.read(can, move |conn, ctx| role::find(conn, ctx, objects, id)).await?))
}

/// Update a role
///
/// `permissions` and `fields` are replaced as a whole. Built-in roles cannot be changed.
#[utoipa::path(tag = "roles", params(("id" = RoleId, Path)),
    request_body(content = RolePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the role as it is now", body = Role)))]
#[patch("/roles/{id}")]
async fn update_role(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Update<Role>>,
    Id(id): Id<RoleId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<RolePatch>,
) -> Result<Found<Role>> {
    let objects = identity.objects();
    let role = db.change(can, move |conn, ctx| role::update(conn, ctx, objects, id, base, &patch)).await?;
    identity.forget();
    Ok(Found::plain(role))
}

/// Archive or purge a role
///
/// Whoever holds it holds it no longer.
#[utoipa::path(tag = "roles", params(("id" = RoleId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/roles/{id}")]
async fn delete_role(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Delete<Role>>,
    Id(id): Id<RoleId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    let objects = identity.objects();
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Role>>().and_then(|()| role::purge(conn, ctx, objects, id, base)),
        false => role::archive(conn, ctx, objects, id, base).map(drop),
    })
    .await?;
    identity.forget();
    Ok(Nothing)
}

/// Restore an archived role
#[utoipa::path(tag = "roles", params(("id" = RoleId, Path)),
    responses((status = 200, description = "the role, in use again", body = Role)))]
#[post("/roles/{id}/restore")]
async fn restore_role(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Delete<Role>>,
    Id(id): Id<RoleId>,
) -> Result<Found<Role>> {
    let objects = identity.objects();
    let role = db.change(can, move |conn, ctx| role::restore(conn, ctx, objects, id)).await?;
    identity.forget();
    Ok(Found::plain(role))
}
