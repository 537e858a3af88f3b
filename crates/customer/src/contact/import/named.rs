//! How rows of other nouns name their contact: by an external id, or an e-mail address.
use crate::contact::{Contact, store};
use crate::schema::contacts;
use diesel::prelude::*;
use kernel::{Action, ContactId, Ctx, Fault, Result, text};
use platform::import::{At, Plan, Row, Work};
use platform::{Conn, external};
use std::collections::HashMap;

/// How rows of another noun name their contact.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    id: Option<At>,
    external_id: Option<At>,
    email: Option<At>,
}

impl Named {
    /// The targets `contact.external_id` and `contact.email`, or those behind a prefix.
    pub fn of(plan: &Plan, prefix: &str) -> Self {
        let at = |field: &str| plan.at(&format!("{prefix}contact.{field}"));
        Self { id: plan.at(&format!("{prefix}contact_id")), external_id: at("external_id"), email: at("email") }
    }

    /// The contact of each row, if it names one; an external id decides.
    pub fn find(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        work: &Work,
        rows: &[&Row],
    ) -> Result<Vec<std::result::Result<Option<ContactId>, Fault>>> {
        let texts =
            |at: Option<At>| -> Vec<String> { rows.iter().filter_map(|row| row.text(at).map(str::to_owned)).collect() };
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
            let found: Vec<(String, ContactId)> =
                found.select((contacts::email.assume_not_null(), contacts::id)).load(conn)?;
            known.extend(found);
        }
        let own: Vec<ContactId> = rows.iter().filter_map(|row| row.id(self.id).map(ContactId)).collect();
        if !own.is_empty() {
            let seen: Vec<ContactId> = living().filter(contacts::id.eq_any(own)).select(contacts::id).load(conn)?;
            known.extend(seen.into_iter().map(|id| (id.to_string(), id)));
        }
        let column = |target: &str| work.plan.column(target);
        let look = |row: &&Row| match (row.text(self.external_id), row.text(self.email)) {
            _ if row.text(self.id).is_some() => {
                Some((known.get(row.text(self.id).unwrap_or_default()), column("contact_id")))
            }
            (Some(id), _) => Some((known.get(&format!("={id}")), column("contact.external_id"))),
            (None, Some(email)) => Some((known.get(email), column("contact.email"))),
            (None, None) => None,
        };
        let found = |row: &&Row| match look(row) {
            None => Ok(None),
            Some((Some(id), _)) => Ok(Some(*id)),
            Some((None, column)) => Err(Fault::new(column, "unknown_reference", text!("there is no such contact"))),
        };
        Ok(rows.iter().map(found).collect())
    }
}
