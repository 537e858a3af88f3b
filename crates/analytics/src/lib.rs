//! The analytics wing: reports, and customers classified by value, behaviour and prediction.
//!
//! What stands here yet is the reckoning alone, which knows no table, no door and no clock: whoever calls brings the
//! rows and the day, and the same rows in the same order, settings and seed give the same answer.
//!
//! * [`rfm`]: how recently, how often and for how much somebody has bought, as scores and named classes.
//! * [`value`]: tiers of customers by their share of all revenue or profit.
//! * [`clusters`]: groups that the numbers make by themselves, and how well they are told apart.
//! * [`baskets`]: what is bought with what, as rules, and what to recommend by them.
//!
//! Ids of customers and items are of whatever type can be ordered; an order of ids is what settles ties.
pub mod baskets;
pub mod clusters;
mod error;
mod number;
pub mod rfm;
pub mod value;

pub use error::{Error, Result};
