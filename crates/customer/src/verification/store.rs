//! The queries of verifications. They are parts of contacts; a link says itself whose it is.
use super::MOST_TRIES;
use crate::contact::point::ContactPoint;
use crate::schema::{contact_points, verifications};
use chrono::{DateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use kernel::{ContactPointId, Ctx, FormSubmissionId, Language, LeadId, TenantId, UserId, VerificationId};
use platform::Conn;

/// What was asked for.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = verifications, check_for_backend(diesel::pg::Pg))]
pub struct Asked {
    pub id: VerificationId,
    /// none, where it went to a lead
    pub contact_point_id: Option<ContactPointId>,
    pub email: Option<String>,
    pub form_submission_id: Option<FormSubmissionId>,
    pub method: String,
    pub language: String,
    pub hash: Option<Vec<u8>>,
    pub tries: i32,
    pub created_by: UserId,
}

/// What became of it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = verifications, check_for_backend(diesel::pg::Pg))]
pub struct Kept {
    pub id: VerificationId,
    pub method: String,
    pub tries: i32,
    pub used_at: Option<DateTime<Utc>>,
    pub sent_at: Option<DateTime<Utc>>,
    pub failure: Option<String>,
    pub expires_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

impl Kept {
    pub fn status(&self, now: DateTime<Utc>) -> &'static str {
        match self {
            Self { used_at: Some(_), .. } => "confirmed",
            Self { failure: Some(_), .. } => "failed",
            Self { expires_at, .. } if *expires_at <= now => "expired",
            Self { tries, .. } if *tries >= MOST_TRIES => "exhausted",
            Self { sent_at: Some(_), .. } => "sent",
            _ => "queued",
        }
    }
}

/// Which of them count against a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    All,
    /// but for those that could not be sent
    Gone,
}

/// Whom it goes to: a point of a contact, or the address of a lead.
#[derive(Clone, Copy, Debug)]
pub enum To<'a> {
    Point(&'a ContactPoint),
    Lead(LeadId, &'a str),
}

impl<'a> To<'a> {
    fn point(self) -> Option<&'a ContactPoint> {
        if let Self::Point(point) = self { Some(point) } else { None }
    }
    fn lead(self) -> Option<(LeadId, &'a str)> {
        if let Self::Lead(lead, email) = self { Some((lead, email)) } else { None }
    }
    pub fn address(self) -> &'a str {
        match self {
            Self::Point(point) => &point.value_norm,
            Self::Lead(_, email) => email,
        }
    }
}

pub fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    to: To,
    method: &str,
    language: Language,
    submission: Option<FormSubmissionId>,
    expires_at: DateTime<Utc>,
) -> QueryResult<VerificationId> {
    let id = VerificationId::new();
    let row = (
        verifications::tenant_id.eq(ctx.tenant),
        verifications::id.eq(id),
        verifications::contact_id.eq(to.point().map(|point| point.contact_id)),
        verifications::contact_point_id.eq(to.point().map(|point| point.id)),
        verifications::lead_id.eq(to.lead().map(|(lead, _)| lead)),
        verifications::email.eq(to.lead().map(|(_, email)| email)),
        verifications::form_submission_id.eq(submission),
        verifications::method.eq(method),
        verifications::language.eq(language.tag()),
        verifications::expires_at.eq(expires_at),
        verifications::created_at.eq(ctx.now),
        verifications::created_by.eq(ctx.actor.user),
    );
    diesel::insert_into(verifications::table).values(row).execute(conn)?;
    Ok(id)
}

/// How many were asked for to an address of the tenant, whoever's point it is.
pub fn asked_since(
    conn: &mut Conn,
    ctx: &Ctx,
    (kind, value_norm): (&str, &str),
    since: DateTime<Utc>,
    counted: Counted,
) -> QueryResult<i64> {
    let points = contact_points::table
        .filter(contact_points::tenant_id.eq(ctx.tenant))
        .filter(contact_points::kind.eq(kind))
        .filter(contact_points::value_norm.eq(value_norm))
        .select(contact_points::id);
    let all = (counted == Counted::All).into_sql::<Bool>();
    verifications::table
        .filter(verifications::tenant_id.eq(ctx.tenant))
        .filter(verifications::contact_point_id.eq_any(points.nullable()).or(verifications::email.eq(value_norm)))
        .filter(verifications::created_at.gt(since))
        .filter(verifications::failed_at.is_null().or(all))
        .select(count_star())
        .first(conn)
}

