//! The leads of whom a customer came, in short: one statement, however many there are.
mod store;

use super::Lead;
use crate::order::summary::Whose;
use kernel::{Ctx, Result};
use platform::Conn;
use serde::Serialize;
use utoipa::ToSchema;

const LISTED: i64 = 10;

/// The leads that point at a customer, in short.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct LeadSummary {
    #[schema(minimum = 0, example = 1)]
    pub lead_count: i64,
    /// the newest of them, ten at most
    #[schema(max_items = 10)]
    pub latest: Vec<Lead>,
}

/// The leads that have become an account, or a contact, as far as the caller sees them.
pub fn leads_of(conn: &mut Conn, ctx: &Ctx, whose: Whose) -> Result<LeadSummary> {
    let found = store::newest(conn, ctx, whose, LISTED)?;
    Ok(LeadSummary {
        lead_count: found.first().map_or(0, |(_, count)| *count),
        latest: found.into_iter().map(|(lead, _)| lead).collect(),
    })
}
