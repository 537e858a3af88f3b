//! `/v1/api-keys`: keys for programs.
use crate::answer::{Created, Found, Nothing, Result, Secret};
use crate::extract::{Can, Id, Valid};
use crate::routes::Routes;
use ::identity::Identity;
use ::identity::api_key::{self, ApiKey, FreshApiKey, NewApiKey, Rotation};
use actix_web::web::{Data, Json};
use actix_web::{delete, get, post};
use kernel::{ApiKeyId, Create, Delete, Page, Read, Update};
use platform::Db;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_api_keys)
        .service(create_api_key)
        .service(get_api_key)
        .service(rotate_api_key)
        .service(revoke_api_key);
}

type ApiKeyPage = Page<ApiKey>;

/// List API keys
///
/// Those that are not revoked, the newest first: one's own, or the tenant's where the permission reaches so far.
#[utoipa::path(tag = "api-keys", responses((status = 200, description = "the keys", body = ApiKeyPage)))]
#[get("/api-keys")]
async fn list_api_keys(db: Data<Db>, Can(can): Can<Read<ApiKey>>) -> Result<Json<ApiKeyPage>> {
    Ok(Json(db.read(can, api_key::list).await?))
}

/// Create an API key
///
/// Its text is shown this once. It acts for its maker, within its scopes, and holds no more than they hold. With
/// `user_id` it acts for a service account, whose rights the maker has to hold.
#[utoipa::path(tag = "api-keys", request_body = NewApiKey,
    responses((status = 201, description = "the key, with its text", body = FreshApiKey)))]
#[post("/api-keys")]
async fn create_api_key(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Create<ApiKey>>,
    Valid(new): Valid<NewApiKey>,
) -> Result<Secret<Created<FreshApiKey>>> {
    let objects = identity.objects();
    Ok(Secret(Created(db.change(can, move |conn, ctx| api_key::create(conn, ctx, objects, &new)).await?)))
}

/// Get an API key
///
/// Without its text, which nobody can show again.
#[utoipa::path(tag = "api-keys", params(("id" = ApiKeyId, Path)),
    responses((status = 200, description = "the key", body = ApiKey)))]
#[get("/api-keys/{id}")]
async fn get_api_key(db: Data<Db>, Can(can): Can<Read<ApiKey>>, Id(id): Id<ApiKeyId>) -> Result<Found<ApiKey>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| api_key::find(conn, ctx, id)).await?))
}

/// Rotate an API key
///
/// A new text, shown this once. The old one stays good for `overlap_seconds`; one that is older ends at once.
#[utoipa::path(tag = "api-keys", params(("id" = ApiKeyId, Path)), request_body = Rotation,
    responses((status = 200, description = "the key, with its new text", body = FreshApiKey)))]
#[post("/api-keys/{id}/rotate")]
async fn rotate_api_key(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Update<ApiKey>>,
    Id(id): Id<ApiKeyId>,
    Valid(how): Valid<Rotation>,
) -> Result<Secret<Found<FreshApiKey>>> {
    let objects = identity.objects();
    let fresh = db.change(can, move |conn, ctx| api_key::rotate(conn, ctx, objects, id, &how)).await?;
    identity.forget();
    Ok(Secret(Found::plain(fresh)))
}

/// Revoke an API key
///
/// It lets nobody in any more, on every server within five seconds.
#[utoipa::path(tag = "api-keys", params(("id" = ApiKeyId, Path)),
    responses((status = 204, description = "revoked")))]
#[delete("/api-keys/{id}")]
async fn revoke_api_key(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Delete<ApiKey>>,
    Id(id): Id<ApiKeyId>,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| api_key::revoke(conn, ctx, id)).await?;
    identity.forget();
    Ok(Nothing)
}
