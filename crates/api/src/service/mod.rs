//! The doors of the service wing.
mod agents;
mod case_routing;
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
}
