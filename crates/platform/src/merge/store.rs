//! The queries of a merge, and of records that became one, whatever noun they are of.
use super::{Changes, FieldChoices, Merge, MovedCounts};
use crate::privacy::statement::Statement;
use crate::schema::merges;
use crate::{Batch, Conn, Listing, Record, Visible, visible};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::catalogue::Catalogue;
use kernel::event::Verb;
use kernel::{Action, Ctx, MergeId, Page, Result, TeamId, TenantId};
use serde_json::Value;
use uuid::Uuid;

/// The merges of the tenant on which the actor may do `action`.
#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<merges::table> = visible::rows(ctx, action);
    merges::table.filter(merges::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: MergeId) -> Result<Merge> {
    Ok(scope(ctx, Action::Read).filter(merges::id.eq(id)).select(Merge::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<merges::table>) -> Result<Page<Merge>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Merge::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(merges::id),
        |one| &one.resource,
    )
}

/// Those among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[MergeId]) -> Result<Vec<Merge>> {
    Ok(scope(ctx, Action::Read).filter(merges::id.eq_any(ids)).select(Merge::as_select()).load(conn)?)
}

/// What a merge came to.
pub(super) struct Done {
    pub id: MergeId,
    pub resource: &'static str,
    pub winner: Uuid,
    pub losers: Vec<Uuid>,
    /// winner and losers of the other side
    pub others: Option<(Uuid, Vec<Uuid>)>,
    pub team: Option<TeamId>,
    pub choices: FieldChoices,
    pub changes: Changes,
    pub moved: MovedCounts,
    pub move_count: i32,
    pub undo_until: DateTime<Utc>,
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, done: &Done) -> QueryResult<Merge> {
    let others = done.others.as_ref();
    let row = (
        merges::tenant_id.eq(ctx.tenant),
        merges::id.eq(done.id),
        merges::other_winner_id.eq(others.map(|(winner, _)| *winner)),
        merges::other_loser_ids.eq(others.map(|(_, losers)| losers.as_slice()).unwrap_or_default()),
        merges::resource.eq(done.resource),
        merges::winner_id.eq(done.winner),
        merges::loser_ids.eq(&done.losers),
        merges::owner_id.eq(ctx.actor.user),
        merges::team_id.eq(done.team),
        merges::status.eq("done"),
        merges::field_choices.eq(&done.choices),
        merges::changes.eq(&done.changes),
        merges::moved.eq(&done.moved),
        merges::move_count.eq(done.move_count),
        merges::undo_until.eq(done.undo_until),
        merges::created_at.eq(ctx.now),
        merges::updated_at.eq(ctx.now),
        (merges::created_by.eq(ctx.actor.user), merges::updated_by.eq(ctx.actor.user)),
    );
    diesel::insert_into(merges::table)
        .values(row)
        .returning(Merge::as_returning())
        .recorded::<Merge>(ctx, Verb::Created)
        .get_result(conn)
}

/// A merge with what it takes to undo it.
pub(super) struct Kept {
    pub merge: Merge,
    /// of the winners
    pub changes: Changes,
    /// how much was moved
    pub move_count: i32,
    /// winner and losers of the other side
    pub others: Option<(Uuid, Vec<Uuid>)>,
}

type KeptRow = (Merge, Value, i32, Option<Uuid>, Vec<Uuid>);

/// Locks a merge that the actor may undo.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: MergeId) -> QueryResult<Option<Kept>> {
    let all = (merges::changes, merges::move_count, merges::other_winner_id, merges::other_loser_ids);
    let found: Option<KeptRow> = scope(ctx, Action::Update)
        .filter(merges::id.eq(id))
        .for_update()
        .select((Merge::as_select(), all.0, all.1, all.2, all.3))
        .first(conn)
        .optional()?;
    let kept = |(merge, changes, move_count, winner, losers): KeptRow| Kept {
        merge,
        // what erasing has left of a list is none
        changes: serde_json::from_value(changes).unwrap_or_default(),
        move_count,
        others: winner.map(|winner| (winner, losers)),
    };
    Ok(found.map(kept))
}

pub(super) fn set_undone(conn: &mut Conn, ctx: &Ctx, id: MergeId) -> QueryResult<Merge> {
    let moved = (
        merges::status.eq("undone"),
        merges::changes.eq(Changes::default()),
        merges::move_count.eq(0),
        merges::undone_at.eq(ctx.now),
        merges::undone_by.eq(ctx.actor.user),
        merges::version.eq(merges::version + 1),
        merges::updated_at.eq(ctx.now),
        merges::updated_by.eq(ctx.actor.user),
    );
    diesel::update(merges::table.find((ctx.tenant, id)))
        .set(moved)
        .returning(Merge::as_returning())
        .recorded::<Merge>(ctx, Verb::Updated)
        .get_result(conn)
}

/// Where these records have gone; they are archived, and locked by whoever calls.
pub(super) fn lead(
    conn: &mut Conn,
    ctx: &Ctx,
    noun: &'static Catalogue,
    losers: &[Uuid],
    winner: Option<Uuid>,
) -> QueryResult<usize> {
    let mut out = Statement::new("UPDATE ");
    out.name(noun.table).sql(" SET merged_into_id = ");
    match winner {
        Some(winner) => out.id(winner),
        None => out.sql("NULL"),
    };
    out.sql(" WHERE tenant_id = ").id(ctx.tenant).sql(" AND id = ANY (").ids(losers).sql(")");
    out.execute(conn)
}

/// Locks those of these records that have gone into this one, in the order of their ids.
pub(super) fn lock_gone(
    conn: &mut Conn,
    ctx: &Ctx,
    noun: &'static Catalogue,
    losers: &[Uuid],
    winner: Uuid,
) -> QueryResult<Vec<Uuid>> {
    let mut out = Statement::new("SELECT id FROM ");
    out.name(noun.table).sql(" WHERE tenant_id = ").id(ctx.tenant).sql(" AND id = ANY (").ids(losers);
    out.sql(") AND merged_into_id = ").id(winner).sql(" AND deleted_at IS NOT NULL ORDER BY id FOR UPDATE");
    out.load_ids(conn)
}

/// The last record that this one became one with; nothing, where it did with none.
pub(super) fn last(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, id: Uuid) -> QueryResult<Option<Uuid>> {
    let mut out = Statement::new("WITH RECURSIVE way AS (SELECT id, merged_into_id, 0 AS step FROM ");
    out.name(noun.table).sql(" WHERE tenant_id = ").id(ctx.tenant).sql(" AND id = ").id(id);
    out.sql(" UNION ALL SELECT t.id, t.merged_into_id, way.step + 1 FROM ").name(noun.table);
    out.sql(" AS t JOIN way ON t.id = way.merged_into_id WHERE way.step < 100 AND t.tenant_id = ").id(ctx.tenant);
    out.sql(") SELECT id FROM way WHERE step > 0 AND merged_into_id IS NULL");
    Ok(out.load_ids(conn)?.pop())
}

impl Batch for Merge {
    fn find(conn: &mut Conn, ctx: &Ctx, id: MergeId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[MergeId]) -> Result<Vec<Self>> {
        Ok(merges::table
            .filter(merges::tenant_id.eq(tenant))
            .filter(merges::id.eq_any(ids))
            .select(Merge::as_select())
            .load(conn)?)
    }
}
