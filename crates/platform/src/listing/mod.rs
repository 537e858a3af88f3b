//! A list as it is asked for: filter, search, sort, keyset page, count. One description serves every noun; the room's
//! store adds its `scope`, which holds the tenant and the visibility of the rows.
//!
//! The order is total (`id` breaks ties) and a page goes on from the values of the last row, so the last page of five
//! million rows costs what the first does, and rows that come or go meanwhile shift nothing.
mod count;
mod keyset;
mod out;
mod read;
mod seen;

pub(crate) use count::{Counted, Explained};
pub use out::Taken;
pub(crate) use read::sortable;
pub use read::{Params, Viewed};

use crate::Conn;
use crate::filter::{Clause, Filter, Listed, Where};
use crate::{search, shapes, visible};
use diesel::RunQueryDsl;
use diesel::pg::Pg;
use diesel::query_builder::QueryFragment;
use diesel::result::QueryResult;
use diesel::sql_types as sql;
use kernel::page::{Mark, Seal};
use kernel::{Ctx, Cut, Page, Record, Result};
use keyset::Term;
use serde::Serialize;

/// The values that a row is sorted by, as text; empty where the order is that of the ids.
pub type Keys = Vec<Option<String>>;

/// A search without a sort looks at no more candidates than this, and gives the best of them.
const CANDIDATES: i64 = 200;
/// An estimate is exact up to here.
const COUNTED: i64 = 10_000;

/// A list of rows of `T`, as it was asked for.
#[derive(Clone, Debug)]
pub struct Listing<T> {
    limit: u16,
    filter: Filter<T>,
    search: Option<search::Query>,
    sort: Vec<Term>,
    after: Option<Mark>,
    deleted: Deleted,
    count: Count,
    purpose: String,
    seal: Seal,
    /// all of it is taken out, page after page
    is_out: bool,
}

/// Which rows count: those in use, those archived, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Deleted {
    #[default]
    Exclude,
    Only,
    Include,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Count {
    #[default]
    None,
    Estimated,
    Exact,
}

/// The pieces of one query: what the store puts between its `scope` and its columns.
pub struct Ask<T> {
    matching: Where<T>,
    order: Clause<T, sql::Bool>,
    keys: Clause<T, sql::Array<sql::Nullable<sql::Text>>>,
    limit: i64,
}

impl<T: Listed> Ask<T> {
    pub fn matching(&self) -> Where<T> {
        self.matching.clone()
    }
    pub fn order(&self) -> Clause<T, sql::Bool> {
        self.order.clone()
    }
    pub fn keys(&self) -> Clause<T, sql::Array<sql::Nullable<sql::Text>>> {
        self.keys.clone()
    }
    pub fn limit(&self) -> i64 {
        self.limit
    }
}

impl<T: Listed> Listing<T> {
    /// The page. `rows` runs the query; `ids` gives the same rows without order, to be counted; `title` is what a
    /// search without a sort ranks by.
    pub fn page<R: Record + Serialize, Q: QueryFragment<Pg>>(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        rows: impl Fn(&mut Conn, Ask<T>) -> QueryResult<Vec<(R, Keys)>>,
        ids: impl Fn(Ask<T>) -> Q,
        title: impl Fn(&R) -> &str,
    ) -> Result<Page<R>> {
        if let Some((search, seen)) = self.search.as_ref().zip(self.seen(ctx)) {
            return self.seen_page(conn, ctx, search, &seen, rows);
        }
        if let Some(search) = self.search.as_ref().filter(|_| self.sort.is_empty() && !self.is_out) {
            return Ok(self.best(conn, ctx, search, rows, title)?);
        }
        let count = self.count(conn, ctx, ids)?;
        let found = rows(conn, self.ask(ctx, self.exact(), true))?;
        Ok(self.cut(found, count))
    }

    /// The page, of one row more than it takes where there are more.
    fn cut<R: Record>(&self, mut found: Vec<(R, Keys)>, count: Option<i64>) -> Page<R> {
        let has_more = found.len() > usize::from(self.limit);
        found.truncate(usize::from(self.limit));
        let next_cursor = found.last().filter(|_| has_more).map(|last| self.seal.close(&self.purpose, &mark(last)));
        Page { data: found.into_iter().map(|(row, _)| row).collect(), page: Cut { next_cursor, has_more, count } }
    }

