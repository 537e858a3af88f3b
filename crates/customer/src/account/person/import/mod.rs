//! Rows that become somebody who is an account: the contact, and the account that is theirs, row by row and by the same
//! deeds as everything else. Each row has a savepoint: what is wrong with it is told, and stops no other.
mod deeds;
mod meant;
mod row;

use crate::account::address::AccountAddress;
use crate::account::{self, Account, CATALOGUE};
use crate::address::import::{OF_ACCOUNTS, Reading, settle};
use crate::choices::{GENDERS, LIFECYCLE_STAGES, RATINGS, SOURCES};
use crate::contact::Contact;
use kernel::{Create, Ctx, Fault, Import, Result, Update, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::{Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written};
use row::Said;
use std::sync::LazyLock;

pub struct PersonAccounts;

/// What a contact says of itself has `person.` before it, but for what the account says of them too.
const TARGETS: &[Target] = &[
    Target::id("id"),
    Target::text("external_id"),
    Target::id("person.id").part("account", "person_id"),
    Target::text("person.external_id").part("account", "person_id").found_by("external_ref", "external_id"),
    Target::text("name").part("contact", "display_name"),
    Target::new("email", Holds::Email).part("contact", "email"),
    Target::new("phone", Holds::Phone).part("contact", "phone"),
    Target::text("phone_text").part("contact", "phone_text"),
    Target::new("lifecycle_stage", Holds::Choice(LIFECYCLE_STAGES)).part("contact", "lifecycle_stage"),
    Target::text("person.given_name").part("contact", "given_name"),
    Target::text("person.family_name").part("contact", "family_name"),
    Target::text("person.job_title").part("contact", "job_title"),
    Target::text("person.department").part("contact", "department"),
    Target::new("person.birth_on", Holds::Date).part("contact", "birth_on"),
    Target::new("person.gender", Holds::Choice(GENDERS)).part("contact", "gender"),
    Target::text("person.locale").part("contact", "locale"),
    Target::text("person.time_zone").part("contact", "time_zone"),
    Target::new("person.source", Holds::Choice(SOURCES)).part("contact", "source"),
    Target::new("person.do_not_contact", Holds::Bool).part("contact", "do_not_contact"),
    Target::text("person.description").part("contact", "description"),
    Target::text("account_type"),
    Target::new("rating", Holds::Choice(RATINGS)),
    Target::new("source", Holds::Choice(SOURCES)),
    Target::text("street"),
    Target::text("city"),
    Target::text("region"),
    Target::text("postal_code"),
    Target::text("country"),
    Target::text("description"),
];
static ALL: LazyLock<Vec<Target>> = LazyLock::new(|| [TARGETS, OF_ACCOUNTS].concat());

/// As what it made is kept in mind: it goes before the contacts whose they are.
const MADE: &str = "person_account";
pub const REMOVER: Remover = Remover { noun: MADE, remove: account::import::remove };

impl Importer for PersonAccounts {
    fn resource(&self) -> &'static str {
        "person_accounts"
    }
    fn noun(&self) -> &'static str {
        CATALOGUE.noun
    }
    fn targets(&self) -> &'static [Target] {
        &ALL
    }
    fn makes(&self) -> &'static [&'static str] {
        &[]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        let named = ["name", "person.given_name", "person.family_name", "email", "id", "external_id"];
        let called = ["person.id", "person.external_id"];
        match named.iter().chain(&called).any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => {
                let message = text!("a name, email or external_id says which contact");
                vec![Fault::new("/mapping/columns", "required", message)]
            }
        }
    }
    fn may(&self, ctx: &Ctx, mode: Mode, _: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<Account>>()?;
        ctx.must::<Import<Contact>>()?;
        if mode != Mode::UpdateOnly {
            ctx.must::<Create<Account>>()?;
            ctx.must::<Create<Contact>>()?;
        }
        if mode != Mode::CreateOnly {
            ctx.must::<Update<Account>>()?;
            ctx.must::<Update<Contact>>()?;
        }
        Ok(())
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let (mut written, mut addresses) = (Written::of(rows.len()), Vec::new());
        let reading = Reading::of(&work.plan);
        for (place, row) in rows.iter().enumerate() {
            match (Said::of(work, place, row), reading.read(work, row)) {
                (Ok(said), Ok(places)) => {
                    deeds::write(conn, ctx, work, said, &mut written)?;
                    addresses.push((place, places));
                }
                (said, places) => {
                    let wrong = [said.err(), places.err()];
                    written.put(place, Outcome::Failed(wrong.into_iter().flatten().flatten().collect()));
                }
            }
        }
        settle::<AccountAddress>(conn, ctx, work, addresses, &mut written)?;
        Ok(written)
    }
}
