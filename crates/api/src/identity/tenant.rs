//! `/v1/tenant`: the business that the caller belongs to.
use crate::answer::{Found, Result};
use crate::extract::{Can, IfMatch, Valid};
use crate::routes::Routes;
use ::identity::Identity;
use ::identity::tenant::{self, Tenant, TenantPatch};
use actix_web::web::Data;
use actix_web::{get, patch};
use kernel::{Myself, Update};
use platform::Db;

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_tenant).service(update_tenant);
}

/// Get my tenant
#[utoipa::path(tag = "tenant", responses((status = 200, description = "the tenant", body = Tenant)))]
#[get("/tenant")]
async fn get_tenant(db: Data<Db>, Can(can): Can<Myself>) -> Result<Found<Tenant>> {
    Ok(Found::plain(db.read(can, tenant::own).await?))
}

/// Update my tenant
#[utoipa::path(tag = "tenant", request_body(content = TenantPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "the tenant as it is now", body = Tenant)))]
#[patch("/tenant")]
async fn update_tenant(
    db: Data<Db>,
    identity: Data<Identity>,
    Can(can): Can<Update<Tenant>>,
    IfMatch(base): IfMatch,
    Valid(patch): Valid<TenantPatch>,
) -> Result<Found<Tenant>> {
    let after = db.change(can, move |conn, ctx| tenant::update(conn, ctx, base, &patch)).await?;
    identity.forget();
    Ok(Found::plain(after))
}
