//! A quote as whoever it is for sees it: with its lines, the names of both sides, and what of it is tax.
use super::Quote;
use super::amounts::by_rate;
use super::line::{self, QuoteLine};
use crate::others;
use customer::account::address::AccountAddress;
use customer::account::{self, Account};
use customer::address::Written;
use customer::contact::address::ContactAddress;
use customer::contact::{self, Contact};
use kernel::catalogue::Catalogue;
use kernel::{Action, Ctx, Error, Language, Noun, Reach, Result, error, text};
use platform::Conn;
use rust_decimal::Decimal;

pub struct Shown {
    pub quote: Quote,
    pub lines: Vec<QuoteLine>,
    /// what the tenant is called, and what it is written to in
    pub company: String,
    pub language: Language,
    /// whom it is for, line by line
    pub customer: Vec<String>,
}

impl Shown {
    /// Of each rate: the rate, what is taxed, and the tax.
    pub fn taxes(&self) -> Vec<(Decimal, Decimal, Decimal)> {
        by_rate(self.lines.iter().map(|line| (line.tax_rate, line.amounts())))
    }
}

/// What is printed, or becomes an order, has no place that could be left out.
pub fn nothing_is_held_back(ctx: &Ctx) -> Result<()> {
    let hides = |noun: &Catalogue| noun.fields.iter().any(|field| ctx.grants.hides(noun.noun, field.name));
    if hides(&super::CATALOGUE) || hides(&line::CATALOGUE) {
        return Err(Error::from(error::FORBIDDEN).detail(text!("some of the quote is held back from the caller")));
    }
    Ok(())
}

/// Of a quote that the caller sees; of its customer, what they see.
pub fn shown(conn: &mut Conn, ctx: &Ctx, quote: Quote) -> Result<Shown> {
    let lines = line::of_all(conn, ctx, &[quote.id])?;
    let (company, locale) = others::store::letterhead(conn, ctx)?;
    let mut customer = Vec::new();
    if let Some(id) = quote.account_id
        && ctx.grants.reach(Account::NAME, Action::Read) > Reach::None
        && let Some(found) = account::many(conn, ctx, &[id])?.pop()
    {
        let addresses = account::address::of_all(conn, ctx, &[id])?;
        customer.extend(addressed(ctx, found, &addresses));
    }
    if let Some(id) = quote.contact_id
        && ctx.grants.reach(Contact::NAME, Action::Read) > Reach::None
        && let Some(found) = contact::many(conn, ctx, &[id])?.pop()
        && ctx.sees::<Contact>("display_name")
    {
        customer.push(found.display_name);
        if quote.account_id.is_none() && ctx.sees::<ContactAddress>("formatted") {
            let addresses = contact::address::of_all(conn, ctx, &[id])?;
            let place = billed(&addresses, |one| (one.kind.as_str(), one.is_primary, &one.formatted));
            customer.extend(place.into_iter().flat_map(lines_of));
        }
    }
    Ok(Shown { quote, lines, company, language: Language::of(&locale).unwrap_or_default(), customer })
}

/// Who it is, and where bills go to: by an address of that kind, or by the one that stands with the account.
fn addressed(ctx: &Ctx, account: Account, addresses: &[AccountAddress]) -> Vec<String> {
    let sees = |field: &str, text: Option<String>| text.filter(|_| ctx.sees::<Account>(field));
    let name = sees("legal_name", account.legal_name).or_else(|| sees("name", Some(account.name)));
    let place = billed(addresses, |one| (one.kind.as_str(), one.is_primary, &one.formatted));
    let place = match place.filter(|_| ctx.sees::<AccountAddress>("formatted")) {
        Some(place) => lines_of(place),
        None => {
            let town = [("postal_code", account.postal_code), ("city", account.city), ("region", account.region)];
            let town: Vec<String> = town.into_iter().filter_map(|(field, text)| sees(field, text)).collect();
            [sees("street", account.street), Some(town.join(" "))].into_iter().flatten().collect()
        }
    };
    name.into_iter().chain(place).filter(|text| !text.trim().is_empty()).collect()
}

/// The primary address for bills, else another that is primary.
fn billed<'a, T>(all: &'a [T], of: impl Fn(&'a T) -> (&'a str, bool, &'a Written)) -> Option<&'a Written> {
    let mut primary = all.iter().map(of).filter(|(_, is_primary, _)| *is_primary).peekable();
    let first = primary.peek().map(|(.., place)| *place);
    primary.find(|(kind, ..)| *kind == "billing").map(|(.., place)| place).or(first)
}

fn lines_of(place: &Written) -> Vec<String> {
    place.text().lines().map(str::to_owned).collect()
}
