//! Looking the chains through: every row is what was sealed, none is missing, none was put in, and each chain reaches what
//! was signed of it. What is found first to be otherwise is named.
mod store;

use super::chain::{GENESIS, Hash, Keys, hash};
use super::checkpoint::{self, Checkpoint, hex};
use super::seal::Row;
use super::store::checkpoints;
use crate::Conn;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Uuid as SqlUuid};
use diesel::{PgConnection, QueryableByName};
use kernel::{Error, Result, TenantId};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use uuid::Uuid;

/// Rows that are looked at together.
const CHUNK: i64 = 5_000;

/// What was found of one tenant.
#[derive(Clone, Debug)]
pub struct Report {
    pub tenant: TenantId,
    /// rows of the chain that hold
    pub rows: i64,
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

fn look(conn: &mut Conn, keys: &Keys, tenant: TenantId, filed: &[Checkpoint]) -> Result<Report> {
    let mut walk = Walk { keys, before: GENESIS, signed: BTreeMap::new(), report: Report::of(tenant) };
    let fault = match walk.signatures(conn, filed)? {
        None => walk.chain(conn)?,
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

struct Walk<'a> {
    keys: &'a Keys,
    before: Hash,
    signed: BTreeMap<i64, Vec<Checkpoint>>,
    report: Report,
}

impl Walk<'_> {
    /// The checkpoints of the table and of the file are of this house.
    fn signatures(&mut self, conn: &mut Conn, filed: &[Checkpoint]) -> Result<Option<String>> {
        let mut all = checkpoints(conn, self.report.tenant)?;
        all.extend(filed.iter().filter(|one| one.tenant_id == self.report.tenant).cloned());
        for one in all {
            if !self.keys.has_signed(&one) {
                return Ok(Some(format!("the checkpoint of row {} is not signed by this house", one.seq)));
            }
            let of_row = self.signed.entry(one.seq).or_default();
            if !of_row.contains(&one) {
                of_row.push(one);
            }
        }
        Ok(None)
    }

    fn chain(&mut self, conn: &mut Conn) -> Result<Option<String>> {
        loop {
            let links = store::links(conn, self.report.tenant, self.report.rows, CHUNK)?;
            let ids: Vec<Uuid> = links.iter().map(|link| link.audit_id).collect();
            let rows = store::rows(conn, self.report.tenant, &ids)?;
            let rows: HashMap<Uuid, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
            for link in &links {
                if let Some(fault) = self.step(link, rows.get(&link.audit_id))? {
                    return Ok(Some(fault));
                }
            }
            if links.is_empty() {
                break;
            }
        }
        let beyond = self.signed.range(self.report.rows + 1..).next().and_then(|(_, all)| all.first());
        let fault = |one: &Checkpoint| {
            format!(
                "the chain ends at row {}, and the checkpoint of {} is of row {}: its end was cut off",
                self.report.rows, one.signed_at, one.seq
            )
        };
        Ok(beyond.map(fault))
    }

    /// One link after the one before it.
    fn step(&mut self, link: &Kept, row: Option<&Row>) -> Result<Option<String>> {
        let next = self.report.rows + 1;
        let named = |what: &str| format!("row {} of the chain (audit row {}): {what}", link.seq, link.audit_id);
        if link.seq != next {
            return Ok(Some(format!("row {next} of the chain is missing: the next is {}", link.seq)));
        }
        let Some(row) = row else { return Ok(Some(named("the audit row was deleted"))) };
        let kept = |hash: &Option<Vec<u8>>| hash.clone().map(Hash::try_from).transpose();
        let (Ok(data), Ok(details)) = (kept(&link.data_hash), kept(&link.details_hash)) else {
            return Err(Error::internal("a hash of the chain has not 32 bytes"));
        };
        let reckoned = hash(&self.before, link.seq, row, data, details);
        if reckoned.as_slice() != link.hash {
            return Ok(Some(named("it is not what was sealed, or not in its place")));
        }
        if self.keys.data(row) != data && !(link.data_erased && link.leaves(row.data.as_deref())) {
            return Ok(Some(named("the data of its event is not what was sealed")));
        }
        let emptied = row.address.is_none() && row.details.is_none();
        if self.keys.details(row) != details && !(link.details_erased && emptied) {
            return Ok(Some(named("its address or its details are not what was sealed")));
        }
        for one in self.signed.get(&link.seq).into_iter().flatten() {
            if one.hash != hex(&reckoned) {
                return Ok(Some(named(&format!("it is not what was signed on {}", one.signed_at))));
            }
            self.report.checkpoints += 1;
        }
        self.report.rows = next;
        self.report.erased += i64::from(link.data_erased || link.details_erased);
        self.before = reckoned;
        Ok(None)
    }
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

impl Report {
    fn of(tenant: TenantId) -> Self {
        Self { tenant, rows: 0, checkpoints: 0, erased: 0, waiting: 0, fault: None }
    }
}
