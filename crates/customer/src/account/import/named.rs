//! How rows name an account: by its id, an external id, a tax number, or its name.
use super::Accounts;
use crate::account::{Account, CATALOGUE, store};
use crate::schema::accounts;
use diesel::prelude::*;
use kernel::{AccountId, Action, Ctx, Fault, Result, text};
use platform::import::records::{self, Draft};
use platform::import::{At, Plan, Row, Work, Written};
use platform::{Conn, external};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// How rows name an account.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    id: Option<At>,
    external_id: Option<At>,
    tax_number: Option<At>,
    name: Option<At>,
}

/// What a row calls an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Called {
    Id(AccountId),
    External(String),
    Number(String),
    Name(String),
}

impl Named {
    /// The targets `account.external_id` and its like, or those behind a prefix: `order.account.external_id`.
    pub fn of(plan: &Plan, prefix: &str) -> Self {
        Self::called(plan, &format!("{prefix}account"))
    }

    /// The targets `parent.external_id` and its like.
    pub(super) fn above(plan: &Plan) -> Self {
        Self::called(plan, "parent")
    }

    fn called(plan: &Plan, relation: &str) -> Self {
        let at = |field: &str| plan.at(&format!("{relation}.{field}"));
        let id = plan.at(&format!("{relation}_id"));
        Self { id, external_id: at("external_id"), tax_number: at("tax_number"), name: at("name") }
    }

    /// Its id decides; without one an external id, then a tax number, then a name.
    pub(super) fn by(&self, row: &Row) -> Option<Called> {
        let text = |at: Option<At>| row.text(at).map(str::to_owned);
        let id = row.id(self.id).map(|id| Called::Id(AccountId(id)));
        id.or_else(|| text(self.external_id).map(Called::External))
            .or_else(|| text(self.tax_number).map(Called::Number))
            .or_else(|| text(self.name).map(Called::Name))
    }

    /// The account of each row, if it names one; made where it is missing and may be.
    pub fn find(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        work: &Work,
        rows: &[&Row],
        written: &mut Written,
    ) -> Result<Vec<Meant>> {
        let mut meant = self.look(conn, ctx, work, rows)?;
        if work.plan.makes(CATALOGUE.noun) && meant.iter().any(|one| matches!(one, Meant::Missing)) {
            let missing: Vec<&Row> =
                rows.iter().zip(&meant).filter(|(_, one)| matches!(one, Meant::Missing)).map(|(row, _)| *row).collect();
            self.make(conn, ctx, work, &missing, written)?;
            let found = self.look(conn, ctx, work, &missing)?;
            let open = meant.iter_mut().filter(|one| matches!(one, Meant::Missing));
            open.zip(found).for_each(|(one, found)| *one = found);
        }
        Ok(meant)
    }

    fn look(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[&Row]) -> Result<Vec<Meant>> {
        let called: Vec<Option<Called>> = rows.iter().map(|row| self.by(row)).collect();
        let some: Vec<&Called> = called.iter().flatten().collect();
        let known = Known::of(conn, ctx, work.plan.source_system(), &some)?;
        Ok(called.iter().map(|one| one.as_ref().map_or(Meant::None, |one| known.look(one))).collect())
    }

