//! The queries of promises: workers look for what was answered and what was not, over all tenants.
use crate::lead::Lead;
use crate::lead::schema::leads;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{Ctx, LeadId, Result, TenantId, UserId};
use platform::sweep::{self, Look, look};
use platform::{Conn, Record, crash};

#[derive(QueryableByName)]
struct Promised {
    #[diesel(sql_type = SqlUuid)]
    tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    id: LeadId,
    #[diesel(sql_type = SqlUuid)]
    owner_id: UserId,
    /// when they were answered
    #[diesel(sql_type = Nullable<Timestamptz>)]
    answered_at: Option<DateTime<Utc>>,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
}

/// The open promises, each with its first answer. One that was broken a month ago is given up.
macro_rules! promises {
    ($condition:literal) => {
        concat!(
            "FROM leads AS l \
             CROSS JOIN LATERAL (SELECT min(a.started_at) AS answered_at FROM activity_links AS k \
             JOIN activities AS a ON a.tenant_id = k.tenant_id AND a.id = k.activity_id \
             WHERE k.tenant_id = l.tenant_id AND k.record_id = l.id AND k.resource = 'lead' \
             AND a.deleted_at IS NULL AND a.started_at <= statement_timestamp() \
             AND (a.kind IN ('call', 'email', 'meeting') AND a.direction = 'outbound' \
             OR a.kind = 'meeting' AND a.direction IS NULL)) AS a \
             WHERE l.first_response_at IS NULL AND l.response_due_at > statement_timestamp() - interval '30 days' \
             AND l.status NOT IN ('converted', 'unqualified') AND l.deleted_at IS NULL AND ",
            $condition
        )
    };
}

const BROKEN: Look = look! {
    what: "a promise that was broken",
    row: "l",
    locks: "l",
    tells: "l.owner_id, a.answered_at",
    from: promises!(
        "l.response_status = 'pending' AND l.response_due_at <= statement_timestamp() \
         AND (a.answered_at > l.response_due_at OR a.answered_at IS NULL)"
    ),
};
const ANSWERED: Look = look! {
    what: "a promise that was answered",
    row: "l",
    locks: "l",
    tells: "l.owner_id, a.answered_at",
    from: promises!("a.answered_at IS NOT NULL"),
};

/// Tells of what was broken, and then of what was answered; how much there was. Each is told in the transaction that
/// changes its lead; one that somebody changes at the moment is left for the next look.
pub fn watch(conn: &mut Conn) -> Result<usize> {
    let broken = sweep::pass(conn, &BROKEN, |conn, found| told(conn, found, Verb::ResponseBreached))?;
    Ok(broken + sweep::pass(conn, &ANSWERED, |conn, found| told(conn, found, Verb::Responded))?)
}

fn told(conn: &mut Conn, found: &Promised, verb: Verb) -> Result<()> {
    tell(conn, found, verb)?;
    crash::point("lead_response_told");
    Ok(())
}

/// What was late stays broken.
fn tell(conn: &mut Conn, found: &Promised, verb: Verb) -> Result<()> {
    let ctx = Ctx::powerless(found.tenant_id, found.owner_id, found.now);
    let answered = found.answered_at.filter(|_| verb == Verb::Responded);
    let is_kept = leads::response_status.eq("pending");
    let moved = (leads::version.eq(leads::version + 1), leads::updated_at.eq(found.now));
    let open = leads::table.filter(leads::tenant_id.eq(found.tenant_id)).filter(leads::id.eq(found.id));
    let pending: bool = open.filter(is_kept).select(leads::id).first::<LeadId>(conn).optional()?.is_some();
    let status = match (pending, verb) {
        (true, Verb::Responded) => Some("met"),
        (true, _) => Some("breached"),
        (false, _) => None,
    };
    let status = status.map(|status| leads::response_status.eq(status));
    diesel::update(open.filter(leads::first_response_at.is_null()))
        .set((answered.map(|at| leads::first_response_at.eq(at)), status, moved))
        .returning(Lead::as_returning())
        .recorded::<Lead>(&ctx, verb)
        .get_result::<Lead>(conn)
        .optional()?;
    Ok(())
}
