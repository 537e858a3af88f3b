//! Products, orders and their lines: what anything comes to, and that it is always so.
mod board;
mod contract_kills;
pub mod contracts;
mod demands;
mod filters;
mod forecast;
mod installments;
mod journey;
pub mod leads;
mod lines;
mod offer_kills;
mod offers;
mod opportunities;
mod orders;
pub mod payments;
mod pipelines;
mod price_books;
mod products;
mod purchases;
mod quote_moves;
mod quotes;
mod reckoning;
mod rows;
mod sparkle;
mod waivers;
mod worth;

pub use orders::kept;
