//! The doors of the ground: what other systems call our records, whom they are shared with, their files, what was done, is
//! told, and to whom it is sent, files brought in and lists taken out, what other systems send, work in the background.
mod audit_logs;
mod connections;
mod devices;
pub mod download;
mod events;
mod exports;
mod external_refs;
mod failures;
mod file_content;
mod file_form;
mod files;
mod followers;
mod history;
mod imports;
pub mod inbound;
mod inbound_deliveries;
mod jobs;
mod metadata;
mod notifications;
mod search;
mod segment_members;
mod segments;
mod shares;
mod sync;
mod templates;
mod upload;
mod views;
mod webhook_deliveries;
mod webhook_endpoints;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    cfg.configure(search::routes)
        .configure(audit_logs::routes)
        .configure(events::routes)
        .configure(sync::routes)
        .configure(history::routes)
        .configure(followers::routes)
        .configure(notifications::routes)
        .configure(devices::routes)
        .configure(external_refs::routes)
        .configure(shares::routes)
        .configure(files::routes)
        .configure(file_content::routes)
        .configure(exports::routes)
        .configure(templates::routes)
        .configure(imports::routes)
        .configure(metadata::routes)
        .configure(views::routes)
        .configure(segments::routes)
        .configure(segment_members::routes)
        .configure(connections::routes)
        .configure(inbound::routes)
        .configure(inbound_deliveries::routes)
        .configure(jobs::routes)
        .configure(webhook_endpoints::routes)
        .configure(webhook_deliveries::routes);
}
