//! What OpenID Connect says to a provider: where it is, its keys, and what a code is worth.
//!
//! Of our own, over the one way out and `jsonwebtoken`, which is there for our tokens: the `openidconnect` crate would
//! bring a second sha2 and rand, and an HTTP client of its own shape, for these few hundred lines. RSA is in it to
//! verify by public keys alone: RUSTSEC-2023-0071 is about how long private keys take, and there are none here.
//!
//! A provider that is slow or gone costs whoever waits for it a few seconds, and nobody else anything: no thread, no
//! connection of the database is held meanwhile, one at a time asks, and a failure is remembered for a while.
mod claims;
mod keys;
mod known;
mod metadata;

pub(crate) use claims::Vouched;
pub(crate) use metadata::Metadata;

use super::pending::Kept;
use super::provider::{ClientSecret, SsoProvider};
use super::{REFUSED, UNAVAILABLE};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use kernel::{Error, Result};
use known::Known;
use moka::sync::Cache;
use platform::outbound::{Ask, Outbound, Reading, Reply};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use url::form_urlencoded::{Serializer, byte_serialize};

/// For one answer of a provider, and for all that a login asks of it.
const PATIENCE: Duration = Duration::from_secs(4);
const ALTOGETHER: Duration = Duration::from_secs(8);
const LARGEST: usize = 256 << 10;
const ISSUERS: u64 = 1000;

/// Speaks to identity providers. One a program.
#[derive(Clone)]
pub struct Oidc {
    outbound: Outbound,
    known: Cache<String, Arc<Known>>,
}

/// What a token endpoint gives for a code.
#[derive(Deserialize)]
struct Given {
    id_token: String,
    access_token: Option<String>,
}

impl Oidc {
    pub fn new(outbound: Outbound) -> Self {
        Self { outbound, known: Cache::new(ISSUERS) }
    }

    pub fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// Where the browser goes.
    pub async fn authorization_url(&self, provider: &SsoProvider, kept: &Kept, now: DateTime<Utc>) -> Result<String> {
        let metadata = self.metadata(provider, now).await?;
        let mut url = url::Url::parse(&metadata.authorization_endpoint).map_err(unavailable)?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &provider.client_id)
            .append_pair("redirect_uri", &kept.redirect_uri)
            .append_pair("scope", &provider.scopes.join(" "))
            .append_pair("state", &kept.id.to_string())
            .append_pair("nonce", &kept.nonce)
            .append_pair("code_challenge", &kept.code_challenge())
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// Whom the provider vouches for.
    pub async fn exchange(
        &self,
        provider: &SsoProvider,
        secret: Option<&ClientSecret>,
        kept: &Kept,
        (code, iss): (&str, Option<&str>),
        now: DateTime<Utc>,
    ) -> Result<Vouched> {
        let work = async {
            let metadata = self.metadata(provider, now).await?;
            metadata.answered(iss)?;
            let given = self.redeem(provider, secret, kept, code, &metadata).await?;
            let kid = claims::header(&given.id_token, &metadata)?;
            let key = self.known(provider).key(&self.outbound, &metadata, &kid, now).await?;
            let mut claims = claims::read(&given.id_token, &key, provider, &kept.nonce, now)?;
            if let (None, Some(access), Some(place)) = (&claims.email, &given.access_token, &metadata.userinfo_endpoint)
            {
                let bearer = vec![("authorization", format!("Bearer {access}"))];
                let told = get::<claims::UserInfo>(&self.outbound, place, bearer).await?;
                claims.complete(told)?;
            }
            Ok(claims.vouched(&provider.second_factor_claims))
        };
        tokio::time::timeout(ALTOGETHER, work).await.map_err(unavailable)?
    }

    async fn metadata(&self, provider: &SsoProvider, now: DateTime<Utc>) -> Result<Arc<Metadata>> {
        self.known(provider).metadata(&self.outbound, &provider.issuer, now).await
    }

    fn known(&self, provider: &SsoProvider) -> Arc<Known> {
        self.known.get_with(provider.issuer.clone(), Arc::default)
    }

    /// The tokens that a code is good for: by its verifier, and by the secret in the way that the provider takes it.
    async fn redeem(
        &self,
        provider: &SsoProvider,
        secret: Option<&ClientSecret>,
        kept: &Kept,
        code: &str,
        metadata: &Metadata,
    ) -> Result<Given> {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &kept.redirect_uri)
            .append_pair("code_verifier", &kept.verifier);
        let mut headers = vec![
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("accept", "application/json".to_owned()),
        ];
        match secret {
            Some(secret) if metadata.takes_basic() => {
                let plain = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                let pair = format!("{}:{}", plain(&provider.client_id), plain(secret.reveal()));
                headers.push(("authorization", format!("Basic {}", STANDARD.encode(pair))));
            }
            Some(secret) => {
                form.append_pair("client_id", &provider.client_id).append_pair("client_secret", secret.reveal());
            }
            None => {
                form.append_pair("client_id", &provider.client_id);
            }
        }
        let body = form.finish();
        let ask = Ask { method: "POST", headers, body: Some(body.as_bytes()), ..to(&metadata.token_endpoint) };
        let reply = self.outbound.send(&ask).await.map_err(unavailable)?;
        match reply.status {
            400 if oauth_error(&reply) == "invalid_grant" => {
                Err(Error::from(REFUSED).source("the provider refused the code"))
            }
            _ => json(&reply, &metadata.token_endpoint),
        }
    }
}

fn to(url: &str) -> Ask<'_> {
    Ask {
        method: "GET",
        url,
        headers: Vec::new(),
        body: None,
        largest: LARGEST,
        patience: PATIENCE,
        reading: Reading::Whole,
    }
}

/// JSON of the provider.
async fn get<T: DeserializeOwned>(
    outbound: &Outbound,
    url: &str,
    mut headers: Vec<(&'static str, String)>,
) -> Result<T> {
    headers.push(("accept", "application/json".to_owned()));
    let reply = outbound.send(&Ask { headers, ..to(url) }).await.map_err(unavailable)?;
    json(&reply, url)
}

fn json<T: DeserializeOwned>(reply: &Reply, url: &str) -> Result<T> {
    if reply.status != 200 {
        let why = format!("{url} answered {} {}", reply.status, oauth_error(reply));
        return Err(unavailable(why));
    }
    // neither tokens nor what else is in it get into the log
    serde_json::from_slice(&reply.body).map_err(|e| unavailable(format!("{url} answered nonsense: {:?}", e.classify())))
}

/// The stable name of what went wrong, as RFC 6749 has it.
fn oauth_error(reply: &Reply) -> String {
    let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let name = body.get("error").and_then(serde_json::Value::as_str).unwrap_or_default();
    name.chars().filter(|one| one.is_ascii_alphanumeric() || *one == '_').take(50).collect()
}

/// Why is for the log: callers would learn from it what stands where.
fn unavailable(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::from(UNAVAILABLE).source(why)
}

fn refused(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    let error = Error::from(REFUSED).source(why);
    tracing::info!(%error, "an identity provider does not vouch for a login");
    error
}
