//! `guanxi import`.
use super::Outcome;
use crate::config::Config;

#[derive(Debug, clap::Args)]
pub struct Import;

impl Import {
    pub async fn run(&self, _: &Config) -> Outcome {
        Ok(())
    }
}
