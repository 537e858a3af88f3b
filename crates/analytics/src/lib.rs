//! The analytics wing: reports, and customers classified by value, behaviour and prediction.
//!
//! The reckoning knows no table, no door and no clock: whoever calls brings the rows and the day, and the same rows in the same order, settings and seed give the same answer.
//!
//! * [`rfm`]: how recently, how often and for how much somebody has bought, as scores and named classes.
//! * [`value`]: tiers of customers by their share of all revenue or profit.
//! * [`clusters`]: groups that the numbers make by themselves, and how well they are told apart.
//! * [`baskets`]: what is bought with what, as rules, and what to recommend by them.
//!
//! Ids of customers and items are of whatever type can be ordered; an order of ids is what settles ties.
pub mod baskets;
pub mod clusters;
mod error;
mod number;
mod privacy;
pub mod rfm;
pub mod value;

pub use error::{Error, Result};

pub use privacy::TABLES;

use kernel::Code;
use kernel::catalogue::{Catalogue, Echo, Relation};
use platform::merge::Reference;

/// The nouns of the wing.
pub const CATALOGUES: &[&Catalogue] = &[];

/// What the wing adds to the nouns of others.
pub const RELATIONS: &[(&str, Relation)] = &[];

/// What the wing's tables say of accounts and contacts, for when some of them become one.
pub const REFERENCES: &[Reference] = &[];

/// Members that tell of fields elsewhere.
pub const ECHOES: &[Echo] = &[];

/// The codes that the wing raises.
pub const CODES: &[&[Code]] = &[];

/// What this wing says to callers, in every language.
pub const TEXTS: &str = include_str!("texts.txt");
