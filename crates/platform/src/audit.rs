//! What is written down of a deed that changes no record, such as that a sealed value was looked at.
use crate::Conn;
use crate::schema::audit_log;
use diesel::prelude::*;
use kernel::{Ctx, EventId, Result};
use serde_json::Value;
use uuid::Uuid;

/// Writes down that the actor did this to the record, in the transaction in which it is done.
pub fn note(conn: &mut Conn, ctx: &Ctx, action: &str, noun: &str, object_id: Uuid, details: Value) -> Result<()> {
    let row = (
        audit_log::tenant_id.eq(ctx.tenant),
        audit_log::id.eq(EventId::new()),
        audit_log::action.eq(action),
        audit_log::object_id.eq(object_id),
        audit_log::actor_id.eq(ctx.actor.user),
        audit_log::api_key_id.eq(ctx.actor.key),
        audit_log::request_id.eq(ctx.request),
        audit_log::occurred_at.eq(ctx.now),
    );
    diesel::insert_into(audit_log::table).values(row).execute(conn)?;
    tracing::info!(action, noun, %object_id, actor = %ctx.actor.user, %details, "noted");
    Ok(())
}
