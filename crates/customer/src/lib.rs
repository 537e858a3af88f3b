//! The customer wing: whom the business is with, and how to reach them.
pub mod account;
mod beside;
pub mod choices;
pub mod contact;
pub mod identifier;
pub mod membership;
mod privacy;
mod schema;

pub use privacy::TABLES;

use kernel::Code;
use kernel::catalogue::Catalogue;

/// The nouns of the wing.
pub const CATALOGUES: &[&Catalogue] = &[
    &account::CATALOGUE,
    &account::identifier::CATALOGUE,
    &contact::CATALOGUE,
    &contact::identifier::CATALOGUE,
    &contact::point::CATALOGUE,
    &membership::CATALOGUE,
];

/// What the wing seals.
pub const SEALED: &[&platform::vault::Place] = &[&account::identifier::PLACE, &contact::identifier::PLACE];

/// The codes that the wing raises.
pub const CODES: &[&[Code]] = &[account::CODES, contact::CODES];
