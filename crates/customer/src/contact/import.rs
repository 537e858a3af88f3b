//! Rows that become contacts, with their points and the account they belong to; and rows of other nouns that name one.
use super::point::norm;
use super::{CATALOGUE, Contact, ContactPatch, NewContact, deeds, name, store};
use crate::account::{self, Account};
use crate::choices::{GENDERS, LIFECYCLE_STAGES, SOURCES};
use crate::membership;
use crate::schema::{contact_points, contacts, memberships};
use diesel::prelude::*;
use kernel::{AccountId, Action, ContactId, ContactPointId, Create, Ctx, Fault, Import, MembershipId, Result, Update};
use platform::deed::Mode;
use platform::import::many::{self, Columns};
use platform::import::records::{self, Change, Draft, Room, faults_of, lexemes};
use platform::import::{At, Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written};
use platform::search::Words;
use platform::{Conn, external};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use uuid::Uuid;

pub struct Contacts;

const TARGETS: &[Target] = &[
    Target::text("external_id"),
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
    Target::text("wechat"),
    Target::new("birth_on", Holds::Date),
    Target::new("gender", Holds::Choice(GENDERS)),
    Target::text("locale"),
    Target::text("time_zone"),
    Target::new("lifecycle_stage", Holds::Choice(LIFECYCLE_STAGES)),
    Target::new("source", Holds::Choice(SOURCES)),
    Target::new("do_not_contact", Holds::Bool),
    Target::text("description"),
];

/// A kind of point that is no column of the contact.
const WECHAT: &str = "wechat";

pub const REMOVER: Remover = Remover { noun: CATALOGUE.noun, remove };

