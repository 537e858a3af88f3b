//! What goes to devices, on its way out: to the push gateway that the configuration names, a server of the company's own,
//! which holds the keys of Apple, Google and browsers. What it is sent is signed as the Standard Webhooks specification
//! says, and holds nothing of any record.
use crate::outbound::{Ask, Outbound, Reading};
use crate::vault::Plain;
use crate::webhook::secret::signatures;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::{Error, Result, clock, error, text};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

const PATIENCE: Duration = Duration::from_secs(15);
const LARGEST: usize = 256 << 10;
/// The shortest secret that the specification has.
const SHORTEST: usize = 24;

/// Where it goes, and what signs it; nowhere, where nothing is said.
#[derive(Clone, Default)]
pub struct Settings {
    pub url: Option<String>,
    /// `whsec_…`
    pub secret: Option<String>,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Settings({:?})", self.url)
    }
}

impl Settings {
    /// The secret, if it is one.
    pub fn key(&self) -> Option<Vec<u8>> {
        let coded = self.secret.as_ref()?.strip_prefix("whsec_")?;
        STANDARD.decode(coded).ok().filter(|key| key.len() >= SHORTEST)
    }
}

/// What is shown on devices of one person.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    pub tokens: Vec<String>,
    pub title: String,
    pub body: String,
    pub data: Value,
}

/// Takes a message to devices: which tokens are of none any more. It fails where it may be tried again.
pub trait Gateway: Send + Sync {
    fn take<'a>(&'a self, id: &'a str, message: &'a Message) -> Taking<'a>;
}

pub type Taking<'a> = Pin<Box<dyn Future<Output = Result<Vec<String>>> + Send + 'a>>;

/// The way to devices. One a program.
#[derive(Clone)]
pub struct Push(Arc<dyn Gateway>);

impl Push {
    pub fn open(settings: &Settings, outbound: &Outbound) -> Result<Self> {
        let Some(url) = settings.url.clone() else { return Ok(Self(Arc::new(Log))) };
        let key = settings.key().ok_or_else(|| Error::internal("GUANXI_PUSH_SECRET is no secret"))?;
        let keys = vec![Plain::new(Zeroizing::new(key))];
        Ok(Self(Arc::new(Server { url, keys, outbound: outbound.clone() })))
    }

    pub async fn send(&self, id: &str, message: &Message) -> Result<Vec<String>> {
        self.0.take(id, message).await
    }
}

/// Nobody is there: it is noted that something would have gone, and to how many.
struct Log;

impl Gateway for Log {
    fn take<'a>(&'a self, id: &'a str, message: &'a Message) -> Taking<'a> {
        tracing::info!(id, devices = message.tokens.len(), "a message to devices, and no gateway (GUANXI_PUSH_URL)");
        Box::pin(async { Ok(Vec::new()) })
    }
}

struct Server {
    url: String,
    keys: Vec<Plain>,
    outbound: Outbound,
}

/// What a gateway may say: the tokens that are of no device any more.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    gone: Vec<String>,
}

impl Server {
    async fn exchange(&self, id: &str, message: &Message) -> Result<Vec<String>> {
        let body = serde_json::to_vec(message).map_err(Error::internal)?;
        let timestamp = clock::now().timestamp();
        let headers = vec![
            ("content-type", "application/json".to_owned()),
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", timestamp.to_string()),
            ("webhook-signature", signatures(&self.keys, id, timestamp, &body)),
        ];
        let ask = Ask {
            method: "POST",
            url: &self.url,
            headers,
            body: Some(&body),
            largest: LARGEST,
            patience: PATIENCE,
            reading: Reading::Glance,
        };
        let reply = self.outbound.send(&ask).await.map_err(|e| Error::from(error::BUSY).source(e))?;
        let said: Said = serde_json::from_slice(&reply.body).unwrap_or_default();
        match reply.status {
            200..=299 => Ok(said.gone),
            // which ones, unless there is but one: what cannot be read takes away no device
            410 if !said.gone.is_empty() => Ok(said.gone),
            410 if message.tokens.len() == 1 => Ok(message.tokens.clone()),
            status => {
                let text = text!("the push gateway did not take it");
                Err(Error::from(error::BUSY).detail(text).source(format!("it answered {status}")))
            }
        }
    }
}

impl Gateway for Server {
    fn take<'a>(&'a self, id: &'a str, message: &'a Message) -> Taking<'a> {
        Box::pin(self.exchange(id, message))
    }
}
