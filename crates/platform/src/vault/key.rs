//! A key of 32 bytes, and what can be done by it. It is wiped from memory when it is let go.
//!
//! AES-256-GCM-SIV (RFC 8452): nonces are drawn, and one that were drawn twice would tell no more than that two values
//! are equal. What a value is about is bound to it, so that it opens nowhere else.
use crate::random;
use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use hmac::{Hmac, Mac};
use kernel::{Error, Result};
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::{ZeroizeOnDrop, Zeroizing};

const NONCE: usize = 12;

#[derive(ZeroizeOnDrop)]
pub(super) struct Key([u8; 32]);

impl Key {
    pub fn fresh() -> Self {
        Self(random::bytes())
    }

    /// `None` where it has not 32 bytes.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// What it may be called without saying anything of it.
    pub fn name(&self) -> String {
        let hash = Sha256::new().chain_update(b"guanxi master key").chain_update(self.0).finalize();
        hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The nonce and what is sealed.
    pub fn seal(&self, plain: &[u8], about: &str) -> Result<Vec<u8>> {
        let nonce = random::bytes::<NONCE>();
        let payload = Payload { msg: plain, aad: about.as_bytes() };
        let sealed = self.cipher().encrypt(&Nonce::from(nonce), payload);
        let mut whole = nonce.to_vec();
        whole.extend(sealed.map_err(|e| Error::internal(e.to_string()))?);
        Ok(whole)
    }

    /// `None` where it was sealed by another key, about something else, or was changed since.
    pub fn open(&self, sealed: &[u8], about: &str) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: about.as_bytes() };
        self.cipher().decrypt(&Nonce::from(*nonce), payload).ok().map(Zeroizing::new)
    }

    /// The same for the same text, and nothing to whoever has no key.
    pub fn print(&self, text: &str) -> [u8; 32] {
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("HMAC takes any key"));
        mac.chain_update(text.as_bytes()).finalize().into_bytes().into()
    }

    fn cipher(&self) -> Aes256GcmSiv {
        Aes256GcmSiv::new(&self.0.into())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn a_value_opens_by_its_key_about_what_it_was_sealed() {
        let (key, other) = (Key::fresh(), Key::fresh());
        let sealed = key.seal(b"secret", "a").unwrap();
        assert_eq!(key.open(&sealed, "a").unwrap().as_slice(), b"secret");
        assert_ne!(sealed, key.seal(b"secret", "a").unwrap());
        assert!(key.open(&sealed, "b").is_none() && other.open(&sealed, "a").is_none());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key.open(&changed, "a").is_none(), "byte {at}");
            assert!(key.open(&sealed[..at], "a").is_none(), "the first {at}");
        }
    }

    #[test]
    fn equal_texts_have_equal_prints_by_one_key_alone() {
        let (key, other) = (Key::fresh(), Key::fresh());
        assert_eq!(key.print("x"), key.print("x"));
        assert_ne!(key.print("x"), key.print("y"));
        assert_ne!(key.print("x"), other.print("x"));
    }

    #[test]
    fn a_key_shows_nothing_of_itself() {
        let key = Key::of(&[7; 32]).unwrap();
        assert_eq!(format!("{key:?}"), "Key(…)");
        assert!(Key::of(&[7; 31]).is_none() && Key::of(&[7; 33]).is_none());
        assert_eq!(key.name().len(), 8);
    }
}
