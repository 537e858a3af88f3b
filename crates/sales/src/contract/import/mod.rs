//! Rows that become contracts, one by one, by the same deeds as everything else: drafts, whose instalments are written by
//! the API.
mod store;

use super::{CATALOGUE, Contract, ContractPatch, NewContract, RENEWALS, deeds};
use crate::rows::{self, Room};
use customer::account::Account;
use kernel::catalogue::Catalogue;
use kernel::{ContractId, Create, Ctx, Fault, Import, Result, Update, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::{Holds, Importer, Plan, Remover, Row, Target, Work, Written, many};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

pub struct Contracts;

const TARGETS: &[Target] = &[
    Target::id("id"),
    Target::text("external_id"),
    Target::text("number"),
    Target::text("title"),
    Target::id("account_id"),
    Target::text("account.external_id"),
    Target::text("account.tax_number"),
    Target::text("account.name"),
    Target::new("start_on", Holds::Date),
    Target::new("end_on", Holds::Date),
    Target::new("renewal", Holds::Choice(RENEWALS)),
    Target::new("value", Holds::Decimal),
    Target::new("value.currency", Holds::Currency),
    Target::new("currency", Holds::Currency),
    Target::new("signed_at", Holds::Instant),
    Target::text("description"),
];

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Contracts {
    fn resource(&self) -> &'static str {
        "contracts"
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
            false => {
                vec![Fault::new("/mapping/columns", "required", text!("number or external_id says which contract"))]
            }
        }
    }
    fn may(&self, ctx: &Ctx, mode: Mode, makes: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<Contract>>()?;
        if mode != Mode::UpdateOnly {
            ctx.must::<Create<Contract>>()?;
        }
        if mode != Mode::CreateOnly {
            ctx.must::<Update<Contract>>()?;
        }
        if makes("account") { ctx.must::<Create<Account>>() } else { Ok(()) }
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let mut written = Written::of(rows.len());
        let accounts = rows::accounts(conn, ctx, work, rows, &mut written)?;
        rows::write::<Self>(conn, ctx, work, rows, accounts, written)
    }
}

impl Room for Contracts {
    type Record = Contract;
    type New = NewContract;
    type Patch = ContractPatch;
    const CATALOGUE: &'static Catalogue = &CATALOGUE;

    fn there(conn: &mut Conn, ctx: &Ctx, id: Uuid) -> Result<Option<Contract>> {
        Ok(super::many(conn, ctx, &[ContractId(id)])?.pop())
    }
    fn create(conn: &mut Conn, ctx: &Ctx, id: Option<Uuid>, new: NewContract) -> Result<Uuid> {
        deeds::create(conn, ctx, &NewContract { id: id.map(ContractId), ..new }).map(|made| made.id.0)
    }
    fn update(conn: &mut Conn, ctx: &Ctx, id: Uuid, patch: &ContractPatch) -> Result<()> {
        deeds::update(conn, ctx, ContractId(id), None, patch).map(drop)
    }
    /// The currency stands in the amount there.
    fn as_body(fields: &mut Map<String, Value>) {
        fields.remove("currency");
    }
}

/// The contracts that rows call by their number.
pub(crate) fn numbered(conn: &mut Conn, ctx: &Ctx, plan: &Plan, rows: &[Row]) -> Result<BTreeMap<String, ContractId>> {
    let at = plan.at("contract.number");
    let numbers: Vec<String> = rows.iter().filter_map(|row| row.text(at).map(str::to_owned)).collect();
    // what the caller does not see is not there
    if numbers.is_empty() || !ctx.sees::<Contract>("number") {
        return Ok(BTreeMap::new());
    }
    Ok(store::numbered(conn, ctx, &numbers)?.into_iter().collect())
}

/// One that was paid for stays, and one that goes on as another: those say what it was.
fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let free = store::free(conn, ctx, ids)?;
    many::delete(conn, ctx, &CATALOGUE, &free)?;
    Ok(free)
}
