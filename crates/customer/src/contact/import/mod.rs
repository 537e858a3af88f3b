//! Rows that become contacts, with their points, their addresses and the account they belong to; and rows of other
//! nouns that name one.
mod beside;
mod memberships;
mod named;
mod points;

pub use memberships::{Memberships, REMOVER as MEMBERSHIP_REMOVER};
pub use named::Named;
pub use points::{ContactPoints, REMOVER as POINT_REMOVER};

use super::address::ContactAddress;
use super::lifecycle::note;
use super::{CATALOGUE, Contact, ContactPatch, NewContact, name, store};
use crate::account::{self, Account};
use crate::address::import::{OF_CONTACTS, Reading, settle};
use crate::choices::{GENDERS, LIFECYCLE_STAGES, SOURCES};
use crate::lifecycle::{self, BEGINNING, STAGE, Step};
use crate::schema::contacts;
use diesel::prelude::*;
use kernel::event::Verb;
use kernel::{Action, ContactId, Create, Ctx, Fault, Import, Result, Update, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::many::{self, Columns};
use platform::import::records::{self, Change, Draft, Room, faults_of};
use platform::import::{Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written};
use platform::search::Words;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use uuid::Uuid;

pub struct Contacts;

const TARGETS: &[Target] = &[
    Target::id("id"),
    Target::text("external_id"),
    Target::id("account_id"),
    Target::text("account.external_id"),
    Target::text("account.tax_number"),
    Target::text("account.name"),
    Target::text("given_name"),
    Target::text("family_name"),
    Target::text("display_name"),
    Target::text("job_title"),
    Target::text("department"),
    Target::new("email", Holds::Email),
    Target::new("phone", Holds::Phone),
    Target::text("phone_text"),
    Target::text("wechat").part("contact_point", "value"),
    Target::new("birth_on", Holds::Date),
    Target::new("gender", Holds::Choice(GENDERS)),
    Target::text("locale"),
    Target::text("time_zone"),
    Target::new("lifecycle_stage", Holds::Choice(LIFECYCLE_STAGES)),
    Target::new("source", Holds::Choice(SOURCES)),
    Target::new("do_not_contact", Holds::Bool),
    Target::text("description"),
];
static ALL: LazyLock<Vec<Target>> = LazyLock::new(|| [TARGETS, OF_CONTACTS].concat());

/// A kind of point that is no column of the contact.
const WECHAT: &str = "wechat";

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Contacts {
    fn resource(&self) -> &'static str {
        "contacts"
    }
    fn noun(&self) -> &'static str {
        "contact"
    }
    fn targets(&self) -> &'static [Target] {
        &ALL
    }
    fn makes(&self) -> &'static [&'static str] {
        &["account"]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        let named = ["display_name", "given_name", "family_name", "email", "id", "external_id"];
        match named.iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => {
                vec![Fault::new(
                    "/mapping/columns",
                    "required",
                    text!("a name, email or external_id says which contact"),
                )]
            }
        }
    }
    fn may(&self, ctx: &Ctx, mode: Mode, makes: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<Contact>>()?;
        if mode != Mode::UpdateOnly {
            ctx.must::<Create<Contact>>()?;
        }
        if mode != Mode::CreateOnly {
            ctx.must::<Update<Contact>>()?;
        }
        if makes("account") { ctx.must::<Create<Account>>() } else { Ok(()) }
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let (mut written, mut drafts, mut addresses) = (Written::of(rows.len()), Vec::new(), Vec::new());
        let (all, reading): (Vec<&Row>, Reading) = (rows.iter().collect(), Reading::of(&work.plan));
        let accounts = account::import::Named::of(&work.plan, "").find(conn, ctx, work, &all, &mut written)?;
        for (place, (row, account)) in rows.iter().zip(accounts).enumerate() {
            let account = account.id(account::import::column(&work.plan, "")).map_err(|fault| vec![fault]);
            match (account, Draft::of(&CATALOGUE, work, place, row), reading.read(work, row)) {
                (Ok(account), Ok(mut draft), Ok(said)) => {
                    draft.fields.extend(account.map(|id| ("account_id".to_owned(), json!(id))));
                    drafts.push(draft);
                    addresses.push((place, said));
                }
                (account, draft, said) => {
                    let wrong = [account.err(), draft.err(), said.err()];
                    written.put(place, Outcome::Failed(wrong.into_iter().flatten().flatten().collect()));
                }
            }
        }
        records::write::<Contacts>(conn, ctx, work, drafts, &mut written)?;
        settle::<ContactAddress>(conn, ctx, work, addresses, &mut written)?;
        Ok(written)
    }
}

