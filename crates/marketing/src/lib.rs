//! The marketing wing: campaigns, promotions and consent.
mod privacy;
pub mod promotion;

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
