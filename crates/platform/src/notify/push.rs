//! What goes to devices, on its way out: to the push gateway that the configuration names, a server of the company's own,
//! which holds the keys of Apple, Google and browsers. What it is sent is signed as the Standard Webhooks specification
//! says, and holds nothing of any record.
pub use crate::gateway::Settings;

use crate::gateway::Server;
use crate::outbound::Outbound;
use kernel::{Error, Result, error, text};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

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
        Ok(Self(match Server::open(settings, "GUANXI_PUSH_SECRET", outbound)? {
            Some(server) => Arc::new(server),
            None => Arc::new(Log),
        }))
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

/// What a gateway may say: the tokens that are of no device any more.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    gone: Vec<String>,
}

impl Server {
    async fn exchange(&self, id: &str, message: &Message) -> Result<Vec<String>> {
        let reply = self.send(id, &serde_json::to_vec(message).map_err(Error::internal)?).await?;
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
