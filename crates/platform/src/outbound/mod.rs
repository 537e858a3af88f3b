//! The one way out: every HTTP request of this program to somebody else goes through here.
//!
//! A name is resolved once; each of its addresses is asked whether it may be spoken to, and one of those is connected to,
//! so that no second answer of a name server counts. What is not public is refused unless the configuration allows its
//! net. No redirect is followed, no proxy of the environment asked, nothing is unpacked. An answer has a largest size and
//! a last moment. Why something failed is for the log: told to callers, it would tell them what stands inside.
mod address;
mod names;
mod objects;
mod wire;

pub use objects::Objects;

use address::{Rules, Target};
use kernel::net::Nets;
use kernel::{Error, Result};
use names::Names;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// What the way out needs to be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// nets that are not public and may be spoken to all the same, by plain HTTP too and at any port
    pub allow: Nets,
    /// the ports at which public servers may be spoken to
    pub ports: Vec<u16>,
    /// a PEM file with authorities of the house's own, who are trusted beside the public ones
    pub authorities: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { allow: Nets::default(), ports: vec![443, 80], authorities: None }
    }
}

/// A request.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// `GET`, `POST` …
    pub method: &'static str,
    pub url: &'a str,
    /// names in lower case
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<&'a [u8]>,
    /// bytes that an answer may have
    pub largest: usize,
    /// until the answer is there as a whole
    pub patience: Duration,
    /// how an answer is read that is larger, or packed
    pub reading: Reading,
}

/// What becomes of an answer that is larger than it may be, or packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// it is none
    #[default]
    Whole,
    /// its status counts, and as much of its body as may be read
    Glance,
}

/// An answer, whatever its status; one that points elsewhere is followed by nobody.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
    /// `Retry-After`, as it came
    pub retry_after: Option<String>,
}

/// Why there is no answer. For the log, not for callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// it may not be spoken to
    Refused(String),
    Unreachable(String),
    /// it took longer than one waits
    Slow,
    TooLarge,
    /// what came is no answer, or not from whom it should be
    Broken(String),
}

/// Speaks to other servers. One a program.
#[derive(Clone)]
pub struct Outbound {
    rules: Arc<Rules>,
    names: Names,
    tls: Arc<ClientConfig>,
}

impl Outbound {
    /// Fails where the file of authorities cannot be read.
    pub fn open(settings: &Settings) -> Result<Self> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(file) = &settings.authorities {
            let wrong = |e: &dyn std::fmt::Display| Error::internal(format!("GUANXI_OUTBOUND_CA: {e}"));
            for one in CertificateDer::pem_file_iter(file).map_err(|e| wrong(&e))? {
                roots.add(one.map_err(|e| wrong(&e))?).map_err(|e| wrong(&e))?;
            }
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(Error::internal)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let rules = Rules { allow: settings.allow.clone(), ports: settings.ports.clone() };
        Ok(Self { rules: Arc::new(rules), names: Names::of_the_system(), tls: Arc::new(tls) })
    }

    /// Whether something may be spoken to, as far as that can be told without asking anybody: for settings, before they
    /// are kept.
    pub fn check(&self, url: &str) -> std::result::Result<(), Failure> {
        self.rules.sound(&Target::of(url)?)
    }

    pub async fn send(&self, ask: &Ask<'_>) -> std::result::Result<Reply, Failure> {
        let target = Target::of(ask.url)?;
        self.rules.sound(&target)?;
        let work = async {
            let addresses = match target.literal() {
                Some(address) => vec![address],
                None => self.names.addresses(target.url.host_str().unwrap_or_default()).await?,
            };
            self.rules.admit(&target, &addresses)?;
            wire::exchange(ask, &target, &addresses, &self.tls).await
        };
        tokio::time::timeout(ask.patience, work).await.unwrap_or(Err(Failure::Slow))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(why) => write!(f, "refused: {why}"),
            Self::Unreachable(why) => write!(f, "unreachable: {why}"),
            Self::Slow => f.write_str("too slow"),
            Self::TooLarge => f.write_str("the answer is too large"),
            Self::Broken(why) => write!(f, "broken: {why}"),
        }
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests;
