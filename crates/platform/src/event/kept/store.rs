//! The query of what is told.
use super::{Bounds, Kept};
use crate::filter::{Part, Question, Value};
use crate::{Conn, moment};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Nullable, Uuid as SqlUuid};
use kernel::TenantId;
use uuid::Uuid;

/// Events that are too old are told no more, nor what went with a month of the trail.
pub fn bounds(conn: &mut Conn, tenant: TenantId, kept: Kept, now: DateTime<Utc>) -> QueryResult<Bounds> {
    let since = moment::first_of(kept.since(now));
    let id = || Part::Bind(Value::Id(tenant.0));
    let floor = |column: &'static str| {
        let from = Part::Sql(" FROM audit_floors WHERE tenant_id = ");
        [Part::Sql(column), from, id(), Part::Sql(" ORDER BY cut DESC, signed_at DESC LIMIT 1)")]
    };
    let mut parts = vec![Part::Sql("(SELECT seq FROM audit_chain WHERE tenant_id = "), id()];
    parts.push(Part::Sql(" ORDER BY seq DESC LIMIT 1), (SELECT seq FROM audit_chain WHERE tenant_id = "));
    parts.extend([id(), Part::Sql(" AND audit_id >= "), Part::Bind(Value::Id(since))]);
    parts.push(Part::Sql(" ORDER BY audit_id LIMIT 1), "));
    parts.extend(floor("(SELECT seq").into_iter().chain(floor(", (SELECT cut")));
    type Ends = (Option<i64>, Option<i64>, Option<i64>, Option<Uuid>);
    type EndsSql = (Nullable<BigInt>, Nullable<BigInt>, Nullable<BigInt>, Nullable<SqlUuid>);
    let (head, young, floor, cut): Ends = Question::<EndsSql>::new(parts).get_result(conn)?;
    let head = head.unwrap_or_default();
    let first = young.unwrap_or(head + 1).max(floor.unwrap_or_default() + 1);
    Ok(Bounds { first, head, since: since.max(cut.unwrap_or_default()) })
}
