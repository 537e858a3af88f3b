//! Products, orders and their lines: what anything comes to, and that it is always so.
mod filters;
mod lines;
mod orders;
mod price_books;
mod products;

pub use orders::kept;
