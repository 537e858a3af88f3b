//! The queries of a customer's cases in short, on the one `scope`.
use crate::case::Case;
use crate::case::schema::cases;
use crate::case::standing::{CLOSED, RESOLVED};
use crate::case::store::scope;
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{AccountId, Action, ContactId, Ctx};
use platform::Conn;

/// The newest living ones that are open, each with how many there are in all.
pub fn newest_open(
    conn: &mut Conn,
    ctx: &Ctx,
    accounts: &[AccountId],
    contacts: &[ContactId],
    limit: i64,
) -> QueryResult<Vec<(Case, i64)>> {
    scope(ctx, Action::Read)
        .filter(cases::deleted_at.is_null())
        .filter(cases::status.ne_all([RESOLVED, CLOSED]))
        .filter(cases::account_id.eq_any(accounts).or(cases::contact_id.eq_any(contacts)))
        .order(cases::id.desc())
        .limit(limit)
        .select((Case::as_select(), count_star().over()))
        .load(conn)
}
