//! Who has been sent to a provider and is not back yet.
//!
//! A `state` is good once, for ten minutes, for its provider, and for what it was begun for: to log in, or to link
//! somebody who is logged in. Only its hash is kept. What browsers carry through the provider is its id alone, so that
//! nobody who reads an address on the way, or makes up one, can finish what somebody else has begun. The nonce and the
//! verifier of PKCE never leave the server but for the provider.
mod store;

pub use store::clear;
pub(crate) use store::{insert, take};

use crate::digest::Digest;
use crate::{random, secret_text};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use kernel::{SsoLoginId, SsoProviderId, TenantId, Tidy, UserId, tidy};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use validator::Validate;

const PREFIX: &str = "gxs_";
/// From the button to the way back, with a password and a second factor typed in between.
const PATIENCE: Duration = Duration::minutes(10);

/// Where somebody wants to come back to.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SsoStart, example = json!({"redirect_uri": "https://crm.example.cn/sso-callback"}))]
pub struct Start {
    /// one that the provider's `redirect_uris` list; `/sso-callback` of the application, where it is absent
    #[validate(length(max = 500))]
    #[schema(format = "uri", max_length = 500)]
    pub redirect_uri: Option<String>,
}

/// The way to the provider.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SsoBegun, example = json!({
    "authorization_url": "https://login.example.com/authorize?response_type=code&client_id=guanxi&state=0192f0c1-7a3b-7c4d-8e5f-a1b2c3d4e5f6",
    "state": "gxs_05h3KpQZ7…", "expires_at": "2026-11-25T08:10:00Z"
}))]
pub struct Begun {
    /// the browser goes there
    #[schema(format = "uri")]
    pub authorization_url: String,
    /// to be kept by the browser, and sent with the code: no address holds it. What the address calls `state` only tells
    /// which of several it belongs to
    pub state: String,
    /// when it is good no more
    pub expires_at: DateTime<Utc>,
}

/// What somebody comes back with.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SsoFinish, example = json!({"code": "SplxlOBeZQQYbYS6WxSbIA", "state": "gxs_05h3KpQZ7…", "device": "Chrome, Windows"}))]
pub struct Finish {
    /// `code` of the address that the provider has sent the browser to
    #[validate(length(min = 1, max = 4000))]
    #[schema(min_length = 1, max_length = 4000)]
    pub code: String,
    /// the one that was answered when it began
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub state: String,
    /// `iss` of that address, where it has one
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub iss: Option<String>,
    /// what the device is called in the list of sessions
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub device: Option<String>,
}

/// What is kept until somebody comes back.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub tenant: TenantId,
    pub id: SsoLoginId,
    pub provider: SsoProviderId,
    /// who links themselves; nobody, where somebody logs in
    pub user: Option<UserId>,
    pub nonce: String,
    pub verifier: String,
    pub redirect_uri: String,
    pub expires_at: DateTime<Utc>,
}

impl Kept {
    /// A fresh one; the text that finishes it, and its hash.
    pub fn fresh(
        tenant: TenantId,
        provider: SsoProviderId,
        user: Option<UserId>,
        redirect_uri: String,
        now: DateTime<Utc>,
    ) -> (Self, String, Digest) {
        let id = SsoLoginId::new();
        let (text, hash) = secret_text::fresh(PREFIX, tenant, id.0);
        let chance = || URL_SAFE_NO_PAD.encode(random::bytes::<32>());
        let expires_at = now + PATIENCE;
        let kept = Self { tenant, id, provider, user, nonce: chance(), verifier: chance(), redirect_uri, expires_at };
        (kept, text, hash)
    }

    /// What the provider is told of the verifier (RFC 7636, S256).
    pub fn code_challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier))
    }
}

/// Which one a text is of.
pub(crate) fn read(state: &str) -> Option<(TenantId, SsoLoginId, Digest)> {
    let (tenant, id, hash) = secret_text::read(PREFIX, state)?;
    Some((tenant, id.into(), hash))
}

impl Tidy for Start {
    fn tidy(&mut self) {
        self.redirect_uri.iter_mut().for_each(tidy::trim);
    }
}
impl Tidy for Finish {
    fn tidy(&mut self) {
        tidy::trim(&mut self.state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of appendix B of RFC 7636.
    #[test]
    fn the_challenge_is_that_of_the_standard() {
        let tenant = TenantId::new();
        let (kept, ..) = Kept::fresh(tenant, SsoProviderId::new(), None, String::new(), DateTime::<Utc>::MIN_UTC);
        assert_eq!((kept.verifier.len(), kept.nonce.len()), (43, 43));
        let kept = Kept { verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into(), ..kept };
        assert_eq!(kept.code_challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
