//! Rows that become accounts, and rows of other nouns that name one: by an external id, a tax number, or its name.
use super::{Account, AccountPatch, CATALOGUE, NewAccount, store};
use crate::choices::{LIFECYCLE_STAGES, RATINGS, SOURCES};
use crate::schema::accounts;
use diesel::prelude::*;
use kernel::{AccountId, Action, Create, Ctx, Fault, Import, Result, Update};
use platform::deed::Mode;
use platform::import::many::{self, Columns};
use platform::import::records::{self, Change, Draft, Room, faults_of};
use platform::import::{At, Holds, Importer, Outcome, Plan, Remover, Row, Target, Work, Written};
use platform::search::Words;
use platform::{Conn, external};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use uuid::Uuid;

pub struct Accounts;

const TARGETS: &[Target] = &[
    Target::text("external_id"),
    Target::text("name"),
    Target::text("legal_name"),
    Target::text("account_type"),
    Target::text("industry"),
    Target::new("website", Holds::Url),
    Target::new("email", Holds::Email),
    Target::new("phone", Holds::Phone),
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
    fn targets(&self) -> &'static [Target] {
        TARGETS
    }
    fn makes(&self) -> &'static [&'static str] {
        &[]
    }
    fn check(&self, plan: &Plan) -> Vec<Fault> {
        match ["name", "external_id", "tax_number"].iter().any(|target| plan.at(target).is_some()) {
            true => Vec::new(),
            false => vec![Fault::new("/mapping/columns", "required", "name, external_id or tax_number says which account")],
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
        let living = store::scope(ctx, Action::Read).filter(accounts::deleted_at.is_null()).select(Account::as_select());
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
        columns.entry("lifecycle_stage").or_insert_with(|| json!("lead"));
    }

    fn words(columns: &Columns, _: &Map<String, Value>) -> Vec<String> {
        let text = |name: &str| columns.get(name).and_then(Value::as_str);
        let words = Words::new().maybe(text("name"), |all, text| all.name(text));
        let words = words.maybe(text("legal_name"), |all, text| all.name(text));
        words.maybe(text("tax_number"), |all, text| all.whole(text)).lexemes()
    }

    fn beside(_: &mut Conn, _: &Ctx, _: &mut [Change]) -> Result<()> {
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

/// How rows of another noun name their account.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    external_id: Option<At>,
    tax_number: Option<At>,
    name: Option<At>,
}

impl Named {
    /// The targets `account.external_id` and its like, or those behind a prefix: `order.account.external_id`.
    pub fn of(plan: &Plan, prefix: &str) -> Self {
        let at = |field: &str| plan.at(&format!("{prefix}account.{field}"));
        Self { external_id: at("external_id"), tax_number: at("tax_number"), name: at("name") }
    }

    /// The account of each row, if it names one; made where it is missing and may be.
    pub fn find(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[&Row], written: &mut Written) -> Result<Vec<Meant>> {
        let known = self.known(conn, ctx, work, rows)?;
        let mut meant: Vec<Meant> = rows.iter().map(|row| self.look(row, &known)).collect();
        if work.plan.makes(CATALOGUE.noun) && meant.iter().any(|one| matches!(one, Meant::Missing)) {
            let missing: Vec<&Row> =
                rows.iter().zip(&meant).filter(|(_, one)| matches!(one, Meant::Missing)).map(|(row, _)| *row).collect();
            self.make(conn, ctx, work, &missing, written)?;
            let known = self.known(conn, ctx, work, rows)?;
            meant = rows.iter().map(|row| self.look(row, &known)).collect();
        }
        Ok(meant)
    }

    fn known(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[&Row]) -> Result<Known> {
        let texts = |at: Option<At>| -> Vec<String> {
            let mut texts: Vec<String> = rows.iter().filter_map(|row| row.text(at).map(str::to_owned)).collect();
            texts.sort_unstable();
            texts.dedup();
            texts
        };
        let mut known = Known::default();
        let ids = texts(self.external_id);
        if !ids.is_empty() {
            let called = external::find_all::<Account>(conn, ctx, work.plan.source_system(), &ids)?;
            let all: Vec<AccountId> = called.iter().map(|(_, id)| AccountId(*id)).collect();
            let seen: Vec<AccountId> = store::scope(ctx, Action::Read)
                .filter(accounts::deleted_at.is_null())
                .filter(accounts::id.eq_any(all))
                .select(accounts::id)
                .load(conn)?;
            let seen = called.into_iter().filter(|(_, id)| seen.contains(&AccountId(*id)));
            known.called.extend(seen.map(|(name, id)| (name, AccountId(id))));
        }
        let living = || store::scope(ctx, Action::Read).filter(accounts::deleted_at.is_null());
        let numbers = texts(self.tax_number);
        if !numbers.is_empty() {
            let found = living().filter(accounts::tax_number.eq_any(numbers));
            let found: Vec<(String, AccountId)> =
                found.select((accounts::tax_number.assume_not_null(), accounts::id)).load(conn)?;
            known.numbered.extend(found);
        }
        let names = texts(self.name);
        if !names.is_empty() {
            let found = living().filter(accounts::name.eq_any(names)).select((accounts::name, accounts::id));
            let found: Vec<(String, AccountId)> = found.load(conn)?;
            found.into_iter().for_each(|(name, id)| known.named.entry(name).or_default().push(id));
        }
        Ok(known)
    }

    /// An external id decides; without one a tax number, then a name.
    fn look(&self, row: &Row, known: &Known) -> Meant {
        if let Some(id) = row.text(self.external_id) {
            return known.called.get(id).map_or(Meant::Missing, |id| Meant::This(*id));
        }
        if let Some(number) = row.text(self.tax_number) {
            return known.numbered.get(number).map_or(Meant::Missing, |id| Meant::This(*id));
        }
        match row.text(self.name).map(|name| known.named.get(name).map(Vec::as_slice)) {
            None => Meant::None,
            Some(None | Some([])) => Meant::Missing,
            Some(Some([id])) => Meant::This(*id),
            Some(Some(_)) => Meant::Several,
        }
    }

    fn make(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[&Row], written: &mut Written) -> Result<()> {
        let mut drafts: Vec<Draft> = Vec::new();
        for row in rows {
            let keys = [row.text(self.external_id), row.text(self.tax_number), row.text(self.name)].map(|key| key.map(str::to_owned));
            let [external_id, tax_number, name] = keys;
            let Some(name) = name.or_else(|| external_id.clone()).or_else(|| tax_number.clone()) else { continue };
            let mut fields = Map::from_iter([("name".to_owned(), Value::from(name))]);
            fields.extend(tax_number.map(|number| ("tax_number".to_owned(), number.into())));
            let draft = Draft { row: drafts.len(), external_id, fields };
            let known = |one: &Draft| match (&one.external_id, &draft.external_id) {
                (None, None) => one.fields == draft.fields,
                (one, other) => one == other,
            };
            if !drafts.iter().any(known) {
                drafts.push(draft);
            }
        }
        let mut made = Written::of(drafts.len());
        records::write::<Accounts>(conn, ctx, &work.making(), drafts, &mut made)?;
        written.created.extend(made.created);
        Ok(())
    }
}

/// Which account a row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// it names none
    None,
    This(AccountId),
    Missing,
    Several,
}

impl Meant {
    /// The account, or what is wrong with its name.
    pub fn id(self, column: impl Into<String>) -> std::result::Result<Option<AccountId>, Fault> {
        match self {
            Self::None => Ok(None),
            Self::This(id) => Ok(Some(id)),
            Self::Missing => Err(Fault::new(column, "unknown_reference", "there is no such account")),
            Self::Several => Err(Fault::new(column, "ambiguous", "several accounts have this name")),
        }
    }
}

#[derive(Default)]
struct Known {
    called: HashMap<String, AccountId>,
    numbered: HashMap<String, AccountId>,
    named: HashMap<String, Vec<AccountId>>,
}

/// The column that names the account, for the list of errors.
pub fn column(plan: &Plan, prefix: &str) -> String {
    let targets = ["external_id", "tax_number", "name"].map(|field| format!("{prefix}account.{field}"));
    let used = targets.iter().find(|target| plan.at(target).is_some());
    used.map(|target| plan.column(target)).unwrap_or_default()
}
