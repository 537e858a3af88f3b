//! What a row of the chain is the hash of, and the keys that make it.
use super::seal::{Link, Row};
use crate::secrets::{self, Purpose};
use crate::{Conn, Vault};
use ed25519_dalek::{Signature, Signer, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Result, TenantId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub type Hash = [u8; 32];

/// What the first row stands on.
pub const GENESIS: Hash = [0; 32];
/// Another way to reckon would be another word.
const WORD: &[u8] = b"guanxi audit row 1";

/// The keys of the trail, the same on all nodes.
pub struct Keys {
    sign: Vec<(Uuid, SigningKey)>,
    digest: Vec<u8>,
}

impl Keys {
    /// Those of the database; the first, where there is none. `fresh` gives bytes that nobody can guess.
    pub fn open(conn: &mut Conn, vault: &Vault, fresh: impl Fn() -> [u8; 32]) -> Result<Self> {
        let sign = secrets::lasting(conn, vault, Purpose::AuditSign, || fresh().to_vec())?;
        let sign: Result<Vec<_>> = sign.into_iter().map(|(kid, seed)| Ok((kid, key(&seed)?))).collect();
        // the oldest for good: a digest is made anew whenever the chain is looked through
        let digest = secrets::lasting(conn, vault, Purpose::AuditDigest, || fresh().to_vec())?.pop();
        let (_, digest) = digest.ok_or_else(|| Error::internal("there is no secret for digests"))?;
        Ok(Self { sign: sign?, digest })
    }

    /// By the newest key, and which that is.
    pub(super) fn signed(&self, statement: &str) -> Result<(Uuid, [u8; 64])> {
        let (kid, key) = self.sign.first().ok_or_else(|| Error::internal("there is no key to sign with"))?;
        Ok((*kid, key.sign(statement.as_bytes()).to_bytes()))
    }

    /// Whether this house has signed it.
    pub(super) fn has_signed(&self, statement: &str, kid: Uuid, signature: &[u8]) -> bool {
        let key = self.sign.iter().find(|(known, _)| *known == kid).map(|(_, key)| key);
        let signature = Signature::from_slice(signature).ok();
        key.zip(signature).is_some_and(|(key, signature)| key.verify(statement.as_bytes(), &signature).is_ok())
    }

    /// The digest of what may be erased. By a key, for what is short can be guessed from a plain hash.
    fn digest(&self, row: &Row, what: &str, texts: [Option<&str>; 2]) -> Option<Hash> {
        if texts.iter().all(Option::is_none) {
            return None;
        }
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.digest).unwrap_or_else(|_| unreachable!("HMAC takes any key"));
        let mut bytes = Vec::new();
        put(&mut bytes, Some(what.as_bytes()));
        put(&mut bytes, Some(row.tenant_id.0.as_bytes()));
        put(&mut bytes, Some(row.id.as_bytes()));
        texts.iter().for_each(|text| put(&mut bytes, text.map(str::as_bytes)));
        mac.update(&bytes);
        Some(mac.finalize().into_bytes().into())
    }

    /// Of the data of its event.
    pub(super) fn data(&self, row: &Row) -> Option<Hash> {
        self.digest(row, "data", [row.data.as_deref(), None])
    }

    /// Of its address and details.
    pub(super) fn details(&self, row: &Row) -> Option<Hash> {
        self.digest(row, "details", [row.address.as_deref(), row.details.as_deref()])
    }

    /// The next link of a chain.
    pub(super) fn link(&self, before: &Hash, seq: i64, row: &Row) -> Link {
        let (data, details) = (self.data(row), self.details(row));
        Link { tenant: row.tenant_id, seq, audit: row.id, hash: hash(before, seq, row, data, details), data, details }
    }
}

/// Of a row after the one before it, at this place of the chain.
pub fn hash(before: &Hash, seq: i64, row: &Row, data: Option<Hash>, details: Option<Hash>) -> Hash {
    let mut bytes = Vec::with_capacity(400);
    put(&mut bytes, Some(WORD));
    put(&mut bytes, Some(before));
    put(&mut bytes, Some(row.tenant_id.0.as_bytes()));
    put(&mut bytes, Some(&seq.to_be_bytes()));
    put(&mut bytes, Some(row.id.as_bytes()));
    put(&mut bytes, Some(row.action.as_bytes()));
    put(&mut bytes, Some(row.noun.as_bytes()));
    put(&mut bytes, Some(row.object_id.as_bytes()));
    put(&mut bytes, row.version.map(i32::to_be_bytes).as_ref().map(|it| it.as_slice()));
    put(&mut bytes, Some(row.actor_id.as_bytes()));
    put(&mut bytes, row.api_key_id.as_ref().map(|id| id.as_bytes().as_slice()));
    put(&mut bytes, row.session_id.as_ref().map(|id| id.as_bytes().as_slice()));
    put(&mut bytes, Some(row.request_id.as_bytes()));
    put(&mut bytes, Some(&row.occurred_at.timestamp_micros().to_be_bytes()));
    put(&mut bytes, Some(&row.xact.to_be_bytes()));
    put(&mut bytes, data.as_ref().map(<[u8; 32]>::as_slice));
    put(&mut bytes, details.as_ref().map(<[u8; 32]>::as_slice));
    Sha256::digest(&bytes).into()
}

/// The first key of a seed.
fn key(seed: &[u8]) -> Result<SigningKey> {
    let seed = seed.try_into().map_err(|_| Error::internal("a key of 32 bytes is expected"))?;
    Ok(SigningKey::from_bytes(seed))
}

/// One field behind its length, so that no two rows run together to the same bytes; nothing is not empty.
fn put(bytes: &mut Vec<u8>, field: Option<&[u8]>) {
    match field {
        None => bytes.push(0),
        Some(field) => {
            bytes.push(1);
            bytes.extend(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
            bytes.extend(field);
        }
    }
}

/// The tenants of rows, each once.
pub(super) fn tenants(rows: &[Row]) -> Vec<TenantId> {
    let mut all: Vec<TenantId> = rows.iter().map(|row| row.tenant_id).collect();
    all.sort_unstable();
    all.dedup();
    all
}
