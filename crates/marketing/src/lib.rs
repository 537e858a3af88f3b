//! The marketing wing: campaigns, promotions and consent.
pub mod attribution;
pub mod campaign;
pub mod coupon;
pub mod delivery;
pub mod evaluation;
mod figure;
mod foreign;
pub mod open;
pub mod plan;
mod privacy;
pub mod promotion;
pub mod redemption;
mod rules;
mod schema;
pub mod send;
pub mod suppression;
pub mod template;
pub mod touchpoint;

pub use privacy::TABLES;

use kernel::Code;
use kernel::catalogue::{Catalogue, Echo, Relation};
use platform::merge::{Reference, Way};

/// The nouns of the wing.
pub const CATALOGUES: &[&Catalogue] = &[
    &promotion::CATALOGUE,
    &coupon::CATALOGUE,
    &redemption::CATALOGUE,
    &touchpoint::CATALOGUE,
    &plan::CATALOGUE,
    &campaign::CATALOGUE,
    &campaign::member::CATALOGUE,
    &template::CATALOGUE,
    &suppression::CATALOGUE,
    &send::CATALOGUE,
    &delivery::CATALOGUE,
];

/// What the wing adds to the nouns of others.
pub const RELATIONS: &[(&str, Relation)] = &[
    ("account", Relation::many("redemptions", "redemption", "account_id")),
    ("contact", Relation::many("coupons", "coupon", "contact_id")),
    ("contact", Relation::many("redemptions", "redemption", "contact_id")),
    ("contact", Relation::many("touchpoints", "touchpoint", "contact_id")),
    ("order", Relation::many("redemptions", "redemption", "order_id")),
    ("contact", Relation::many("campaign_members", "campaign_member", "contact_id")),
    ("contact", Relation::many("deliveries", "delivery", "contact_id")),
    ("lead", Relation::many("campaign_members", "campaign_member", "lead_id")),
];

/// What the wing's tables say of accounts and contacts, for when some of them become one.
pub const REFERENCES: &[Reference] = &[
    Reference::of("account", "redemptions", "account_id").told("redemption", "id"),
    Reference::of("contact", "coupons", "contact_id").told("coupon", "id"),
    Reference::of("contact", "redemptions", "contact_id").told("redemption", "id"),
    Reference::of("contact", "touchpoints", "contact_id"),
    // one was sent what another was sent, too: that stays where it is
    Reference::of("contact", "deliveries", "contact_id").once(&["send_id", "channel"]),
    Reference::of("contact", "campaign_members", "contact_id")
        .once(&["campaign_id"])
        .told("campaign", "campaign_id")
        .way(Way::MovesOrGoes),
];

/// Members that tell of fields elsewhere.
pub const ECHOES: &[Echo] = &[
    Echo { object: "promotion_usage", field: "remaining_count", of: &[("promotion", "total_limit")] },
    Echo { object: "promotion_usage", field: "spent", of: &[("promotion", "currency")] },
    Echo {
        object: "promotion_usage",
        field: "remaining_budget",
        of: &[("promotion", "budget"), ("promotion", "currency")],
    },
    Echo { object: "applied_promotion", field: "code", of: &[("promotion", "code")] },
    Echo { object: "applied_promotion", field: "name", of: &[("promotion", "name")] },
    Echo { object: "attribution_group", field: "revenue", of: &[("order", "total")] },
    Echo { object: "attribution_group", field: "cost", of: &[("touchpoint", "cost")] },
    Echo { object: "attribution_group", field: "returns", of: &[("order", "total"), ("touchpoint", "cost")] },
    Echo { object: "refused_promotion", field: "code", of: &[("promotion", "code")] },
    Echo {
        object: "send",
        field: "audience",
        of: &[
            ("contact", "do_not_contact"),
            ("contact", "email"),
            ("effective_consent", "status"),
            ("consent", "status"),
        ],
    },
    Echo { object: "audience_count", field: "do_not_contact", of: &[("contact", "do_not_contact")] },
    Echo { object: "audience_count", field: "no_address", of: &[("contact", "email")] },
    Echo { object: "audience_count", field: "suppressed", of: &[("suppression", "address")] },
    Echo {
        object: "audience_count",
        field: "no_consent",
        of: &[("effective_consent", "status"), ("consent", "status")],
    },
];

/// The codes that the wing raises.
pub const CODES: &[&[Code]] = &[
    promotion::CODES,
    coupon::CODES,
    redemption::CODES,
    touchpoint::CODES,
    plan::CODES,
    campaign::CODES,
    template::CODES,
    suppression::CODES,
    send::CODES,
    delivery::CODES,
];

/// What this wing says to callers, in every language.
pub const TEXTS: &str = include_str!("texts.txt");
