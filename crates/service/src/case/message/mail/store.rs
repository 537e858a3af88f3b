//! The queries of mails that come in. They go past the scope of whoever brings them in: which case a mail answers is so
//! whoever sees it.
use crate::case::schema::{case_messages, cases};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{CaseId, CaseMessageId, Ctx};
use platform::Conn;

/// The living case about which the nearest of these was said, by what others call it or by our own name.
pub fn answered(conn: &mut Conn, ctx: &Ctx, names: &[String], own: &[CaseMessageId]) -> QueryResult<Option<CaseId>> {
    if names.is_empty() {
        return Ok(None);
    }
    let of = cases::tenant_id.eq(case_messages::tenant_id).and(cases::id.eq(case_messages::case_id));
    case_messages::table
        .inner_join(cases::table.on(of))
        .filter(case_messages::tenant_id.eq(ctx.tenant))
        .filter(case_messages::external_message_id.eq_any(names).assume_not_null().or(case_messages::id.eq_any(own)))
        .filter(cases::deleted_at.is_null())
        .order((case_messages::created_at.desc(), case_messages::id.desc()))
        .select(cases::id)
        .first(conn)
        .optional()
}

/// The living case of a number.
pub fn numbered(conn: &mut Conn, ctx: &Ctx, number: &str) -> QueryResult<Option<CaseId>> {
    cases::table
        .filter(cases::tenant_id.eq(ctx.tenant))
        .filter(cases::deleted_at.is_null())
        .filter(cases::number.eq(number))
        .select(cases::id)
        .first(conn)
        .optional()
}

/// Whether an address stands in what was said about a case.
pub fn is_named(conn: &mut Conn, ctx: &Ctx, case: CaseId, address: &str) -> QueryResult<bool> {
    let named = case_messages::table
        .filter(case_messages::tenant_id.eq(ctx.tenant))
        .filter(case_messages::case_id.eq(case))
        .filter(
            case_messages::from_address
                .eq(address)
                .assume_not_null()
                .or(case_messages::recipients.contains(vec![address]))
                .or(case_messages::cc.contains(vec![address])),
        );
    diesel::select(exists(named)).get_result(conn)
}
