//! The doors of the service wing.
mod agents;
mod auto_reply_rules;
mod case_categories;
mod case_inboxes;
mod case_messages;
mod case_routing;
mod case_steps;
mod cases;
mod qa_evaluations;
mod qa_scorecards;
mod routing_rules;
mod skills;

mod business_calendars;
mod canned_responses;
mod case_slas;
mod escalation_rules;
mod escalations;
mod kb_article_versions;
mod kb_articles;
mod kb_categories;
mod kb_feedback;
mod kb_portals;
mod macros;
pub mod open_kb;
pub mod open_surveys;
mod service_levels;
mod sla_policies;
mod survey_responses;
mod surveys;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    // `/cases/next` before `/cases/{id}`, which it would be taken for
    cfg.configure(case_routing::routes)
        .configure(skills::routes)
        .configure(agents::routes)
        .configure(routing_rules::routes)
        .configure(qa_scorecards::routes)
        .configure(qa_evaluations::routes);
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
    cfg.configure(kb_portals::routes)
        .configure(kb_categories::routes)
        .configure(kb_articles::routes)
        .configure(kb_article_versions::routes)
        .configure(kb_feedback::routes)
        .configure(canned_responses::routes)
        .configure(macros::routes)
        .configure(surveys::routes)
        .configure(survey_responses::routes);
}
