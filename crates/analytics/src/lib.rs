//! The analytics wing: reports, and customers classified by value, behaviour and prediction.
//!
//! The reckoning knows no table, no door and no clock: whoever calls brings the rows and the day, and the same rows in the same order, settings and seed give the same answer.
//!
//! * [`rfm`]: how recently, how often and for how much somebody has bought, as scores and named classes.
//! * [`value`]: tiers of customers by their share of all revenue or profit.
//! * [`clusters`]: groups that the numbers make by themselves, and how well they are told apart.
//! * [`baskets`]: what is bought with what, as rules, and what to recommend by them.
//! * [`query`]: what records come to, in groups; [`chart`]: how that is drawn.
//! * [`report`], [`dashboard`], [`schedule`]: queries that are kept, several beside each other, and sent again and again.
//!
//! Ids of customers and items are of whatever type can be ordered; an order of ids is what settles ties.
mod accounts;
pub mod association;
pub mod baskets;
pub mod chart;
mod choices;
pub mod classification;
pub mod clusters;
pub mod dashboard;
mod error;
mod exact;
pub mod facts;
pub mod label;
mod number;
pub mod pack;
mod privacy;
pub mod query;
pub mod report;
pub mod rfm;
mod rules;
pub mod schedule;
mod schema;
pub mod segmentation;
pub mod value;

pub use error::{Error, Result};

pub use privacy::TABLES;

use kernel::Code;
use kernel::catalogue::{Catalogue, Echo, Relation};
use platform::merge::{Reference, Way};

/// The nouns of the wing.
pub const CATALOGUES: &[&Catalogue] = &[
    &dashboard::CATALOGUE,
    &report::CATALOGUE,
    &schedule::CATALOGUE,
    &schedule::run::CATALOGUE,
    &segmentation::CATALOGUE,
    &segmentation::run::CATALOGUE,
    &classification::CATALOGUE,
    &label::CATALOGUE,
    &association::CATALOGUE,
    &association::rule::CATALOGUE,
];

/// What the wing adds to the nouns of others.
pub const RELATIONS: &[(&str, Relation)] =
    &[("account", Relation::through("labels", "label", "account_labels", ("account_id", "label_id"), "account"))];

/// What the wing's tables say of accounts and contacts, for when some of them become one.
pub const REFERENCES: &[Reference] = &[
    // added up anew from the orders, which move
    Reference::of("account", "customer_facts", "account_id").keyed(&["currency"]).way(Way::Stays),
    // a record that became one with another is sorted no more
    Reference::of("account", "classifications", "account_id").way(Way::Stays),
    Reference::of("account", "account_labels", "account_id").keyed(&["label_id"]).once(&["label_id"]),
    Reference::of("account", "account_label_refusals", "account_id").keyed(&["label_id"]).once(&["label_id"]),
];

/// What tells what the orders of a customer come to.
const BOUGHT: &[(&str, &str)] =
    &[("order", "total"), ("order", "placed_at"), ("order", "status"), ("order", "account_id")];

/// Members that tell of fields elsewhere.
pub const ECHOES: &[Echo] = &[
    Echo { object: "report_outcome", field: "name", of: &[("report", "name")] },
    Echo { object: "report_outcome", field: "layout", of: &[("report", "layout")] },
    Echo { object: "report_outcome", field: "chart", of: &[("report", "chart")] },
    Echo { object: "widget_data", field: "title", of: &[("dashboard", "widgets")] },
    Echo { object: "account_score", field: "reasons", of: BOUGHT },
    Echo { object: "account_score", field: "recency_score", of: &[("classification", "recency_score")] },
    Echo { object: "account_score", field: "frequency_score", of: &[("classification", "frequency_score")] },
    Echo { object: "account_score", field: "monetary_score", of: &[("classification", "monetary_score")] },
    Echo { object: "account_score", field: "class", of: &[("classification", "class")] },
    Echo { object: "account_score", field: "since", of: &[("classification", "valid_from_at")] },
    Echo { object: "account_score", field: "key", of: &[("segmentation", "key")] },
    Echo { object: "account_score", field: "name", of: &[("segmentation", "name")] },
    Echo { object: "account_score", field: "kind", of: &[("segmentation", "kind")] },
    Echo { object: "account_label", field: "key", of: &[("label", "key")] },
    Echo { object: "account_label", field: "name", of: &[("label", "name")] },
    Echo { object: "account_label", field: "color", of: &[("label", "color")] },
    Echo { object: "segmentation_run", field: "metrics", of: &[("order", "total"), ("order", "placed_at")] },
    Echo { object: "recommendation", field: "name", of: &[("product", "name")] },
    Echo { object: "recommendation", field: "sku", of: &[("product", "sku")] },
];

/// The codes that the wing raises.
pub const CODES: &[&[Code]] = &[dashboard::CODES, report::CODES, segmentation::CODES, label::CODES, association::CODES];

/// What this wing says to callers, in every language.
pub const TEXTS: &str = include_str!("texts.txt");
