//! An id token: who signed it, for whom, when, and about whom (OpenID Connect Core 1.0, section 3.1.3.7).
use super::keys::Key;
use super::{Metadata, refused};
use crate::digest;
use crate::sso::provider::SsoProvider;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Validation};
use kernel::Result;
use serde::Deserialize;
use serde_json::Value;

/// Seconds that the provider's clock may differ from ours.
const LEEWAY: i64 = 60;
/// Seconds that a token may be old: it was made for this login.
const OLDEST: i64 = 600;
const LONGEST: usize = 16 << 10;

/// Whom a provider vouches for.
#[derive(Clone, Debug)]
pub(crate) struct Vouched {
    pub subject: String,
    pub email: Option<String>,
    pub is_email_verified: bool,
    pub name: Option<String>,
    /// whether they have shown a second factor there, as far as the tenant believes that
    pub has_second_factor: bool,
}

#[derive(Deserialize)]
pub struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    pub email: Option<String>,
    #[serde(default)]
    email_verified: Value,
    name: Option<String>,
    #[serde(default)]
    amr: Value,
    #[serde(default)]
    acr: Value,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// What the endpoint for it tells, where the token says less.
#[derive(Deserialize)]
pub struct UserInfo {
    sub: String,
    email: Option<String>,
    #[serde(default)]
    email_verified: Value,
    name: Option<String>,
}

/// The algorithms that are taken: none that the other side could sign with as well.
pub fn named(algorithm: &str) -> Option<Algorithm> {
    match algorithm {
        "RS256" => Some(Algorithm::RS256),
        "ES256" => Some(Algorithm::ES256),
        "EdDSA" => Some(Algorithm::EdDSA),
        _ => None,
    }
}

/// Which key it says it is signed by, and how: in a way that the provider has published. Nothing else of a header counts.
pub fn header(token: &str, metadata: &Metadata) -> Result<(Option<String>, Algorithm)> {
    if token.len() > LONGEST {
        return Err(refused("the token is too long"));
    }
    let header = jsonwebtoken::decode_header(token).map_err(refused)?;
    let published = &metadata.id_token_signing_alg_values_supported;
    match published.iter().filter_map(|name| named(name)).find(|algorithm| *algorithm == header.alg) {
        Some(algorithm) => Ok((header.kid, algorithm)),
        None => Err(refused("signed in a way that is not taken")),
    }
}

/// The claims of a good token. Times are looked at by ourselves, by the clock of the request.
pub fn read(token: &str, key: &Key, provider: &SsoProvider, nonce: &str, now: DateTime<Utc>) -> Result<Claims> {
    let mut rules = Validation::new(key.algorithm);
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    let claims = jsonwebtoken::decode::<Claims>(token, &key.verify, &rules).map_err(refused)?.claims;
    let now = now.timestamp();
    let is_in_time = claims.exp.saturating_add(LEEWAY) > now
        && (now - OLDEST..=now + LEEWAY).contains(&claims.iat)
        && claims.nbf.is_none_or(|from| from <= now + LEEWAY);
    let said = claims.nonce.as_deref().unwrap_or_default();
    let faults = [
        (claims.iss != provider.issuer, "of another issuer"),
        (!claims.is_for(&provider.client_id), "for somebody else"),
        (!is_in_time, "too late, or too early"),
        (!digest::same(said.as_bytes(), nonce.as_bytes()), "of another login"),
        (claims.sub.is_empty() || claims.sub.len() > 255 || claims.sub.contains('\0'), "about nobody"),
    ];
    match faults.iter().find(|(is_fault, _)| *is_fault) {
        None => Ok(claims),
        Some((_, why)) => Err(refused(*why)),
    }
}

impl Claims {
    /// Where there are several audiences, the token says which one it was made for.
    fn is_for(&self, client: &str) -> bool {
        let made_for = |azp: &String| azp == client;
        match &self.aud {
            Audience::One(one) => one == client && self.azp.as_ref().is_none_or(made_for),
            Audience::Many(all) if all.len() == 1 => {
                all.iter().all(|one| one == client) && self.azp.as_ref().is_none_or(made_for)
            }
            Audience::Many(all) => all.iter().any(|one| one == client) && self.azp.as_ref().is_some_and(made_for),
        }
    }

    /// What is told about the same subject, and about nobody else.
    pub fn complete(&mut self, told: UserInfo) -> Result<()> {
        if told.sub != self.sub {
            return Err(refused("the provider speaks of somebody else"));
        }
        (self.email, self.email_verified) = (told.email, told.email_verified);
        self.name = self.name.take().or(told.name);
        Ok(())
    }

    pub fn vouched(self, second_factors: &[String]) -> Vouched {
        let told = |value: &Value| value.as_str().is_some_and(|one| second_factors.iter().any(|known| known == one));
        let has_second_factor = told(&self.acr) || self.amr.as_array().is_some_and(|all| all.iter().any(told));
        Vouched {
            subject: self.sub,
            email: self.email.filter(|email| !email.contains('\0')),
            // true and nothing that looks like it
            is_email_verified: self.email_verified == Value::Bool(true),
            name: self.name.map(|name| name.replace('\0', "")),
            has_second_factor,
        }
    }
}
