//! Looking the chains through: every row is what was sealed, none is missing, none was put in, and each chain reaches what
//! was signed of it. Where months were dropped a chain begins at its signed floor. What is found first to be otherwise is
//! named.
mod store;
mod walk;

use super::chain::Keys;
use super::checkpoint::{self, Checkpoint};
use super::months::spans;
use crate::Conn;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Uuid as SqlUuid};
use diesel::{PgConnection, QueryableByName};
use kernel::{Result, TenantId};
use sha2::{Digest, Sha256};
use std::path::Path;
use uuid::Uuid;
use walk::Walk;

/// What was found of one tenant.
#[derive(Clone, Debug)]
pub struct Report {
    pub tenant: TenantId,
    /// the place up to which the chain holds
    pub rows: i64,
    /// the place up to which it was dropped
    pub floor: i64,
    /// checkpoints that hold
    pub checkpoints: usize,
    /// rows of which something was lawfully erased
    pub erased: i64,
    /// rows that are not sealed yet
    pub waiting: i64,
    /// the first thing that is not as it was sealed
    pub fault: Option<String>,
}

/// A link as it stands in the table.
#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = SqlUuid)]
    audit_id: Uuid,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
    #[diesel(sql_type = Nullable<Binary>)]
    data_hash: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Binary>)]
    details_hash: Option<Vec<u8>>,
    /// what the ledger says was erased
    #[diesel(sql_type = Bool)]
    data_erased: bool,
    #[diesel(sql_type = Array<Binary>)]
    data_kept: Vec<Vec<u8>>,
    #[diesel(sql_type = Bool)]
    details_erased: bool,
}

/// Looks through the chain of one tenant, or of all, as they stand at one moment.
pub fn verify(conn: &mut Conn, keys: &Keys, file: &Path, only: Option<TenantId>) -> Result<Vec<Report>> {
    let filed = checkpoint::filed(file)?;
    conn.build_transaction().repeatable_read().run(|conn: &mut PgConnection| {
        let mut tenants = store::tenants(conn)?;
        tenants.extend(filed.iter().map(|one| one.tenant_id));
        tenants.sort_unstable();
        tenants.dedup();
        tenants.retain(|tenant| only.is_none_or(|only| only == *tenant));
        let reports: Result<Vec<Report>> = tenants.into_iter().map(|tenant| look(conn, keys, tenant, &filed)).collect();
        reports
    })
}

/// What is otherwise in the chain of one tenant up to a place, or to the checkpoint after it, as it stands at one moment.
pub(super) fn upto(conn: &mut Conn, keys: &Keys, tenant: TenantId, file: &Path, place: i64) -> Result<Option<String>> {
    let filed = checkpoint::filed(file)?;
    conn.build_transaction().repeatable_read().run(|conn: &mut PgConnection| {
        let mut walk = Walk::of(keys, tenant, spans(conn)?);
        if let Some(fault) = walk.signatures(conn, &filed)? {
            return Ok(Some(fault));
        }
        let Some((&signed, _)) = walk.signed.range(place..).next() else {
            return Ok(Some(format!("no checkpoint has come to row {place} yet")));
        };
        walk.chain(conn, signed)
    })
}

fn look(conn: &mut Conn, keys: &Keys, tenant: TenantId, filed: &[Checkpoint]) -> Result<Report> {
    let mut walk = Walk::of(keys, tenant, spans(conn)?);
    let fault = match walk.signatures(conn, filed)? {
        None => walk.chain(conn, i64::MAX)?,
        fault => fault,
    };
    let fault = match fault {
        None => outside(conn, tenant)?,
        fault => fault,
    };
    walk.report.waiting = store::waiting(conn, tenant)?;
    walk.report.fault = fault;
    Ok(walk.report)
}

/// Rows that are in no chain.
fn outside(conn: &mut Conn, tenant: TenantId) -> Result<Option<String>> {
    let stray = store::stray(conn, tenant)?;
    Ok(stray.map(|id| format!("audit row {id} is in no chain: it was put in later, or taken out of the chain")))
}

impl Kept {
    /// Whether this is what is left of the data where it was erased: nothing, or what the ledger has a digest of.
    fn leaves(&self, data: Option<&str>) -> bool {
        match data {
            None | Some("{}") => true,
            Some(data) => self.data_kept.iter().any(|kept| *kept == Sha256::digest(data).as_slice()),
        }
    }
}
