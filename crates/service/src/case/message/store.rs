//! The queries of what was said. The case was asked for through its `scope` before, or is locked by whoever takes in
//! what somebody has written.
use super::effect::Effect;
use super::{AGENT, CUSTOMER, CaseMessage, PUBLIC, QUEUED, SYSTEM};
use crate::case::schema::{case_messages, cases, cases_beside};
use crate::case::standing::Moved;
use crate::case::store::{standing, touched};
use crate::case::{self, Case};
use chrono::{DateTime, Utc};
use diesel::dsl::{max, min};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{
    CaseId, CaseInboxId, CaseMessageId, ContactId, Ctx, EmailMessageId, FileId, Page, Result, TenantId, UserId,
};
use platform::{Conn, Listing, Record};

/// What was said about cases that the caller may see; of each the oldest first.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, all: &[CaseId]) -> QueryResult<Vec<CaseMessage>> {
    case_messages::table
        .filter(case_messages::tenant_id.eq(ctx.tenant))
        .filter(case_messages::case_id.eq_any(all))
        .order((case_messages::case_id, case_messages::created_at, case_messages::id))
        .select(CaseMessage::as_select())
        .load(conn)
}

/// What was said about all cases that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<case_messages::table>) -> Result<Page<CaseMessage>> {
    let all = || case_messages::table.filter(case_messages::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((CaseMessage::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(case_messages::id),
        |one| one.subject.as_deref().unwrap_or_default(),
    )
}

pub fn find(conn: &mut Conn, tenant: TenantId, id: CaseMessageId) -> QueryResult<Option<CaseMessage>> {
    case_messages::table.find((tenant, id)).select(CaseMessage::as_select()).first(conn).optional()
}

/// The newest of a case that its customer has written by mail.
pub fn newest_mail(conn: &mut Conn, ctx: &Ctx, case: CaseId) -> QueryResult<Option<CaseMessage>> {
    case_messages::table
        .filter(case_messages::tenant_id.eq(ctx.tenant))
        .filter(case_messages::case_id.eq(case))
        .filter(case_messages::author_kind.eq(CUSTOMER))
        .filter(case_messages::from_address.is_not_null())
        .order((case_messages::created_at.desc(), case_messages::id.desc()))
        .select(CaseMessage::as_select())
        .first(conn)
        .optional()
}

/// The messages of a case among these.
pub fn among(conn: &mut Conn, ctx: &Ctx, case: CaseId, ids: &[CaseMessageId]) -> QueryResult<Vec<CaseMessage>> {
    case_messages::table
        .filter(case_messages::tenant_id.eq(ctx.tenant))
        .filter(case_messages::case_id.eq(case))
        .filter(case_messages::id.eq_any(ids))
        .order((case_messages::created_at, case_messages::id))
        .select(CaseMessage::as_select())
        .load(conn)
}

/// Where another system's message of this name is.
pub fn known(conn: &mut Conn, ctx: &Ctx, name: &str) -> QueryResult<Option<CaseMessageId>> {
    case_messages::table
        .filter(case_messages::tenant_id.eq(ctx.tenant))
        .filter(case_messages::external_message_id.eq(name))
        .select(case_messages::id)
        .first(conn)
        .optional()
}

/// What is written down.
#[derive(Debug)]
pub struct Said<'a> {
    pub id: CaseMessageId,
    pub visibility: &'a str,
    pub author_kind: &'a str,
    pub author: Option<UserId>,
    pub contact: Option<ContactId>,
    pub channel: &'a str,
    pub subject: Option<&'a str>,
    pub body: &'a str,
    pub html: Option<&'a str>,
    pub from: (Option<&'a str>, Option<&'a str>),
    pub recipients: Vec<String>,
    pub cc: Vec<String>,
    pub files: &'a [FileId],
    pub external: Option<&'a str>,
    pub in_reply_to: Option<&'a str>,
    pub mail: Option<EmailMessageId>,
    pub inbox: Option<CaseInboxId>,
    pub goes_out: bool,
    pub at: DateTime<Utc>,
}

pub fn insert(conn: &mut Conn, ctx: &Ctx, case: CaseId, said: &Said) -> QueryResult<CaseMessage> {
    let own = (
        case_messages::tenant_id.eq(ctx.tenant),
        case_messages::id.eq(said.id),
        case_messages::case_id.eq(case),
        case_messages::visibility.eq(said.visibility),
        case_messages::author_kind.eq(said.author_kind),
        case_messages::author_id.eq(said.author),
        case_messages::contact_id.eq(said.contact),
        case_messages::channel.eq(said.channel),
        case_messages::created_at.eq(said.at),
        case_messages::updated_at.eq(ctx.now),
    );
    let text = (
        case_messages::subject.eq(said.subject),
        case_messages::body.eq(said.body),
        case_messages::html.eq(said.html),
        case_messages::from_name.eq(said.from.0),
        case_messages::from_address.eq(said.from.1),
        case_messages::recipients.eq(&said.recipients),
        case_messages::cc.eq(&said.cc),
        case_messages::file_ids.eq(said.files),
    );
    let way = (
        case_messages::external_message_id.eq(said.external),
        case_messages::in_reply_to.eq(said.in_reply_to),
        case_messages::email_message_id.eq(said.mail),
        case_messages::inbox_id.eq(said.inbox),
        case_messages::delivery.eq(said.goes_out.then_some(QUEUED)),
    );
    diesel::insert_into(case_messages::table)
        .values((own, text, way))
        .returning(CaseMessage::as_returning())
        .get_result(conn)
}

