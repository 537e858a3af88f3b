//! `/livez`, `/readyz`: whether the process lives, and whether it can work.
use crate::answer::Result;
use crate::house::House;
use crate::routes::Routes;
use actix_web::get;
use actix_web::web::{Data, Json};
use serde::Serialize;
use utoipa::ToSchema;

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_liveness).service(get_readiness);
}

/// The state of the server.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"status": "ready", "version": "0.1.0", "schema": "2026-11-25-000014_vault", "vault": "open"}))]
pub struct Health {
    pub status: &'static str,
    pub version: &'static str,
    /// the newest migration that the program knows
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub schema: Option<String>,
    /// `locked` where a master key is missing: what it seals cannot be opened, all else works
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub vault: Option<&'static str>,
}

/// Whether the process lives
#[utoipa::path(tag = "health", responses((status = 200, description = "it does", body = Health)))]
#[get("/livez")]
async fn get_liveness() -> Json<Health> {
    Json(Health { status: "alive", version: env!("CARGO_PKG_VERSION"), schema: None, vault: None })
}

/// Whether the server can work
///
/// It can when its database answers.
#[utoipa::path(tag = "health", responses((status = 200, description = "it can", body = Health)))]
#[get("/readyz")]
async fn get_readiness(house: Data<House>) -> Result<Json<Health>> {
    house.db.unpermitted(::platform::migrate::answers).await?;
    let vault = house.vault.clone();
    let missing = house.db.unpermitted(move |conn| vault.missing(conn)).await?;
    let vault = Some(if missing.is_empty() { "open" } else { "locked" });
    let schema = Some(::platform::migrate::newest());
    Ok(Json(Health { status: "ready", version: env!("CARGO_PKG_VERSION"), schema, vault }))
}
