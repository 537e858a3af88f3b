//! The doors of the customer wing.
mod account_identifiers;
mod accounts;
mod activities;
mod calendar;
mod contact_identifiers;
mod contact_points;
mod contacts;
mod email_messages;
mod memberships;
mod overview;
mod tags;
mod tasks;
mod timeline;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(accounts::routes)
        .configure(contacts::routes)
        .configure(contact_points::routes)
        .configure(contact_identifiers::routes)
        .configure(account_identifiers::routes)
        .configure(memberships::routes)
        .configure(email_messages::routes)
        .configure(activities::routes)
        .configure(tasks::routes)
        .configure(tags::routes)
        .configure(timeline::routes)
        .configure(calendar::routes)
        .configure(overview::routes);
}
