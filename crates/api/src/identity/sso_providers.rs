//! `/v1/sso-providers`: the identity providers that the tenant lets vouch for its people.
use crate::answer::{Created, Found, Nothing, Result};
use crate::extract::{Can, Id, IfMatch, Valid};
use crate::routes::Routes;
use ::identity::Identity;
use ::identity::sso::provider::{self, NewSsoProvider, SsoProvider, SsoProviderPatch};
use actix_web::web::{Data, Json};
use actix_web::{delete, get, patch, post};
use kernel::{Create, Delete, Page, Read, SsoProviderId, Update};
use platform::Db;

pub fn routes(cfg: &mut Routes) {
    cfg.service(list_sso_providers)
        .service(create_sso_provider)
        .service(get_sso_provider)
        .service(update_sso_provider)
        .service(delete_sso_provider);
}

type SsoProviderPage = Page<SsoProvider>;

/// List identity providers
///
/// All of the tenant, the newest first.
#[utoipa::path(tag = "sso", responses((status = 200, description = "the providers", body = SsoProviderPage)))]
#[get("/sso-providers")]
async fn list_sso_providers(db: Data<Db>, Can(can): Can<Read<SsoProvider>>) -> Result<Json<SsoProviderPage>> {
    Ok(Json(db.read(can, provider::list).await?))
}

/// Create an identity provider
///
/// By those who hold all that an owner holds, for whoever it vouches for comes in. Its secret is never answered.
#[utoipa::path(tag = "sso", request_body = NewSsoProvider,
    responses((status = 201, description = "the provider as it was made", body = SsoProvider)))]
#[post("/sso-providers")]
async fn create_sso_provider(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Create<SsoProvider>>,
    Valid(new): Valid<NewSsoProvider>,
) -> Result<Created<SsoProvider>> {
    let (objects, outbound, vault) = (identity.objects(), identity.outbound().clone(), identity.vault().clone());
    Ok(Created(db.change(can, move |conn, ctx| provider::create(conn, ctx, objects, (&outbound, &vault), &new)).await?))
}

/// Get an identity provider
#[utoipa::path(tag = "sso", params(("id" = SsoProviderId, Path)),
    responses((status = 200, description = "the provider, without its secret", body = SsoProvider)))]
#[get("/sso-providers/{id}")]
async fn get_sso_provider(
    db: Data<Db>,
    Can(can): Can<Read<SsoProvider>>,
    Id(id): Id<SsoProviderId>,
) -> Result<Found<SsoProvider>> {
    Ok(Found::plain(db.read(can, move |conn, ctx| provider::find(conn, ctx, id)).await?))
}

/// Update an identity provider
///
/// By those who hold all that an owner holds; to shut it (`is_active: false`) the permission will do. What is shut lets
/// nobody in any more; the sessions that it has opened go on until they are ended. Another issuer is another provider.
#[utoipa::path(tag = "sso", params(("id" = SsoProviderId, Path)),
    request_body(content = SsoProviderPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the provider as it is now", body = SsoProvider)))]
#[patch("/sso-providers/{id}")]
async fn update_sso_provider(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Update<SsoProvider>>,
    Id(id): Id<SsoProviderId>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<SsoProviderPatch>,
) -> Result<Found<SsoProvider>> {
    let (objects, vault) = (identity.objects(), identity.vault().clone());
    let changed = db.change(can, move |conn, ctx| provider::update(conn, ctx, (objects, &vault), id, base, &patch));
    Ok(Found::plain(changed.await?))
}

/// Delete an identity provider
///
/// For good, with its secret, and with who everybody was there. Sessions go on until they are ended.
#[utoipa::path(tag = "sso", params(("id" = SsoProviderId, Path)),
    responses((status = 204, description = "gone for good")))]
#[delete("/sso-providers/{id}")]
async fn delete_sso_provider(
    db: Data<Db>,
    Can(can): Can<Delete<SsoProvider>>,
    Id(id): Id<SsoProviderId>,
    IfMatch(base): IfMatch,
) -> Result<Nothing> {
    db.change(can, move |conn, ctx| provider::delete(conn, ctx, id, base)).await?;
    Ok(Nothing)
}
