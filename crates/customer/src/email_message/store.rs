//! The queries of a mail. `scope` is the only way in.
use super::deeds::Whose;
use super::{Attachment, EmailContent, EmailMessage, EmailMessagePatch, Mail, Participant};
use crate::schema::{email_contents, email_messages, email_participants};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Nullable};
use kernel::event::Verb;
use kernel::{Action, Ctx, EmailMessageId, Error, Page, Result, TenantId};
use platform::search::{Words, array_to_tsvector};
use platform::{Batch, Conn, Listing, Record, Visible, visible};
use uuid::Uuid;

/// The messages of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<email_messages::table> = visible::rows(ctx, action);
    email_messages::table.filter(email_messages::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: EmailMessageId) -> Result<EmailMessage> {
    let living = scope(ctx, Action::Read).filter(email_messages::deleted_at.is_null());
    Ok(living.filter(email_messages::id.eq(id)).select(EmailMessage::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<email_messages::table>) -> Result<Page<EmailMessage>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((EmailMessage::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(email_messages::id),
        |message| message.subject.as_deref().unwrap_or_default(),
    )
}

/// The living messages among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[EmailMessageId]) -> Result<Vec<EmailMessage>> {
    Ok(scope(ctx, Action::Read)
        .filter(email_messages::deleted_at.is_null())
        .filter(email_messages::id.eq_any(ids))
        .select(EmailMessage::as_select())
        .load(conn)?)
}

/// The newest living messages of a contact or of an account, from below a mark on; nobody else has any.
pub fn of_record(
    conn: &mut Conn,
    ctx: &Ctx,
    (resource, record): (&str, Uuid),
    below: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<EmailMessage>> {
    type Theirs = Box<dyn BoxableExpression<email_messages::table, Pg, SqlType = Nullable<Bool>>>;
    let theirs: Theirs = match resource {
        "contact" => Box::new(email_messages::contact_id.eq(record)),
        "account" => Box::new(email_messages::account_id.eq(record)),
        _ => return Ok(Vec::new()),
    };
    let page = scope(ctx, Action::Read)
        .filter(email_messages::deleted_at.is_null())
        .filter(theirs)
        .order((email_messages::received_at.desc(), email_messages::id.desc()))
        .limit(limit)
        .select(EmailMessage::as_select());
    let Some((at, id)) = below else { return Ok(page.load(conn)?) };
    let same = email_messages::received_at.eq(at).and(email_messages::id.lt(id));
    let lower = email_messages::received_at.lt(at).or(same);
    Ok(page.filter(email_messages::received_at.le(at).and(lower)).load(conn)?)
}

/// What a message says.
pub fn content(conn: &mut Conn, ctx: &Ctx, id: EmailMessageId) -> Result<EmailContent> {
    find(conn, ctx, id)?;
    let said: Option<(Option<String>, Option<String>, serde_json::Value)> = email_contents::table
        .find((ctx.tenant, id))
        .select((email_contents::text, email_contents::html, email_contents::attachments))
        .first(conn)
        .optional()?;
    let participants = email_participants::table
        .filter(email_participants::tenant_id.eq(ctx.tenant))
        .filter(email_participants::message_id.eq(id))
        .order(email_participants::position)
        .select(Participant::as_select())
        .load(conn)?;
    let (text, html, attachments) = said.unwrap_or_default();
    let attachments: Vec<Attachment> = serde_json::from_value(attachments).unwrap_or_default();
    Ok(EmailContent { participants, text, html, attachments })
}

fn words(mail: &Mail) -> Vec<String> {
    Words::new()
        .whole(&mail.message_key)
        .maybe(mail.subject.as_ref(), |all, text| all.text(text))
        .maybe(mail.from_name.as_ref(), |all, text| all.name(text))
        .maybe(mail.from_address.as_ref(), |all, text| all.whole(text))
        .maybe(mail.preview.as_ref(), |all, text| all.text(text))
        .lexemes()
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    (id, thread): (EmailMessageId, EmailMessageId),
    mail: &Mail,
    whose: &Whose,
    received_at: DateTime<Utc>,
) -> QueryResult<EmailMessage> {
    let own = (
        email_messages::tenant_id.eq(ctx.tenant),
        email_messages::id.eq(id),
        email_messages::owner_id.eq(whose.owner),
        email_messages::team_id.eq(whose.team),
        email_messages::contact_id.eq(whose.contact),
        email_messages::account_id.eq(whose.account),
        email_messages::thread_id.eq(thread),
        email_messages::received_at.eq(received_at),
        email_messages::created_at.eq(ctx.now),
        email_messages::updated_at.eq(ctx.now),
        email_messages::created_by.eq(ctx.actor.user),
        email_messages::updated_by.eq(ctx.actor.user),
    );
    let said = (
        email_messages::message_key.eq(&mail.message_key),
        email_messages::reference_keys.eq(&mail.references),
        email_messages::subject.eq(&mail.subject),
        email_messages::from_name.eq(&mail.from_name),
        email_messages::from_address.eq(&mail.from_address),
        email_messages::preview.eq(&mail.preview),
        email_messages::sent_at.eq(mail.sent_at),
        email_messages::size.eq(mail.size),
        email_messages::attachment_count.eq(i32::try_from(mail.attachments.len()).unwrap_or(i32::MAX)),
        email_messages::search.eq(array_to_tsvector(words(mail))),
    );
    diesel::insert_into(email_messages::table)
        .values((own, said))
        .returning(EmailMessage::as_returning())
        .recorded::<EmailMessage>(ctx, Verb::Created)
        .get_result(conn)
}

/// What is long, and whom it went to.
pub(super) fn insert_content(conn: &mut Conn, ctx: &Ctx, id: EmailMessageId, mail: &Mail) -> Result<()> {
    let row = (
        email_contents::tenant_id.eq(ctx.tenant),
        email_contents::message_id.eq(id),
        email_contents::text.eq(&mail.text),
        email_contents::html.eq(&mail.html),
        email_contents::attachments.eq(serde_json::to_value(&mail.attachments).map_err(Error::internal)?),
    );
    diesel::insert_into(email_contents::table).values(row).execute(conn)?;
    let person = |(position, one): (i32, &Participant)| {
        (
            email_participants::tenant_id.eq(ctx.tenant),
            email_participants::message_id.eq(id),
            email_participants::position.eq(position),
            one.clone(),
        )
    };
    let people: Vec<_> = (0..).zip(&mail.participants).map(person).collect();
    diesel::insert_into(email_participants::table).values(people).execute(conn)?;
    Ok(())
}

/// Nothing comes back where it may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: EmailMessageId,
    base: Option<i32>,
    patch: &EmailMessagePatch,
) -> QueryResult<Option<EmailMessage>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(email_messages::deleted_at.is_null())
        .filter(email_messages::id.eq(id))
        .filter(email_messages::version.between(oldest, newest));
    let moved = (
        email_messages::version.eq(email_messages::version + 1),
        email_messages::updated_at.eq(ctx.now),
        email_messages::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(EmailMessage::as_returning())
        .recorded::<EmailMessage>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living message, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: EmailMessageId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<EmailMessage>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(email_messages::deleted_at.is_null().eq(archived))
        .filter(email_messages::id.eq(id))
        .filter(email_messages::version.between(oldest, newest));
    let moved = (
        email_messages::deleted_at.eq(at),
        email_messages::version.eq(email_messages::version + 1),
        email_messages::updated_at.eq(ctx.now),
        email_messages::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(EmailMessage::as_returning())
        .recorded::<EmailMessage>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: EmailMessageId) -> QueryResult<Option<EmailMessage>> {
    diesel::delete(scope(ctx, Action::Purge).filter(email_messages::id.eq(id)))
        .returning(EmailMessage::as_returning())
        .recorded::<EmailMessage>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The message whether living or archived, as far as the caller may see it.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: EmailMessageId) -> QueryResult<EmailMessage> {
    scope(ctx, Action::Read).filter(email_messages::id.eq(id)).select(EmailMessage::as_select()).first(conn)
}

impl Batch for EmailMessage {
    fn find(conn: &mut Conn, ctx: &Ctx, id: EmailMessageId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[EmailMessageId]) -> Result<Vec<Self>> {
        Ok(email_messages::table
            .filter(email_messages::tenant_id.eq(tenant))
            .filter(email_messages::deleted_at.is_null())
            .filter(email_messages::id.eq_any(ids))
            .select(EmailMessage::as_select())
            .load(conn)?)
    }
}
