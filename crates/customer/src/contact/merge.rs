//! Contacts that are one person: what a merge asks of them beyond what it does with any record.
use super::{CATALOGUE, Contact, ContactPatch, deeds, store};
use crate::consent;
use crate::merging::without_text;
use diesel::Connection;
use kernel::catalogue::Catalogue;
use kernel::{ContactId, Ctx, Error, Result};
use platform::Conn;
use platform::merge::{self, Mergeable, RecordMerger, RecordsMerged};
use serde_json::{Map, Value};
use uuid::Uuid;

/// Makes contacts one; or says what would come of it.
pub fn merge(conn: &mut Conn, ctx: &Ctx, id: ContactId, merger: &RecordMerger) -> Result<RecordsMerged> {
    merge::merge::<Contact>(conn, ctx, id, merger)
}

impl Mergeable for Contact {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const KEPT: &'static [&'static str] = &["owner_id", "team_id"];
    const CAREFUL: &'static [&'static str] = &["do_not_contact"];

    fn find(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> Result<Self> {
        store::find(conn, ctx, id)
    }
    fn lock(conn: &mut Conn, ctx: &Ctx, ids: &[ContactId]) -> Result<Vec<Self>> {
        Ok(store::lock_all(conn, ctx, ids)?)
    }
    fn rewrite(conn: &mut Conn, ctx: &Ctx, id: ContactId, patch: Map<String, Value>) -> Result<Self> {
        let (patch, phone_text) = without_text(patch);
        let mut patch: ContactPatch = serde_json::from_value(Value::Object(patch)).map_err(Error::internal)?;
        patch.phone_text = phone_text;
        conn.transaction(|conn| deeds::update_with_parts(conn, ctx, id, None, &patch))
    }
    fn set_archived(conn: &mut Conn, ctx: &Ctx, id: ContactId, archived: bool) -> Result<Self> {
        if archived {
            return deeds::archive(conn, ctx, id, None);
        }
        let found = store::find_any(conn, ctx, id)?;
        deeds::unarchive(conn, ctx, &found)
    }
    fn besides(_: &mut Conn, _: &Ctx, _: &Self, _: &[Uuid]) -> Result<Vec<(&'static str, Value)>> {
        Ok(Vec::new())
    }
    fn settle(conn: &mut Conn, ctx: &Ctx, ids: &[ContactId]) -> Result<()> {
        consent::reckon(conn, ctx, ids)?;
        for one in store::many(conn, ctx, ids)? {
            deeds::reindex(conn, ctx, &one)?;
        }
        Ok(())
    }
}
