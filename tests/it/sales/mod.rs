//! Products, orders and their lines: what anything comes to, and that it is always so.
mod board;
mod demands;
mod filters;
mod forecast;
mod journey;
mod leads;
mod lines;
mod offer_kills;
mod offers;
mod opportunities;
mod orders;
mod pipelines;
mod price_books;
mod products;
mod purchases;
mod quote_moves;
mod quotes;
mod reckoning;
mod sparkle;
mod worth;

pub use orders::kept;
