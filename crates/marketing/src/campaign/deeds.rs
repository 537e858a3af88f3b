//! What may be done with a campaign. Whoever moves one in the tree does so in turn, of a tenant.
use super::{Campaign, CampaignPatch, Key, NewCampaign, OWN_PARENT, store};
use crate::plan;
use crate::rules::{in_currency, referred};
use diesel::Connection;
use diesel::result::Error as Sql;
use kernel::{Action, CampaignId, Ctx, Error, Fault, Noun, Result, error, text};
use platform::deed::{self, Called, Upsert, Upserted, in_turn, may_own, untouched};
use platform::search::Words;
use platform::{Conn, custom};
use std::collections::BTreeSet;

/// As one that is planned.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewCampaign) -> Result<Campaign> {
    may_own::<Campaign>(ctx, new.owner_id)?;
    plan::is_there(conn, ctx, new.plan_id)?;
    conn.transaction(|conn| {
        if let Some(parent) = new.parent_id {
            may_stand(conn, ctx, None, parent)?;
        }
        let words = custom::words(ctx, Campaign::NAME, &new.custom.0, words(&new.name));
        store::insert(conn, ctx, new, words).map_err(coded)
    })
}

/// With a `base`, only if the campaign is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CampaignId,
    base: Option<i32>,
    patch: &CampaignPatch,
) -> Result<Campaign> {
    may_own::<Campaign>(ctx, patch.owner_id)?;
    plan::is_there(conn, ctx, patch.plan_id.flatten())?;
    conn.transaction(|conn| {
        if let Some(parent) = patch.parent_id.flatten() {
            store::find(conn, ctx, id)?;
            may_stand(conn, ctx, Some(id), parent)?;
        }
        let before = changeable(conn, ctx, id, base)?;
        in_currency(&before.currency, &patch.sums())?;
        let Some(after) = store::update(conn, ctx, id, patch).map_err(coded)? else {
            return Err(untouched(conn, ctx, store::find, id, None));
        };
        if patch.name.is_some() || patch.custom.is_some() {
            let words = custom::words(ctx, Campaign::NAME, &after.custom.0, words(&after.name));
            store::set_words(conn, ctx, id, words)?;
        }
        Ok(after)
    })
}

/// Locks the campaign for a change.
pub(crate) fn changeable(conn: &mut Conn, ctx: &Ctx, id: CampaignId, base: Option<i32>) -> Result<Campaign> {
    match store::lock(conn, ctx, Action::Update, id)? {
        Some(campaign) if base.is_none_or(|version| version == campaign.version) => Ok(campaign),
        _ => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A change of its parts is a change of the campaign.
pub(crate) fn touch(conn: &mut Conn, ctx: &Ctx, campaign: &Campaign) -> Result<Campaign> {
    let touched = store::update(conn, ctx, campaign.id, &CampaignPatch::default())?;
    touched.ok_or_else(|| error::FORBIDDEN.into())
}

/// The campaign with this key is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    key: &Key,
    ask: &Upsert<NewCampaign, CampaignPatch>,
) -> Result<Upserted<Campaign>> {
    deed::upsert(
        conn,
        ctx,
        key,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, new),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

impl Called for Key {
    fn called(&self) -> Option<(&str, &str)> {
        let Self::External { source_system, external_id } = self;
        Some((source_system, external_id))
    }
}

/// Refused while campaigns stand below it.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: CampaignId, base: Option<i32>) -> Result<Campaign> {
    conn.transaction(|conn| {
        tree_in_turn(conn, ctx)?;
        if store::has_children(conn, ctx, id)? {
            let found = store::find(conn, ctx, id)?;
            deed::unmoved(conn, ctx, &found, base)?;
            return Err(Error::from(error::IN_USE).detail(text!("other campaigns stand below this one")));
        }
        match store::set_archived(conn, ctx, id, base, true)? {
            Some(campaign) => Ok(campaign),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// A campaign that is not archived is answered as it is. What it stands below has to be there.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: CampaignId) -> Result<Campaign> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    conn.transaction(|conn| {
        if let Some(parent) = found.parent_id {
            may_stand(conn, ctx, Some(id), parent)?;
        }
        let done = store::set_archived(conn, ctx, id, None, false)?;
        done.ok_or_else(|| error::FORBIDDEN.into())
    })
}

/// Gone for good, with its members and what was sent; refused while campaigns stand below it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: CampaignId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

/// Going up from a living `parent` never leads to `id`. Until the transaction ends, nobody else moves one.
fn may_stand(conn: &mut Conn, ctx: &Ctx, id: Option<CampaignId>, parent: CampaignId) -> Result<()> {
    tree_in_turn(conn, ctx)?;
    referred("parent_id", store::find(conn, ctx, parent))?;
    let (mut met, mut next) = (BTreeSet::new(), Some(parent));
    while let Some(one) = next.filter(|one| met.insert(*one)) {
        next = store::parent_of(conn, ctx, one)?;
    }
    match id.is_some_and(|id| met.contains(&id)) {
        true => Err(Error::from(OWN_PARENT).fault(Fault::of("/parent_id", OWN_PARENT))),
        false => Ok(()),
    }
}

fn tree_in_turn(conn: &mut Conn, ctx: &Ctx) -> Result<()> {
    in_turn(conn, &format!("{} campaigns", ctx.tenant))
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

/// The constraints of the table, by what they mean.
fn coded(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(_, info) if info.constraint_name() == Some("campaigns_period") => {
            Error::from(error::INVALID).fault(Fault::new("/end_on", "order", text!("ends before it starts")))
        }
        _ => error.into(),
    }
}
