//! The command line.
mod audit;
mod database;
mod doctor;
mod documents;
mod export;
mod first;
mod import;
mod keys;
mod privacy;
mod seed;
mod serve;

use crate::config::{Config, VARIABLES};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::io::IsTerminal;
use std::process::ExitCode;

pub use database::Database;

/// Guanxi, the headless CRM.
#[derive(Debug, Parser)]
#[command(name = "guanxi", version, about, arg_required_else_help = true)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API; makes the schema, the first tenant and its owner where there are none
    Serve,
    /// Work on jobs only; several may run on several machines
    Worker,
    /// Bring the schema up to date
    Migrate(database::Migrate),
    /// Fill the tenant with demo data
    Seed(seed::Seed),
    /// Bring a file in
    Import(import::Import),
    /// Take a list out
    Export(export::Export),
    /// The keys of what is sealed: list them, replace them
    Keys(keys::Keys),
    /// What was erased, carried out again
    Privacy(privacy::Privacy),
    /// Print the OpenAPI document, or the list of error codes
    Openapi(documents::Openapi),
    /// Verify the audit trail, sign how far it goes, or drop old months of it
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Look whether everything is as it should be
    Doctor,
}

pub fn main() -> ExitCode {
    let line = Line::command().after_help(variables()).get_matches();
    let line = match Line::from_arg_matches(&line) {
        Ok(line) => line,
        Err(e) => e.exit(),
    };
    if let Command::Openapi(openapi) = line.command {
        return said(openapi.run());
    }
    let config = match Config::read() {
        Ok(config) => config,
        Err(faults) => {
            eprintln!("{faults}");
            return ExitCode::from(2);
        }
    };
    let filter = tracing_subscriber::EnvFilter::new(&config.log);
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    said(actix_web::rt::System::new().block_on(run(line.command, config)))
}

async fn run(command: Command, config: Config) -> Outcome {
    match command {
        Command::Serve => serve::serve(config).await,
        Command::Worker => serve::work(config).await,
        Command::Migrate(migrate) => migrate.run(&config),
        Command::Seed(seed) => seed.run(&config).await,
        Command::Import(import) => import.run(&config).await,
        Command::Export(export) => export.run(&config).await,
        Command::Keys(keys) => keys.run(&config).await,
        Command::Privacy(privacy) => privacy.run(&config).await,
        Command::Audit(audit) => audit.run(&config),
        Command::Doctor => doctor::run(&config).await,
        Command::Openapi(openapi) => openapi.run(),
    }
}

/// What a command comes to: a fault is one sentence for the person who typed it.
type Outcome = Result<(), Box<dyn std::error::Error>>;

fn said(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("guanxi: {e}");
            ExitCode::FAILURE
        }
    }
}

fn variables() -> String {
    let width = VARIABLES.iter().map(|(name, ..)| name.len()).max().unwrap_or_default();
    let line = |(name, what, default): &(&str, &str, &str)| format!("  {name:width$}  {what} [{default}]\n");
    format!("Environment (a .env file is read too):\n{}", VARIABLES.iter().map(line).collect::<String>())
}
