//! What is searched, and by which of its fields people know a record.
use super::{Search, SearchHit};
use ::customer::{account, activity, contact, email_message, task};
use ::platform::filter::Listed;
use ::platform::listing::Params;
use ::platform::{Conn, Listing};
use ::sales::{contract, lead, opportunity, order, payment, product, quote};
use ::service::case;
use ::service::kb::article;
use kernel::{Ctx, Error, Page, Result};
use serde::Serialize;
use serde_json::Value;
use std::marker::PhantomData;
use uuid::Uuid;

/// Who and what the business is about. How it is set up (forms, pipelines, users) has lists of its own.
pub const ROOMS: &[&dyn Room] = &[
    &Of::new(account::list, &["name"], &["city", "legal_name", "tax_number"]),
    &Of::new(contact::list, &["display_name"], &["email", "phone"]),
    &Of::new(lead::list, &["display_name"], &["company_name", "email", "phone", "city"]),
    &Of::new(opportunity::list, &["name"], &["next_step"]),
    &Of::new(quote::list, &["number"], &["status"]),
    &Of::new(contract::list, &["title"], &["number"]),
    &Of::new(order::list, &["number"], &["status"]),
    &Of::new(payment::list, &["reference"], &["status"]),
    &Of::new(product::list, &["name"], &["sku", "category"]),
    &Of::new(case::list, &["subject"], &["number", "status"]),
    &Of::new(article::list, &["title"], &["slug"]),
    &Of::new(activity::list, &["subject", "kind"], &["kind"]),
    &Of::new(task::list, &["subject"], &["status"]),
    &Of::new(email_message::list, &["subject", "from_name", "from_address"], &["from_name", "from_address", "preview"]),
];

/// Where a title does not have what was asked for.
const ELSEWHERE: u8 = 3;

/// A noun that is searched.
pub trait Room: Send + Sync {
    fn noun(&self) -> &'static str;
    /// What its list finds, best first: one more than is shown, where there is more.
    fn find(&self, conn: &mut Conn, ctx: &Ctx, search: &Search) -> Result<Vec<SearchHit>>;
}

/// The list of a room, what its records are called by, and what tells two of one name apart: of each the first that a
/// record has.
struct Of<T: Listed, R> {
    list: fn(&mut Conn, &Ctx, &Listing<T>) -> Result<Page<R>>,
    label: &'static [&'static str],
    detail: &'static [&'static str],
    rows: PhantomData<fn() -> R>,
}

impl<T: Listed, R> Of<T, R> {
    const fn new(
        list: fn(&mut Conn, &Ctx, &Listing<T>) -> Result<Page<R>>,
        label: &'static [&'static str],
        detail: &'static [&'static str],
    ) -> Self {
        Self { list, label, detail, rows: PhantomData }
    }
}

impl<T: Listed, R: Serialize> Room for Of<T, R> {
    fn noun(&self) -> &'static str {
        T::CATALOGUE.noun
    }

    fn find(&self, conn: &mut Conn, ctx: &Ctx, search: &Search) -> Result<Vec<SearchHit>> {
        let limit = Some((search.limit + 1).to_string());
        let params = Params { q: Some(search.text.clone()), limit, ..Params::default() };
        let listing = Listing::<T>::read(&params, ctx, "search", search.all, &search.seal)?;
        let found = (self.list)(conn, ctx, &listing)?;
        found.data.iter().map(|row| self.hit(ctx, search, row)).collect()
    }
}

impl<T: Listed, R: Serialize> Of<T, R> {
    /// The row as its reader sees it.
    fn hit(&self, ctx: &Ctx, search: &Search, row: &R) -> Result<SearchHit> {
        let resource = T::CATALOGUE.noun;
        let mut record = serde_json::to_value(row).map_err(Error::internal)?;
        ctx.grants.trim(resource, &mut record);
        let id: Uuid = text(&record, "id").and_then(|id| id.parse().ok()).ok_or_else(|| Error::internal("no id"))?;
        let label = self.label.iter().find_map(|field| text(&record, field));
        let told: Vec<&str> = self.detail.iter().filter_map(|field| text(&record, field)).collect();
        let told = || told.iter().copied().filter(|one| Some(*one) != label);
        let fitting = told().find(|one| search.query.distance(one) < ELSEWHERE);
        Ok(SearchHit {
            resource,
            id,
            label: label.map(str::to_owned),
            detail: fitting.or_else(|| told().next()).map(str::to_owned),
            distance: label.map_or(ELSEWHERE, |label| search.query.distance(label)),
        })
    }
}

fn text<'a>(record: &'a Value, field: &str) -> Option<&'a str> {
    record.get(field)?.as_str().filter(|text| !text.is_empty())
}
