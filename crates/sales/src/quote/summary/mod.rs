//! The quotes to a customer that are open, in short: one statement, however many there are.
mod store;

use super::Quote;
use crate::order::summary::Whose;
use kernel::{Ctx, Result};
use platform::Conn;
use serde::Serialize;
use utoipa::ToSchema;

const LISTED: i64 = 10;

/// The open quotes to a customer, in short.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct QuoteSummary {
    /// how many are neither accepted, rejected, expired nor superseded
    #[schema(minimum = 0, example = 1)]
    pub open_count: i64,
    /// the newest of them, ten at most
    #[schema(max_items = 10)]
    pub open: Vec<Quote>,
}

/// The open quotes to an account, to a contact, or to somebody who is both, as far as the caller sees them.
pub fn quotes_of(conn: &mut Conn, ctx: &Ctx, whose: Whose) -> Result<QuoteSummary> {
    let found = store::newest_open(conn, ctx, whose, LISTED)?;
    Ok(QuoteSummary {
        open_count: found.first().map_or(0, |(_, count)| *count),
        open: found.into_iter().map(|(quote, _)| quote).collect(),
    })
}
