//! The ground: the filter compiler and what stands on it, files brought in, work in the background.
mod agreement;
mod commands;
mod crashes;
mod filter;
mod imports;
mod jobs;
mod limits;
pub mod once;
mod real;
mod shares;

pub use imports::upload;
