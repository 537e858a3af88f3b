//! The queries of who fills in forms.
use crate::lead::Lead;
use crate::lead::schema::leads;
use crate::lead::standing::OPEN;
use crate::pool::schema::lead_covers;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::Ctx;
use platform::Conn;

/// The oldest open lead with the address, or the only one with the number where no address is given.
pub(super) fn open_at(
    conn: &mut Conn,
    ctx: &Ctx,
    email: Option<&str>,
    phone: Option<&str>,
) -> QueryResult<Option<Lead>> {
    let phone = phone.filter(|_| email.is_none());
    let covered = lead_covers::table
        .filter(lead_covers::tenant_id.eq(ctx.tenant))
        .filter(lead_covers::email.eq(email).or(lead_covers::phone.eq(phone)))
        .select(lead_covers::lead_id);
    let mut found: Vec<Lead> = leads::table
        .filter(leads::tenant_id.eq(ctx.tenant))
        .filter(leads::deleted_at.is_null())
        .filter(leads::status.eq_any(OPEN))
        .filter(leads::email.eq(email).or(leads::phone.eq(phone)).or(leads::id.eq_any(covered).nullable()))
        .order(leads::id.desc())
        .limit(2)
        .select(Lead::as_select())
        .load(conn)?;
    let last = found.pop();
    Ok(last.filter(|_| email.is_some() || found.is_empty()))
}
