//! A secret as text: a prefix and, in base 62, its tenant, what it belongs to, and 256 bits of chance.
use crate::digest::{self, Digest};
use crate::{base62, random};
use kernel::TenantId;
use uuid::Uuid;

const LENGTH: usize = 86;

/// A fresh one, and what is kept of it.
pub fn fresh(prefix: &str, tenant: TenantId, of: Uuid) -> (String, Digest) {
    let secret: [u8; 32] = random::bytes();
    let bytes = [tenant.0.as_bytes().as_slice(), of.as_bytes(), &secret].concat();
    (format!("{prefix}{}", base62::encode(&bytes, LENGTH)), digest::of(secret))
}

/// What it says: the tenant, what it belongs to, and the hash of the secret.
pub fn read(prefix: &str, text: &str) -> Option<(TenantId, Uuid, Digest)> {
    let body = text.strip_prefix(prefix).filter(|body| body.len() == LENGTH)?;
    let bytes: [u8; 64] = base62::decode(body)?;
    let (tenant, rest) = bytes.split_first_chunk::<16>()?;
    let (of, secret) = rest.split_first_chunk::<16>()?;
    Some((Uuid::from_bytes(*tenant).into(), Uuid::from_bytes(*of), digest::of(secret)))
}
