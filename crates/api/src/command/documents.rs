//! `guanxi openapi`: what is generated and committed.
use super::Outcome;
use crate::{house, openapi, problem};
use clap::Args;
use std::fmt::Write;

#[derive(Debug, Args)]
pub struct Openapi {
    /// the error codes instead, as Markdown
    #[arg(long)]
    errors: bool,
}

impl Openapi {
    pub fn run(&self) -> Outcome {
        if self.errors {
            print!("{}", errors());
        } else {
            println!("{}", openapi::document().to_pretty_json()?);
        }
        Ok(())
    }
}

/// Every code, its status and its meaning.
pub fn errors() -> String {
    let mut text = String::from(
        "# Errors\n\nEvery fault is answered as `application/problem+json` (RFC 9457). Its `code` is one of these and keeps its \
         meaning; `errors` names the faults of single fields, at JSON pointers.\n\n| code | status | meaning |\n|---|---|---|\n",
    );
    for code in house::codes() {
        let _ = writeln!(text, "| `{}` | {} | {} |", code.name, problem::status(code.kind).as_u16(), code.meaning);
    }
    text
}
