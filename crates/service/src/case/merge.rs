//! Cases that are one: what was said about the others, and whatever points at them, goes over to the one that is left.
use super::{CATALOGUE, Case, CasePatch, deeds, message, named, store};
use kernel::catalogue::Catalogue;
use kernel::{CaseId, Ctx, Error, Result};
use platform::Conn;
use platform::merge::{self, Merge, Mergeable, RecordMerger, RecordsMerged};
use serde_json::{Map, Value};
use uuid::Uuid;

/// Makes cases one; or says what would come of it.
pub fn merge(conn: &mut Conn, ctx: &Ctx, id: CaseId, merger: &RecordMerger) -> Result<RecordsMerged> {
    merge::merge::<Case>(conn, ctx, id, merger)
}

/// Parts cases that became one.
pub fn undo(conn: &mut Conn, ctx: &Ctx, found: &Merge) -> Result<Merge> {
    merge::undo::<Case>(conn, ctx, found)
}

impl Mergeable for Case {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const KEPT: &'static [&'static str] = &["owner_id", "team_id", "queue_id", "parent_id", "required_skills"];
    const CAREFUL: &'static [&'static str] = &[];
    const FIXED: &'static [&'static str] = &[
        "number",
        "status",
        "channel",
        "follows_id",
        "first_response_at",
        "resolved_at",
        "closed_at",
        "reopened_count",
        "last_customer_message_at",
        "last_agent_message_at",
        "auto_replied_at",
    ];
    /// A case has no other side.
    type Other = Self;
    const IS_FIRST: bool = true;
    const SAID_BY_OTHER: &'static [(&'static str, &'static str)] = &[];

    fn find(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Self> {
        store::find(conn, ctx, id)
    }
    fn lock(conn: &mut Conn, ctx: &Ctx, ids: &[CaseId]) -> Result<Vec<Self>> {
        Ok(store::lock_all(conn, ctx, ids)?)
    }
    fn rewrite(conn: &mut Conn, ctx: &Ctx, id: CaseId, patch: Map<String, Value>) -> Result<Self> {
        let patch: CasePatch = serde_json::from_value(Value::Object(patch)).map_err(Error::internal)?;
        deeds::update(conn, ctx, id, None, &patch)
    }
    fn set_archived(conn: &mut Conn, ctx: &Ctx, id: CaseId, archived: bool) -> Result<Self> {
        if archived { deeds::archive(conn, ctx, id, None) } else { deeds::unarchive(conn, ctx, id) }
    }
    /// One that was a part of another of them is that no more.
    fn besides(conn: &mut Conn, ctx: &Ctx, winner: &Self, losers: &[Uuid]) -> Result<Vec<(&'static str, Value)>> {
        let above = named::above(conn, ctx, winner.id)?;
        let is_part = above.iter().any(|one| losers.contains(&one.0));
        Ok(if is_part { vec![("parent_id", Value::Null)] } else { Vec::new() })
    }
    fn settle(conn: &mut Conn, ctx: &Ctx, ids: &[CaseId]) -> Result<()> {
        message::reckon(conn, ctx, ids)?;
        for one in store::many(conn, ctx, ids)? {
            deeds::reindex(conn, ctx, &one)?;
        }
        Ok(())
    }
    fn parted(_: &mut Conn, _: &Ctx, _: &[CaseId]) -> Result<()> {
        Ok(())
    }
    fn others(_: &mut Conn, _: &Ctx, _: &[CaseId]) -> Result<Vec<(Uuid, Uuid)>> {
        Ok(Vec::new())
    }
    fn fits(_: &mut Conn, _: &Ctx, _: &[Self]) -> Result<()> {
        Ok(())
    }
}
