//! Accounts that are one: what a merge asks of them beyond what it does with any record.
use super::refer::DEEPEST;
use super::store::ANY;
use super::{Account, AccountPatch, CATALOGUE, KINDS_DIFFER, deeds, life, lifecycle, person, store};
use crate::contact::Contact;
use crate::merging::without_text;
use diesel::Connection;
use kernel::catalogue::Catalogue;
use kernel::{AccountId, Ctx, Error, Result, error};
use platform::Conn;
use platform::deed::in_turn;
use platform::merge::{self, Mergeable, RecordMerger, RecordsMerged};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Makes accounts one; or says what would come of it.
pub fn merge(conn: &mut Conn, ctx: &Ctx, id: AccountId, merger: &RecordMerger) -> Result<RecordsMerged> {
    merge::merge::<Account>(conn, ctx, id, merger)
}

impl Mergeable for Account {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const KEPT: &'static [&'static str] = &["owner_id", "team_id", "parent_id"];
    const CAREFUL: &'static [&'static str] = &[];
    const FIXED: &'static [&'static str] = &["person_id", "is_person"];
    type Other = Contact;
    const IS_FIRST: bool = false;
    const SAID_BY_OTHER: &'static [(&'static str, &'static str)] = person::MIRRORED;

    fn find(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> Result<Self> {
        store::find(conn, ctx, id)
    }
    fn lock(conn: &mut Conn, ctx: &Ctx, ids: &[AccountId]) -> Result<Vec<Self>> {
        // nobody moves an account between them meanwhile
        in_turn(conn, &format!("{} account hierarchy", ctx.tenant))?;
        Ok(store::lock_all(conn, ctx, ids)?)
    }
    fn rewrite(conn: &mut Conn, ctx: &Ctx, id: AccountId, patch: Map<String, Value>) -> Result<Self> {
        let (patch, phone_text) = without_text(patch);
        let mut patch: AccountPatch = serde_json::from_value(Value::Object(patch)).map_err(Error::internal)?;
        patch.phone_text = phone_text;
        let done = conn.transaction(|conn| deeds::settled_update(conn, ctx, (id, ANY), None, &patch))?;
        done.ok_or_else(|| error::FORBIDDEN.into())
    }
    fn set_archived(conn: &mut Conn, ctx: &Ctx, id: AccountId, archived: bool) -> Result<Self> {
        if archived {
            return life::give_up(conn, ctx, id);
        }
        let found = store::find_any(conn, ctx, id)?;
        life::unarchive(conn, ctx, &found)
    }
    /// Where it stands below one of those that become one with it, it takes the place of the topmost of them.
    fn besides(conn: &mut Conn, ctx: &Ctx, winner: &Self, losers: &[Uuid]) -> Result<Vec<(&'static str, Value)>> {
        let (mut above, mut place, mut steps) = (winner.parent_id, None, 0);
        while let Some(one) = above.filter(|_| steps < DEEPEST) {
            above = store::above(conn, ctx, one)?;
            if losers.contains(&one.0) {
                place = Some(above);
            }
            steps += 1;
        }
        Ok(place.map(|parent| ("parent_id", json!(parent))).into_iter().collect())
    }
    fn settle(_: &mut Conn, _: &Ctx, _: &[AccountId]) -> Result<()> {
        Ok(())
    }
    fn parted(conn: &mut Conn, ctx: &Ctx, ids: &[AccountId]) -> Result<()> {
        lifecycle::parted(conn, ctx, ids)
    }
    fn others(conn: &mut Conn, ctx: &Ctx, ids: &[AccountId]) -> Result<Vec<(Uuid, Uuid)>> {
        let all = person::pairs(conn, ctx, (ids, &[]))?.into_iter();
        Ok(all.filter(|(.., is_archived)| !is_archived).map(|(account, contact, _)| (account.0, contact.0)).collect())
    }
    fn fits(_: &mut Conn, _: &Ctx, all: &[Self]) -> Result<()> {
        let people = all.iter().filter(|one| one.is_person).count();
        if people == 0 || people == all.len() { Ok(()) } else { Err(KINDS_DIFFER.into()) }
    }
}