/// That something was said about a case, which is locked; whoever has written may not see it.
pub fn said(conn: &mut Conn, ctx: &Ctx, id: CaseId, effect: &Effect) -> QueryResult<Case> {
    let moments = (
        effect.first_response_at.map(|at| cases::first_response_at.eq(at)),
        effect.last_customer_message_at.map(|at| cases::last_customer_message_at.eq(at)),
        effect.last_agent_message_at.map(|at| cases::last_agent_message_at.eq(at)),
        effect.auto_replied_at.map(|at| cases_beside::auto_replied_at.eq(at)),
    );
    diesel::update(cases::table.find((ctx.tenant, id)))
        .set((moments, touched(ctx)))
        .returning(Case::as_returning())
        .recorded::<Case>(ctx, Verb::MessageAdded)
        .get_result(conn)
}

/// Where it has gone with that.
pub fn moved(conn: &mut Conn, ctx: &Ctx, id: CaseId, moved: Moved) -> QueryResult<Case> {
    diesel::update(cases::table.find((ctx.tenant, id)))
        .set((standing(moved), touched(ctx)))
        .returning(Case::as_returning())
        .recorded::<Case>(ctx, moved.verb)
        .get_result(conn)
}

/// Locks a case, living or not, whoever sees it.
pub fn hold(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> QueryResult<Option<Case>> {
    cases::table.find((ctx.tenant, id)).for_update().select(Case::as_select()).first(conn).optional()
}

/// Messages become those of another case.
pub fn give(conn: &mut Conn, ctx: &Ctx, ids: &[CaseMessageId], to: CaseId) -> QueryResult<usize> {
    let chosen =
        case_messages::table.filter(case_messages::tenant_id.eq(ctx.tenant)).filter(case_messages::id.eq_any(ids));
    let changed = (
        case_messages::case_id.eq(to),
        case_messages::version.eq(case_messages::version + 1),
        case_messages::updated_at.eq(ctx.now),
    );
    diesel::update(chosen).set(changed).execute(conn)
}

/// When it was spoken about cases, reckoned anew of what was said; what was written otherwise of the first answer stays
/// where there is none.
pub fn reckon(conn: &mut Conn, ctx: &Ctx, all: &[CaseId]) -> QueryResult<()> {
    for id in all {
        let of = || {
            case_messages::table
                .filter(case_messages::tenant_id.eq(ctx.tenant))
                .filter(case_messages::case_id.eq(*id))
                .filter(case_messages::visibility.eq(PUBLIC))
        };
        let asked: Option<DateTime<Utc>> =
            of().filter(case_messages::author_kind.eq(CUSTOMER)).select(max(case_messages::created_at)).first(conn)?;
        let answered: (Option<DateTime<Utc>>, Option<DateTime<Utc>>) = of()
            .filter(case_messages::author_kind.eq(AGENT))
            .select((min(case_messages::created_at), max(case_messages::created_at)))
            .first(conn)?;
        let moments = (
            answered.0.map(|at| cases::first_response_at.eq(at)),
            cases::last_customer_message_at.eq(asked),
            cases::last_agent_message_at.eq(answered.1),
        );
        diesel::update(cases::table.find((ctx.tenant, *id))).set(moments).execute(conn)?;
    }
    Ok(())
}

/// How often nobody has answered an address since then.
pub fn said_to(conn: &mut Conn, ctx: &Ctx, address: &str, since: DateTime<Utc>) -> QueryResult<i64> {
    case_messages::table
        .filter(case_messages::tenant_id.eq(ctx.tenant))
        .filter(case_messages::author_kind.eq(SYSTEM))
        .filter(case_messages::created_at.ge(since))
        .filter(case_messages::recipients.contains(vec![address]))
        .count()
        .get_result(conn)
}

/// The case of a message that the caller may see.
pub fn seen(conn: &mut Conn, ctx: &Ctx, id: CaseMessageId) -> Result<Option<CaseMessage>> {
    let Some(found) = find(conn, ctx.tenant, id)? else { return Ok(None) };
    case::find(conn, ctx, found.case_id)?;
    Ok(Some(found))
}
