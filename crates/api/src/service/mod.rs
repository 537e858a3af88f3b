//! The doors of the service wing.
mod canned_responses;
mod kb_article_versions;
mod kb_articles;
mod kb_categories;
mod kb_feedback;
mod kb_portals;
pub mod open_kb;
pub mod open_surveys;
mod survey_responses;
mod surveys;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    cfg.configure(kb_portals::routes)
        .configure(kb_categories::routes)
        .configure(kb_articles::routes)
        .configure(kb_article_versions::routes)
        .configure(kb_feedback::routes)
        .configure(canned_responses::routes)
        .configure(surveys::routes)
        .configure(survey_responses::routes);
}
