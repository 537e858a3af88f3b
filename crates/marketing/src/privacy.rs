//! What the tables of the wing tell about whom.
mod campaigns;

use platform::privacy::Table;

pub const TABLES: &[Table] = &[
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