    /// What fits best of what is found first; with a typing error forgiven where nothing is found without.
    fn best<R: Record>(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        search: &search::Query,
        rows: impl Fn(&mut Conn, Ask<T>) -> QueryResult<Vec<(R, Keys)>>,
        title: impl Fn(&R) -> &str,
    ) -> QueryResult<Page<R>> {
        let mut found = rows(conn, self.ask(ctx, Some(search.exact()), false))?;
        if found.is_empty()
            && let Some(forgiving) = search.forgiving()
        {
            found = rows(conn, self.ask(ctx, Some(forgiving), false))?;
        }
        let mut data: Vec<R> = found.into_iter().map(|(row, _)| row).collect();
        data.sort_by_cached_key(|row| (search.distance(title(row)), std::cmp::Reverse(row.id().into())));
        data.truncate(usize::from(self.limit));
        Ok(Page { data, page: Cut::default() })
    }

    fn count<Q: QueryFragment<Pg>>(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        ids: impl Fn(Ask<T>) -> Q,
    ) -> QueryResult<Option<i64>> {
        let all = || ids(self.unplaced(ctx));
        Ok(match self.count {
            Count::None => None,
            Count::Exact => Some(Counted { of: all(), limit: None }.get_result(conn)?),
            Count::Estimated => match (Counted { of: all(), limit: Some(COUNTED) }).get_result(conn)? {
                COUNTED => Some(Explained(all()).rows(conn)?.max(COUNTED)),
                few => Some(few),
            },
        })
    }

    fn exact(&self) -> Option<&str> {
        self.search.as_ref().map(search::Query::exact)
    }

    /// What it asks of rows, for what shows the same rows in another shape.
    pub fn matching(&self, ctx: &Ctx) -> Where<T> {
        self.unplaced(ctx).matching
    }

    /// Whether it asks for whatever is in use, and for nothing of it in particular.
    pub fn is_everything(&self) -> bool {
        let is_bare = self.filter.is_everything() && self.search.is_none() && self.after.is_none();
        is_bare && self.deleted == Deleted::Exclude
    }

    /// How many rows a page has at most.
    pub fn limit(&self) -> u16 {
        self.limit
    }

    /// All that match, wherever the page begins.
    fn unplaced(&self, ctx: &Ctx) -> Ask<T> {
        let everywhere = Self { after: None, ..self.clone() };
        everywhere.ask(ctx, self.exact(), true)
    }

    fn ask(&self, ctx: &Ctx, words: Option<&str>, ordered: bool) -> Ask<T> {
        let terms = keyset::Terms::new(&self.sort, T::CATALOGUE.table, ctx);
        let mut matching = match T::ENDURES {
            true => keyset::enduring(self.deleted),
            false => keyset::alive(T::CATALOGUE.table, self.deleted),
        };
        let listed = visible::listed(ctx, self.filter.catalogues(), T::CATALOGUE, self.is_out);
        matching.extend(keyset::and(listed));
        matching.extend(words.map(|words| keyset::search(T::CATALOGUE.table, words)).into_iter().flatten());
        matching.extend(keyset::and(self.filter.on(ctx).into_parts()));
        matching.extend(self.after.as_ref().map(|mark| keyset::and(terms.after(mark))).into_iter().flatten());
        let order = if ordered { terms.order() } else { keyset::unordered() };
        let keys = terms.keys();
        // a plan that does not know the key of a tenant's own field knows neither its index nor its values
        let own = matching.iter().chain(&order).any(keyset::is_own);
        let cached = !own && shapes::admit(&keyset::shape([&matching, &order]));
        let limit = if ordered { i64::from(self.limit) + 1 } else { CANDIDATES };
        Ask { matching: clause(matching, cached), order: clause(order, cached), keys: clause(keys, cached), limit }
    }
}

/// Where the next page begins.
fn mark<R: Record>((row, keys): &(R, Keys)) -> Mark {
    Mark { keys: keys.clone(), id: row.id().into() }
}

fn clause<T, ST>(parts: Vec<crate::filter::Part>, cached: bool) -> Clause<T, ST> {
    let clause = Clause::new(parts);
    if cached { clause } else { clause.uncached() }
}
