//! `bench`: measures the real server over HTTP, and in the same rounds the same SQL through pgbench.
//! Reads top down: `run` (sizes, kinds, rounds) → `cell` (one measurement) → `load` (the requests), `pgbench` (the limit);
//! `limit`, `statements`, `script` turn the server's own SQL, read in PostgreSQL's log, into that limit.
//! Figures are ratios within one run; processor time is read from /proc because it survives a noisy machine.

mod answer;
mod cell;
mod client;
mod cluster;
mod histogram;
mod import;
mod kind;
mod limit;
mod listen;
mod load;
mod options;
mod pgbench;
mod report;
mod request;
mod rotate;
mod run;
mod script;
mod segment;
mod server;
mod sql;
mod statements;
mod survey;
mod upkeep;
mod usage;
mod work;

use std::process::ExitCode;

use clap::Parser;

use options::{Command, Options};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let options = Options::parse();
    let done = match &options.command {
        None => run::all(&options.load),
        Some(Command::Import(import)) => import::measure(import),
        Some(Command::Memory(load)) => upkeep::memory(load),
        Some(Command::Start(load)) => upkeep::start(load),
        Some(Command::Rotate(rotate)) => rotate::measure(rotate),
        Some(Command::Listen(listen)) => listen::measure(listen),
        Some(Command::Segment(segment)) => segment::measure(segment),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A count as a number to divide by; exact up to 2^53.
fn float(count: u64) -> f64 {
    let high = u32::try_from(count >> 32).unwrap_or(u32::MAX);
    let low = u32::try_from(count & 0xffff_ffff).unwrap_or(u32::MAX);
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}
