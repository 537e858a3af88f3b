//! The doors of the customer wing.
mod account_addresses;
mod account_identifiers;
mod account_lifecycle;
mod accounts;
mod activities;
mod calendar;
mod consents;
mod contact_addresses;
mod contact_identifiers;
mod contact_lifecycle;
mod contact_points;
mod contacts;
mod duplicates;
mod email_messages;
mod form_submissions;
mod forms;
mod hierarchy;
mod memberships;
mod merges;
pub mod open_forms;
mod overview;
mod tags;
mod tasks;
mod timeline;
mod verifications;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    cfg.configure(accounts::routes)
        .configure(contacts::routes)
        .configure(contact_points::routes)
        .configure(contact_addresses::routes)
        .configure(account_addresses::routes)
        .configure(contact_identifiers::routes)
        .configure(account_identifiers::routes)
        .configure(contact_lifecycle::routes)
        .configure(account_lifecycle::routes)
        .configure(memberships::routes)
        .configure(merges::routes)
        .configure(hierarchy::routes)
        .configure(duplicates::routes)
        .configure(consents::routes)
        .configure(forms::routes)
        .configure(form_submissions::routes)
        .configure(verifications::routes)
        .configure(email_messages::routes)
        .configure(activities::routes)
        .configure(tasks::routes)
        .configure(tags::routes)
        .configure(timeline::routes)
        .configure(calendar::routes)
        .configure(overview::routes);
}