    fn make(&self, conn: &mut Conn, ctx: &Ctx, work: &Work, rows: &[&Row], written: &mut Written) -> Result<()> {
        let mut drafts: Vec<Draft> = Vec::new();
        for row in rows {
            let keys = [row.text(self.external_id), row.text(self.tax_number), row.text(self.name)]
                .map(|key| key.map(str::to_owned));
            let [external_id, tax_number, name] = keys;
            let Some(name) = name.or_else(|| external_id.clone()).or_else(|| tax_number.clone()) else { continue };
            let mut fields = Map::from_iter([("name".to_owned(), Value::from(name))]);
            fields.extend(tax_number.map(|number| ("tax_number".to_owned(), number.into())));
            let draft = Draft { row: drafts.len(), id: row.id(self.id), external_id, fields };
            let known = |one: &Draft| {
                draft.id.is_some() && one.id == draft.id
                    || match (&one.external_id, &draft.external_id) {
                        (None, None) => one.fields == draft.fields,
                        (one, other) => one == other,
                    }
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
            Self::Missing => Err(Fault::new(column, "unknown_reference", text!("there is no such account"))),
            Self::Several => Err(Fault::new(column, "ambiguous", text!("several accounts have this name"))),
        }
    }
}

/// The living accounts that the actor sees, by what they are called.
#[derive(Default)]
pub(super) struct Known {
    own: HashSet<AccountId>,
    called: HashMap<String, AccountId>,
    numbered: HashMap<String, AccountId>,
    named: HashMap<String, Vec<AccountId>>,
}

impl Known {
    /// Those that are called one of these ways.
    pub fn of(conn: &mut Conn, ctx: &Ctx, source_system: &str, called: &[&Called]) -> Result<Self> {
        let living = || store::scope(ctx, Action::Read).filter(accounts::deleted_at.is_null());
        let texts = |which: fn(&Called) -> Option<&String>| -> Vec<String> {
            let mut texts: Vec<String> = called.iter().filter_map(|one| which(one)).cloned().collect();
            texts.sort_unstable();
            texts.dedup();
            texts
        };
        let mut known = Self::default();
        let own = called.iter().filter_map(|one| if let Called::Id(id) = one { Some(*id) } else { None });
        let own: Vec<AccountId> = own.collect();
        if !own.is_empty() {
            let seen: Vec<AccountId> = living().filter(accounts::id.eq_any(own)).select(accounts::id).load(conn)?;
            known.own = seen.into_iter().collect();
        }
        let ids = texts(|one| if let Called::External(id) = one { Some(id) } else { None });
        if !ids.is_empty() {
            let called = external::find_all::<Account>(conn, ctx, source_system, &ids)?;
            let all: Vec<AccountId> = called.iter().map(|(_, id)| AccountId(*id)).collect();
            let seen: Vec<AccountId> = living().filter(accounts::id.eq_any(all)).select(accounts::id).load(conn)?;
            let seen = called.into_iter().filter(|(_, id)| seen.contains(&AccountId(*id)));
            known.called.extend(seen.map(|(name, id)| (name, AccountId(id))));
        }
        let numbers = texts(|one| if let Called::Number(number) = one { Some(number) } else { None });
        if !numbers.is_empty() {
            let found = living().filter(accounts::tax_number.eq_any(numbers));
            let found: Vec<(String, AccountId)> =
                found.select((accounts::tax_number.assume_not_null(), accounts::id)).load(conn)?;
            known.numbered.extend(found);
        }
        let names = texts(|one| if let Called::Name(name) = one { Some(name) } else { None });
        if !names.is_empty() {
            let found = living().filter(accounts::name.eq_any(names)).select((accounts::name, accounts::id));
            let found: Vec<(String, AccountId)> = found.load(conn)?;
            found.into_iter().for_each(|(name, id)| known.named.entry(name).or_default().push(id));
        }
        Ok(known)
    }

    pub fn look(&self, called: &Called) -> Meant {
        let one = |id: Option<&AccountId>| id.map_or(Meant::Missing, |id| Meant::This(*id));
        match called {
            Called::Id(id) => one(self.own.get(id)),
            Called::External(id) => one(self.called.get(id)),
            Called::Number(number) => one(self.numbered.get(number)),
            Called::Name(name) => match self.named.get(name).map(Vec::as_slice) {
                None | Some([]) => Meant::Missing,
                Some([id]) => Meant::This(*id),
                Some(_) => Meant::Several,
            },
        }
    }
}

impl Called {
    /// As it is kept until the account is there: by which field, and what that says.
    pub(super) fn kept(&self) -> (&'static str, String) {
        match self {
            Self::Id(id) => ("id", id.to_string()),
            Self::External(id) => ("external_id", id.clone()),
            Self::Number(number) => ("tax_number", number.clone()),
            Self::Name(name) => ("name", name.clone()),
        }
    }

    pub(super) fn of_kept((by, name): &(String, String)) -> Option<Self> {
        match by.as_str() {
            "id" => name.parse().ok().map(Self::Id),
            "external_id" => Some(Self::External(name.clone())),
            "tax_number" => Some(Self::Number(name.clone())),
            "name" => Some(Self::Name(name.clone())),
            _ => None,
        }
    }
}

/// The column that names the account, for the list of errors.
pub fn column(plan: &Plan, prefix: &str) -> String {
    column_of(plan, &format!("{prefix}account"))
}

/// The same of the account above.
pub(super) fn column_above(plan: &Plan) -> String {
    column_of(plan, "parent")
}

fn column_of(plan: &Plan, relation: &str) -> String {
    let targets = ["_id", ".external_id", ".tax_number", ".name"].map(|field| format!("{relation}{field}"));
    let used = targets.iter().find(|target| plan.at(target).is_some());
    used.map(|target| plan.column(target)).unwrap_or_default()
}
