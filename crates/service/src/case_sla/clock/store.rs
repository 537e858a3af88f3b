//! The queries of what the clock finds among promises.
use crate::case_sla::BREACHED;
use crate::case_sla::schema::{case_slas, sla_marks};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Nullable, Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{CaseId, CaseSlaId, Ctx, TenantId, UserId};
use platform::Conn;
use platform::sweep::{Look, look};

#[derive(QueryableByName)]
pub struct Marked {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub case_id: CaseId,
    #[diesel(sql_type = SqlUuid)]
    pub owner_id: UserId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

#[derive(QueryableByName)]
pub struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: CaseSlaId,
    #[diesel(sql_type = SqlUuid)]
    pub case_id: CaseId,
    #[diesel(sql_type = SqlUuid)]
    pub owner_id: UserId,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub due_at: Option<DateTime<Utc>>,
    /// when it was told that it may be broken, and that it was
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub warned_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub told_at: Option<DateTime<Utc>>,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

pub const MARKED: Look = look! {
    what: "a case whose promises are reckoned anew",
    row: "m",
    locks: "m, c",
    tells: "m.case_id, c.owner_id",
    from: "FROM sla_marks AS m JOIN cases AS c ON c.tenant_id = m.tenant_id AND c.id = m.case_id WHERE TRUE",
};

/// What has come to its next moment, and whose case has no mark: that is settled first.
pub const DUE: Look = look! {
    what: "a promise that has come due",
    row: "s",
    locks: "s, c",
    tells: "s.case_id, c.owner_id, s.due_at, s.warned_at, s.told_at",
    from: "FROM case_slas AS s JOIN cases AS c ON c.tenant_id = s.tenant_id AND c.id = s.case_id \
           WHERE s.next_at <= statement_timestamp() AND s.status = 'running' AND c.deleted_at IS NULL \
           AND NOT EXISTS (SELECT FROM sla_marks AS m WHERE m.tenant_id = s.tenant_id AND m.case_id = s.case_id)",
};

/// Takes the marks of a case that is locked.
pub fn take(conn: &mut Conn, ctx: &Ctx, case: CaseId) -> QueryResult<usize> {
    let marks = sla_marks::table.filter(sla_marks::tenant_id.eq(ctx.tenant)).filter(sla_marks::case_id.eq(case));
    diesel::delete(marks).execute(conn)
}

/// A clock that is locked is breached, or goes on until it is.
pub fn come_to(ctx: &Ctx, conn: &mut Conn, due: &Due, verb: Verb) -> QueryResult<usize> {
    let here = case_slas::table.find((ctx.tenant, due.id));
    let moved = (case_slas::version.eq(case_slas::version + 1), case_slas::updated_at.eq(ctx.now));
    if verb == Verb::SlaBreached {
        let ended = (
            case_slas::status.eq(BREACHED),
            case_slas::breached_at.eq(due.due_at),
            case_slas::next_at.eq(None::<DateTime<Utc>>),
        );
        return diesel::update(here).set((ended, moved)).execute(conn);
    }
    diesel::update(here).set((case_slas::next_at.eq(due.due_at), moved)).execute(conn)
}
