//! Rows that become accounts, and rows of other nouns that name one.
mod named;

pub use named::{Meant, Named, column};

use super::lifecycle::note;
use super::{Account, AccountPatch, CATALOGUE, NewAccount, store};
use crate::choices::{LIFECYCLE_STAGES, RATINGS, SOURCES};
use crate::lifecycle::{self, BEGINNING, STAGE, Step};
use crate::schema::accounts;
use diesel::prelude::*;
use kernel::event::Verb;
use kernel::{AccountId, Action, Create, Ctx, Fault, Import, Result, Update, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::many::{self, Columns};
use platform::import::records::{self, Change, Draft, Room, faults_of};
use platform::import::{Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub struct Accounts;

const TARGETS: &[Target] = &[
    Target::id("id"),
    Target::text("external_id"),
    Target::text("name"),
    Target::text("legal_name"),
    Target::text("account_type"),
    Target::text("industry"),
    Target::new("website", Holds::Url),
    Target::new("email", Holds::Email),
    Target::new("phone", Holds::Phone),
    Target::text("phone_text"),
    Target::text("tax_number"),
    Target::new("employee_count", Holds::Whole),
    Target::new("annual_revenue", Holds::Decimal),
    Target::new("annual_revenue.currency", Holds::Currency),
    Target::new("lifecycle_stage", Holds::Choice(LIFECYCLE_STAGES)),
    Target::new("rating", Holds::Choice(RATINGS)),
    Target::new("source", Holds::Choice(SOURCES)),
    Target::text("street"),
    Target::text("city"),
    Target::text("region"),
    Target::text("postal_code"),
    Target::text("country"),
    Target::text("description"),
];

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Accounts {
    fn resource(&self) -> &'static str {
        "accounts"
    }
    fn noun(&self) -> &'static str {
        "account"
    }
    fn targets(&self) -> &'static [Target] {
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &[]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        match ["name", "id", "external_id", "tax_number"].iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => {
                vec![Fault::new(
                    "/mapping/columns",
                    "required",
                    text!("name, external_id or tax_number says which account"),
                )]
            }
        }
    }
    fn may(&self, ctx: &Ctx, mode: Mode, _: &dyn Fn(&str) -> bool) -> Result<()> {
        may(ctx, mode)
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let (mut written, mut drafts) = (Written::of(rows.len()), Vec::new());
        for (place, row) in rows.iter().enumerate() {
            match Draft::of(&CATALOGUE, work, place, row) {
                Ok(draft) => drafts.push(draft),
                Err(faults) => written.put(place, Outcome::Failed(faults)),
            }
        }
        records::write::<Accounts>(conn, ctx, work, drafts, &mut written)?;
        Ok(written)
    }
}

fn may(ctx: &Ctx, mode: Mode) -> Result<()> {
    ctx.must::<Import<Account>>()?;
    if mode != Mode::UpdateOnly {
        ctx.must::<Create<Account>>()?;
    }
    if mode != Mode::CreateOnly {
        ctx.must::<Update<Account>>()?;
    }
    Ok(())
}

impl Room for Accounts {
    type Record = Account;
    const CATALOGUE: &'static kernel::catalogue::Catalogue = &CATALOGUE;
    const UNIQUE: &'static [&'static str] = &["tax_number"];

    fn alike(fields: &Map<String, Value>) -> Option<String> {
        Some(fields.get("name")?.as_str()?.to_owned())
    }

    fn with(conn: &mut Conn, ctx: &Ctx, field: Option<&str>, values: &[String]) -> Result<Vec<Account>> {
        let living =
            store::scope(ctx, Action::Read).filter(accounts::deleted_at.is_null()).select(Account::as_select());
        Ok(match field {
            Some(_) => living.filter(accounts::tax_number.eq_any(values)).load(conn)?,
            None => living.filter(accounts::name.eq_any(values)).order(accounts::id).load(conn)?,
        })
    }

    fn lock(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Account>> {
        let living = store::scope(ctx, Action::Update).filter(accounts::deleted_at.is_null());
        let found = living.filter(accounts::id.eq_any(ids)).order(accounts::id).for_update();
        Ok(found.select(Account::as_select()).load(conn)?)
    }

    fn check_new(fields: &Map<String, Value>) -> Vec<Fault> {
        faults_of::<NewAccount>(fields)
    }

    fn check_change(_: &Columns, fields: &Map<String, Value>) -> Vec<Fault> {
        faults_of::<AccountPatch>(fields)
    }

    fn complete(_: &Ctx, columns: &mut Columns, _: &Map<String, Value>, _: Option<&Columns>) {
        columns.entry(STAGE).or_insert_with(|| json!(BEGINNING));
    }

    fn words(columns: &Columns, _: &Map<String, Value>) -> Vec<String> {
        let text = |name: &str| columns.get(name).and_then(Value::as_str);
        super::deeds::words(text("name").unwrap_or_default(), text("legal_name"), text("tax_number"))
    }

    fn verb(change: &Change) -> Verb {
        lifecycle::verb(change)
    }

    fn beside(conn: &mut Conn, ctx: &Ctx, changes: &mut [Change]) -> Result<()> {
        let steps = changes.iter().filter_map(|one| Step::of_row(AccountId(one.id), one.before.as_ref(), &one.after));
        note(conn, ctx, &steps.collect::<Vec<_>>())?;
        Ok(())
    }
}

/// Accounts that contacts belong to stay, whoever put them there.
fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    use crate::schema::memberships;
    let used: Vec<AccountId> = memberships::table
        .filter(memberships::tenant_id.eq(ctx.tenant))
        .filter(memberships::account_id.eq_any(ids))
        .select(memberships::account_id)
        .distinct()
        .load(conn)?;
    let free: Vec<Uuid> = ids.iter().copied().filter(|id| !used.contains(&AccountId(*id))).collect();
    many::delete(conn, ctx, &CATALOGUE, &free)?;
    Ok(free)
}
