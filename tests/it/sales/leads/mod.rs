//! Leads: how they come, are rated and given out, and what becomes of them.
mod assignment;
mod by_territory;
mod conversion;
pub mod crowds;
mod forms;
mod life;
mod masks;
mod numbers;
pub mod pools;
mod promises;
mod recycled;
mod score;
mod shut;
mod territories;
mod whereabouts;

use crate::support::{Value, make};

pub fn place(lead: &Value) -> String {
    format!("/v1/leads/{}", make::id(lead, "id"))
}
