//! A refresh token as text: `gxr_` and, in base 62, its tenant, its session and its secret.
use crate::digest::Digest;
use crate::secret_text;
use kernel::{SessionId, TenantId};

const PREFIX: &str = "gxr_";

/// What a refresh token says.
#[derive(Debug)]
pub struct RefreshToken {
    pub tenant: TenantId,
    pub session: SessionId,
    pub hash: Digest,
}

/// A fresh one, and what is kept of it.
pub fn fresh(tenant: TenantId, session: SessionId) -> (String, Digest) {
    secret_text::fresh(PREFIX, tenant, session.0)
}

pub fn read(text: &str) -> Option<RefreshToken> {
    let (tenant, session, hash) = secret_text::read(PREFIX, text)?;
    Some(RefreshToken { tenant, session: session.into(), hash })
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
