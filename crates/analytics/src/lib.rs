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
pub mod baskets;
pub mod chart;
pub mod clusters;
pub mod dashboard;
mod error;
mod number;
pub mod pack;
mod privacy;
pub mod query;
pub mod report;
pub mod rfm;
pub mod schedule;
mod schema;
pub mod value;

pub use error::{Error, Result};

pub use privacy::TABLES;

use kernel::Code;
use kernel::catalogue::{Catalogue, Echo, Relation};
use platform::merge::Reference;

/// The nouns of the wing.
pub const CATALOGUES: &[&Catalogue] =
    &[&dashboard::CATALOGUE, &report::CATALOGUE, &schedule::CATALOGUE, &schedule::run::CATALOGUE];

/// What the wing adds to the nouns of others.
pub const RELATIONS: &[(&str, Relation)] = &[];

/// What the wing's tables say of accounts and contacts, for when some of them become one.
pub const REFERENCES: &[Reference] = &[];

/// Members that tell of fields elsewhere.
pub const ECHOES: &[Echo] = &[
    Echo { object: "report_outcome", field: "name", of: &[("report", "name")] },
    Echo { object: "report_outcome", field: "layout", of: &[("report", "layout")] },
    Echo { object: "report_outcome", field: "chart", of: &[("report", "chart")] },
    Echo { object: "widget_data", field: "title", of: &[("dashboard", "widgets")] },
];

/// The codes that the wing raises.
pub const CODES: &[&[Code]] = &[dashboard::CODES, report::CODES];

/// What this wing says to callers, in every language.
pub const TEXTS: &str = include_str!("texts.txt");
