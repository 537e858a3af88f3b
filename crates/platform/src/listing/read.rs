//! The parameters of a list, read and checked: every one that is not known is refused, or names a field it equals.
use super::keyset::Term;
use super::{Count, Deleted, Listing};
use crate::filter::{Customs, Filter, Listed, Seen, order_column};
use crate::search;
use kernel::catalogue::Catalogues;
use kernel::page::Seal;
use kernel::{Ctx, Error, Fault, Result, TenantId, Text, error, text};

const DEFAULT: u16 = 50;
const MOST: u16 = 200;
const MOST_TERMS: usize = 4;

/// The query of a list, as text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    pub limit: Option<String>,
    pub cursor: Option<String>,
    pub filter: Option<String>,
    pub sort: Option<String>,
    pub q: Option<String>,
    pub count: Option<String>,
    pub deleted: Option<String>,
    /// the rest: `status=open`
    pub equals: Vec<(String, String)>,
}

impl Params {
    /// Takes the parameter in if it is one of a list; what it equals otherwise. Twice the same is refused.
    pub fn take(&mut self, name: &str, value: String) -> Result<()> {
        let slot = match name {
            "limit" => &mut self.limit,
            "cursor" => &mut self.cursor,
            "filter" => &mut self.filter,
            "sort" => &mut self.sort,
            "q" => &mut self.q,
            "count" => &mut self.count,
            "deleted" => &mut self.deleted,
            _ => {
                self.equals.push((name.to_owned(), value));
                return Ok(());
            }
        };
        if slot.replace(value).is_some() { Err(refuse(name, "twice", text!("is given twice"))) } else { Ok(()) }
    }
}

impl<T: Listed> Listing<T> {
    /// `place` is the path of the list: a cursor is good for this tenant's list there, with this filter and sort. What
    /// the caller does not see cannot be asked for.
    pub fn read(params: &Params, ctx: &Ctx, place: &str, catalogues: &'static Catalogues, seal: &Seal) -> Result<Self> {
        if T::ENDURES && params.q.is_some() {
            return Err(refuse("q", "unknown_parameter", text!("this list is not searched by words")));
        }
        let seen = Seen(&ctx.grants);
        let filter = match params.filter.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Filter::compile(text, catalogues, &seen)?,
            None => Filter::everything(catalogues),
        };
        let pairs: Vec<(&str, &str)> =
            params.equals.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let filter = filter.and(Filter::equals(&pairs, catalogues, &seen)?);
        let purpose = purpose(params, ctx.tenant, place);
        let after = params.cursor.as_deref().map(|cursor| seal.open(&purpose, cursor)).transpose()?;
        Ok(Self {
            limit: limit(params.limit.as_deref())?,
            filter,
            search: params.q.as_deref().map(search::Query::read).transpose()?,
            sort: sort::<T>(params.sort.as_deref(), catalogues, &seen)?,
            after,
            deleted: choice(
                "deleted",
                params.deleted.as_deref(),
                &[("exclude", Deleted::Exclude), ("only", Deleted::Only), ("include", Deleted::Include)],
            )?,
            count: choice(
                "count",
                params.count.as_deref(),
                &[("none", Count::None), ("estimated", Count::Estimated), ("exact", Count::Exact)],
            )?,
            purpose,
            seal: seal.clone(),
            is_out: false,
        })
    }
}

fn limit(text: Option<&str>) -> Result<u16> {
    let Some(text) = text else { return Ok(DEFAULT) };
    match text.parse() {
        Ok(limit) if (1..=MOST).contains(&limit) => Ok(limit),
        _ => Err(refuse("limit", "range", text!("a whole number from 1 to {most}", most = MOST))),
    }
}

fn sort<T: Listed>(text: Option<&str>, catalogues: &'static Catalogues, customs: &dyn Customs) -> Result<Vec<Term>> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(Vec::new()) };
    let terms: Vec<&str> = text.split(',').map(str::trim).collect();
    if terms.len() > MOST_TERMS {
        return Err(refuse("sort", "too_many", text!("at most {most} fields", most = MOST_TERMS)));
    }
    let term = |text: &str| {
        let (path, down) = text.strip_prefix('-').map_or((text, false), |path| (path, true));
        Ok(Term { by: order_column::<T>(catalogues, path, customs)?, down })
    };
    terms.into_iter().map(term).collect()
}

fn choice<C: Copy + Default>(name: &str, text: Option<&str>, choices: &[(&str, C)]) -> Result<C> {
    let Some(text) = text else { return Ok(C::default()) };
    let known = choices.iter().find(|(choice, _)| *choice == text).map(|(_, choice)| *choice);
    known.ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        refuse(name, "choice", text!("one of {choices}", choices = names.join(", ")))
    })
}

fn refuse(name: &str, code: &str, message: Text) -> Error {
    Error::from(error::UNKNOWN_PARAMETER).fault(Fault::new(format!("?{name}"), code, message))
}

/// Everything that decides which rows come, and in which order: not the limit, which may change from page to page.
fn purpose(params: &Params, tenant: TenantId, place: &str) -> String {
    let text = |value: &Option<String>| value.as_deref().unwrap_or_default().to_owned();
    let equals: Vec<String> = params.equals.iter().map(|(name, value)| format!("{name}={value}")).collect();
    [
        tenant.to_string(),
        place.to_owned(),
        text(&params.filter),
        text(&params.sort),
        text(&params.q),
        text(&params.deleted),
        equals.join("&"),
    ]
    .join("\u{1f}")
}
