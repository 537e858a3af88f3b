//! Leads: how they come, are rated and given out, and what becomes of them.
mod assignment;
mod conversion;
mod crowds;
mod life;
mod promises;
mod score;

use crate::support::{Value, make};

fn place(lead: &Value) -> String {
    format!("/v1/leads/{}", make::id(lead, "id"))
}
