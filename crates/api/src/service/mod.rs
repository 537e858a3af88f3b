//! The doors of the service wing.
mod auto_reply_rules;
mod case_categories;
mod case_inboxes;
mod case_messages;
mod case_steps;
mod cases;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    cfg.configure(cases::routes)
        .configure(case_steps::routes)
        .configure(case_messages::routes)
        .configure(case_categories::routes)
        .configure(case_inboxes::routes)
        .configure(auto_reply_rules::routes);
}