impl Importer for Contacts {
    fn resource(&self) -> &'static str {
        "contacts"
    }
    fn targets(&self) -> &'static [Target] {
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &["account"]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        let named = ["display_name", "given_name", "family_name", "email", "external_id"];
        match named.iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => vec![Fault::new("/mapping/columns", "required", "a name, email or external_id says which contact")],
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
        let (mut written, mut drafts) = (Written::of(rows.len()), Vec::new());
        let all: Vec<&Row> = rows.iter().collect();
        let accounts = account::import::Named::of(&work.plan, "").find(conn, ctx, work, &all, &mut written)?;
        for (place, (row, account)) in rows.iter().zip(accounts).enumerate() {
            let account = account.id(account::import::column(&work.plan, "")).map_err(|fault| vec![fault]);
            match account.and_then(|account| Ok((account, Draft::of(&CATALOGUE, work, place, row)?))) {
                Ok((account, mut draft)) => {
                    draft.fields.extend(account.map(|id| ("account_id".to_owned(), json!(id))));
                    drafts.push(draft);
                }
                Err(faults) => written.put(place, Outcome::Failed(faults)),
            }
        }
        records::write::<Contacts>(conn, ctx, work, drafts, &mut written)?;
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
        let living = store::scope(ctx, Action::Read).filter(contacts::deleted_at.is_null()).select(Contact::as_select());
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
        columns.entry("lifecycle_stage").or_insert_with(|| json!("lead"));
        columns.entry("do_not_contact").or_insert_with(|| json!(false));
        let made = before.is_some_and(|before| {
            before.get("display_name") == columns.get("display_name") && full(before).as_deref() == text(before, "display_name")
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

    fn beside(conn: &mut Conn, ctx: &Ctx, changes: &mut [Change]) -> Result<()> {
        let (new, changed): (Vec<&mut Change>, Vec<&mut Change>) =
            changes.iter_mut().partition(|change| change.before.is_none());
        add_points(conn, ctx, &new)?;
        add_memberships(conn, ctx, &new)?;
        settle(conn, ctx, changed)
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

fn add_points(conn: &mut Conn, ctx: &Ctx, new: &[&mut Change]) -> Result<()> {
    let mut rows = Vec::new();
    for change in new {
        let own = [("email", text(&change.after, "email")), ("phone", text(&change.after, "phone"))];
        for (kind, value) in own.into_iter().chain([(WECHAT, text(&change.fields, WECHAT))]) {
            let Some(value) = value else { continue };
            rows.push((
                contact_points::tenant_id.eq(ctx.tenant),
                contact_points::id.eq(ContactPointId::new()),
                contact_points::contact_id.eq(change.id),
                contact_points::kind.eq(kind),
                contact_points::value.eq(value),
                contact_points::value_norm.eq(norm(kind, value)),
                contact_points::is_primary.eq(kind != WECHAT),
                contact_points::created_at.eq(ctx.now),
                contact_points::updated_at.eq(ctx.now),
            ));
        }
    }
    if !rows.is_empty() {
        diesel::insert_into(contact_points::table).values(rows).execute(conn)?;
    }
    Ok(())
}

fn account_of(columns: &Columns) -> Option<AccountId> {
    text(columns, "account_id")?.parse().ok()
}

fn add_memberships(conn: &mut Conn, ctx: &Ctx, new: &[&mut Change]) -> Result<()> {
    let row = |change: &&mut Change| {
        let account = account_of(&change.after)?;
        Some((
            memberships::tenant_id.eq(ctx.tenant),
            memberships::id.eq(MembershipId::new()),
            memberships::contact_id.eq(change.id),
            memberships::account_id.eq(account),
            memberships::is_primary.eq(true),
            memberships::created_at.eq(ctx.now),
            memberships::updated_at.eq(ctx.now),
        ))
    };
    let rows: Vec<_> = new.iter().filter_map(row).collect();
    if !rows.is_empty() {
        diesel::insert_into(memberships::table).values(rows).execute(conn)?;
    }
    Ok(())
}

/// Points and membership of changed contacts follow their columns; what they are found by follows their points.
fn settle(conn: &mut Conn, ctx: &Ctx, changed: Vec<&mut Change>) -> Result<()> {
    for change in &changed {
        let (id, before) = (ContactId(change.id), change.before.clone().unwrap_or_default());
        for kind in ["email", "phone"].into_iter().filter(|kind| text(&before, kind) != text(&change.after, kind)) {
            deeds::set_primary(conn, ctx, id, kind, text(&change.after, kind))?;
        }
        if account_of(&before) != account_of(&change.after) {
            membership::set_primary(conn, ctx, id, account_of(&change.after))?;
        }
        if let Some(value) = text(&change.fields, WECHAT) {
            let point = super::point::NewContactPoint {
                kind: WECHAT.to_owned(),
                value: value.to_owned(),
                label: None,
                is_primary: false,
            };
            store::add_point(conn, ctx, id, &point)?;
        }
    }
    let ids: Vec<ContactId> = changed.iter().map(|change| ContactId(change.id)).collect();
    let mut points: HashMap<ContactId, Vec<_>> = HashMap::new();
    for point in store::points(conn, ctx, &ids)? {
        points.entry(point.contact_id).or_default().push(point);
    }
    for change in changed {
        let mut words = names(&change.after);
        for point in points.remove(&ContactId(change.id)).unwrap_or_default() {
            words = if point.kind == "phone" { words.phone(&point.value_norm) } else { words.whole(&point.value_norm) };
        }
        change.after.insert("search".to_owned(), lexemes(&words.lexemes()).into());
    }
    Ok(())
}

/// Its points and memberships go with it; orders hold it fast.
fn remove(conn: &mut Conn, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    many::delete(conn, ctx, &CATALOGUE, ids)?;
    Ok(ids.to_vec())
}

/// How rows of another noun name their contact.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    external_id: Option<At>,
    email: Option<At>,
}

impl Named {
    /// The targets `contact.external_id` and `contact.email`, or those behind a prefix.
    pub fn of(plan: &Plan, prefix: &str) -> Self {
        let at = |field: &str| plan.at(&format!("{prefix}contact.{field}"));
        Self { external_id: at("external_id"), email: at("email") }
    }

    /// The contact of each row, if it names one; an external id decides.
    pub fn find(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        work: &Work,
        rows: &[&Row],
    ) -> Result<Vec<std::result::Result<Option<ContactId>, Fault>>> {
        let texts = |at: Option<At>| -> Vec<String> { rows.iter().filter_map(|row| row.text(at).map(str::to_owned)).collect() };
        let living = || store::scope(ctx, Action::Read).filter(contacts::deleted_at.is_null());
        let (ids, emails) = (texts(self.external_id), texts(self.email));
        let mut known: HashMap<String, ContactId> = HashMap::new();
        if !ids.is_empty() {
            let called = external::find_all::<Contact>(conn, ctx, work.plan.source_system(), &ids)?;
            let all: Vec<ContactId> = called.iter().map(|(_, id)| ContactId(*id)).collect();
            let seen: Vec<ContactId> = living().filter(contacts::id.eq_any(all)).select(contacts::id).load(conn)?;
            let seen = called.into_iter().filter(|(_, id)| seen.contains(&ContactId(*id)));
            known.extend(seen.map(|(name, id)| (format!("={name}"), ContactId(id))));
        }
        if !emails.is_empty() {
            let found = living().filter(contacts::email.eq_any(emails));
            let found: Vec<(String, ContactId)> = found.select((contacts::email.assume_not_null(), contacts::id)).load(conn)?;
            known.extend(found);
        }
        let column = |target: &str| work.plan.column(target);
        let look = |row: &&Row| match (row.text(self.external_id), row.text(self.email)) {
            (Some(id), _) => Some((known.get(&format!("={id}")), column("contact.external_id"))),
            (None, Some(email)) => Some((known.get(email), column("contact.email"))),
            (None, None) => None,
        };
        let found = |row: &&Row| match look(row) {
            None => Ok(None),
            Some((Some(id), _)) => Ok(Some(*id)),
            Some((None, column)) => Err(Fault::new(column, "unknown_reference", "there is no such contact")),
        };
        Ok(rows.iter().map(found).collect())
    }
}
