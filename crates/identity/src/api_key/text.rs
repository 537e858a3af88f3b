//! An API key as text: `gx_live_`, then in base 62 its tenant, its id and its secret, then a checksum, so that scanners
//! for lost keys know one when they see it, and a mistyped one costs no query.
use crate::digest::{self, Digest};
use crate::{base62, random};
use kernel::{ApiKeyId, TenantId};
use uuid::Uuid;

pub const PREFIX: &str = "gx_live_";
const SECRET: usize = 20;
const BYTES: usize = 16 + 16 + SECRET;
const BODY: usize = 70;
const CHECK: usize = 6;

/// What a key says.
#[derive(Debug)]
pub struct KeyText {
    pub tenant: TenantId,
    pub id: ApiKeyId,
    /// of its secret
    pub hash: Digest,
}

/// A fresh one, and what is kept of it.
pub fn fresh(tenant: TenantId, id: ApiKeyId) -> (String, Digest) {
    let secret: [u8; SECRET] = random::bytes();
    let bytes = [tenant.0.as_bytes().as_slice(), id.0.as_bytes(), &secret].concat();
    let text = format!("{PREFIX}{}", base62::encode(&bytes, BODY));
    let check = checksum(&text);
    (format!("{text}{check}"), digest::of(secret))
}

/// Whether a text may be a key at all; a token never is.
pub fn is_likely(text: &str) -> bool {
    text.len() == PREFIX.len() + BODY + CHECK && text.starts_with(PREFIX)
}

pub fn read(text: &str) -> Option<KeyText> {
    let body = text.strip_prefix(PREFIX).filter(|body| body.len() == BODY + CHECK && body.is_ascii())?;
    let (signed, check) = text.split_at_checked(PREFIX.len() + BODY)?;
    if checksum(signed) != check {
        return None;
    }
    let bytes: [u8; BYTES] = base62::decode(body.get(..BODY)?)?;
    let (tenant, rest) = bytes.split_first_chunk::<16>()?;
    let (id, secret) = rest.split_first_chunk::<16>()?;
    Some(KeyText {
        tenant: Uuid::from_bytes(*tenant).into(),
        id: Uuid::from_bytes(*id).into(),
        hash: digest::of(secret),
    })
}

/// What may be shown of it: enough to tell it from others.
pub fn hint(text: &str) -> String {
    let end = text.len().saturating_sub(4);
    format!("{PREFIX}…{}", text.get(end..).unwrap_or_default())
}

fn checksum(text: &str) -> String {
    base62::encode(&crc32fast::hash(text.as_bytes()).to_be_bytes(), CHECK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let (tenant, id) = (TenantId::new(), ApiKeyId::new());
        let (text, hash) = fresh(tenant, id);
        let key = read(&text).map(|key| (key.tenant, key.id, key.hash));
        assert_eq!((text.len(), key), (84, Some((tenant, id, hash))));
        assert_eq!(hint(&text).chars().count(), 13);
    }

    #[test]
    fn one_wrong_character_is_seen() {
        let (text, _) = fresh(TenantId::new(), ApiKeyId::new());
        for at in PREFIX.len()..text.len() {
            let mut bytes = text.clone().into_bytes();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = if *byte == b'x' { b'y' } else { b'x' };
            }
            assert!(String::from_utf8(bytes).is_ok_and(|bent| read(&bent).is_none()), "{at}");
        }
        for bad in ["", "gx_live_", "gx_test_", &text[1..], &format!("{text}0"), &format!("gx_live_{}", "é".repeat(38))]
        {
            assert!(read(bad).is_none(), "{bad}");
        }
    }
}
