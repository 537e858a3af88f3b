//! The events of shares: told to those who know of the share, with whom it is, who made it, and whoever sees its record.
//! Where it ends and the record was to be seen by it alone, that is told instead: the record has left their sight.
use super::seen::{self, sees_all};
use super::store::Row;
use crate::history::fields;
use crate::{Conn, visible};
use kernel::catalogue::{Catalogue, Catalogues, Owned};
use kernel::event::Verb;
use kernel::{Action, Ctx, EventId, Reach, Result};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

pub const NOUN: &str = "share";

/// An event of a share that is told: as it is, or as the record that it was of and that is seen no more.
pub type Told = (EventId, Option<(String, Uuid)>);

struct Share<'a> {
    row: &'a Row,
    resource: String,
    record: Uuid,
    /// with the reader
    is_with: bool,
    is_by: bool,
}

pub fn told(conn: &mut Conn, ctx: &Ctx, catalogues: &'static Catalogues, rows: &[&Row]) -> Result<Vec<Told>> {
    let mine = visible::grantees(ctx);
    let shares: Vec<Share> = rows.iter().filter_map(|row| Share::read(ctx, &mine, row)).collect();
    let mut known: HashMap<(&str, Uuid), bool> = HashMap::new();
    let mut by_noun: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
    shares.iter().for_each(|share| by_noun.entry(&share.resource).or_default().push(share.record));
    for (resource, records) in by_noun {
        let Some(noun) = catalogues.get(resource).filter(|noun| may_read(ctx, noun)) else { continue };
        if sees_all(ctx, noun) {
            known.extend(records.into_iter().map(|record| ((resource, record), true)));
        } else {
            let of_noun = seen::now(conn, ctx, catalogues, noun, records)?;
            known.extend(of_noun.into_iter().map(|(record, is_seen)| ((resource, record), is_seen)));
        }
    }
    let one = |share: &Share| {
        let is_seen = known.get(&(share.resource.as_str(), share.record)).copied().unwrap_or_default();
        let may = catalogues.get(&share.resource).is_some_and(|noun| may_read(ctx, noun));
        if share.is_with && !is_seen && may && share.has_ended() {
            return Some((share.row.id, Some((share.resource.clone(), share.record))));
        }
        (share.is_with || share.is_by || is_seen).then_some((share.row.id, None))
    };
    Ok(shares.iter().filter_map(one).collect())
}

fn may_read(ctx: &Ctx, noun: &Catalogue) -> bool {
    matches!(noun.owned, Owned::Rows { .. }) && ctx.grants.reach(noun.noun, Action::Read) > Reach::None
}

impl<'a> Share<'a> {
    fn read(ctx: &Ctx, mine: &[Uuid], row: &'a Row) -> Option<Self> {
        let data = fields::columns(None, &row.data);
        let text = |member: &str| data.get(member).and_then(Value::as_str);
        let id = |member: &str| text(member).and_then(|text| text.parse::<Uuid>().ok());
        let grantee = id("user_id").or_else(|| id("team_id"));
        Some(Self {
            row,
            resource: text("resource")?.to_owned(),
            record: id("record_id")?,
            is_with: grantee.is_some_and(|grantee| mine.contains(&grantee)),
            is_by: id("created_by") == Some(ctx.actor.user.0),
        })
    }

    fn has_ended(&self) -> bool {
        [Verb::Deleted, Verb::Purged].iter().any(|verb| self.row.name.ends_with(verb.name()))
    }
}
