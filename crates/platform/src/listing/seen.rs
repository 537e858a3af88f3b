//! A search by somebody who does not see all that it looks at. The words of a record stand in one vector, whatever
//! field they are from: so each row that it finds is looked at again, by the words of those fields that the caller sees.
//! Rows that only hidden words found are neither answered nor counted, nor do they make a page end sooner. It takes more
//! statements, which nobody else pays for.
use super::{CANDIDATES, Count, Keys, Listing, mark};
use crate::Conn;
use crate::filter::Listed;
use crate::search::{Query, Words};
use diesel::result::QueryResult;
use kernel::catalogue::{Catalogue, Field, Owned, Searched};
use kernel::page::Mark;
use kernel::{Ctx, Cut, Error, Page, Record, Result, error, text};
use serde::Serialize;
use serde_json::Value;

/// Rows looked at again in one go, and how often that is done before the search is refused as too costly.
const STEP: u16 = 1_000;
const STEPS: usize = 20;

/// The fields that are searched and seen.
pub type Seen = Vec<&'static Field>;

/// How far a walk goes: from where, and to how many rows that fit.
struct Stretch<'a> {
    after: Option<Mark>,
    enough: usize,
    fits: &'a dyn Fn(&Value) -> bool,
}

impl<T: Listed> Listing<T> {
    /// Nothing where the caller sees all that is searched, of the record and its parts. The words of its parts count no
    /// more, once anything of what is searched is hidden.
    pub(super) fn seen(&self, ctx: &Ctx) -> Option<Seen> {
        if ctx.grants.is_plain() {
            return None;
        }
        let noun = T::CATALOGUE;
        let hidden = |field: &Field, of: &Catalogue| field.searched.is_some() && ctx.grants.hides(of.noun, field.name);
        let is_part = |one: &Catalogue| matches!(one.owned, Owned::Part { of, .. } if of == noun.noun);
        let all = self.filter.catalogues().all().filter(|one| is_part(one)).chain([noun]);
        let held_back = all.into_iter().any(|of| of.fields.iter().any(|field| hidden(field, of)));
        let seen = noun.fields.iter().filter(|field| field.searched.is_some() && !hidden(field, noun));
        held_back.then(|| seen.collect())
    }

    pub(super) fn seen_page<R: Record + Serialize>(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        search: &Query,
        seen: &Seen,
        rows: impl Fn(&mut Conn, super::Ask<T>) -> QueryResult<Vec<(R, Keys)>>,
    ) -> Result<Page<R>> {
        let exact = |record: &Value| search.meets(&words(seen, record));
        if self.sort.is_empty() && !self.is_out {
            return self.seen_best(conn, ctx, search, seen, rows);
        }
        let count = match self.count {
            Count::None => None,
            Count::Estimated | Count::Exact => {
                let all = Stretch { after: None, enough: usize::MAX, fits: &exact };
                let all = self.walk(conn, ctx, search.exact(), all, &rows)?;
                Some(i64::try_from(all.len()).unwrap_or(i64::MAX))
            }
        };
        let page = Stretch { after: self.after.clone(), enough: usize::from(self.limit) + 1, fits: &exact };
        Ok(self.cut(self.walk(conn, ctx, search.exact(), page, &rows)?, count))
    }

    /// What fits best, by what is seen.
    fn seen_best<R: Record + Serialize>(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        search: &Query,
        seen: &Seen,
        rows: impl Fn(&mut Conn, super::Ask<T>) -> QueryResult<Vec<(R, Keys)>>,
    ) -> Result<Page<R>> {
        let enough = usize::try_from(CANDIDATES).unwrap_or(usize::MAX);
        let exact = |record: &Value| search.meets(&words(seen, record));
        let forgiving = |record: &Value| search.meets_forgiving(&words(seen, record));
        let fitting = Stretch { after: None, enough, fits: &exact };
        let mut found = self.walk(conn, ctx, search.exact(), fitting, &rows)?;
        if found.is_empty()
            && let Some(text) = search.forgiving()
        {
            found = self.walk(conn, ctx, text, Stretch { after: None, enough, fits: &forgiving }, &rows)?;
        }
        let mut data: Vec<R> = found.into_iter().map(|(row, _)| row).collect();
        let distance = |row: &R| {
            let record = serde_json::to_value(row).unwrap_or_default();
            seen.iter().filter_map(|field| text(field, &record)).map(|text| search.distance(text)).min()
        };
        data.sort_by_cached_key(|row| (distance(row), std::cmp::Reverse(row.id().into())));
        data.truncate(usize::from(self.limit));
        Ok(Page { data, page: Cut::default() })
    }

    /// The rows that fit among those that the words find, in the order of the list.
    fn walk<R: Record + Serialize>(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        words: &str,
        stretch: Stretch,
        rows: &impl Fn(&mut Conn, super::Ask<T>) -> QueryResult<Vec<(R, Keys)>>,
    ) -> Result<Vec<(R, Keys)>> {
        let (mut kept, mut step) = (Vec::new(), Self { after: stretch.after, limit: STEP, ..self.clone() });
        for _ in 0..STEPS {
            let mut found = rows(conn, step.ask(ctx, Some(words), true))?;
            let more = found.len() > usize::from(STEP);
            found.truncate(usize::from(STEP));
            step.after = found.last().map(mark);
            for (row, keys) in found {
                if (stretch.fits)(&serde_json::to_value(&row).map_err(Error::internal)?) {
                    kept.push((row, keys));
                }
            }
            if !more || kept.len() >= stretch.enough {
                kept.truncate(stretch.enough);
                return Ok(kept);
            }
        }
        Err(Error::from(error::QUERY_TOO_COSTLY)
            .detail(text!("too many records have such words: add another, or a filter")))
    }
}

fn text<'a>(field: &Field, record: &'a Value) -> Option<&'a str> {
    record.get(field.name).and_then(Value::as_str)
}

/// As a room indexes them.
fn words(seen: &Seen, record: &Value) -> Vec<String> {
    let texts = seen.iter().filter_map(|field| Some((field.searched?, text(field, record)?)));
    let words = texts.fold(Words::new(), |all, (how, text)| match how {
        Searched::Name => all.name(text),
        Searched::Text => all.text(text),
        Searched::Whole => all.whole(text),
        Searched::Phone => all.phone(text),
    });
    words.lexemes()
}
