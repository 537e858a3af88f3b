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
        .configure(auto_reply_rules::routes);
}
