//! For clients that are offline now and then: first all that they see, then what is otherwise since.
//!
//! A client holds a token, which is a [`State`]: where in the order of events it stands, and for each resource what its
//! sight was made of. At first each resource is walked along its ids, record by record; then follow the events after the
//! place where the order stood when the walk began. Of a record that has events it is told how it is now, or that it went,
//! or that it has left the client's sight. Where the sight itself has changed (roles, teams, queues, shares, hidden
//! fields), no event says of which records: then the walk of that resource begins anew, and what the client does not
//! meet again it may drop.
mod store;

use super::seen::{self, Sight, sees_all};
use super::store::{self as events, Row};
use super::tell::only;
use super::{Bounds, EXPIRED, Kept, bounds, is_told};
use crate::Conn;
use crate::history::fields;
use crate::visible::veil;
use diesel::PgConnection;
use kernel::catalogue::{Catalogue, Catalogues, Owned};
use kernel::{Access, Action, Ctx, EventId, Reach, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use uuid::Uuid;

/// Where a client stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// the events up to this one are told, or came before the walk
    position: i64,
    resources: Vec<Standing>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Standing {
    noun: String,
    /// what the sight is made of, as a digest
    sight: String,
    /// the last record of the walk; none where it has ended
    walked: Option<Uuid>,
}

/// What a client is told.
#[derive(Debug, Default)]
pub struct Changes {
    /// records as they are, by resource
    pub upserted: BTreeMap<String, Vec<Map<String, Value>>>,
    /// what went, or was archived
    pub deleted: BTreeMap<String, Vec<Uuid>>,
    /// what has left the client's sight
    pub revoked: BTreeMap<String, Vec<Uuid>>,
    /// the resources whose walk begins anew
    pub reset: Vec<String>,
    pub has_more: bool,
}

/// The noun of a resource, as its path calls it, if clients may follow it.
pub fn noun(catalogues: &Catalogues, resource: &str) -> Option<&'static Catalogue> {
    catalogues.all().find(|noun| self::resource(noun) == resource).filter(|noun| is_followed(noun))
}

/// As its path calls it.
pub fn resource(noun: &Catalogue) -> String {
    noun.table.replace('_', "-")
}

/// Whoever follows a noun hears of all its changes; of shares each has a view of their own, which no walk shows, and
/// parts are not followed by themselves.
fn is_followed(noun: &Catalogue) -> bool {
    is_told(noun) && noun.noun != super::shared::NOUN && !matches!(noun.owned, Owned::Part { .. })
}

/// The resources that can be followed.
pub fn resources(catalogues: &Catalogues) -> Vec<String> {
    catalogues.all().filter(|noun| is_followed(noun)).map(resource).collect()
}

/// The next page, and where the client stands then. All of it is of one moment.
pub fn page(
    conn: &mut Conn,
    ctx: &Ctx,
    catalogues: &'static Catalogues,
    nouns: &[&'static Catalogue],
    state: Option<State>,
    limit: i64,
    kept: Kept,
) -> Result<(Changes, State)> {
    conn.build_transaction().repeatable_read().read_only().run(|conn: &mut PgConnection| {
        let mut page = Page { conn, ctx, catalogues, limit, kept, changes: Changes::default() };
        let state = page.read(nouns, state)?;
        Ok((page.changes, state))
    })
}

struct Page<'a> {
    conn: &'a mut Conn,
    ctx: &'a Ctx,
    catalogues: &'static Catalogues,
    limit: i64,
    kept: Kept,
    changes: Changes,
}

