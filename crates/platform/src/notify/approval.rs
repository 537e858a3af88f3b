//! Who is told of a yes that somebody waits for: those who may say it that it is asked for, and whoever has asked of what
//! came of it. Any noun has it whose records say how they stand (`approval_status`) and who has asked.
use super::store::News;
use super::{APPROVAL_DECIDED, APPROVAL_REQUESTED, fanout};
use crate::Conn;
use crate::event::Row;
use crate::history::fields;
use kernel::catalogue::Catalogue;
use kernel::event::is_written;
use kernel::{Action, Result, TenantId, UserId};
use serde_json::Value;

/// The people of a tenant who may do something with records of a noun, however few of them.
pub type WhoMay = fn(&mut Conn, TenantId, &str, Action) -> Result<Vec<UserId>>;

const STATUS: &str = "approval_status";
const REQUESTER: &str = "approval_requested_by";
const PENDING: &str = "pending";

/// What an event brings. Whether those who are asked see the record, and may say yes to it, is asked in their eyes.
pub(super) fn news(
    conn: &mut Conn,
    tenant: TenantId,
    noun: &'static Catalogue,
    row: &Row,
    who_may: WhoMay,
) -> Result<Vec<News>> {
    if noun.field(STATUS).is_none() || !is_written(&row.name) {
        return Ok(Vec::new());
    }
    let now = fields::columns(None, &row.data);
    let before = row.before.as_ref().map(|before| fields::columns(None, before)).unwrap_or_default();
    // as long as it waits, nobody waits anew
    match (status(&before), status(&now)) {
        (before, Some(PENDING)) if before != Some(PENDING) => {
            let all = who_may(conn, tenant, noun.noun, Action::Approve)?;
            let others = all.into_iter().filter(|user| *user != row.actor);
            let asked = |user| News {
                action: Some(Action::Approve),
                place: Some(STATUS),
                ..fanout::of(row, user, APPROVAL_REQUESTED)
            };
            Ok(others.map(asked).collect())
        }
        (Some(PENDING), Some("approved" | "rejected")) => {
            let asker = fanout::id(&now, REQUESTER).map(UserId).filter(|user| *user != row.actor);
            let told = |user| News { place: Some(STATUS), ..fanout::of(row, user, APPROVAL_DECIDED) };
            Ok(asker.map(told).into_iter().collect())
        }
        _ => Ok(Vec::new()),
    }
}

fn status(columns: &Value) -> Option<&str> {
    columns.get(STATUS).and_then(Value::as_str)
}
