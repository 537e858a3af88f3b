//! What a provider says of itself (OpenID Connect Discovery 1.0).
use super::{refused, unavailable};
use kernel::Result;
use serde::Deserialize;

/// The part of it that a login needs.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Metadata {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    pub userinfo_endpoint: Option<String>,
    #[serde(default)]
    pub id_token_signing_alg_values_supported: Vec<String>,
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Below the issuer, whose slash at the end is not doubled.
    pub fn place(issuer: &str) -> String {
        format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
    }

    /// It is the issuer's, letter by letter, and leads nowhere by a weaker way than the issuer's own.
    pub fn checked(self, issuer: &str) -> Result<Self> {
        if self.issuer != issuer {
            return Err(unavailable(format!("{issuer} calls itself {:?}", self.issuer)));
        }
        let mut places = vec![&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri];
        places.extend(&self.userinfo_endpoint);
        let is_secure = |place: &&String| place.starts_with("https://");
        if issuer.starts_with("https://") && !places.iter().all(is_secure) {
            return Err(unavailable(format!("{issuer} has an endpoint without TLS")));
        }
        let page = url::Url::parse(&self.authorization_endpoint).map_err(unavailable)?;
        match page.scheme() {
            "https" | "http" => Ok(self),
            other => Err(unavailable(format!("{issuer} sends browsers to {other}:"))),
        }
    }

    /// RFC 9207: who answers names itself, where it says that it does; so no other provider's answer is taken for its.
    pub fn answered(&self, iss: Option<&str>) -> Result<()> {
        match iss {
            Some(iss) if iss != self.issuer => Err(refused("the answer is another provider's")),
            None if self.authorization_response_iss_parameter_supported => Err(refused("the answer names no issuer")),
            _ => Ok(()),
        }
    }

    /// How the secret is shown (OpenID Connect Core 1.0, section 9): in a header, unless only the form will do.
    pub fn takes_basic(&self) -> bool {
        let Some(methods) = &self.token_endpoint_auth_methods_supported else { return true };
        let has = |name: &str| methods.iter().any(|method| method == name);
        has("client_secret_basic") || !has("client_secret_post")
    }
}
