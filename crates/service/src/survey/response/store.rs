//! The queries of responses. Their contact was asked for through its `scope` before, or a token says whose they are.
use super::{ANSWERED, CANCELLED, NewSurveyResponse, PENDING, SENDING, SENT, SurveyAnswer, SurveyResponse};
use crate::survey::Survey;
use crate::survey::schema::{survey_marks, survey_responses, tenants};
use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::{Nullable, Timestamptz, Uuid as SqlUuid};
use kernel::event::Verb;
use kernel::{CaseId, ContactId, Ctx, Page, Result, SurveyId, SurveyResponseId, TenantId, UserId};
use platform::sweep::{Look, look};
use platform::{Conn, Listing, Record};

/// The responses of contacts that the caller sees; the newest 500 of them.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, contacts: &[ContactId]) -> Result<Vec<SurveyResponse>> {
    Ok(survey_responses::table
        .filter(survey_responses::tenant_id.eq(ctx.tenant))
        .filter(survey_responses::contact_id.eq_any(contacts))
        .order((survey_responses::contact_id, survey_responses::id.desc()))
        .limit(500)
        .select(SurveyResponse::as_select())
        .load(conn)?)
}

/// The responses of all contacts: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<survey_responses::table>) -> Result<Page<SurveyResponse>> {
    let all = || survey_responses::table.filter(survey_responses::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((SurveyResponse::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(survey_responses::id),
        |one| &one.status,
    )
}

pub(super) fn find(conn: &mut Conn, ctx: &Ctx, id: SurveyResponseId) -> QueryResult<Option<SurveyResponse>> {
    survey_responses::table.find((ctx.tenant, id)).select(SurveyResponse::as_select()).first(conn).optional()
}

/// Whether a contact was asked since, by any survey.
pub(super) fn was_asked(conn: &mut Conn, ctx: &Ctx, contact: ContactId, since: DateTime<Utc>) -> QueryResult<bool> {
    let asked = survey_responses::table
        .filter(survey_responses::tenant_id.eq(ctx.tenant))
        .filter(survey_responses::contact_id.eq(contact))
        .filter(survey_responses::created_at.gt(since))
        .filter(survey_responses::status.ne(CANCELLED));
    diesel::select(exists(asked)).get_result(conn)
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    survey: SurveyId,
    new: &NewSurveyResponse,
    (locale, send_at, expires_at): (Option<&str>, DateTime<Utc>, DateTime<Utc>),
) -> QueryResult<SurveyResponse> {
    let row = (
        survey_responses::tenant_id.eq(ctx.tenant),
        survey_responses::id.eq(SurveyResponseId::new()),
        survey_responses::survey_id.eq(survey),
        survey_responses::contact_id.eq(new.contact_id),
        survey_responses::case_id.eq(new.case_id),
        survey_responses::user_id.eq(new.user_id.unwrap_or(ctx.actor.user)),
        survey_responses::queue_id.eq(new.queue_id),
        survey_responses::locale.eq(locale),
        survey_responses::status.eq(PENDING),
        (survey_responses::send_at.eq(send_at), survey_responses::expires_at.eq(expires_at)),
        (survey_responses::created_at.eq(ctx.now), survey_responses::updated_at.eq(ctx.now)),
        survey_responses::created_by.eq(ctx.actor.user),
    );
    diesel::insert_into(survey_responses::table)
        .values(row)
        .returning(SurveyResponse::as_returning())
        .recorded::<SurveyResponse>(ctx, Verb::Created)
        .get_result(conn)
}

/// What is to be sent, and holds it until then.
pub(super) fn take_up(
    conn: &mut Conn,
    tenant: TenantId,
    id: SurveyResponseId,
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    let target = survey_responses::table.find((tenant, id)).filter(survey_responses::status.eq(PENDING));
    let moved = (
        survey_responses::status.eq(SENDING),
        survey_responses::version.eq(survey_responses::version + 1),
        survey_responses::updated_at.eq(now),
    );
    diesel::update(target).set(moved).execute(conn)
}

/// One whose letter is to be sent, while it was not answered; locked.
pub(super) fn waiting(conn: &mut Conn, ctx: &Ctx, id: SurveyResponseId) -> QueryResult<Option<SurveyResponse>> {
    survey_responses::table
        .find((ctx.tenant, id))
        .filter(survey_responses::status.eq_any([SENDING, SENT]))
        .filter(survey_responses::expires_at.gt(ctx.now))
        .select(SurveyResponse::as_select())
        .for_update()
        .first(conn)
        .optional()
}

pub(super) fn add_hash(conn: &mut Conn, ctx: &Ctx, id: SurveyResponseId, hash: &[u8]) -> QueryResult<usize> {
    let one = || survey_responses::table.find((ctx.tenant, id));
    let known: Vec<Vec<u8>> = one().select(survey_responses::hashes).first(conn)?;
    let all: Vec<Vec<u8>> = known.into_iter().chain([hash.to_vec()]).collect();
    diesel::update(one()).set(survey_responses::hashes.eq(all)).execute(conn)
}

/// The letter has gone out; it may have been answered already.
pub(super) fn sent(conn: &mut Conn, ctx: &Ctx, id: SurveyResponseId) -> QueryResult<usize> {
    let target = survey_responses::table.find((ctx.tenant, id)).filter(survey_responses::status.eq(SENDING));
    let moved = (
        survey_responses::status.eq(SENT),
        survey_responses::sent_at.eq(ctx.now),
        survey_responses::version.eq(survey_responses::version + 1),
        survey_responses::updated_at.eq(ctx.now),
    );
    diesel::update(target).set(moved).execute(conn)
}

/// It is not sent.
pub(super) fn cancel(conn: &mut Conn, ctx: &Ctx, id: SurveyResponseId) -> QueryResult<usize> {
    let target = survey_responses::table.find((ctx.tenant, id)).filter(survey_responses::status.eq(SENDING));
    let moved = (
        survey_responses::status.eq(CANCELLED),
        survey_responses::version.eq(survey_responses::version + 1),
        survey_responses::updated_at.eq(ctx.now),
    );
    diesel::update(target).set(moved).execute(conn)
}

/// The one that a token is of, whether it takes an answer still or not.
pub(super) fn by_token(
    conn: &mut Conn,
    tenant: TenantId,
    id: SurveyResponseId,
    hash: &[u8],
) -> QueryResult<Option<SurveyResponse>> {
    survey_responses::table
        .find((tenant, id))
        .filter(survey_responses::hashes.contains(vec![hash.to_vec()]))
        .select(SurveyResponse::as_select())
        .first(conn)
        .optional()
}

/// Nothing comes back where somebody was quicker, or it takes no answer any more.
pub(super) fn answer(
    conn: &mut Conn,
    ctx: &Ctx,
    id: SurveyResponseId,
    said: &SurveyAnswer,
) -> QueryResult<Option<SurveyResponse>> {
    let target = survey_responses::table
        .find((ctx.tenant, id))
        .filter(survey_responses::answered_at.is_null())
        .filter(survey_responses::status.eq_any([SENDING, SENT]))
        .filter(survey_responses::expires_at.gt(ctx.now));
    let comment = said.comment.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let moved = (
        survey_responses::status.eq(ANSWERED),
        survey_responses::answered_at.eq(ctx.now),
        survey_responses::score.eq(said.score),
        survey_responses::comment.eq(comment),
        survey_responses::version.eq(survey_responses::version + 1),
        survey_responses::updated_at.eq(ctx.now),
    );
    diesel::update(target)
        .set(moved)
        .returning(SurveyResponse::as_returning())
        .recorded::<SurveyResponse>(ctx, Verb::Responded)
        .get_result(conn)
        .optional()
}

/// Who was asked from one moment to another: the contact, by whom and where they were served, when, and what they say.
pub(super) type Figure = (ContactId, Option<UserId>, Option<UserId>, DateTime<Utc>, Option<i32>);

pub(super) fn asked_between(
    conn: &mut Conn,
    ctx: &Ctx,
    survey: &Survey,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    most: i64,
) -> QueryResult<Vec<Figure>> {
    survey_responses::table
        .filter(survey_responses::tenant_id.eq(ctx.tenant))
        .filter(survey_responses::survey_id.eq(survey.id))
        .filter(survey_responses::status.ne(CANCELLED))
        .filter(survey_responses::send_at.ge(from))
        .filter(survey_responses::send_at.lt(until))
        .order(survey_responses::id)
        .limit(most)
        .select((
            survey_responses::contact_id,
            survey_responses::user_id,
            survey_responses::queue_id,
            survey_responses::send_at,
            survey_responses::score,
        ))
        .load(conn)
}

#[derive(QueryableByName)]
pub(super) struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: SurveyResponseId,
    #[diesel(sql_type = SqlUuid)]
    pub created_by: UserId,
    /// by the clock that all machines have in common
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

/// Whose moment has come.
pub(super) const DUE: Look = look! {
    what: "a survey that is to be sent",
    row: "r",
    locks: "r",
    tells: "r.created_by",
    from: "FROM survey_responses AS r WHERE r.status = 'pending' AND r.send_at <= statement_timestamp()",
};

/// What the tenant is called, and the language it is written to in.
pub(super) fn letterhead(conn: &mut Conn, ctx: &Ctx) -> QueryResult<(String, String)> {
    tenants::table.find(ctx.tenant).select((tenants::name, tenants::locale)).first(conn)
}

/// A case that was closed.
#[derive(QueryableByName)]
pub(super) struct Closed {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: uuid::Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub case_id: CaseId,
    #[diesel(sql_type = SqlUuid)]
    pub owner_id: UserId,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub queue_id: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub contact_id: Option<ContactId>,
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
}

/// Whose customers may be asked.
pub(super) const CLOSED: Look = look! {
    what: "a case that was closed, for surveys",
    row: "m",
    locks: "m",
    tells: "c.id AS case_id, c.owner_id, c.queue_id, c.contact_id",
    from: "FROM survey_marks AS m JOIN cases AS c ON c.tenant_id = m.tenant_id AND c.id = m.case_id WHERE true",
};

/// It was looked at.
pub(super) fn unmark(conn: &mut Conn, tenant: TenantId, id: uuid::Uuid) -> QueryResult<usize> {
    diesel::delete(survey_marks::table.find((tenant, id))).execute(conn)
}
