//! Where the chain of a tenant stood at a moment, signed: in a table, and in a file that is only added to. The table can be
//! cut off together with the chain, the file and the log of the server tell then.
use super::chain::{Hash, Keys};
use super::seal::Patience;
use super::seal::store::hold;
use super::store;
use crate::{Conn, crash};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{Error, Result, TenantId};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A chain that grew by so many is signed at once, one that grew at all within the hour.
pub(super) const MANY: i64 = 10_000;

/// A line of the file is one as JSON, bytes in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    pub tenant_id: TenantId,
    /// the row of the chain that it is of
    pub seq: i64,
    pub hash: String,
    pub signed_at: DateTime<Utc>,
    pub kid: Uuid,
    pub signature: String,
}

/// The file of the server's folder.
#[must_use]
pub fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("audit").join("checkpoints.ndjson")
}

/// Signs the chains for which it is time; with `all`, every one that has grown. One signs at a time.
pub fn checkpoint(conn: &mut Conn, keys: &Keys, file: &Path, now: DateTime<Utc>, all: bool) -> Result<Vec<Checkpoint>> {
    let patience = if all { Patience::Wait } else { Patience::None };
    conn.transaction(|conn| {
        if hold(conn, patience)?.is_none() {
            return Ok(Vec::new());
        }
        let heads = store::unsigned(conn, now, all)?;
        let signed: Result<Vec<Checkpoint>> =
            heads.iter().map(|(tenant, seq, hash)| keys.sign(*tenant, *seq, hash, now)).collect();
        let signed = signed?;
        // first the file: what stands there and not in the table is still true
        append(file, &signed).map_err(Error::internal)?;
        crash::point("checkpoint.filed");
        signed.iter().try_for_each(|one| store::keep(conn, one))?;
        for one in &signed {
            tracing::info!(tenant = %one.tenant_id, seq = one.seq, hash = one.hash, "checkpoint of the audit trail");
        }
        Ok(signed)
    })
}

/// Those that the file holds; none where there is no file.
pub(super) fn filed(file: &Path) -> Result<Vec<Checkpoint>> {
    let text = match std::fs::read_to_string(file) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.map_err(Error::internal)?,
    };
    // a line that was being written when the machine stopped is none
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

fn append(file: &Path, signed: &[Checkpoint]) -> std::io::Result<()> {
    if signed.is_empty() {
        return Ok(());
    }
    if let Some(folder) = file.parent() {
        crate::private::folder(folder)?;
    }
    let mut lines = String::new();
    for one in signed {
        lines.push_str(&serde_json::to_string(one)?);
        lines.push('\n');
    }
    let mut file = crate::private::file().create(true).append(true).open(file)?;
    file.write_all(lines.as_bytes())?;
    file.sync_data()
}

impl Keys {
    fn sign(&self, tenant_id: TenantId, seq: i64, hash: &Hash, now: DateTime<Utc>) -> Result<Checkpoint> {
        // a moment as the database keeps it
        let signed_at = DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now);
        let mut one =
            Checkpoint { tenant_id, seq, hash: hex(hash), signed_at, kid: Uuid::nil(), signature: String::new() };
        let (kid, signature) = self.signed(&one.statement())?;
        (one.kid, one.signature) = (kid, hex(&signature));
        Ok(one)
    }
}

impl Checkpoint {
    pub(super) fn is_of(&self, keys: &Keys) -> bool {
        keys.has_signed(&self.statement(), self.kid, &bytes(&self.signature).unwrap_or_default())
    }

    fn statement(&self) -> String {
        let at = self.signed_at.timestamp_micros();
        format!("guanxi audit checkpoint 1\n{}\n{}\n{}\n{at}\n", self.tenant_id, self.seq, self.hash)
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(super) fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect();
    digits?.chunks(2).map(|pair| Some(pair.first()? << 4 | pair.get(1)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_goes_there_and_back() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
        assert_eq!(bytes("000aff"), Some(vec![0, 10, 255]));
        assert_eq!((bytes("0"), bytes("0g")), (None, None));
    }
}
