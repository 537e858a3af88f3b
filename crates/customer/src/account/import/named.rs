//! How rows of other nouns name their account: by an external id, a tax number, or its name.
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

/// How rows of another noun name their account.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    id: Option<At>,
    external_id: Option<At>,
    tax_number: Option<At>,
    name: Option<At>,
}

impl Named {
    /// The targets `account.external_id` and its like, or those behind a prefix: `order.account.external_id`.
    pub fn of(plan: &Plan, prefix: &str) -> Self {
        let at = |field: &str| plan.at(&format!("{prefix}account.{field}"));
        let id = plan.at(&format!("{prefix}account_id"));
        Self { id, external_id: at("external_id"), tax_number: at("tax_number"), name: at("name") }
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
        let known = self.known(conn, ctx, work, rows)?;
        let mut meant: Vec<Meant> = rows.iter().map(|row| self.look(row, &known)).collect();
        if work.plan.makes(CATALOGUE.noun) && meant.iter().any(|one| matches!(one, Meant::Missing)) {
            let missing: Vec<&Row> =
                rows.iter().zip(&meant).filter(|(_, one)| matches!(one, Meant::Missing)).map(|(row, _)| *row).collect();
            self.make(conn, ctx, work, &missing, written)?;
            let known = self.known(conn, ctx, work, &missing)?;
            let found: Vec<Meant> = missing.iter().map(|row| self.look(row, &known)).collect();
            let open = meant.iter_mut().filter(|one| matches!(one, Meant::Missing));
            open.zip(found).for_each(|(one, found)| *one = found);
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
        let own: Vec<AccountId> = rows.iter().filter_map(|row| row.id(self.id).map(AccountId)).collect();
        if !own.is_empty() {
            let seen = store::scope(ctx, Action::Read).filter(accounts::deleted_at.is_null());
            known.own = seen.filter(accounts::id.eq_any(own)).select(accounts::id).load(conn)?.into_iter().collect();
        }
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

    /// Its id decides; without one an external id, then a tax number, then a name.
    fn look(&self, row: &Row, known: &Known) -> Meant {
        if let Some(id) = row.id(self.id).map(AccountId) {
            return if known.own.contains(&id) { Meant::This(id) } else { Meant::Missing };
        }
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

#[derive(Default)]
struct Known {
    own: HashSet<AccountId>,
    called: HashMap<String, AccountId>,
    numbered: HashMap<String, AccountId>,
    named: HashMap<String, Vec<AccountId>>,
}

/// The column that names the account, for the list of errors.
pub fn column(plan: &Plan, prefix: &str) -> String {
    let targets = ["_id", ".external_id", ".tax_number", ".name"].map(|field| format!("{prefix}account{field}"));
    let used = targets.iter().find(|target| plan.at(target).is_some());
    used.map(|target| plan.column(target)).unwrap_or_default()
}
