//! The queries of mails that go out: workers send what was said about cases of all tenants.
use crate::case::message::{CaseMessage, QUEUED};
use crate::case::schema::{case_messages, cases};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{CaseId, CaseMessageId, TenantId};
use platform::Conn;

/// A message that is to go out, with number and subject of its living case.
pub fn waiting(
    conn: &mut Conn,
    tenant: TenantId,
    id: CaseMessageId,
) -> QueryResult<Option<(CaseMessage, String, String)>> {
    let of = cases::tenant_id.eq(case_messages::tenant_id).and(cases::id.eq(case_messages::case_id));
    case_messages::table
        .inner_join(cases::table.on(of))
        .filter(case_messages::tenant_id.eq(tenant))
        .filter(case_messages::id.eq(id))
        .filter(case_messages::delivery.eq(QUEUED))
        .filter(cases::deleted_at.is_null())
        .select((CaseMessage::as_select(), cases::number, cases::subject))
        .first(conn)
        .optional()
}

/// What other programs call the newest messages of a case, the oldest first.
pub fn references(conn: &mut Conn, tenant: TenantId, case: CaseId, most: i64) -> QueryResult<Vec<String>> {
    let found: Vec<Option<String>> = case_messages::table
        .filter(case_messages::tenant_id.eq(tenant))
        .filter(case_messages::case_id.eq(case))
        .filter(case_messages::external_message_id.is_not_null())
        .order((case_messages::created_at.desc(), case_messages::id.desc()))
        .limit(most)
        .select(case_messages::external_message_id)
        .load(conn)?;
    Ok(found.into_iter().rev().flatten().collect())
}

pub fn set_delivery(
    conn: &mut Conn,
    tenant: TenantId,
    id: CaseMessageId,
    delivery: &str,
    at: Option<DateTime<Utc>>,
) -> QueryResult<usize> {
    let done = (
        case_messages::delivery.eq(delivery),
        case_messages::delivered_at.eq(at),
        case_messages::version.eq(case_messages::version + 1),
    );
    diesel::update(case_messages::table.find((tenant, id)).filter(case_messages::delivery.eq(QUEUED)))
        .set(done)
        .execute(conn)
}
