//! The doors of the ground: what other systems call our records, files brought in, work in the background.
mod external_refs;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(external_refs::routes);
}
