//! The ground: the filter compiler and what stands on it, files brought in, work in the background.
mod agreement;
mod audit;
mod commands;
mod crashes;
mod events;
pub mod exports;
pub mod files;
mod filter;
mod hidden;
pub mod imports;
pub mod inbound;
mod jobs;
mod languages;
mod limits;
mod news;
mod notifications;
pub mod once;
pub mod own;
mod private;
mod real;
mod shares;
mod statistics;
mod text;
mod vault;
mod webhooks;

pub use imports::{ended, import, mapping, rows, upload};
pub use webhooks::until;
