//! The customer wing: whom the business is with, and how to reach them.
pub mod account;
mod beside;
pub mod choices;
pub mod contact;
pub mod membership;
mod privacy;
mod schema;

pub use privacy::TABLES;

use kernel::Code;
use kernel::catalogue::Catalogue;

/// The nouns of the wing.
pub const CATALOGUES: &[&Catalogue] =
    &[&account::CATALOGUE, &contact::CATALOGUE, &contact::point::CATALOGUE, &membership::CATALOGUE];

/// What this wing says to callers, in every language.
pub const TEXTS: &str = include_str!("texts.txt");

/// The codes that the wing raises.
pub const CODES: &[&[Code]] = &[account::CODES, contact::CODES];
