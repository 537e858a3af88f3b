//! Rows that become quotes, one by one, by the same deeds as everything else: drafts, whose lines are written by the API,
//! or are those of their opportunity.
use super::{CATALOGUE, NewQuote, Quote, QuotePatch, ROUNDINGS, deeds, store};
use crate::rows::{self, Room};
use customer::account::Account;
use customer::contact;
use kernel::catalogue::Catalogue;
use kernel::{Create, Ctx, Fault, Import, QuoteId, Result, Update, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::{Holds, Importer, Plan, Remover, Row, Target, Work, Written, many};
use serde_json::{Map, Value};
use uuid::Uuid;

pub struct Quotes;

const TARGETS: &[Target] = &[
    Target::id("id"),
    Target::text("external_id"),
    Target::text("number"),
    Target::id("opportunity_id"),
    Target::id("account_id"),
    Target::text("account.external_id"),
    Target::text("account.tax_number"),
    Target::text("account.name"),
    Target::id("contact_id"),
    Target::text("contact.external_id"),
    Target::new("contact.email", Holds::Email),
    Target::new("currency", Holds::Currency),
    Target::new("valid_until_on", Holds::Date),
    Target::new("is_tax_included", Holds::Bool),
    Target::new("rounding", Holds::Choice(ROUNDINGS)),
    Target::new("discount_rate", Holds::Decimal),
    Target::new("shipping", Holds::Decimal),
    Target::text("terms"),
];

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Quotes {
    fn resource(&self) -> &'static str {
        "quotes"
    }
    fn noun(&self) -> &'static str {
        CATALOGUE.noun
    }
    fn targets(&self) -> &'static [Target] {
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &["account"]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        match ["id", "external_id", "number"].iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => vec![Fault::new("/mapping/columns", "required", text!("number or external_id says which quote"))],
        }
    }
    fn may(&self, ctx: &Ctx, mode: Mode, makes: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<Quote>>()?;
        if mode != Mode::UpdateOnly {
            ctx.must::<Create<Quote>>()?;
        }
        if mode != Mode::CreateOnly {
            ctx.must::<Update<Quote>>()?;
        }
        if makes("account") { ctx.must::<Create<Account>>() } else { Ok(()) }
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let mut written = Written::of(rows.len());
        let accounts = rows::accounts(conn, ctx, work, rows, &mut written)?;
        let all: Vec<&Row> = rows.iter().collect();
        let contacts = contact::import::Named::of(&work.plan, "").find(conn, ctx, work, &all)?;
        let meant = accounts.into_iter().zip(contacts);
        let meant = meant.map(|(account, contact)| rows::both(account, rows::field("contact_id", contact)));
        rows::write::<Self>(conn, ctx, work, rows, meant, written)
    }
}

impl Room for Quotes {
    type Record = Quote;
    type New = NewQuote;
    type Patch = QuotePatch;
    const CATALOGUE: &'static Catalogue = &CATALOGUE;

    fn there(conn: &mut Conn, ctx: &Ctx, id: Uuid) -> Result<Option<Quote>> {
        Ok(store::many(conn, ctx, &[QuoteId(id)])?.pop())
    }
    fn create(conn: &mut Conn, ctx: &Ctx, id: Option<Uuid>, new: NewQuote) -> Result<Uuid> {
        deeds::create(conn, ctx, &NewQuote { id: id.map(QuoteId), ..new }).map(|made| made.id.0)
    }
    fn update(conn: &mut Conn, ctx: &Ctx, id: Uuid, patch: &QuotePatch) -> Result<()> {
        deeds::update(conn, ctx, QuoteId(id), None, patch).map(drop)
    }
    /// What the delivery costs is a bare figure there, of the quote's own currency.
    fn as_body(fields: &mut Map<String, Value>) {
        if let Some(shipping) = fields.get_mut("shipping") {
            *shipping = shipping.get("amount").cloned().unwrap_or_default();
        }
    }
}

/// One that an order or a contract came of stays: that says what it was.
fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let free = store::without_offspring(conn, ctx, ids)?;
    many::delete(conn, ctx, &CATALOGUE, &free)?;
    Ok(free)
}
