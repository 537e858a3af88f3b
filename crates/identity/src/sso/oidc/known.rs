//! What is known of an issuer, for a while: its metadata for ten minutes, its keys for an hour, and that it failed for a
//! few seconds. A key that is not known makes the keys be asked for again, at most every two seconds.
use super::keys::{Key, Keys};
use super::{Metadata, get, refused, unavailable};
use chrono::{DateTime, Utc};
use jsonwebtoken::Algorithm;
use kernel::Result;
use platform::outbound::Outbound;
use std::sync::Arc;
use tokio::sync::Mutex;

const METADATA: i64 = 600;
const KEYS: i64 = 3600;
const FAILURE: i64 = 3;
const UNKNOWN_KEY: i64 = 2;

/// One at a time asks; the others wait for what it learns.
#[derive(Default)]
pub struct Known {
    metadata: Mutex<Learnt<Arc<Metadata>>>,
    keys: Mutex<Learnt<Keys>>,
}

/// Something, and when it was learnt, and when it could not be.
struct Learnt<T> {
    what: Option<(T, i64)>,
    failed_at: Option<i64>,
}

impl Known {
    pub async fn metadata(&self, outbound: &Outbound, issuer: &str, now: DateTime<Utc>) -> Result<Arc<Metadata>> {
        let (mut known, now) = (self.metadata.lock().await, now.timestamp());
        if let Some((metadata, at)) = &known.what
            && now - at < METADATA
        {
            return Ok(Arc::clone(metadata));
        }
        known.may_ask(now)?;
        let asked = async { get::<Metadata>(outbound, &Metadata::place(issuer), Vec::new()).await?.checked(issuer) };
        let metadata = known.learn(asked.await.map(Arc::new), now)?;
        Ok(Arc::clone(metadata))
    }

    /// The key that a token says it is signed by.
    pub async fn key(
        &self,
        outbound: &Outbound,
        metadata: &Metadata,
        (kid, algorithm): &(Option<String>, Algorithm),
        now: DateTime<Utc>,
    ) -> Result<Key> {
        let (mut known, now) = (self.keys.lock().await, now.timestamp());
        let age = known.what.as_ref().map(|(_, at)| now - at);
        let found = known.what.as_ref().and_then(|(keys, _)| keys.find(kid.as_deref(), *algorithm));
        match (found, age) {
            (Some(key), Some(..KEYS)) => return Ok(key),
            (None, Some(..UNKNOWN_KEY)) => return Err(refused("the key is not known")),
            _ => known.may_ask(now)?,
        }
        let asked = get::<Keys>(outbound, &metadata.jwks_uri, Vec::new()).await;
        let keys = known.learn(asked, now)?;
        keys.find(kid.as_deref(), *algorithm).ok_or_else(|| refused("the key is not known"))
    }
}

impl<T> Learnt<T> {
    /// Of many who wait for a provider that is gone, only the first one waits for long.
    fn may_ask(&self, now: i64) -> Result<()> {
        match self.failed_at {
            Some(at) if now - at < FAILURE => Err(unavailable("it has failed a moment ago")),
            _ => Ok(()),
        }
    }

    fn learn(&mut self, asked: Result<T>, now: i64) -> Result<&T> {
        match asked {
            Ok(what) => {
                self.failed_at = None;
                Ok(&self.what.insert((what, now)).0)
            }
            Err(error) => {
                // those who have waited came before this moment
                self.failed_at = Some(kernel::clock::now().timestamp().max(now));
                Err(error)
            }
        }
    }
}

impl<T> Default for Learnt<T> {
    fn default() -> Self {
        Self { what: None, failed_at: None }
    }
}