impl Room for Contacts {
    type Record = Contact;
    const CATALOGUE: &'static kernel::catalogue::Catalogue = &CATALOGUE;
    const UNIQUE: &'static [&'static str] = &["email"];

    /// The same name at the same number.
    fn alike(fields: &Map<String, Value>) -> Option<String> {
        let name = called(fields)?.to_lowercase();
        Some(format!("{}\n{name}", fields.get("phone")?.as_str()?))
    }

    fn with(conn: &mut Conn, ctx: &Ctx, field: Option<&str>, values: &[String]) -> Result<Vec<Contact>> {
        let living =
            store::scope(ctx, Action::Read).filter(contacts::deleted_at.is_null()).select(Contact::as_select());
        if field.is_some() {
            return Ok(living.filter(contacts::email.eq_any(values)).load(conn)?);
        }
        let phones: Vec<&str> = values.iter().filter_map(|value| value.split('\n').next()).collect();
        Ok(living.filter(contacts::phone.eq_any(phones)).order(contacts::id).load(conn)?)
    }

    fn lock(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Contact>> {
        let living = store::scope(ctx, Action::Update).filter(contacts::deleted_at.is_null());
        let found = living.filter(contacts::id.eq_any(ids)).order(contacts::id).for_update();
        Ok(found.select(Contact::as_select()).load(conn)?)
    }

    fn check_new(fields: &Map<String, Value>) -> Vec<Fault> {
        faults_of::<NewContact>(&plain(fields))
    }

    fn check_change(_: &Columns, fields: &Map<String, Value>) -> Vec<Fault> {
        faults_of::<ContactPatch>(&plain(fields))
    }

    /// A name that was made of the others follows them.
    fn complete(_: &Ctx, columns: &mut Columns, _: &Map<String, Value>, before: Option<&Columns>) {
        columns.entry(STAGE).or_insert_with(|| json!(BEGINNING));
        columns.entry("do_not_contact").or_insert_with(|| json!(false));
        let made = before.is_some_and(|before| {
            before.get("display_name") == columns.get("display_name")
                && full(before).as_deref() == text(before, "display_name")
        });
        if made && let Some(name) = full(columns) {
            columns.insert("display_name".to_owned(), name.into());
        }
        if let Some(name) = called(columns) {
            columns.insert("display_name".to_owned(), name.into());
        }
    }

    fn words(columns: &Columns, fields: &Map<String, Value>) -> Vec<String> {
        let words = names(columns).maybe(text(columns, "email"), |all, text| all.whole(text));
        let words = words.maybe(text(columns, "phone"), |all, text| all.phone(text));
        words.maybe(text(fields, WECHAT), |all, text| all.whole(text)).lexemes()
    }

    fn verb(change: &Change) -> Verb {
        lifecycle::verb(change)
    }

    fn beside(conn: &mut Conn, ctx: &Ctx, changes: &mut [Change]) -> Result<()> {
        let steps = changes.iter().filter_map(|one| Step::of_row(ContactId(one.id), one.before.as_ref(), &one.after));
        note(conn, ctx, &steps.collect::<Vec<_>>())?;
        let (new, changed): (Vec<&mut Change>, Vec<&mut Change>) =
            changes.iter_mut().partition(|change| change.before.is_none());
        beside::add_points(conn, ctx, &new)?;
        beside::add_memberships(conn, ctx, &new)?;
        beside::settle(conn, ctx, changed)
    }
}

fn text<'a>(columns: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    columns.get(name).and_then(Value::as_str)
}

fn full(columns: &Columns) -> Option<String> {
    name::full(text(columns, "given_name"), text(columns, "family_name"))
}

/// As [`NewContact::name`] has it.
fn called(fields: &Map<String, Value>) -> Option<String> {
    let given = |name: &str| text(fields, name).filter(|text| !text.trim().is_empty()).map(str::to_owned);
    given("display_name").or_else(|| full(fields)).or_else(|| given("email"))
}

fn plain(fields: &Map<String, Value>) -> Map<String, Value> {
    fields.iter().filter(|(name, _)| *name != WECHAT).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn names(columns: &Columns) -> Words {
    ["display_name", "given_name", "family_name"]
        .into_iter()
        .fold(Words::new(), |all, name| all.maybe(text(columns, name), |all, text| all.name(text)))
}

/// Its points and memberships go with it; orders hold it fast.
fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    many::delete(conn, ctx, &CATALOGUE, ids)?;
    Ok(ids.to_vec())
}

/// Takes parts away one by one; what is gone already is gone.
pub(crate) fn each_gone(ids: &[Uuid], mut remove: impl FnMut(Uuid) -> Result<()>) -> Result<Vec<Uuid>> {
    for id in ids {
        match remove(*id) {
            Err(error) if error.code == kernel::error::NOT_FOUND => {}
            done => done?,
        }
    }
    Ok(ids.to_vec())
}
