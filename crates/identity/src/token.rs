//! Access tokens: JSON Web Tokens signed with Ed25519, ten minutes good. They say who, of which tenant, in which
//! session; what the caller may do is not in them.
//!
//! All nodes share the keys: the newest signs, every one verifies. A token by a key that is not known makes the keys be
//! read again, at most once a second. One algorithm, all claims required; no member of a header is ever followed.
use chrono::{DateTime, Utc};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use kernel::{Error, Result, SessionId, TenantId, UserId, error};
use platform::secrets::{self, Purpose};
use platform::{Conn, Db, Vault};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

/// Seconds that a token is good for.
pub const LIFETIME: i64 = 600;
/// Seconds that the clocks of two nodes may differ.
const LEEWAY: i64 = 30;
const NAME: &str = "guanxi";
/// Ours have about 500 bytes.
const LONGEST: usize = 2048;

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub sub: UserId,
    pub tid: TenantId,
    pub sid: SessionId,
    pub iat: i64,
    pub exp: i64,
}

/// The keys of all nodes.
pub struct Keys {
    ring: RwLock<Arc<Vec<Key>>>,
    read_at: AtomicI64,
}

struct Key {
    kid: Uuid,
    sign: EncodingKey,
    verify: DecodingKey,
}

impl Keys {
    /// Those of the database; the first, where there is none.
    pub async fn open(db: &Db, vault: &Vault) -> Result<Self> {
        let vault = vault.clone();
        let ring = db.unpermitted(move |conn| ring(conn, &vault)).await?;
        Ok(Self { ring: RwLock::new(Arc::new(ring)), read_at: AtomicI64::new(0) })
    }

    /// From now on a new key signs; what the others have signed stays good.
    pub async fn rotate(&self, db: &Db, vault: &Vault) -> Result<()> {
        let its = vault.clone();
        db.unpermitted(move |conn| secrets::add(conn, &its, Purpose::Token, &seed())).await?;
        self.read(db, vault).await
    }

    pub fn issue(&self, tenant: TenantId, user: UserId, session: SessionId, now: DateTime<Utc>) -> Result<String> {
        let ring = self.ring();
        let key = ring.first().ok_or_else(|| Error::internal("there is no key to sign with"))?;
        let iat = now.timestamp();
        let claims = Claims { sub: user, tid: tenant, sid: session, iat, exp: iat + LIFETIME };
        sign(key, &claims)
    }

    /// The claims of a good token.
    pub async fn check(&self, db: &Db, vault: &Vault, token: &str, now: DateTime<Utc>) -> Result<Claims> {
        let kid = kid(token)?;
        if !self.knows(kid) && self.may_read(now) {
            self.read(db, vault).await?;
        }
        self.verify(kid, token, now)
    }

    fn verify(&self, kid: Uuid, token: &str, now: DateTime<Utc>) -> Result<Claims> {
        let ring = self.ring();
        let key = ring.iter().find(|key| key.kid == kid).ok_or(error::UNAUTHENTICATED)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.verify, &rules()).map_err(refuse)?.claims;
        let (now, good) = (now.timestamp(), claims.iat.saturating_sub(LEEWAY)..claims.exp.saturating_add(LEEWAY));
        if good.contains(&now) { Ok(claims) } else { Err(refuse("too late, or too early")) }
    }

    fn knows(&self, kid: Uuid) -> bool {
        self.ring().iter().any(|key| key.kid == kid)
    }

    /// Whoever sends unknown keys must not make us ask the database each time.
    fn may_read(&self, now: DateTime<Utc>) -> bool {
        let (now, before) = (now.timestamp(), self.read_at.load(Ordering::Relaxed));
        now > before && self.read_at.compare_exchange(before, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    async fn read(&self, db: &Db, vault: &Vault) -> Result<()> {
        let vault = vault.clone();
        let ring = db.unpermitted(move |conn| ring(conn, &vault)).await?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(())
    }

    fn ring(&self) -> Arc<Vec<Key>> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Whether a text may be a token at all; an API key never is.
pub fn is_likely(text: &str) -> bool {
    text.len() <= LONGEST && text.starts_with("ey")
}

fn ring(conn: &mut Conn, vault: &Vault) -> Result<Vec<Key>> {
    let known = secrets::all(conn, vault, Purpose::Token, seed)?;
    known.iter().map(|(kid, seed)| Key::new(*kid, seed)).collect()
}

fn seed() -> Vec<u8> {
    crate::random::bytes::<32>().to_vec()
}

impl Key {
    fn new(kid: Uuid, seed: &[u8]) -> Result<Self> {
        let seed = seed.try_into().map_err(|_| Error::internal("a key of 32 bytes is expected"))?;
        let pair = SigningKey::from_bytes(seed);
        let private = pair.to_pkcs8_der().map_err(|e| Error::internal(e.to_string()))?;
        let verify = DecodingKey::from_ed_der(pair.verifying_key().as_bytes());
        Ok(Self { kid, sign: EncodingKey::from_ed_der(private.as_bytes()), verify })
    }
}

fn sign(key: &Key, claims: &Claims) -> Result<String> {
    #[derive(Serialize)]
    struct Body<'a> {
        iss: &'a str,
        aud: &'a str,
        #[serde(flatten)]
        claims: &'a Claims,
    }
    let header = Header { kid: Some(key.kid.to_string()), ..Header::new(Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, &Body { iss: NAME, aud: NAME, claims }, &key.sign).map_err(Error::internal)
}

/// Which key it says it is signed by; nothing else of the header is looked at, but the algorithm.
fn kid(token: &str) -> Result<Uuid> {
    if !is_likely(token) {
        return Err(error::UNAUTHENTICATED.into());
    }
    let header = jsonwebtoken::decode_header(token).map_err(refuse)?;
    if header.alg != Algorithm::EdDSA {
        return Err(refuse("signed by another algorithm"));
    }
    header.kid.and_then(|kid| kid.parse().ok()).ok_or_else(|| refuse("names no key"))
}

/// Times are looked at by ourselves, by the clock of the request.
fn rules() -> Validation {
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_audience(&[NAME]);
    rules.set_issuer(&[NAME]);
    rules.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    rules.validate_exp = false;
    rules
}

fn refuse(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::from(error::UNAUTHENTICATED).source(source)
}

#[cfg(test)]
mod tests;
