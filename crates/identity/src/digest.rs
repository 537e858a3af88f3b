//! What is kept of a secret that has all its strength from chance: its SHA-256, compared in constant time.
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

/// The SHA-256 of a secret.
pub type Digest = [u8; 32];

pub fn of(secret: impl AsRef<[u8]>) -> Digest {
    Sha256::digest(secret.as_ref()).into()
}

/// Whether they are the same; how long that takes says nothing about where they differ.
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}
