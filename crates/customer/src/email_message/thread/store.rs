//! The queries of conversations. They go past the scope of those who look: who answers whom is so whoever sees it.
use crate::email_message::EmailMessage;
use crate::schema::email_messages;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, EmailMessageId};
use platform::{Conn, Record};

/// How many messages move when two conversations turn out to be one.
const MOST: i64 = 500;

/// The message of this name, whoever sees it.
pub fn called(conn: &mut Conn, ctx: &Ctx, message_key: &str) -> QueryResult<Option<EmailMessageId>> {
    email_messages::table
        .filter(email_messages::tenant_id.eq(ctx.tenant))
        .filter(email_messages::message_key.eq(message_key))
        .select(email_messages::id)
        .first(conn)
        .optional()
}

/// The conversation that a message with these references joins: that of the nearest message that is here, or of another
/// that refers to the same.
pub(super) fn of(conn: &mut Conn, ctx: &Ctx, references: &[String]) -> QueryResult<Option<EmailMessageId>> {
    if references.is_empty() {
        return Ok(None);
    }
    let all = email_messages::table.filter(email_messages::tenant_id.eq(ctx.tenant));
    let named: Vec<(String, EmailMessageId)> = all
        .filter(email_messages::message_key.eq_any(references))
        .select((email_messages::message_key, email_messages::thread_id))
        .load(conn)?;
    let nearest = references.iter().rev().find_map(|name| named.iter().find(|(known, _)| known == name));
    if let Some((_, thread)) = nearest {
        return Ok(Some(*thread));
    }
    all.filter(email_messages::reference_keys.overlaps_with(references))
        .order(email_messages::id)
        .select(email_messages::thread_id)
        .first(conn)
        .optional()
}

/// The conversations in which a message of this name was answered before it came.
pub(super) fn answers(conn: &mut Conn, ctx: &Ctx, message_key: &str) -> QueryResult<Vec<EmailMessageId>> {
    email_messages::table
        .filter(email_messages::tenant_id.eq(ctx.tenant))
        .filter(email_messages::reference_keys.overlaps_with(vec![message_key]))
        .select(email_messages::thread_id)
        .distinct()
        .order(email_messages::thread_id)
        .limit(MOST)
        .load(conn)
}

/// Two conversations turn out to be one.
pub(super) fn join(conn: &mut Conn, ctx: &Ctx, from: EmailMessageId, to: EmailMessageId) -> QueryResult<()> {
    let ids: Vec<EmailMessageId> = email_messages::table
        .filter(email_messages::tenant_id.eq(ctx.tenant))
        .filter(email_messages::thread_id.eq(from))
        .select(email_messages::id)
        .order(email_messages::id)
        .limit(MOST)
        .load(conn)?;
    for id in ids {
        diesel::update(email_messages::table.find((ctx.tenant, id)))
            .set((
                email_messages::thread_id.eq(to),
                email_messages::version.eq(email_messages::version + 1),
                email_messages::updated_at.eq(ctx.now),
                email_messages::updated_by.eq(ctx.actor.user),
            ))
            .returning(EmailMessage::as_returning())
            .recorded::<EmailMessage>(ctx, Verb::Updated)
            .get_result(conn)?;
    }
    Ok(())
}
