//! Rows that become memberships: each names a contact and an account, and there is one of each pair.
use super::Named;
use crate::account::{self, Account};
use crate::contact::Contact;
use crate::membership::{self, CATALOGUE, Membership, NewMembership};
use kernel::{AccountId, ContactId, Create, Ctx, Fault, Import, MembershipId, Result, Update, error, rules, text};
use platform::Conn;
use platform::deed::Mode;
use platform::import::{At, Holds, Importer, Outcome, Plan, Remover, Row, Target, Value, Work, Written};
use uuid::Uuid;

pub struct Memberships;

const TARGETS: &[Target] = &[
    Target::id("contact_id"),
    Target::text("contact.external_id"),
    Target::new("contact.email", Holds::Email),
    Target::id("account_id"),
    Target::text("account.external_id"),
    Target::text("account.tax_number"),
    Target::text("account.name"),
    Target::text("role"),
    Target::new("is_primary", Holds::Bool),
    Target::new("started_on", Holds::Date),
    Target::new("ended_on", Holds::Date),
];

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Memberships {
    fn resource(&self) -> &'static str {
        "memberships"
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
        let has = |any: &[&str]| any.iter().any(|target| plan.at(target).is_some());
        let contact = has(&["contact_id", "contact.external_id", "contact.email"]);
        let account = has(&["account_id", "account.external_id", "account.tax_number", "account.name"]);
        let must = [
            (contact, text!("contact_id, contact.external_id or contact.email says whose it is")),
            (account, text!("account_id, account.external_id, account.tax_number or account.name says which account")),
        ];
        let missing = must.into_iter().filter(|(there, _)| !there);
        missing.map(|(_, message)| Fault::new("/mapping/columns", "required", message)).collect()
    }
    fn may(&self, ctx: &Ctx, _: Mode, makes: &dyn Fn(&str) -> bool) -> Result<()> {
        ctx.must::<Import<Contact>>()?;
        ctx.must::<Update<Contact>>()?;
        if makes("account") { ctx.must::<Create<Account>>() } else { Ok(()) }
    }
    fn write(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[Row]) -> Result<Written> {
        let mut written = Written::of(rows.len());
        let all: Vec<&Row> = rows.iter().collect();
        let contacts = Named::of(&work.plan, "").find(conn, ctx, work, &all)?;
        let accounts = account::import::Named::of(&work.plan, "").find(conn, ctx, work, &all, &mut written)?;
        for (place, ((row, contact), account)) in rows.iter().zip(contacts).zip(accounts).enumerate() {
            let account = account.id(account::import::column(&work.plan, ""));
            let outcome = match (contact, account) {
                (Ok(Some(contact)), Ok(Some(account))) => {
                    put(conn, ctx, work, contact, account, row, &mut written.created)?
                }
                (contact, account) => Outcome::Failed(faults(contact, account)),
            };
            written.put(place, outcome);
        }
        Ok(written)
    }
}

type Found<T> = std::result::Result<Option<T>, Fault>;

fn faults(contact: Found<ContactId>, account: Found<AccountId>) -> Vec<Fault> {
    let nobody = Fault::new("", "required", text!("the row names no contact"));
    let nothing = Fault::new("", "required", text!("the row names no account"));
    let contact = contact.and_then(|one| one.ok_or(nobody)).err();
    contact.into_iter().chain(account.and_then(|one| one.ok_or(nothing)).err()).collect()
}

fn put(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    contact: ContactId,
    account: AccountId,
    row: &Row,
    created: &mut Vec<(&'static str, Uuid)>,
) -> Result<Outcome> {
    let at = |target: &str| work.plan.at(target);
    let day = |at: Option<At>| if let Some(Value::Date(day)) = row.get(at) { Some(*day) } else { None };
    let new = NewMembership {
        account_id: account,
        role: row.text(at("role")).map(str::to_owned),
        is_primary: row.get(at("is_primary")) == Some(&Value::Bool(true)),
        started_on: day(at("started_on")),
        ended_on: day(at("ended_on")),
    };
    let broken = rules::faults(&new);
    if !broken.is_empty() {
        let place = |fault: Fault| Fault { pointer: work.plan.column(fault.pointer.trim_start_matches('/')), ..fault };
        return Ok(Outcome::Failed(broken.into_iter().map(place).collect()));
    }
    let there = membership::of_contacts(conn, ctx, &[contact])?;
    let before = there.iter().find(|one| one.account_id == account);
    let refused = |code: &str, message| Ok(Outcome::Failed(vec![Fault::new("", code, message)]));
    match (before, work.mode) {
        (Some(_), Mode::CreateOnly) => refused(error::ALREADY_EXISTS.name, text!("the record is there already")),
        (None, Mode::UpdateOnly) => refused(error::NOT_FOUND.name, text!("there is no such record to update")),
        (Some(before), _) if says_nothing_new(&new, before) => Ok(Outcome::Unchanged),
        (before, _) => {
            let put = membership::add(conn, ctx, contact, &new)?;
            if before.is_some() {
                return Ok(Outcome::Updated);
            }
            created.push((CATALOGUE.noun, put.id.0));
            Ok(Outcome::Created)
        }
    }
}

fn says_nothing_new(new: &NewMembership, before: &Membership) -> bool {
    (new.role.is_none() || new.role == before.role)
        && (new.started_on.is_none() || new.started_on == before.started_on)
        && (new.ended_on.is_none() || new.ended_on == before.ended_on)
        && (before.is_primary || !new.is_primary)
}

/// With the primary one goes the contact's account.
fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    super::each_gone(ids, |id| membership::remove(conn, ctx, MembershipId(id), None))
}