/// Those of a point that the caller sees, the newest first.
pub fn of_point(conn: &mut Conn, ctx: &Ctx, point: ContactPointId) -> QueryResult<Vec<Kept>> {
    verifications::table
        .filter(verifications::tenant_id.eq(ctx.tenant))
        .filter(verifications::contact_point_id.eq(point))
        .order((verifications::created_at.desc(), verifications::id.desc()))
        .limit(100)
        .select(Kept::as_select())
        .load(conn)
}

/// One that is to be sent, to what kind of point, and where that is.
pub fn waiting(
    conn: &mut Conn,
    tenant: TenantId,
    id: VerificationId,
    now: DateTime<Utc>,
) -> QueryResult<Option<(Asked, String, String)>> {
    let asked = verifications::table
        .find((tenant, id))
        .filter(verifications::used_at.is_null())
        .filter(verifications::expires_at.gt(now))
        .select(Asked::as_select())
        .first(conn)
        .optional()?;
    let Some(asked) = asked else { return Ok(None) };
    let Some(point) = asked.contact_point_id else {
        let to = asked.email.clone();
        return Ok(to.map(|to| (asked, "email".to_owned(), to)));
    };
    let point = contact_points::table.find((tenant, point)).select((contact_points::kind, contact_points::value_norm));
    Ok(point.first(conn).optional()?.map(|(kind, to): (String, String)| (asked, kind, to)))
}

/// The mail server or the gateway has taken it.
pub fn sent(conn: &mut Conn, tenant: TenantId, id: VerificationId, now: DateTime<Utc>) -> QueryResult<usize> {
    let gone = (
        verifications::sent_at.eq(now),
        verifications::failed_at.eq(None::<DateTime<Utc>>),
        verifications::failure.eq(None::<String>),
    );
    diesel::update(verifications::table.find((tenant, id))).set(gone).execute(conn)
}

/// It is not sent again; `failure`: the code of the error.
pub fn failed(
    conn: &mut Conn,
    tenant: TenantId,
    id: VerificationId,
    failure: &str,
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    let left = (verifications::failed_at.eq(now), verifications::failure.eq(failure));
    diesel::update(verifications::table.find((tenant, id))).set(left).execute(conn)
}

pub fn set_hash(conn: &mut Conn, tenant: TenantId, id: VerificationId, hash: &[u8]) -> QueryResult<usize> {
    diesel::update(verifications::table.find((tenant, id))).set(verifications::hash.eq(hash)).execute(conn)
}

/// The code that was sent last to a point, while it is good. Whoever else tries one waits.
pub fn last_code(conn: &mut Conn, ctx: &Ctx, point: ContactPointId) -> QueryResult<Option<Asked>> {
    verifications::table
        .filter(verifications::tenant_id.eq(ctx.tenant))
        .filter(verifications::contact_point_id.eq(point))
        .filter(verifications::method.eq("code"))
        .filter(verifications::failed_at.is_null())
        .filter(verifications::used_at.is_null())
        .filter(verifications::expires_at.gt(ctx.now))
        .order(verifications::created_at.desc())
        .select(Asked::as_select())
        .for_update()
        .first(conn)
        .optional()
}

/// A link, while it is good. Whoever else follows it waits.
pub fn good(
    conn: &mut Conn,
    tenant: TenantId,
    id: VerificationId,
    hash: &[u8],
    now: DateTime<Utc>,
) -> QueryResult<Option<Asked>> {
    verifications::table
        .find((tenant, id))
        .filter(verifications::method.eq("link"))
        .filter(verifications::hash.eq(hash))
        .filter(verifications::used_at.is_null())
        .filter(verifications::expires_at.gt(now))
        .select(Asked::as_select())
        .for_update()
        .first(conn)
        .optional()
}

pub fn tried(conn: &mut Conn, tenant: TenantId, id: VerificationId) -> QueryResult<usize> {
    diesel::update(verifications::table.find((tenant, id)))
        .set(verifications::tries.eq(verifications::tries + 1))
        .execute(conn)
}

pub fn used(conn: &mut Conn, tenant: TenantId, id: VerificationId, now: DateTime<Utc>) -> QueryResult<usize> {
    diesel::update(verifications::table.find((tenant, id))).set(verifications::used_at.eq(now)).execute(conn)
}

/// Clears away what nobody counts any more, of all tenants.
pub fn clear(conn: &mut Conn, before: DateTime<Utc>) -> QueryResult<usize> {
    diesel::delete(verifications::table.filter(verifications::expires_at.le(before))).execute(conn)
}
