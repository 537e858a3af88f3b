//! The queries of the leads of a customer in short, on the one `scope`.
use crate::lead::Lead;
use crate::lead::schema::leads;
use crate::lead::store::scope;
use crate::order::summary::Whose;
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Action, Ctx};
use platform::Conn;

/// The newest living ones, each with how many there are in all.
pub fn newest(conn: &mut Conn, ctx: &Ctx, whose: Whose, limit: i64) -> QueryResult<Vec<(Lead, i64)>> {
    let living = scope(ctx, Action::Read).filter(leads::deleted_at.is_null()).order(leads::id.desc()).limit(limit);
    let shown = (Lead::as_select(), count_star().over());
    match whose {
        Whose::Account(account) => living.filter(leads::account_id.eq(account)).select(shown).load(conn),
        Whose::Contact(contact) => living.filter(leads::contact_id.eq(contact)).select(shown).load(conn),
        Whose::Person { account, contact } => {
            let theirs = leads::account_id.eq(account).or(leads::contact_id.eq(contact));
            living.filter(theirs).select(shown).load(conn)
        }
    }
}
