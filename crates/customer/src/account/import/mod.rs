//! Rows that become accounts, with their addresses and the account above them, and rows of other nouns that name one.
mod above;
mod named;

pub use named::{Meant, Named, column};

use super::address::AccountAddress;
use super::lifecycle::note;
use super::{Account, AccountPatch, CATALOGUE, NewAccount, person, store};
use crate::address::import::{OF_ACCOUNTS, Reading, settle};
use crate::choices::{LIFECYCLE_STAGES, RATINGS, SOURCES};
use crate::lifecycle::{self, BEGINNING, STAGE, Step};
use crate::schema::{accounts, accounts_beside};
use above::Above;
use diesel::prelude::*;
use kernel::event::Verb;
use kernel::{AccountId, Action, Create, Ctx, Fault, Import, Result, Update, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::many::{self, Columns};
use platform::import::records::{self, Change, Draft, Room, faults_of};
use platform::import::{Holds, Importer, Named as Calls, Outcome, Plan, Remover, Row, Target, Waiting, Work, Written};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
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
    Target::text(PHONE_TEXT),
    Target::text("tax_number"),
    Target::new("employee_count", Holds::Whole),
    Target::new("annual_revenue", Holds::Decimal),
    Target::new("annual_revenue.currency", Holds::Currency),
    Target::new("lifecycle_stage", Holds::Choice(LIFECYCLE_STAGES)),
    Target::new("rating", Holds::Choice(RATINGS)),
    Target::new("source", Holds::Choice(SOURCES)),
    Target::id(PARENT),
    Target::text("parent.external_id").part("account", PARENT).found_by("external_ref", "external_id"),
    Target::text("parent.tax_number").part("account", PARENT).found_by("account", "tax_number"),
    Target::text("parent.name").part("account", PARENT).found_by("account", "name"),
    Target::text("street"),
    Target::text("city"),
    Target::text("region"),
    Target::text("postal_code"),
    Target::text("country"),
    Target::text("description"),
];
static ALL: LazyLock<Vec<Target>> = LazyLock::new(|| [TARGETS, OF_ACCOUNTS].concat());

const PARENT: &str = "parent_id";
const IS_PERSON: &str = "is_person";
const PHONE_TEXT: &str = "phone_text";

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Accounts {
    fn resource(&self) -> &'static str {
        "accounts"
    }
    fn noun(&self) -> &'static str {
        "account"
    }
    fn targets(&self) -> &'static [Target] {
        &ALL
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
        let (mut written, mut drafts, mut addresses) = (Written::of(rows.len()), Vec::new(), Vec::new());
        let (reading, above) = (Reading::of(&work.plan), Above::of(conn, ctx, work, rows)?);
        for (place, row) in rows.iter().enumerate() {
            match (Draft::of(&CATALOGUE, work, place, row), reading.read(work, row), above.at(place)) {
                (Ok(mut draft), Ok(said), Ok(parent)) => {
                    draft.fields.remove(PARENT);
                    draft.fields.extend(parent.map(|id| (PARENT.to_owned(), json!(id))));
                    drafts.push(draft);
                    addresses.push((place, said));
                }
                (draft, said, parent) => {
                    let wrong = [draft.err(), said.err(), parent.err()];
                    written.put(place, Outcome::Failed(wrong.into_iter().flatten().flatten().collect()));
                }
            }
        }
        records::write::<Accounts>(conn, ctx, work, drafts, &mut written)?;
        above.settle(conn, ctx, &mut written)?;
        settle::<AccountAddress>(conn, ctx, work, addresses, &mut written)?;
        Ok(written)
    }
    fn names(&self, plan: &Plan, row: &Row) -> Vec<Calls> {
        let named = |field: &&'static str| Some((*field, row.text(plan.at(field))?.to_owned()));
        ["id", "external_id", "tax_number", "name"].iter().filter_map(named).collect()
    }
    fn link(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, waiting: &[Waiting]) -> Result<Vec<Vec<Fault>>> {
        above::link(conn, ctx, work, waiting)
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
            // organisations that are called so: of somebody their name alone does not tell who they are
            None => {
                let called = living.filter(accounts::name.eq_any(values)).filter(accounts_beside::is_person.eq(false));
                called.order(accounts::id).load(conn)?
            }
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

    /// Of one that is somebody's, nothing that their contact says, or that organisations alone have.
    fn check_change(before: &Columns, fields: &Map<String, Value>) -> Vec<Fault> {
        let mut faults = faults_of::<AccountPatch>(fields);
        if is_person(before) {
            let given = many::to_columns(&CATALOGUE, fields);
            faults.extend(person::not_theirs(|field| {
                let column = CATALOGUE.field(field).map_or(field, |field| field.column);
                given.get(column).is_some_and(|value| before.get(column).unwrap_or(&Value::Null) != value)
            }));
        }
        faults
    }

    /// What the number of somebody was given as is what their contact says.
    fn complete(_: &Ctx, columns: &mut Columns, _: &Map<String, Value>, before: Option<&Columns>) {
        columns.entry(STAGE).or_insert_with(|| json!(BEGINNING));
        columns.entry(IS_PERSON).or_insert_with(|| json!(false));
        if let Some(before) = before.filter(|before| is_person(before)) {
            columns.insert(PHONE_TEXT.to_owned(), before.get(PHONE_TEXT).cloned().unwrap_or_default());
        }
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

fn is_person(columns: &Columns) -> bool {
    columns.get(IS_PERSON) == Some(&Value::Bool(true))
}

/// Accounts that contacts belong to stay, whoever put them there.
pub(super) fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
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
