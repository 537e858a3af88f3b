//! The queries of taggings. The records were asked for before.
use crate::link::RecordLink;
use crate::schema::{taggings, tags};
use crate::tag::Tag;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{Action, Ctx, Reach, Result, TagId};
use platform::Conn;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A tag that a record has.
#[derive(Clone, Debug, Queryable, Serialize, ToSchema)]
#[schema(as = RecordTag, example = json!({
    "record_id": "0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6", "id": "0192f0c1-aaaa-7000-8000-00000000000f", "name": "VIP",
    "color": "#b8860b", "source": "manual", "created_at": "2026-11-26T08:00:00Z"
}))]
pub struct Tagged {
    pub record_id: Uuid,
    /// of the tag
    pub id: TagId,
    pub name: String,
    /// as a page writes it
    #[schema(example = "#b8860b")]
    pub color: Option<String>,
    /// who said that the record has it: `manual`, `rule` or `model`
    #[schema(example = "manual")]
    pub source: String,
    /// since when the record has it
    pub created_at: DateTime<Utc>,
}

/// The living tags of many records, by name; none for whoever may read no tags.
pub fn of_all(conn: &mut Conn, ctx: &Ctx, records: &[Uuid]) -> Result<Vec<Tagged>> {
    if ctx.reach::<Tag>(Action::Read) == Reach::None {
        return Ok(Vec::new());
    }
    let same = tags::tenant_id.eq(taggings::tenant_id).and(tags::id.eq(taggings::tag_id));
    Ok(taggings::table
        .inner_join(tags::table.on(same))
        .filter(taggings::tenant_id.eq(ctx.tenant))
        .filter(taggings::record_id.eq_any(records))
        .filter(tags::deleted_at.is_null())
        .order((tags::name_key, tags::id))
        .select((taggings::record_id, tags::id, tags::name, tags::color, taggings::source, taggings::created_at))
        .load(conn)?)
}

/// Those that did not have it.
pub(super) fn put(
    conn: &mut Conn,
    ctx: &Ctx,
    tag: TagId,
    resource: &str,
    records: &[Uuid],
    source: &str,
) -> QueryResult<Vec<Uuid>> {
    let row = |record: &Uuid| {
        (
            taggings::tenant_id.eq(ctx.tenant),
            taggings::record_id.eq(*record),
            taggings::resource.eq(resource),
            taggings::tag_id.eq(tag),
            taggings::source.eq(source),
            taggings::created_at.eq(ctx.now),
            taggings::created_by.eq(ctx.actor.user),
        )
    };
    let rows: Vec<_> = records.iter().map(row).collect();
    let insert = diesel::insert_into(taggings::table).values(rows).on_conflict_do_nothing();
    insert.returning(taggings::record_id).get_results(conn)
}

/// Those that had it.
pub(super) fn take(conn: &mut Conn, ctx: &Ctx, tag: TagId, resource: &str, records: &[Uuid]) -> QueryResult<Vec<Uuid>> {
    let theirs = taggings::table
        .filter(taggings::tenant_id.eq(ctx.tenant))
        .filter(taggings::record_id.eq_any(records))
        .filter(taggings::resource.eq(resource))
        .filter(taggings::tag_id.eq(tag));
    diesel::delete(theirs).returning(taggings::record_id).get_results(conn)
}

/// What had one of these tags has that one.
pub(in crate::tag) fn move_all(conn: &mut Conn, ctx: &Ctx, to: TagId, from: &[TagId]) -> QueryResult<usize> {
    let old = || taggings::table.filter(taggings::tenant_id.eq(ctx.tenant)).filter(taggings::tag_id.eq_any(from));
    let moved = old().select((
        taggings::tenant_id,
        taggings::record_id,
        taggings::resource,
        to.into_sql::<diesel::sql_types::Uuid>(),
        taggings::source,
        taggings::created_at,
        taggings::created_by,
    ));
    let into = (
        taggings::tenant_id,
        taggings::record_id,
        taggings::resource,
        taggings::tag_id,
        taggings::source,
        taggings::created_at,
        taggings::created_by,
    );
    diesel::insert_into(taggings::table).values(moved).into_columns(into).on_conflict_do_nothing().execute(conn)?;
    diesel::delete(old()).execute(conn)
}

/// The tags of a record that another has since.
pub(super) fn copy(conn: &mut Conn, ctx: &Ctx, from: &RecordLink, to: &RecordLink) -> QueryResult<Vec<TagId>> {
    let theirs: Vec<(TagId, String)> = taggings::table
        .filter(taggings::tenant_id.eq(ctx.tenant))
        .filter(taggings::record_id.eq(from.record_id))
        .filter(taggings::resource.eq(&from.resource))
        .order(taggings::tag_id)
        .select((taggings::tag_id, taggings::source))
        .load(conn)?;
    let mut new = Vec::new();
    for (tag, source) in theirs {
        if !put(conn, ctx, tag, &to.resource, &[to.record_id], &source)?.is_empty() {
            new.push(tag);
        }
    }
    Ok(new)
}
