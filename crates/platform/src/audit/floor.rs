//! Where the chain of a tenant begins after months of it were dropped, signed. What lies below is gone and was as it was
//! sealed when it went, up to a checkpoint; the last link that went is kept, and the chain goes on from its hash.
use super::chain::{Hash, Keys};
use super::checkpoint::hex;
use chrono::{DateTime, Utc};
use kernel::{Result, TenantId};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Floor {
    pub tenant: TenantId,
    /// rows with ids before this one went
    pub cut: Uuid,
    pub signed_at: DateTime<Utc>,
    /// so many links went; 0 where the first one stays
    pub seq: i64,
    pub hash: Hash,
    /// the links above it whose rows went too
    pub further: Vec<i64>,
    pub kid: Uuid,
    pub signature: Vec<u8>,
}

impl Floor {
    pub(super) fn signed(mut self, keys: &Keys, now: DateTime<Utc>) -> Result<Self> {
        // a moment as the database keeps it
        self.signed_at = DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now);
        let (kid, signature) = keys.signed(&self.statement())?;
        (self.kid, self.signature) = (kid, signature.to_vec());
        Ok(self)
    }

    pub(super) fn is_of(&self, keys: &Keys) -> bool {
        keys.has_signed(&self.statement(), self.kid, &self.signature)
    }

    /// Whether it says the same of the same month.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        (self.cut, self.seq, self.hash, &self.further) == (other.cut, other.seq, other.hash, &other.further)
    }

    /// The last place in the chain of which it says something.
    pub(super) fn reaches(&self) -> i64 {
        self.further.iter().copied().max().unwrap_or_default().max(self.seq)
    }

    fn statement(&self) -> String {
        let at = self.signed_at.timestamp_micros();
        let further: Vec<String> = self.further.iter().map(i64::to_string).collect();
        format!(
            "guanxi audit floor 1\n{}\n{}\n{}\n{}\n{}\n{at}\n",
            self.tenant,
            self.cut,
            self.seq,
            hex(&self.hash),
            further.join(",")
        )
    }
}
