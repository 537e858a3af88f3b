//! The ground: the filter compiler and what stands on it, files brought in, work in the background.
mod audit;
mod commands;
mod crashes;
mod filter;
mod imports;
mod jobs;
mod limits;
pub mod once;
mod real;

pub use imports::upload;
