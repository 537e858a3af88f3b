//! The queries of a submission. `scope` is the only way in.
use super::FormSubmission;
use super::deeds::Sent;
use super::waiting::Waiting;
use super::whose::Whose;
use crate::schema::{contacts, form_submissions, memberships};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Nullable};
use kernel::event::Verb;
use kernel::{
    AccountId, Action, ContactId, Ctx, FormId, FormSubmissionId, LeadId, Page, Result, TeamId, TenantId, UserId,
};
use platform::{Batch, Conn, Listing, Record, Visible, visible};
use serde_json::Value;
use uuid::Uuid;

type Theirs = Box<dyn BoxableExpression<form_submissions::table, Pg, SqlType = Nullable<Bool>>>;

/// The submissions of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<form_submissions::table> = visible::rows(ctx, action);
    form_submissions::table.filter(form_submissions::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: FormSubmissionId) -> Result<FormSubmission> {
    let living = scope(ctx, Action::Read).filter(form_submissions::deleted_at.is_null());
    Ok(living.filter(form_submissions::id.eq(id)).select(FormSubmission::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<form_submissions::table>) -> Result<Page<FormSubmission>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((FormSubmission::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(form_submissions::id),
        |_| "",
    )
}

/// The living ones among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[FormSubmissionId]) -> Result<Vec<FormSubmission>> {
    let living = scope(ctx, Action::Read).filter(form_submissions::deleted_at.is_null());
    Ok(living.filter(form_submissions::id.eq_any(ids)).select(FormSubmission::as_select()).load(conn)?)
}

/// The newest living ones of a contact or of a lead, from where the page before has ended; none of any other record.
pub fn of_record(
    conn: &mut Conn,
    ctx: &Ctx,
    (resource, record): (&str, Uuid),
    below: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<FormSubmission>> {
    let theirs: Theirs = match resource {
        "contact" => Box::new(form_submissions::contact_id.eq(record)),
        "lead" => Box::new(form_submissions::lead_id.eq(record)),
        _ => return Ok(Vec::new()),
    };
    let page = scope(ctx, Action::Read)
        .filter(form_submissions::deleted_at.is_null())
        .filter(theirs)
        .order((form_submissions::created_at.desc(), form_submissions::id.desc()))
        .limit(limit)
        .select(FormSubmission::as_select());
    let Some((at, id)) = below else { return Ok(page.load(conn)?) };
    let same = form_submissions::created_at.eq(at).and(form_submissions::id.lt(id));
    let lower = form_submissions::created_at.lt(at).or(same);
    Ok(page.filter(form_submissions::created_at.le(at).and(lower)).load(conn)?)
}

/// The newest living ones of those people of an account that the actor sees.
pub fn of_people(conn: &mut Conn, ctx: &Ctx, account: AccountId, limit: i64) -> Result<Vec<FormSubmission>> {
    let here = memberships::table
        .filter(memberships::tenant_id.eq(ctx.tenant))
        .filter(memberships::account_id.eq(account))
        .select(memberships::contact_id);
    let visible: Visible<contacts::table> = visible::rows(ctx, Action::Read);
    let people = contacts::table
        .filter(contacts::tenant_id.eq(ctx.tenant))
        .filter(contacts::deleted_at.is_null())
        .filter(visible)
        .filter(contacts::id.eq_any(here))
        .select(contacts::id.nullable());
    let theirs = scope(ctx, Action::Read).filter(form_submissions::contact_id.eq_any(people));
    Ok(theirs
        .filter(form_submissions::deleted_at.is_null())
        .order((form_submissions::created_at.desc(), form_submissions::id.desc()))
        .limit(limit)
        .select(FormSubmission::as_select())
        .load(conn)?)
}

/// Whether a token of a form was used.
pub(super) fn is_used(conn: &mut Conn, ctx: &Ctx, form: FormId, token_key: &str) -> QueryResult<bool> {
    let those = form_submissions::table
        .filter(form_submissions::tenant_id.eq(ctx.tenant))
        .filter(form_submissions::form_id.eq(form))
        .filter(form_submissions::token_key.eq(token_key));
    diesel::select(diesel::dsl::exists(those)).get_result(conn)
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    id: FormSubmissionId,
    sent: &Sent,
    (whose, waiting): (&Whose, Waiting),
    status: &str,
) -> QueryResult<FormSubmission> {
    let row = (
        form_submissions::tenant_id.eq(ctx.tenant),
        form_submissions::id.eq(id),
        form_submissions::form_id.eq(sent.form.id),
        form_submissions::contact_id.eq(whose.contact.as_ref().map(|contact| contact.id)),
        form_submissions::owner_id.eq(whose.owner),
        form_submissions::team_id.eq(whose.team),
        form_submissions::status.eq(status),
        form_submissions::answers.eq(Value::Object(sent.answered.answers.clone())),
        form_submissions::suggestions.eq(Value::Object(whose.suggestions.clone())),
        form_submissions::utm.eq(&sent.utm),
        form_submissions::referrer.eq(&sent.referrer),
        form_submissions::address.eq(ctx.origin.address.map(|address| address.to_string())),
        form_submissions::user_agent.eq(&sent.user_agent),
        form_submissions::language.eq(sent.language.tag()),
        form_submissions::token_key.eq(&sent.token_key),
        form_submissions::lead_id.eq(whose.lead.as_ref().map(|lead| lead.id)),
        form_submissions::waiting.eq(waiting),
        (form_submissions::created_at.eq(ctx.now), form_submissions::updated_at.eq(ctx.now)),
        (form_submissions::created_by.eq(ctx.actor.user), form_submissions::updated_by.eq(ctx.actor.user)),
    );
    diesel::insert_into(form_submissions::table)
        .values(row)
        .returning(FormSubmission::as_returning())
        .recorded::<FormSubmission>(ctx, Verb::Created)
        .get_result(conn)
}

/// Its address was shown to be read. By whoever followed the link, and so in whatever sight.
pub(super) fn set_confirmed(conn: &mut Conn, ctx: &Ctx, id: FormSubmissionId) -> QueryResult<Option<FormSubmission>> {
    let moved = (
        form_submissions::status.eq("confirmed"),
        form_submissions::confirmed_at.eq(ctx.now),
        form_submissions::version.eq(form_submissions::version + 1),
        form_submissions::updated_at.eq(ctx.now),
        form_submissions::updated_by.eq(ctx.actor.user),
    );
    diesel::update(form_submissions::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(FormSubmission::as_returning())
        .recorded::<FormSubmission>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// What was filled in by who is a lead, the oldest first, with what waits. In whatever sight: the lead is locked.
pub(super) fn of_lead(conn: &mut Conn, ctx: &Ctx, lead: LeadId) -> QueryResult<Vec<(FormSubmission, Waiting)>> {
    form_submissions::table
        .filter(form_submissions::tenant_id.eq(ctx.tenant))
        .filter(form_submissions::lead_id.eq(lead))
        .order(form_submissions::id)
        .for_update()
        .select((FormSubmission::as_select(), form_submissions::waiting))
        .load(conn)
}

/// Whom it is of from now on, or whose; in whatever sight.
pub(super) fn set_whose(
    conn: &mut Conn,
    ctx: &Ctx,
    id: FormSubmissionId,
    contact: Option<Option<ContactId>>,
    owner: Option<(UserId, Option<TeamId>)>,
) -> QueryResult<FormSubmission> {
    let moved = (
        contact.map(|contact| form_submissions::contact_id.eq(contact)),
        owner.map(|(owner, team)| (form_submissions::owner_id.eq(owner), form_submissions::team_id.eq(team))),
        form_submissions::version.eq(form_submissions::version + 1),
        form_submissions::updated_at.eq(ctx.now),
        form_submissions::updated_by.eq(ctx.actor.user),
    );
    diesel::update(form_submissions::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(FormSubmission::as_returning())
        .recorded::<FormSubmission>(ctx, Verb::Updated)
        .get_result(conn)
}

/// Archives a living one, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: FormSubmissionId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<FormSubmission>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(form_submissions::deleted_at.is_null().eq(archived))
        .filter(form_submissions::id.eq(id))
        .filter(form_submissions::version.between(oldest, newest));
    let moved = (
        form_submissions::deleted_at.eq(at),
        form_submissions::version.eq(form_submissions::version + 1),
        form_submissions::updated_at.eq(ctx.now),
        form_submissions::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(FormSubmission::as_returning())
        .recorded::<FormSubmission>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: FormSubmissionId) -> QueryResult<Option<FormSubmission>> {
    diesel::delete(scope(ctx, Action::Purge).filter(form_submissions::id.eq(id)))
        .returning(FormSubmission::as_returning())
        .recorded::<FormSubmission>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// Whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: FormSubmissionId) -> QueryResult<FormSubmission> {
    scope(ctx, Action::Read).filter(form_submissions::id.eq(id)).select(FormSubmission::as_select()).first(conn)
}

impl Batch for FormSubmission {
    fn find(conn: &mut Conn, ctx: &Ctx, id: FormSubmissionId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[FormSubmissionId]) -> Result<Vec<Self>> {
        Ok(form_submissions::table
            .filter(form_submissions::tenant_id.eq(tenant))
            .filter(form_submissions::deleted_at.is_null())
            .filter(form_submissions::id.eq_any(ids))
            .select(FormSubmission::as_select())
            .load(conn)?)
    }
}
