//! The doors of the identity wing.
use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(_: &mut ServiceConfig) {}
