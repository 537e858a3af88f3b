//! Rows that become payments, one by one, by the same deeds as everything else: one that names its contract pays what is
//! open of it, the oldest first.
use super::{CATALOGUE, METHODS, NewPayment, Payment, PaymentPatch, deeds, store};
use crate::contract::import::numbered;
use crate::rows::Room;
use customer::account::{self, Account};
use kernel::{Create, Ctx, Fault, Import, PaymentId, Result, Update, error, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::records::Draft;
use platform::import::{Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written, many};
use serde_json::{Map, Value, json};
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
        let all: Vec<&Row> = rows.iter().collect();
        let accounts = account::import::Named::of(&work.plan, "").find(conn, ctx, work, &all, &mut written)?;
        let contracts = numbered(conn, ctx, &work.plan, rows)?;
        let mut known = crate::rows::called::<Payment>(conn, ctx, work, rows)?;
        for (place, (row, account)) in rows.iter().zip(accounts).enumerate() {
            let account = account.id(account::import::column(&work.plan, "")).map_err(|fault| vec![fault]);
            let contract = match row.text(work.plan.at("contract.number")) {
                None => Ok(None),
                Some(number) => contracts.get(number).map(Some).ok_or_else(|| vec![nobody(&work.plan)]),
            };
            let draft = account.and_then(|account| {
                let mut draft = Draft::of(&CATALOGUE, work, place, row)?;
                draft.fields.extend(account.map(|id| ("account_id".to_owned(), json!(id))));
                draft.fields.extend(contract?.map(|id| ("contract_id".to_owned(), json!(id))));
                Ok(draft)
            });
            let outcome = match draft {
                Ok(draft) => crate::rows::put::<Self>(conn, ctx, work, draft, &mut known, &mut written.created)?,
                Err(faults) => Outcome::Failed(faults),
            };
            written.put(place, outcome);
        }
        Ok(written)
    }
}

impl Room for Payments {
    type Record = Payment;
    type New = NewPayment;
    type Patch = PaymentPatch;

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
