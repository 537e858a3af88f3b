//! What the tables of the wing tell about whom. What was redeemed stays as a figure when its customer is erased, for limits
//! and books need it; so does what somebody came by, for the sums of campaigns.
mod campaigns;
mod promotions;

use platform::privacy::Table;

pub const TABLES: &[Table] = &[
    promotions::PROMOTIONS,
    promotions::PROMOTION_USES,
    promotions::COUPONS,
    promotions::REDEMPTIONS,
    promotions::TOUCHPOINTS,
    campaigns::MARKETING_PLANS,
    campaigns::CAMPAIGNS,
    campaigns::CAMPAIGN_MEMBERS,
    campaigns::TEMPLATES,
    campaigns::SUPPRESSIONS,
    campaigns::SENDS,
    campaigns::SEND_RUNS,
    campaigns::SEND_LINKS,
    campaigns::DELIVERIES,
    campaigns::DELIVERY_EVENTS,
];
