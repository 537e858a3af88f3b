//! The doors of the marketing wing.
mod campaign_members;
mod campaigns;
mod coupons;
mod deliveries;
pub mod open_mail;
mod plans;
mod promotion_steps;
mod promotions;
mod redemptions;
mod sends;
mod suppressions;
mod templates;
mod touchpoints;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    // `/promotions/evaluate` before `/promotions/{id}`, which it would be taken for
    cfg.configure(promotion_steps::routes)
        .configure(promotions::routes)
        .configure(coupons::routes)
        .configure(redemptions::routes)
        .configure(touchpoints::routes)
        .configure(plans::routes)
        .configure(campaigns::routes)
        .configure(campaign_members::routes)
        .configure(templates::routes)
        .configure(suppressions::routes)
        .configure(sends::routes)
        .configure(deliveries::routes);
}
