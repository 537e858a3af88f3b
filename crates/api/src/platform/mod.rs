//! The doors of the ground: what other systems call our records, whom they are shared with, what was done, files brought in, work in the background.
mod audit_logs;
mod external_refs;
mod failures;
mod history;
mod imports;
mod jobs;
mod metadata;
mod shares;
mod upload;
mod views;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(audit_logs::routes)
        .configure(history::routes)
        .configure(external_refs::routes)
        .configure(shares::routes)
        .configure(imports::routes)
        .configure(metadata::routes)
        .configure(views::routes)
        .configure(jobs::routes);
}
