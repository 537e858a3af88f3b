//! Sealing: rows that are written become links of their tenant's chain.
//!
//! A row knows the transaction that wrote it. Below the oldest transaction that still runs (the horizon) all have ended,
//! and none can begin any more: so what lies below it is whole, and is taken in the order of transactions. One record may
//! have been changed in another order, for who began first may have waited: its rows come in the order of its versions
//! ([`order`]). One seals at a time, for it holds a row of its own; writers know nothing of it. What is sealed and how far
//! it has come is one transaction: whoever dies in it has done nothing.
mod order;
pub(super) mod store;

use super::chain::{GENESIS, Hash, Keys, tenants};
use crate::{Conn, crash};
use chrono::{DateTime, Utc};
use diesel::Connection;
use diesel::prelude::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use kernel::{Result, TenantId};
use std::collections::{HashMap, HashSet};
use store::Sealed;
use uuid::Uuid;

/// Rows that are sealed together.
const CHUNK: usize = 1_000;

/// What to do where somebody else seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// leave it to them
    None,
    /// wait until they are done
    Wait,
}

/// A row of the trail with all that is sealed of it.
#[derive(Clone, Debug, QueryableByName)]
pub struct Row {
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub action: String,
    #[diesel(sql_type = Text)]
    pub noun: String,
    #[diesel(sql_type = SqlUuid)]
    pub object_id: Uuid,
    #[diesel(sql_type = Nullable<Integer>)]
    pub version: Option<i32>,
    #[diesel(sql_type = SqlUuid)]
    pub actor_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub api_key_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub session_id: Option<Uuid>,
    #[diesel(sql_type = SqlUuid)]
    pub request_id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub occurred_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    pub xact: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub address: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub details: Option<String>,
    /// the record as it was, of an event
    #[diesel(sql_type = Nullable<Text>)]
    pub data: Option<String>,
}

/// A row's place in the chain.
#[derive(Clone, Debug)]
pub struct Link {
    pub tenant: TenantId,
    pub seq: i64,
    pub audit: Uuid,
    pub hash: Hash,
    pub data: Option<Hash>,
    pub details: Option<Hash>,
}

/// Seals what is due, a chunk at most; how many rows that were, and whether there may be more.
pub fn seal(conn: &mut Conn, keys: &Keys, patience: Patience) -> Result<(usize, bool)> {
    if !store::is_due(conn)? {
        return Ok((0, false));
    }
    let sealed = conn.transaction(|conn| chunk(conn, keys, patience))?;
    crash::point("seal.committed");
    Ok(sealed)
}

fn chunk(conn: &mut Conn, keys: &Keys, patience: Patience) -> Result<(usize, bool)> {
    let Some(sealed) = store::hold(conn, patience)? else { return Ok((0, false)) };
    let (position, all) = (sealed.position, store::horizon(conn)?);
    let (horizon, due) = store::next(conn, sealed, all, i64::try_from(CHUNK).unwrap_or(i64::MAX))?;
    crash::point("seal.read");
    let taken = due.len();
    let last = due.last().filter(|_| taken == CHUNK).map(|last| last.xact);
    let reach = Sealed { position: if position > horizon.low { 0 } else { position }, ..sealed };
    let due = in_order(conn, due, last.unwrap_or(horizon.low).min(horizon.low), reach)?;
    let mut heads: HashMap<TenantId, (i64, Hash)> = store::heads(conn, &tenants(&due))?;
    let mut links = Vec::with_capacity(due.len());
    for row in &due {
        let head = heads.entry(row.tenant_id).or_insert((0, GENESIS));
        let link = keys.link(&head.1, head.0 + 1, row);
        *head = (link.seq, link.hash);
        links.push(link);
    }
    store::append(conn, &links)?;
    crash::point("seal.appended");
    match last {
        // a database that was restored elsewhere counts its transactions anew: it is caught up with first
        Some(_) if position > horizon.low => {}
        Some(last) => store::moved(conn, last)?,
        None => store::moved(conn, horizon.low)?,
    }
    crash::point("seal.moved");
    Ok((taken, last.is_some() || horizon.low < all.low))
}

/// The rows of each record in the order of its versions. Earlier versions that are not due yet come with it: those of
/// transactions from `since` on.
fn in_order(conn: &mut Conn, due: Vec<Row>, since: i64, sealed: Sealed) -> Result<Vec<Row>> {
    let mut newest: HashMap<(TenantId, Uuid), i32> = HashMap::new();
    let (mut gone, mut made) = (HashSet::new(), HashSet::new());
    for row in &due {
        let (Some(version), record) = (row.version, (row.tenant_id, row.object_id)) else { continue };
        let known = newest.entry(record).or_insert(version);
        *known = version.max(*known);
        if order::is_last(row) {
            gone.insert(record);
        } else if order::is_first(row) {
            made.insert(record);
        }
    }
    // nothing comes before the first version but an end of an earlier life
    newest.retain(|record, version| *version > 1 || gone.contains(record));
    let newest: Vec<(TenantId, Uuid, i32)> = newest.into_iter().map(|((t, id), version)| (t, id, version)).collect();
    // versions begin anew with a second life: what is early of the first is found by going through all of them
    let sealed = Sealed { position: if gone.is_empty() { sealed.position } else { 0 }, ..sealed };
    let mut earlier = if newest.is_empty() { Vec::new() } else { store::earlier(conn, since, sealed, &newest)? };
    let known: HashSet<Uuid> = due.iter().map(|row| row.id).collect();
    earlier.retain(|row| !known.contains(&row.id));
    made.extend(earlier.iter().filter(|row| order::is_first(row)).map(|row| (row.tenant_id, row.object_id)));
    let twice: Vec<(TenantId, Uuid)> = gone.intersection(&made).copied().collect();
    let begun = if twice.is_empty() { HashSet::new() } else { store::begun(conn, &twice)? };
    Ok(order::by_version(due, earlier, &begun))
}
