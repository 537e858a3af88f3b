//! Rows that become payments, one by one, by the same deeds as everything else: one that names its contract pays what is
//! open of it, the oldest first.
use super::{CATALOGUE, METHODS, NewPayment, Payment, PaymentPatch, deeds, store};
use crate::contract::import::numbered;
use crate::rows::{self, Room};
use customer::account::Account;
use kernel::catalogue::Catalogue;
use kernel::{Create, Ctx, Fault, Import, PaymentId, Result, Update, error, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::{Holds, Importer, Plan, Remover, Row, Target, Work, Written, many};
use serde_json::{Map, Value};
use uuid::Uuid;

pub struct Payments;

const TARGETS: &[Target] = &[
    Target::id("id"),
    Target::text("external_id"),
    Target::id("account_id"),
    Target::text("account.external_id"),
    Target::text("account.tax_number"),
    Target::text("account.name"),
    Target::id("contract_id"),
    Target::text("contract.number"),
    Target::new("amount", Holds::Decimal),
    Target::new("amount.currency", Holds::Currency),
    Target::new("currency", Holds::Currency),
    Target::new("received_on", Holds::Date),
    Target::new("method", Holds::Choice(METHODS)),
    Target::text("reference"),
    Target::text("description"),
];

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Payments {
    fn resource(&self) -> &'static str {
        "payments"
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
        match ["id", "external_id"].iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => vec![Fault::new("/mapping/columns", "required", text!("external_id says which payment"))],
        }
    }
    fn may(&self, ctx: &Ctx, mode: Mode, makes: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<Payment>>()?;
        if mode != Mode::UpdateOnly {
            ctx.must::<Create<Payment>>()?;
        }
        if mode != Mode::CreateOnly {
            ctx.must::<Update<Payment>>()?;
        }
        if makes("account") { ctx.must::<Create<Account>>() } else { Ok(()) }
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let mut written = Written::of(rows.len());
        let accounts = rows::accounts(conn, ctx, work, rows, &mut written)?;
        let contracts = numbered(conn, ctx, &work.plan, rows)?;
        let contract = |row: &Row| match row.text(work.plan.at("contract.number")) {
            None => Ok(None),
            Some(number) => contracts.get(number).map(Some).ok_or_else(|| nobody(&work.plan)),
        };
        let meant = accounts.into_iter().zip(rows);
        let meant = meant.map(|(account, row)| rows::both(account, rows::field("contract_id", contract(row))));
        rows::write::<Self>(conn, ctx, work, rows, meant, written)
    }
}

impl Room for Payments {
    type Record = Payment;
    type New = NewPayment;
    type Patch = PaymentPatch;
    const CATALOGUE: &'static Catalogue = &CATALOGUE;

    fn there(conn: &mut Conn, ctx: &Ctx, id: Uuid) -> Result<Option<Payment>> {
        Ok(store::many(conn, ctx, &[PaymentId(id)])?.pop())
    }
    fn create(conn: &mut Conn, ctx: &Ctx, id: Option<Uuid>, new: NewPayment) -> Result<Uuid> {
        deeds::create(conn, ctx, &NewPayment { id: id.map(PaymentId), ..new }).map(|made| made.id.0)
    }
    fn update(conn: &mut Conn, ctx: &Ctx, id: Uuid, patch: &PaymentPatch) -> Result<()> {
        deeds::update(conn, ctx, PaymentId(id), None, patch).map(drop)
    }
    /// The currency stands in the amount there.
    fn as_body(fields: &mut Map<String, Value>) {
        fields.remove("currency");
    }
}

fn nobody(plan: &Plan) -> Fault {
    Fault::new(plan.column("contract.number"), error::UNKNOWN_REFERENCE.name, text!("there is no such record"))
}

/// One that has paid something stays.
fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let free = store::free(conn, ctx, ids)?;
    many::delete(conn, ctx, &CATALOGUE, &free)?;
    Ok(free)
}
