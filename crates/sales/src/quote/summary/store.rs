//! The queries of the quotes to a customer in short, on the one `scope`.
use crate::order::summary::Whose;
use crate::quote::Quote;
use crate::quote::schema::quotes;
use crate::quote::store::scope;
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Action, Ctx};
use platform::Conn;

/// Of which nothing is to come any more.
const CLOSED: &[&str] = &["accepted", "rejected", "expired", "superseded"];

/// The newest living ones that are open, each with how many there are in all.
pub fn newest_open(conn: &mut Conn, ctx: &Ctx, whose: Whose, limit: i64) -> QueryResult<Vec<(Quote, i64)>> {
    let open = scope(ctx, Action::Read)
        .filter(quotes::deleted_at.is_null())
        .filter(quotes::status.ne_all(CLOSED))
        .order(quotes::id.desc())
        .limit(limit);
    let shown = (Quote::as_select(), count_star().over());
    match whose {
        Whose::Account(account) => open.filter(quotes::account_id.eq(account)).select(shown).load(conn),
        Whose::Contact(contact) => open.filter(quotes::contact_id.eq(contact)).select(shown).load(conn),
        Whose::Person { account, contact } => {
            let theirs = quotes::account_id.eq(account).or(quotes::contact_id.eq(contact));
            open.filter(theirs).select(shown).load(conn)
        }
    }
}
