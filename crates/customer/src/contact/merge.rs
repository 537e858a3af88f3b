//! Contacts that are one person: what a merge asks of them beyond what it does with any record.
use super::{CATALOGUE, Contact, ContactPatch, deeds, lifecycle, store};
use crate::account::{self, Account, PERSON_TAKEN, person};
use crate::consent;
use crate::merging::without_text;
use diesel::Connection;
use kernel::catalogue::Catalogue;
use kernel::existing::conflict;
use kernel::{ContactId, Ctx, Error, Existing, Result};
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
    const FIXED: &'static [&'static str] = &[];
    type Other = Account;
    const IS_FIRST: bool = true;
    const SAID_BY_OTHER: &'static [(&'static str, &'static str)] = &[];

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
            return deeds::archive_alone(conn, ctx, id, None);
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
            person::follow(conn, ctx, &one)?;
        }
        Ok(())
    }
    /// And an account of theirs has followed them there and back.
    fn parted(conn: &mut Conn, ctx: &Ctx, ids: &[ContactId]) -> Result<()> {
        lifecycle::parted(conn, ctx, ids)?;
        let accounts = person::pairs(conn, ctx, (&[], ids))?;
        account::lifecycle::parted(conn, ctx, &accounts.into_iter().map(|(account, ..)| account).collect::<Vec<_>>())
    }
    fn others(conn: &mut Conn, ctx: &Ctx, ids: &[ContactId]) -> Result<Vec<(Uuid, Uuid)>> {
        let all = person::pairs(conn, ctx, (&[], ids))?.into_iter();
        Ok(all.filter(|(.., is_archived)| !is_archived).map(|(account, contact, _)| (contact.0, account.0)).collect())
    }
    /// Of several accounts none is archived: what is left could be one of them alone.
    fn fits(conn: &mut Conn, ctx: &Ctx, all: &[Self]) -> Result<()> {
        let ids: Vec<ContactId> = all.iter().map(|one| one.id).collect();
        let accounts = person::pairs(conn, ctx, (&[], &ids))?;
        let archived: Vec<ContactId> =
            accounts.iter().filter(|(.., is_archived)| *is_archived).map(|(_, contact, _)| *contact).collect();
        if accounts.len() < 2 || archived.is_empty() {
            return Ok(());
        }
        let mut existing = Vec::new();
        for contact in archived {
            let seen = person::of(conn, ctx, contact)?;
            let seen = seen.filter(|_| ctx.sees::<Account>("person_id"));
            existing.extend(seen.map(|one| Existing::new(one.id, "person_id", 100)));
        }
        Err(conflict(PERSON_TAKEN, &existing))
    }
}
