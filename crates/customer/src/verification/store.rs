//! The queries of verifications. They are parts of contacts; a link says itself whose it is.
use crate::contact::point::ContactPoint;
use crate::schema::{contact_points, verifications};
use chrono::{DateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::result::QueryResult;
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

/// Whom a letter goes to: a point of a contact, or the address of a lead.
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

/// How many letters went to an address of the tenant, whoever's point it is.
pub fn sent_since(conn: &mut Conn, ctx: &Ctx, value_norm: &str, since: DateTime<Utc>) -> QueryResult<i64> {
    let points = contact_points::table
        .filter(contact_points::tenant_id.eq(ctx.tenant))
        .filter(contact_points::kind.eq("email"))
        .filter(contact_points::value_norm.eq(value_norm))
        .select(contact_points::id);
    verifications::table
        .filter(verifications::tenant_id.eq(ctx.tenant))
        .filter(verifications::contact_point_id.eq_any(points.nullable()).or(verifications::email.eq(value_norm)))
        .filter(verifications::created_at.gt(since))
        .select(count_star())
        .first(conn)
}

/// One that is to be sent, and where to.
pub fn waiting(
    conn: &mut Conn,
    tenant: TenantId,
    id: VerificationId,
    now: DateTime<Utc>,
) -> QueryResult<Option<(Asked, String)>> {
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
        return Ok(to.map(|to| (asked, to)));
    };
    let point = contact_points::table.find((tenant, point)).select(contact_points::value_norm);
    Ok(point.first(conn).optional()?.map(|to| (asked, to)))
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
