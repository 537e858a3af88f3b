//! A refresh token as text: `gxr_` and, in base 62, its tenant, its session and its secret.
use crate::digest::{self, Digest};
use crate::{base62, random};
use kernel::{SessionId, TenantId};
use uuid::Uuid;

const PREFIX: &str = "gxr_";
const LENGTH: usize = 86;

/// What a refresh token says.
#[derive(Debug)]
pub struct RefreshToken {
    pub tenant: TenantId,
    pub session: SessionId,
    pub hash: Digest,
}

/// A fresh one, and what is kept of it.
pub fn fresh(tenant: TenantId, session: SessionId) -> (String, Digest) {
    let secret: [u8; 32] = random::bytes();
    let bytes = [tenant.0.as_bytes().as_slice(), session.0.as_bytes(), &secret].concat();
    (format!("{PREFIX}{}", base62::encode(&bytes, LENGTH)), digest::of(secret))
}

pub fn read(text: &str) -> Option<RefreshToken> {
    let body = text.strip_prefix(PREFIX).filter(|body| body.len() == LENGTH)?;
    let bytes: [u8; 64] = base62::decode(body)?;
    let (tenant, rest) = bytes.split_first_chunk::<16>()?;
    let (session, secret) = rest.split_first_chunk::<16>()?;
    let (tenant, session) = (Uuid::from_bytes(*tenant).into(), Uuid::from_bytes(*session).into());
    Some(RefreshToken { tenant, session, hash: digest::of(secret) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let (tenant, session) = (TenantId::new(), SessionId::new());
        let (text, hash) = fresh(tenant, session);
        let token = read(&text).map(|token| (token.tenant, token.session, token.hash));
        assert_eq!(token, Some((tenant, session, hash)));
        for bad in ["", "gxr_", &text[1..], &text[..text.len() - 1], &format!("{text}0"), &text.replace("gxr_", "gx_")]
        {
            assert!(read(bad).is_none(), "{bad}");
        }
    }
}
