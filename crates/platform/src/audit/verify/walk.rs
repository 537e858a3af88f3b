//! Along the chain of one tenant, link by link.
use super::super::chain::{GENESIS, Hash, Keys, hash};
use super::super::checkpoint::{Checkpoint, hex};
use super::super::floor::Floor;
use super::super::months::{Month, floors};
use super::super::seal::Row;
use super::super::store::checkpoints;
use super::{Kept, Report, store};
use crate::{Conn, moment};
use kernel::{Error, Result, TenantId};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Rows that are looked at together.
const CHUNK: i64 = 5_000;

pub struct Walk<'a> {
    keys: &'a Keys,
    before: Hash,
    pub signed: BTreeMap<i64, Vec<Checkpoint>>,
    /// where it begins, if months were dropped
    floor: Option<Floor>,
    months: Vec<Month>,
    pub report: Report,
}

impl<'a> Walk<'a> {
    pub fn of(keys: &'a Keys, tenant: TenantId, months: Vec<Month>) -> Self {
        let report = Report { tenant, rows: 0, floor: 0, checkpoints: 0, erased: 0, waiting: 0, fault: None };
        Self { keys, before: GENESIS, signed: BTreeMap::new(), floor: None, months, report }
    }

    /// The checkpoints of the table and of the file are of this house, and so are the floors.
    pub fn signatures(&mut self, conn: &mut Conn, filed: &[Checkpoint]) -> Result<Option<String>> {
        let mut all = checkpoints(conn, self.report.tenant)?;
        all.extend(filed.iter().filter(|one| one.tenant_id == self.report.tenant).cloned());
        for one in all {
            if !one.is_of(self.keys) {
                return Ok(Some(format!("the checkpoint of row {} is not signed by this house", one.seq)));
            }
            let of_row = self.signed.entry(one.seq).or_default();
            if !of_row.contains(&one) {
                of_row.push(one);
            }
        }
        let mut floors = floors(conn, self.report.tenant)?;
        if let Some(one) = floors.iter().find(|one| !one.is_of(self.keys)) {
            return Ok(Some(format!("the floor at row {} is not signed by this house", one.seq)));
        }
        self.floor = floors.pop();
        Ok(None)
    }

    /// The last link that went is kept: it is the one that the floor says.
    fn begin(&mut self, conn: &mut Conn) -> Result<Option<String>> {
        let Some(floor) = &self.floor else { return Ok(None) };
        if floor.seq > 0 {
            let link = store::links(conn, self.report.tenant, floor.seq - 1, 1)?.pop();
            if link.is_none_or(|link| link.seq != floor.seq || link.hash != floor.hash) {
                return Ok(Some(format!(
                    "row {} of the chain is not the one that the floor of {} says",
                    floor.seq, floor.signed_at
                )));
            }
            let other = self.signed.get(&floor.seq).and_then(|all| all.iter().find(|one| one.hash != hex(&floor.hash)));
            if let Some(other) = other {
                return Ok(Some(format!(
                    "row {} of the chain is not what was signed on {}",
                    floor.seq, other.signed_at
                )));
            }
        }
        (self.report.rows, self.report.floor, self.before) = (floor.seq, floor.seq, floor.hash);
        Ok(None)
    }

    /// Up to a place.
    pub fn chain(&mut self, conn: &mut Conn, upto: i64) -> Result<Option<String>> {
        if let Some(fault) = self.begin(conn)? {
            return Ok(Some(fault));
        }
        loop {
            let links = store::links(conn, self.report.tenant, self.report.rows, CHUNK)?;
            let ids: Vec<Uuid> = links.iter().map(|link| link.audit_id).collect();
            let rows = store::rows(conn, self.report.tenant, &ids)?;
            let rows: HashMap<Uuid, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
            for link in &links {
                if let Some(fault) = self.step(link, rows.get(&link.audit_id))? {
                    return Ok(Some(fault));
                }
                if self.report.rows >= upto {
                    return Ok(None);
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
            let floor = if self.floor.is_none() { ", and no signed floor says that it was dropped" } else { "" };
            return Ok(Some(format!("row {next} of the chain is missing: the next is {}{floor}", link.seq)));
        }
        let Some(row) = row else { return self.gone(link) };
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

    /// A row that is not there: it was written about the end of a month that was dropped, and the link after it says what
    /// its hash was; or somebody has taken it.
    fn gone(&mut self, link: &Kept) -> Result<Option<String>> {
        let (seq, id) = (link.seq, link.audit_id);
        if self.floor.as_ref().is_some_and(|floor| floor.further.binary_search(&seq).is_ok()) {
            self.before = link.hash.clone().try_into().map_err(|_| Error::internal("a hash has not 32 bytes"))?;
            self.report.rows = seq;
            return Ok(None);
        }
        let is_there = self.months.iter().any(|month| (month.since..month.until).contains(&id));
        let what = match moment::of(id).filter(|_| !is_there) {
            Some(at) => format!("its month {} was dropped, and no signed floor says so", at.format("%Y-%m")),
            None => "the audit row was deleted".into(),
        };
        Ok(Some(format!("row {seq} of the chain (audit row {id}): {what}")))
    }
}
