//! Text messages, on their way out: one at a time to the gateway that the configuration names, by whoever does a job.
use crate::gateway::{Server, Settings};
use crate::outbound::Outbound;
use kernel::{Code, Error, Kind, Result, error, text};
use serde::Serialize;
use std::sync::Arc;
use uuid::Uuid;

pub const NOT_CONFIGURED: Code =
    Code::new("sms_not_configured", Kind::Conflict, "This server sends no text messages: `GUANXI_SMS_URL` is not set.");
pub const REFUSED: Code =
    Code::new("sms_refused", Kind::Invalid, "The gateway refused the text message: it is not sent again.");
pub const CODES: &[Code] = &[NOT_CONFIGURED, REFUSED];

/// A text message, as the gateway gets it.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// sent a second time after a crash, it has the same
    pub id: Uuid,
    /// in E.164
    pub to: String,
    pub text: String,
    /// what it is for: gateways have a template, or a sender, for each
    pub purpose: &'static str,
}

/// The way to telephones. One a program.
#[derive(Clone)]
pub struct Sms(Option<Arc<Server>>);

impl Sms {
    /// Fails where the secret is none; the gateway is first spoken to when there is a message.
    pub fn open(settings: &Settings, outbound: &Outbound) -> Result<Self> {
        Ok(Self(Server::open(settings, "GUANXI_SMS_SECRET", outbound)?.map(Arc::new)))
    }

    /// Whether text messages can be sent.
    pub fn is_configured(&self) -> bool {
        self.0.is_some()
    }

    /// Fails for good with [`REFUSED`]; else it may be tried again.
    pub async fn send(&self, message: &Message) -> Result<()> {
        let Some(server) = &self.0 else { return Err(NOT_CONFIGURED.into()) };
        let body = serde_json::to_vec(message).map_err(Error::internal)?;
        let untaken = || text!("the text message gateway did not take it");
        let reply = server.send(&message.id.to_string(), &body).await.map_err(|e| e.detail(untaken()))?;
        let told = format!("it answered {}", reply.status);
        match reply.status {
            200..=299 => Ok(()),
            400..=499 if ![408, 425, 429].contains(&reply.status) => Err(Error::from(REFUSED).source(told)),
            _ => Err(Error::from(error::BUSY).detail(untaken()).source(told)),
        }
    }
}
