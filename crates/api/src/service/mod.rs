//! The doors of the service wing.
mod auto_reply_rules;
mod case_categories;
mod case_inboxes;
mod case_messages;
mod case_steps;
mod cases;

mod business_calendars;
mod case_slas;
mod escalation_rules;
mod escalations;
mod service_levels;
mod sla_policies;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    cfg.configure(cases::routes)
        .configure(case_steps::routes)
        .configure(case_messages::routes)
        .configure(case_categories::routes)
        .configure(case_inboxes::routes)
        .configure(auto_reply_rules::routes)
        .configure(business_calendars::routes)
        .configure(case_slas::routes)
        .configure(escalation_rules::routes)
        .configure(escalations::routes)
        .configure(service_levels::routes)
        .configure(sla_policies::routes);
}
