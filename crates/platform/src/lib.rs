//! The ground that the wings stand on: the database behind its one door, the record of changes, visibility, lists and
//! The ground that the wings stand on: the database behind its one door, the record of changes, visibility, lists and
//! their filter, search, the names that other systems use, files read as tables, jobs, and the vault for what is sensitive.
pub mod audit;
pub mod columns;
pub mod connection;
pub mod crash;
pub mod custom;
pub mod db;
pub mod deed;
pub mod event;
pub mod export;
pub mod external;
pub mod file;
pub mod filter;
pub mod follow;
pub mod gateway;
pub mod history;
pub mod import;
pub mod job;
pub mod listing;
pub mod load;
pub mod mail;
pub mod merge;
pub mod migrate;
pub mod moment;
pub mod notify;
pub mod once;
pub mod outbound;
mod pool;
pub mod privacy;
pub mod private;
pub mod random;
pub mod record;
pub mod role;
mod schema;
pub mod search;
pub mod secrets;
pub mod segment;
mod shapes;
pub mod share;
pub mod sms;
pub mod sweep;
pub mod table;
pub mod tally;
pub mod vault;
pub mod view;
pub mod visible;
pub mod webhook;

pub use db::{Conn, Db, Settings};
pub use listing::Listing;
pub use load::Batch;
pub use record::Record;
pub use vault::Vault;
pub use visible::Visible;

/// What this crate says to callers, in every language.
pub const TEXTS: &str = include_str!("texts.txt");
/// What the ground itself seals.
pub const SEALED: &[&vault::Place] =
    &[&connection::SECRET, &notify::device::PLACE, &secrets::PLACE, &webhook::secret::PLACE];

/// The nouns that belong to no wing.
pub const CATALOGUES: &[&kernel::catalogue::Catalogue] = &[
    &audit::CATALOGUE,
    &connection::CATALOGUE,
    &connection::delivery::CATALOGUE,
    &custom::field::CATALOGUE,
    &custom::option_set::CATALOGUE,
    &export::CATALOGUE,
    &external::CATALOGUE,
    &file::CATALOGUE,
    &import::CATALOGUE,
    &job::CATALOGUE,
    &merge::CATALOGUE,
    &notify::CATALOGUE,
    &privacy::hold::CATALOGUE,
    &privacy::request::CATALOGUE,
    &privacy::restriction::CATALOGUE,
    &privacy::retention::CATALOGUE,
    &segment::CATALOGUE,
    &segment::member::CATALOGUE,
    &share::CATALOGUE,
    &view::CATALOGUE,
    &webhook::delivery::CATALOGUE,
    &webhook::endpoint::CATALOGUE,
];
