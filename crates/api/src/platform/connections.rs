//! `/v1/connections`: shops, tills and other systems that send data in.
use crate::answer::{Created, Found, Nothing, Result, Secret, Shown};
use crate::extract::{Asked, Can, DeleteQuery, Id, IfMatch, List, ListQuery, Valid, View, ViewQuery};
use crate::inbound::{generic, policy};
use crate::routes::Routes;
use ::identity::{Identity, permission};
use ::platform::connection::{
    self, Connection, ConnectionPatch, ConnectionSecretRotation, FreshConnection, NewConnection, Table,
};
use ::platform::{Db, Vault};
use actix_web::web::Data;
use actix_web::{delete, get, patch, post};
use kernel::{ConnectionId, Create, Delete, Page, Purge, Read, Update};
use serde_json::Value;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_connections)
        .service(create_connection)
        .service(get_connection)
        .service(update_connection)
        .service(rotate_connection_secret)
        .service(delete_connection)
        .service(restore_connection);
}

type ConnectionPage = Page<Connection>;

/// List connections
///
/// Newest first, unless `sort` says otherwise.
#[utoipa::path(tag = "connections", params(ListQuery),
    responses((status = 200, description = "a page of connections", body = ConnectionPage)))]
#[get("/connections")]
async fn list_connections(
    db: Data<Db>,
    Can(can): Can<Read<Connection>>,
    List(listing, view): List<Table>,
) -> Result<Shown<ConnectionPage, Page<Value>>> {
    view.page(&db, can, move |conn, ctx| connection::list(conn, ctx, &listing)).await
}

/// Create a connection
///
/// Its sender posts to `/v1/inbound/{id}` and signs with its secret, which is given here, or made and shown this once.
/// What arrives is written as `user_id`: somebody whose rights the caller holds.
#[utoipa::path(tag = "connections", request_body = NewConnection,
    responses((status = 201, description = "the connection, with the secret that was made", body = FreshConnection)))]
#[post("/connections")]
async fn create_connection(
    db: Data<Db>,
    identity: Data<Identity>,
    vault: Data<Vault>,
    Can(can): Can<Create<Connection>>,
    Valid(new): Valid<NewConnection>,
) -> Result<Secret<Created<FreshConnection>>> {
    let (objects, vault) = (identity.objects(), vault.get_ref().clone());
    let made = db.change(can, move |conn, ctx| {
        generic::check(ctx, &new.kind, &new.source_system, new.mapping.as_ref())?;
        policy::check(ctx, new.field_policies.as_ref())?;
        permission::lends(conn, ctx, objects, new.user_id.unwrap_or(ctx.actor.user))?;
        connection::create(conn, ctx, &vault, &new)
    });
    Ok(Secret(Created(made.await?)))
}

/// Get a connection
#[utoipa::path(tag = "connections", params(("id" = ConnectionId, Path), ViewQuery),
    responses((status = 200, description = "the connection, without its secret", body = Connection)))]
#[get("/connections/{id}")]
async fn get_connection(
    db: Data<Db>,
    Can(can): Can<Read<Connection>>,
    Id(id): Id<ConnectionId>,
    view: View,
) -> Result<Found<Connection>> {
    view.one(&db, can, id).await
}

/// Update a connection
///
/// By somebody who holds the rights of its user; to shut it (`is_active: false`) the permission will do. What has arrived
/// can be worked on again with a mapping that was mended: see `POST /v1/inbound-deliveries/{id}/replay`.
#[utoipa::path(tag = "connections", params(("id" = ConnectionId, Path)),
    request_body(content = ConnectionPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the connection as it is now", body = Connection)))]
#[patch("/connections/{id}")]
async fn update_connection(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Update<Connection>>,
    Id(id): Id<ConnectionId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<ConnectionPatch>,
) -> Result<Found<Connection>> {
    let objects = identity.objects();
    let changed = db.write(can, move |conn, ctx| {
        let before = connection::find(conn, ctx, id)?;
        if !patch.only_shuts() {
            permission::lends(conn, ctx, objects, before.user_id)?;
        }
        if let Some(user) = patch.user_id {
            permission::lends(conn, ctx, objects, user)?;
        }
        if let Some(mapping) = &patch.mapping {
            generic::check(ctx, &before.kind, &before.source_system, mapping.as_ref())?;
        }
        policy::check(ctx, patch.field_policies.as_ref().and_then(Option::as_ref))?;
        connection::update(conn, ctx, id, base, &patch)
    });
    Ok(Found::plain(changed.await?))
}

/// Rotate the secret of a connection
///
/// The one before stays good for `overlap_seconds`; an older one ends at once.
#[utoipa::path(tag = "connections", params(("id" = ConnectionId, Path)), request_body = ConnectionSecretRotation,
    responses((status = 200, description = "the connection, with the secret that was made", body = FreshConnection)))]
#[post("/connections/{id}/rotate")]
async fn rotate_connection_secret(
    db: Data<Db>,
    identity: Data<Identity>,
    vault: Data<Vault>,
    Can(can): Can<Update<Connection>>,
    Id(id): Id<ConnectionId>,
    Valid(how): Valid<ConnectionSecretRotation>,
) -> Result<Secret<Found<FreshConnection>>> {
    let (objects, vault) = (identity.objects(), vault.get_ref().clone());
    let rotated = db.write(can, move |conn, ctx| {
        let user = connection::find(conn, ctx, id)?.user_id;
        permission::lends(conn, ctx, objects, user)?;
        connection::rotate(conn, ctx, &vault, id, &how)
    });
    Ok(Secret(Found::plain(rotated.await?)))
}

/// Archive or purge a connection
///
/// Archived, it lets nothing in. Purged, what has arrived by it goes with it; the records that came of it stay.
#[utoipa::path(tag = "connections", params(("id" = ConnectionId, Path), DeleteQuery),
    responses((status = 204, description = "archived, or gone for good")))]
#[delete("/connections/{id}")]
async fn delete_connection(
    db: Data<Db>,
    Can(can): Can<Delete<Connection>>,
    Id(id): Id<ConnectionId>,
    IfMatch(base): IfMatch,
    Asked(query): Asked<DeleteQuery>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| match query.purge {
        true => ctx.must::<Purge<Connection>>().and_then(|()| connection::purge(conn, ctx, id, base)),
        false => connection::archive(conn, ctx, id, base).map(drop),
    })
    .await?;
    Ok(Nothing)
}

/// Restore an archived connection
#[utoipa::path(tag = "connections", params(("id" = ConnectionId, Path)),
    responses((status = 200, description = "the connection, in use again", body = Connection)))]
#[post("/connections/{id}/restore")]
async fn restore_connection(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Delete<Connection>>,
    Id(id): Id<ConnectionId>,
) -> Result<Found<Connection>> {
    let objects = identity.objects();
    let restored = db.write(can, move |conn, ctx| {
        let connection = connection::restore(conn, ctx, id)?;
        permission::lends(conn, ctx, objects, connection.user_id)?;
        Ok(connection)
    });
    Ok(Found::plain(restored.await?))
}