impl Page<'_> {
    fn read(&mut self, nouns: &[&'static Catalogue], state: Option<State>) -> Result<State> {
        let Bounds { first, head, .. } = bounds(self.conn, self.ctx.tenant, self.kept, self.ctx.now)?;
        let mut state = match state {
            Some(state) if state.position + 1 < first => return Err(EXPIRED.into()),
            Some(state) => self.renewed(nouns, state)?,
            None => State { position: head, resources: self.standings(nouns)? },
        };
        self.walk(nouns, &mut state)?;
        let is_walking = state.resources.iter().any(|one| one.walked.is_some());
        let has_room = self.changes.upserted.values().map(Vec::len).sum::<usize>() == 0;
        let mut more = head > state.position;
        if !is_walking && has_room && more {
            more = self.follow(nouns, &mut state)?;
        }
        self.changes.has_more = is_walking || more;
        Ok(state)
    }

    /// Everything is to be walked.
    fn standings(&mut self, nouns: &[&'static Catalogue]) -> Result<Vec<Standing>> {
        let one = |noun: &&'static Catalogue| {
            let sight = sight(self.conn, self.ctx, noun)?;
            Ok(Standing { noun: noun.noun.to_owned(), sight, walked: Some(Uuid::nil()) })
        };
        nouns.iter().map(one).collect()
    }

    /// What is seen otherwise than before is walked anew.
    fn renewed(&mut self, nouns: &[&'static Catalogue], mut state: State) -> Result<State> {
        for (noun, fresh) in nouns.iter().zip(self.standings(nouns)?) {
            let Some(known) = state.resources.iter_mut().find(|known| known.noun == fresh.noun) else { continue };
            if known.sight != fresh.sight {
                *known = fresh;
                self.changes.reset.push(resource(noun));
            }
        }
        Ok(state)
    }

    fn walk(&mut self, nouns: &[&'static Catalogue], state: &mut State) -> Result<()> {
        let mut room = self.limit;
        for standing in &mut state.resources {
            let noun = nouns.iter().find(|noun| noun.noun == standing.noun);
            let (Some(noun), Some(after)) = (noun, standing.walked) else { continue };
            if room == 0 {
                return Ok(());
            }
            let rows = store::walk(self.conn, self.ctx, self.catalogues, noun, after, room)?;
            let many = i64::try_from(rows.len()).unwrap_or(i64::MAX);
            standing.walked = rows.last().map(|(id, _)| *id).filter(|_| many == room);
            room -= many;
            self.upsert(noun, rows);
        }
        Ok(())
    }

    /// What the events after the client's place have made of the records that they are about; whether there are more.
    fn follow(&mut self, nouns: &[&'static Catalogue], state: &mut State) -> Result<bool> {
        let names: Vec<&str> = nouns.iter().map(|noun| noun.noun).collect();
        let window = events::rows(self.conn, self.ctx.tenant, state.position, self.limit, Some(&names))?;
        for noun in nouns {
            let rows: Vec<&Row> = window.rows.iter().filter(|row| row.noun == noun.noun).collect();
            if !rows.is_empty() && self.ctx.grants.reach(noun.noun, Action::Read) > Reach::None {
                self.settle(noun, &rows)?;
            }
        }
        state.position = window.position;
        Ok(window.has_more)
    }

    fn settle(&mut self, noun: &'static Catalogue, rows: &[&Row]) -> Result<()> {
        let (ctx, catalogues) = (self.ctx, self.catalogues);
        let records: BTreeSet<Uuid> = rows.iter().map(|row| row.record).collect();
        let current = seen::now(self.conn, ctx, catalogues, noun, records.iter().copied().collect())?;
        let is_seen = |record: &Uuid| current.get(record).copied().unwrap_or_default();
        let visible: Vec<Uuid> = records.iter().copied().filter(is_seen).collect();
        let living = store::living(self.conn, ctx, catalogues, noun, visible.clone())?;
        let is_living = |record: &Uuid| living.iter().any(|(id, _)| id == record);
        let mut deleted: Vec<Uuid> = visible.into_iter().filter(|record| !is_living(record)).collect();
        let mut revoked = Vec::new();
        let others: Vec<Uuid> = records.into_iter().filter(|record| !is_seen(record)).collect();
        let known = self.known(noun, rows, &others)?;
        for record in others.into_iter().filter(|record| known.contains(record)) {
            if current.contains_key(&record) { revoked.push(record) } else { deleted.push(record) }
        }
        self.upsert(noun, living);
        let place = resource(noun);
        let put = |of: &mut BTreeMap<String, Vec<Uuid>>, ids: Vec<Uuid>| {
            if !ids.is_empty() {
                of.entry(place.clone()).or_default().extend(ids);
            }
        };
        put(&mut self.changes.deleted, deleted);
        put(&mut self.changes.revoked, revoked);
        Ok(())
    }

    /// Those of the records that the client may hold: it could see them before one of these events, or after it.
    fn known(&mut self, noun: &'static Catalogue, rows: &[&Row], records: &[Uuid]) -> Result<BTreeSet<Uuid>> {
        if sees_all(self.ctx, noun) {
            return Ok(records.iter().copied().collect());
        }
        let of: Vec<(EventId, Uuid)> =
            rows.iter().filter(|row| records.contains(&row.record)).map(|row| (row.id, row.record)).collect();
        let then = seen::then(self.conn, self.ctx, self.catalogues, noun, &of)?;
        let was_seen = |id: &EventId| then.get(id).is_some_and(|sight| *sight != Sight::default());
        Ok(of.iter().filter(|(id, _)| was_seen(id)).map(|(_, record)| *record).collect())
    }

    fn upsert(&mut self, noun: &'static Catalogue, rows: Vec<(Uuid, String)>) {
        let record = |(_, text): (Uuid, String)| {
            let mut record = fields::record(Some(noun), &fields::columns(Some(noun), &text));
            fields::trim(self.ctx, noun.noun, &mut record);
            only(noun, record)
        };
        if !rows.is_empty() {
            self.changes.upserted.entry(resource(noun)).or_default().extend(rows.into_iter().map(record));
        }
    }
}

/// What decides which records of a noun somebody sees, and what of them, beside the records themselves.
fn sight(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue) -> Result<String> {
    let reach = ctx.grants.reach(noun.noun, Action::Read);
    let hidden = ctx.grants.fields(noun.noun).filter(|(_, access)| *access == Access::Hidden);
    let mut text = format!("{}\n", reach.name());
    hidden.for_each(|(field, _)| text.push_str(&format!("{field}\n")));
    let own = ctx.grants.own();
    let archived = own.0.get(noun.noun).map_or(&[][..], |of| of.archived.as_slice());
    archived.iter().for_each(|key| text.push_str(&format!("-{key}\n")));
    if veil::is_veiled(noun) {
        veil::lacks(ctx).iter().for_each(|lacking| text.push_str(&format!("!{lacking}\n")));
    }
    if matches!(noun.owned, Owned::Rows { .. }) && ![Reach::None, Reach::All].contains(&reach) {
        let mut whose = crate::visible::grantees(ctx);
        if reach == Reach::Subtree {
            whose.extend(ctx.grants.subtree().iter().map(|team| team.0));
        }
        whose.sort_unstable();
        whose.dedup();
        let shared = store::shared(conn, ctx, noun)?;
        let _ = write!(text, "{whose:?}\n{shared:?}");
    }
    let digest = Sha256::digest(text);
    Ok(digest.iter().take(12).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
