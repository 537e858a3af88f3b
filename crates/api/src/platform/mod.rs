//! The doors of the ground: what other systems call our records, whom they are shared with, what was done and is told, files brought in, what other systems send, work in the background.
mod audit_logs;
mod connections;
mod events;
mod external_refs;
mod failures;
mod history;
mod imports;
mod inbound;
mod inbound_deliveries;
mod jobs;
mod shares;
mod sync;
mod upload;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(audit_logs::routes)
        .configure(events::routes)
        .configure(sync::routes)
        .configure(history::routes)
        .configure(external_refs::routes)
        .configure(shares::routes)
        .configure(imports::routes)
        .configure(connections::routes)
        .configure(inbound::routes)
        .configure(inbound_deliveries::routes)
        .configure(jobs::routes);
}
