//! Servers of the operator's own that hand on what leaves this one: to devices, to telephones. They hold the keys of
//! whoever carries it. What they are sent is signed as the Standard Webhooks specification says.
use crate::outbound::{Ask, Outbound, Reading, Reply};
use crate::vault::Plain;
use crate::webhook::secret::signatures;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::{Error, Result, clock, error};
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

/// One such server.
pub(crate) struct Server {
    url: String,
    keys: Vec<Plain>,
    outbound: Outbound,
}

impl Server {
    /// Nothing where none is named.
    pub fn open(settings: &Settings, secret: &'static str, outbound: &Outbound) -> Result<Option<Self>> {
        let Some(url) = settings.url.clone() else { return Ok(None) };
        let key = settings.key().ok_or_else(|| Error::internal(format!("{secret} is no secret")))?;
        let keys = vec![Plain::new(Zeroizing::new(key))];
        Ok(Some(Self { url, keys, outbound: outbound.clone() }))
    }

    /// What it answers to a message of JSON, whatever that is; it fails where nobody answers. What is sent again goes by
    /// the same id.
    pub async fn send(&self, id: &str, body: &[u8]) -> Result<Reply> {
        let timestamp = clock::now().timestamp();
        let headers = vec![
            ("content-type", "application/json".to_owned()),
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", timestamp.to_string()),
            ("webhook-signature", signatures(&self.keys, id, timestamp, body)),
        ];
        let ask = Ask {
            method: "POST",
            url: &self.url,
            headers,
            body: Some(body),
            largest: LARGEST,
            patience: PATIENCE,
            reading: Reading::Glance,
        };
        self.outbound.send(&ask).await.map_err(|e| Error::from(error::BUSY).source(e))
    }
}
