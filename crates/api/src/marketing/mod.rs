//! The doors of the marketing wing.
mod coupons;
mod promotion_steps;
mod promotions;
mod redemptions;
mod touchpoints;

use crate::routes::Routes;

pub fn routes(cfg: &mut Routes) {
    // `/promotions/evaluate` before `/promotions/{id}`, which it would be taken for
    cfg.configure(promotion_steps::routes)
        .configure(promotions::routes)
        .configure(coupons::routes)
        .configure(redemptions::routes)
        .configure(touchpoints::routes);
}
