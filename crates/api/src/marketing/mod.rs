//! The doors of the marketing wing.
mod campaign_members;
mod campaigns;
mod deliveries;
pub mod open_mail;
mod plans;
mod sends;
mod suppressions;
mod templates;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    cfg.configure(plans::routes)
        .configure(campaigns::routes)
        .configure(campaign_members::routes)
        .configure(templates::routes)
        .configure(suppressions::routes)
        .configure(sends::routes)
        .configure(deliveries::routes);
}
