//! The queries of kept answers.
use super::Answer;
use crate::Conn;
use crate::schema::idempotency_keys as kept;
use chrono::{DateTime, Utc};
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{Ctx, Error, Result, TenantId, error};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

diesel::define_sql_function! { fn pg_try_advisory_xact_lock(key: BigInt) -> diesel::sql_types::Bool; }

type Transaction = AnsiTransactionManager;

pub fn begin(conn: &mut Conn) -> Result<()> {
    Ok(Transaction::begin_transaction(conn)?)
}

pub fn commit(conn: &mut Conn) -> Result<()> {
    Transaction::commit_transaction(conn).map_err(|e| Error::from(error::BUSY).source(e))
}

/// A connection that cannot do even this is closed when it is given back, for it is in a transaction still.
pub fn undo(conn: &mut Conn) {
    if let Err(error) = Transaction::rollback_transaction(conn) {
        tracing::debug!(%error, "a connection is given up");
    }
}

/// A key of somebody's, and what was asked by it.
pub struct Row {
    tenant: TenantId,
    key_hash: Vec<u8>,
    pub request_hash: Vec<u8>,
    created_at: DateTime<Utc>,
}

impl Row {
    /// A key is the principal's own, who is a user, or one of a user's API keys.
    pub fn new(ctx: &Ctx, key: &str, request_hash: &[u8]) -> Self {
        let principal = ctx.actor.key.map_or(ctx.actor.user.0, |key| key.0);
        let hash = Sha256::new().chain_update(ctx.tenant.0).chain_update(principal).chain_update(key).finalize();
        Self { tenant: ctx.tenant, key_hash: hash.to_vec(), request_hash: request_hash.into(), created_at: ctx.now }
    }

    /// What it is locked by.
    fn number(&self) -> i64 {
        self.key_hash.first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes))
    }
}

/// What is there of a key.
pub enum Found {
    /// nothing: it is ours until the transaction ends
    Nothing,
    /// somebody is at it
    Running,
    Kept {
        request: Vec<u8>,
        answer: Option<Answer>,
    },
}

/// Hash of the request, status, headers, body.
type Stored = (Vec<u8>, i16, Value, Option<Vec<u8>>);

/// In a transaction. Two statements: one that looked while it locked would not see what was kept in between.
pub fn claim(conn: &mut Conn, row: &Row) -> Result<Found> {
    if !diesel::select(pg_try_advisory_xact_lock(row.number())).get_result::<bool>(conn)? {
        return Ok(Found::Running);
    }
    let found = kept::table.filter(kept::tenant_id.eq(row.tenant)).filter(kept::key_hash.eq(&row.key_hash)).select((
        kept::request_hash,
        kept::status,
        kept::headers,
        kept::body,
    ));
    let found = found.first::<Stored>(conn).optional()?;
    let Some((request, status, headers, body)) = found else { return Ok(Found::Nothing) };
    let headers = serde_json::from_value(headers).map_err(Error::internal)?;
    let status = u16::try_from(status).map_err(Error::internal)?;
    let answer = body.map(|body| Answer { status, headers, body: Some(body), path: String::new() });
    Ok(Found::Kept { request, answer })
}

/// Keeps the answer beside what was done.
pub fn keep(conn: &mut Conn, row: &Row, answer: &Answer) -> Result<()> {
    let values = (
        kept::tenant_id.eq(row.tenant),
        kept::key_hash.eq(&row.key_hash),
        kept::request_hash.eq(&row.request_hash),
        kept::status.eq(i16::try_from(answer.status).map_err(Error::internal)?),
        kept::headers.eq(serde_json::to_value(&answer.headers).map_err(Error::internal)?),
        kept::body.eq(&answer.body),
        kept::record_ids.eq(answer.ids()),
        kept::created_at.eq(row.created_at),
    );
    diesel::insert_into(kept::table).values(values).execute(conn)?;
    Ok(())
}

/// Erases every answer that tells of one of these records; how many there were. The keys stay, so that a request is not
/// carried out again.
pub fn forget(conn: &mut Conn, tenant: TenantId, records: &[Uuid]) -> Result<usize> {
    let told = kept::table.filter(kept::tenant_id.eq(tenant)).filter(kept::record_ids.overlaps_with(records));
    let nothing = (
        kept::body.eq(None::<Vec<u8>>),
        kept::headers.eq(Value::Array(Vec::new())),
        kept::record_ids.eq(Vec::<Uuid>::new()),
    );
    Ok(diesel::update(told).set(nothing).execute(conn)?)
}

/// Takes away what is older, of all tenants; how many there were.
pub fn clear(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize> {
    Ok(diesel::delete(kept::table.filter(kept::created_at.lt(before))).execute(conn)?)
}
