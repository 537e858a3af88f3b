//! Passwords: their rules, and their hashes by argon2id (19 MiB, two passes, one lane).
//!
//! Hashing is the one costly thing that a stranger can ask for, so it runs on blocking threads, no more at once than
//! there are cores, and when too many wait the next is told to come back. An unknown user costs what a known one does.
mod breached;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::{Error, Result, error, rule, rules};
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::Arc;
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use validator::ValidationError;

const SHORTEST: usize = 10;
const LONGEST: usize = 200;
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How many may wait for their turn.
const QUEUE: usize = 64;
/// Of no password: costs an unknown user's login what a known user's costs.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$R3VhbnhpIG9mIG5vYm9keQ$6Zb0tHyWcVY2mJfU1xq3oKkq3Wl8n0sC5rPd7eAaXyE";

/// A password as it was given. It is never written anywhere, not even by `Debug`.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

/// What is kept of it.
#[derive(Clone)]
pub struct Hash(pub(crate) String);

impl Password {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether it will do for a user with this e-mail address and name.
    pub fn check(&self, email: &str, name: &str) -> std::result::Result<(), ValidationError> {
        match self.0.chars().count() {
            ..SHORTEST => Err(rule!("too_short", "needs at least {least} characters", least = SHORTEST)),
            more if more > LONGEST => Err(rule!("too_long", "has more than {most} characters", most = LONGEST)),
            _ if is_about(&self.0, email) => Err(rule!("password_is_email", "is the e-mail address")),
            _ if is_about(&self.0, name) => Err(rule!("password_is_name", "is the name")),
            _ if breached::contains(&self.0) => {
                Err(rule!("breached_password", "is one of those that breaches have made known"))
            }
            _ if self.0.chars().all(|one| self.0.starts_with(one)) => {
                Err(rule!("breached_password", "is one character repeated"))
            }
            _ => Ok(()),
        }
    }

    /// The same as a fault of the body.
    pub fn checked(&self, email: &str, name: &str, pointer: &str) -> Result<()> {
        self.check(email, name).map_err(|rule| Error::from(error::INVALID).fault(rules::fault(pointer, &rule)))
    }
}

/// Whether it says no more than `known`, or the part of an address before the `@`: figures at its end add little.
fn is_about(password: &str, known: &str) -> bool {
    let bare = |text: &str| {
        let text: String = text.to_lowercase().chars().filter(|one| one.is_alphanumeric()).collect();
        text.trim_end_matches(|one: char| one.is_ascii_digit()).to_owned()
    };
    let (password, local) = (bare(password), known.split('@').next().unwrap_or_default());
    !password.is_empty() && [known, local].iter().any(|known| bare(known) == password)
}

/// Hashes and verifies, so many at once.
#[derive(Clone)]
pub struct Hasher {
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { turns: Arc::new(Semaphore::new(cores)), queue: Arc::new(Semaphore::new(QUEUE)) }
    }
}

impl Hasher {
    pub async fn hash(&self, password: &Password) -> Result<Hash> {
        let password = password.clone();
        self.run(move || hash(&password)).await?
    }

    /// Whether the password is the one of `hash`; without a hash it is not, after the same work.
    pub async fn fits(&self, password: &Password, hash: Option<&Hash>) -> Result<bool> {
        let password = password.clone();
        let known = hash.is_some();
        let hash = hash.map_or_else(|| NOBODY.to_owned(), |hash| hash.0.clone());
        let fits = self.run(move || fits(&password, &hash)).await?;
        Ok(fits && known)
    }

    async fn run<R: Send + 'static>(&self, work: impl FnOnce() -> R + Send + 'static) -> Result<R> {
        let _waiting = self.queue.try_acquire().map_err(|_| Error::from(error::BUSY))?;
        let turn = self.turns.clone().acquire_owned().await.map_err(Error::internal)?;
        let worked = tokio::task::spawn_blocking(move || {
            let _turn = turn; // kept by the work, which goes on when its caller has gone away
            work()
        });
        worked.await.map_err(Error::internal)
    }
}

/// At once, on this thread: for start-up.
pub fn hash(password: &Password) -> Result<Hash> {
    let hash = argon2()?.hash_password(password.0.as_bytes()).map_err(|e| Error::internal(e.to_string()))?;
    Ok(Hash(hash.to_string()))
}

fn fits(password: &Password, hash: &str) -> bool {
    let (Ok(argon2), Ok(hash)) = (argon2(), PasswordHash::new(hash)) else { return false };
    // no password that was ever taken is longer
    let text = Some(password.0.as_bytes()).filter(|text| text.len() <= 4 * LONGEST);
    argon2.verify_password(text.unwrap_or_default(), &hash).is_ok() && text.is_some()
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| Error::internal(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}
impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hash")
    }
}

impl utoipa::PartialSchema for Password {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
            .description(Some(
                "at least ten characters; none that breaches have made known, neither the e-mail address nor the name",
            ))
            .min_length(Some(SHORTEST))
            .max_length(Some(LONGEST))
            .examples(["a long walk by the lake"])
            .into()
    }
}
impl ToSchema for Password {
    fn name() -> Cow<'static, str> {
        "Password".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_must_be_hard_to_guess() {
        let check = |text: &str| {
            Password::new(text).check("wang.wei@example.cn", "Wang Xiaowei").err().map(|rule| rule.code.to_string())
        };
        let cases = [
            ("short", Some("too_short")),
            ("九个字的密码还是短", Some("too_short")),
            ("十个汉字的密码就够长了", None),
            ("Password123", Some("breached_password")),
            ("qwertyuiop", Some("breached_password")),
            ("zzzzzzzzzzzz", Some("breached_password")),
            ("wang.wei.2024!", Some("password_is_email")),
            ("xiaowei the wang", None),
            ("wang-xiaowei-88", Some("password_is_name")),
            ("Wang.Wei@example.cn", Some("password_is_email")),
            ("a long walk by the lake", None),
        ];
        for (text, code) in cases {
            assert_eq!(check(text).as_deref(), code, "{text}");
        }
        assert_eq!(check(&"xy".repeat(101)).as_deref(), Some("too_long"));
    }

    #[tokio::test]
    async fn only_the_right_password_fits() -> Result<()> {
        let (hasher, right) = (Hasher::default(), Password::new("a long walk by the lake"));
        let hash = hasher.hash(&right).await?;
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hasher.fits(&right, Some(&hash)).await?);
        assert!(!hasher.fits(&Password::new("a long walk by the sea"), Some(&hash)).await?);
        assert!(!hasher.fits(&right, None).await?);
        assert_ne!(hash.0, hasher.hash(&right).await?.0);
        Ok(())
    }

    #[test]
    fn nobody_costs_what_somebody_does() {
        let hash = PasswordHash::new(NOBODY).map(|hash| (hash.algorithm.to_string(), hash.params.to_string()));
        assert_eq!(hash.ok(), Some(("argon2id".into(), "m=19456,t=2,p=1".into())));
    }
}
