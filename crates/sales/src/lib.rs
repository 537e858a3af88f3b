//! The sales wing: what is sold, and what was bought.
mod exact;
pub mod order;
mod privacy;
pub mod product;
mod schema;

pub use order::summary;
pub use privacy::TABLES;

use kernel::Code;
use kernel::catalogue::{Catalogue, Relation};

/// The nouns of the wing.
pub const CATALOGUES: &[&Catalogue] = &[&product::CATALOGUE, &order::CATALOGUE, &order::line::CATALOGUE];

/// What the wing adds to the nouns of others.
pub const RELATIONS: &[(&str, Relation)] = &[
    ("account", Relation::many("orders", "order", "account_id")),
    ("contact", Relation::many("orders", "order", "contact_id")),
];

/// What this wing says to callers, in every language.
pub const TEXTS: &str = include_str!("texts.txt");

/// The codes that the wing raises.
pub const CODES: &[&[Code]] = &[product::CODES, order::CODES];
