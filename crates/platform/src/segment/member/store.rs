//! The queries of members. A segment was asked for before; of its records each reader sees those that they see anyway.
use super::SegmentMember;
use crate::Conn;
use crate::filter::{self, Part, Where};
use crate::listing::Listing;
use crate::schema::{segment_members, segments};
use crate::segment::Segment;
use crate::visible::{self, Visible};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::{Action, Ctx, Page, Reach, Result, SegmentId, SegmentMemberId, TenantId};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// The members of a segment whose record is there for the actor: those who are in it, or those who have left.
#[auto_type]
fn scope(ctx: &Ctx, all: &'static Catalogues, of: Of) -> _ {
    let tenant: TenantId = ctx.tenant;
    let (segment, is_in): (SegmentId, bool) = (of.segment, of.is_in);
    let seen: Where<segment_members::table> = seen(ctx, all, of.noun);
    segment_members::table
        .filter(segment_members::tenant_id.eq(tenant))
        .filter(segment_members::segment_id.eq(segment))
        .filter(segment_members::left_at.is_null().eq(is_in))
        .filter(seen)
}

/// Whose members.
#[derive(Clone, Copy)]
pub struct Of {
    pub segment: SegmentId,
    /// of which noun they are
    pub noun: &'static Catalogue,
    /// those who are in it; else those who have left
    pub is_in: bool,
}

fn seen(ctx: &Ctx, all: &'static Catalogues, noun: &'static Catalogue) -> Where<segment_members::table> {
    let id = vec![Part::Name("segment_members"), Part::Sql("."), Part::Name("record_id")];
    Where::new(filter::row_named(ctx, all, noun, id))
}

pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    (segment, is_in): (SegmentId, bool),
    listing: &Listing<segment_members::table>,
) -> Result<Page<SegmentMember>> {
    let whose = crate::segment::find(conn, ctx, segment)?;
    let of = Of { segment, noun: crate::segment::noun_of(all, &whose)?, is_in };
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, all, of).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((SegmentMember::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, all, of).filter(ask.matching()).select(segment_members::id),
        |member| &member.resource,
    )
}

/// How many are in it whose record is there for the actor. Nobody is in one who is not there at all.
pub(in crate::segment) fn count(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    noun: &'static Catalogue,
    segment: SegmentId,
) -> QueryResult<i64> {
    if ctx.grants.reach(noun.noun, Action::Read) == Reach::All {
        let members = segment_members::table
            .filter(segment_members::tenant_id.eq(ctx.tenant))
            .filter(segment_members::segment_id.eq(segment))
            .filter(segment_members::left_at.is_null());
        return members.count().get_result(conn);
    }
    scope(ctx, all, Of { segment, noun, is_in: true }).count().get_result(conn)
}

/// A segment that a record is in.
#[derive(Clone, Debug, Queryable, Serialize, ToSchema)]
#[schema(as = RecordSegment, example = json!({
    "record_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "id": "0192f0c1-9999-7000-8000-00000000000d",
    "name": "Buyers of the year", "kind": "dynamic", "entered_at": "2026-11-26T08:00:00Z"
}))]
pub struct Included {
    pub record_id: Uuid,
    /// of the segment
    pub id: SegmentId,
    pub name: String,
    /// `static` or `dynamic`
    #[schema(example = "dynamic")]
    pub kind: String,
    /// since when the record is in it
    pub entered_at: DateTime<Utc>,
}

/// The living segments that many records are in, as far as the actor sees them, by name.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, records: &[Uuid]) -> Result<Vec<Included>> {
    if ctx.reach::<Segment>(Action::Read) == Reach::None {
        return Ok(Vec::new());
    }
    let visible: Visible<segments::table> = visible::rows(ctx, Action::Read);
    let same = segments::tenant_id.eq(segment_members::tenant_id).and(segments::id.eq(segment_members::segment_id));
    Ok(segment_members::table
        .inner_join(segments::table.on(same))
        .filter(segment_members::tenant_id.eq(ctx.tenant))
        .filter(segment_members::record_id.eq_any(records))
        .filter(segment_members::left_at.is_null())
        .filter(segments::deleted_at.is_null())
        .filter(visible)
        .order((segments::name, segments::id))
        .select((segment_members::record_id, segments::id, segments::name, segments::kind, segment_members::entered_at))
        .load(conn)?)
}

/// How a record stands to a segment: the row of one that is in it, or was.
#[derive(Clone, Copy, Debug)]
pub(in crate::segment) struct Standing {
    pub id: SegmentMemberId,
    pub is_in: bool,
}

/// Those of these records that are in a segment, or were.
pub(in crate::segment) fn standing(
    conn: &mut Conn,
    tenant: TenantId,
    segment: Uuid,
    records: &[Uuid],
) -> QueryResult<HashMap<Uuid, Standing>> {
    let rows: Vec<(Uuid, SegmentMemberId, bool)> = segment_members::table
        .filter(segment_members::tenant_id.eq(tenant))
        .filter(segment_members::segment_id.eq(segment))
        .filter(segment_members::record_id.eq_any(records))
        .select((segment_members::record_id, segment_members::id, segment_members::left_at.is_null()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(record, id, is_in)| (record, Standing { id, is_in })).collect())
}

/// Of these records, those that are in one of these segments, each with the segment.
pub(in crate::segment) fn of_segments(
    conn: &mut Conn,
    tenant: TenantId,
    ids: &[Uuid],
    records: &[Uuid],
) -> QueryResult<Vec<(Uuid, Uuid)>> {
    let members = segment_members::table
        .filter(segment_members::tenant_id.eq(tenant))
        .filter(segment_members::segment_id.eq_any(ids))
        .filter(segment_members::record_id.eq_any(records))
        .filter(segment_members::left_at.is_null());
    members.select((segment_members::segment_id, segment_members::record_id)).load(conn)
}
