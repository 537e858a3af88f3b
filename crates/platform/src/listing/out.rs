//! A list taken out: all that matches and may be taken out, page after page of one snapshot, in the order of the list. A
//! search has the order of a list too, for what fits best is a matter of the first page.
use super::{Count, Listing};
use crate::Conn;
use crate::filter::Listed;
use kernel::{Ctx, Page, Result};

/// Rows of a page: their JSON is what is held.
const PAGE: u16 = 2_000;

/// A page of what is taken out, and how many rows there are of all pages, where the first tells.
#[derive(Debug)]
pub struct Taken<R> {
    pub rows: Vec<R>,
    pub all: Option<i64>,
}

impl<T: Listed> Listing<T> {
    /// Goes through all of it as long as `take` says so. The transaction around it makes it one snapshot.
    pub fn take_out<R>(
        self,
        conn: &mut Conn,
        ctx: &Ctx,
        list: impl Fn(&mut Conn, &Ctx, &Self) -> Result<Page<R>>,
        take: &mut dyn FnMut(&mut Conn, Taken<R>) -> Result<bool>,
    ) -> Result<()> {
        let count = if self.search.is_none() { Count::Exact } else { Count::None };
        let mut next = Self { limit: PAGE, is_out: true, count, ..self };
        loop {
            let Page { data, page } = list(conn, ctx, &next)?;
            let on = take(conn, Taken { rows: data, all: page.count })?;
            let Some(cursor) = page.next_cursor.filter(|_| on) else { return Ok(()) };
            next.after = Some(next.seal.open(&next.purpose, &cursor)?);
            next.count = Count::None;
        }
    }
}
