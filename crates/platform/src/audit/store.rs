//! Rows of the trail that are about no change of a record: who came in, what was looked at, what was refused.
use crate::Conn;
use crate::schema::audit_log;
use diesel::prelude::*;
use kernel::{Ctx, EventId, Result};
use serde_json::Value;
use uuid::Uuid;

/// Notes in the trail what the actor has done (`identifier.revealed`), to which record of which noun; in the transaction
/// of what is noted, if there is one. `details` hold ids and names of fields, best no value of a field, and never a
/// secret: they are erased with whom they speak of, and only their digest is sealed.
pub fn note(
    conn: &mut Conn,
    ctx: &Ctx,
    action: &str,
    noun: &str,
    object_id: impl Into<Uuid>,
    details: impl Into<Option<Value>>,
) -> Result<()> {
    let object_id: Uuid = object_id.into();
    let row = (
        audit_log::tenant_id.eq(ctx.tenant),
        audit_log::id.eq(EventId::new()),
        audit_log::action.eq(action),
        audit_log::noun.eq(noun),
        audit_log::object_id.eq(object_id),
        audit_log::actor_id.eq(ctx.actor.user),
        audit_log::api_key_id.eq(ctx.actor.key),
        audit_log::session_id.eq(ctx.origin.session),
        audit_log::address.eq(ctx.origin.address.map(|address| address.to_string())),
        audit_log::request_id.eq(ctx.request),
        audit_log::occurred_at.eq(ctx.now),
        audit_log::details.eq(details.into()),
    );
    diesel::insert_into(audit_log::table).values(row).execute(conn)?;
    Ok(())
}
