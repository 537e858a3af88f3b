//! The command line: which sizes, kinds, connections, how long and how often.
//! Every default is that of a full run; a quick one names less.

use std::path::PathBuf;
use std::str::FromStr;

use crate::kind::Kinds;
use crate::listen::Listen;
use clap::{Args, Parser, Subcommand};

/// Measures the release binary against the same SQL through pgbench, on a durable PostgreSQL of its own.
#[derive(Parser)]
#[command(name = "bench", args_conflicts_with_subcommands = true)]
pub struct Options {
    /// What to measure; without a command: requests over HTTP.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Options of the measurement of requests.
    #[command(flatten)]
    pub load: Load,
}

/// The other measurements.
#[derive(Subcommand)]
pub enum Command {
    /// Rows per second and peak memory of `guanxi import` against COPY of the same rows into the same indexed tables.
    Import(Import),
    /// Memory idle and under load.
    Memory(Load),
    /// Time from the start of the process to the first ready answer, schema up to date.
    Start(Load),
    /// Keys of sealed values replaced under load.
    Rotate(Rotate),
    /// Delay from a change to the frames of those who listen.
    Listen(Listen),
    /// A dynamic segment under changes, against what its filter says.
    Segment(Segment),
}

/// What is measured, where and how long.
#[derive(Args, Clone)]
pub struct Load {
    /// Contacts to seed, one run each: 10k, 100k, 1M.
    #[arg(long, value_delimiter = ',', default_value = "10k,100k,1M")]
    pub sizes: Vec<Size>,
    /// Kinds of work; `list` and `search` stand for all of theirs.
    #[arg(long, value_delimiter = ',', default_value = "get,list,search,update,create")]
    pub kinds: Vec<Kinds>,
    /// Connections at once.
    #[arg(long, value_delimiter = ',', default_value = "1,16,64")]
    pub connections: Vec<usize>,
    /// Seconds measured in each cell.
    #[arg(long, default_value_t = 6)]
    pub seconds: u64,
    /// Seconds of warming up before the first round of a cell.
    #[arg(long, default_value_t = 3)]
    pub warm: u64,
    /// Rounds, ours and the limit taking turns.
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
    /// CEL filter of the lists; `{}` is replaced by each of `--values`.
    #[arg(long, default_value = "lifecycle_stage == \"{}\"")]
    pub filter: String,
    /// Values for the filter, one variant each.
    #[arg(long, value_delimiter = ',', default_value = "lead,opportunity,customer,subscriber,churned")]
    pub values: Vec<String>,
    /// Sort order of the lists.
    #[arg(long, default_value = "-created_at")]
    pub sort: String,
    /// Where things stand.
    #[command(flatten)]
    pub place: Place,
}

/// The programs and directories of a measurement.
#[derive(Args, Clone)]
pub struct Place {
    /// The release binary to measure.
    #[arg(long, default_value = "target/release/guanxi")]
    pub guanxi: PathBuf,
    /// Keeps PostgreSQL and the seeded databases here for the next run; without it they are temporary.
    #[arg(long)]
    pub data_dir: Option<PathBuf>,
    /// The report, as Markdown; its figures beside it as JSON.
    #[arg(long, default_value = "target/bench/report.md")]
    pub out: PathBuf,
    /// The kind of demo data.
    #[arg(long, default_value = "retail-zh")]
    pub profile: String,
}

/// One file to import.
#[derive(Args, Clone)]
pub struct Import {
    /// The file.
    #[arg(long)]
    pub file: PathBuf,
    /// Its mapping.
    #[arg(long)]
    pub map: PathBuf,
    /// The resource it holds.
    #[arg(long, default_value = "contacts")]
    pub resource: String,
    /// The tables whose rows COPY writes for comparison; without it the resource's own.
    #[arg(long, value_delimiter = ',')]
    pub tables: Vec<String>,
    /// Where things stand.
    #[command(flatten)]
    pub place: Place,
}

/// How many contacts, and how many of them change.
#[derive(Args, Clone)]
pub struct Segment {
    /// Contacts to seed, one run each.
    #[arg(long, value_delimiter = ',', default_value = "10k,100k,1M")]
    pub sizes: Vec<Size>,
    /// Random changes.
    #[arg(long, default_value = "100k")]
    pub changes: Size,
    /// Where things stand.
    #[command(flatten)]
    pub place: Place,
}

/// How many sealed values, and who asks for them meanwhile.
#[derive(Args, Clone)]
pub struct Rotate {
    /// Values whose keys are replaced.
    #[arg(long, default_value = "100k")]
    pub values: Size,
    /// Connections at once.
    #[arg(long, default_value_t = 16)]
    pub connections: usize,
    /// Where things stand.
    #[command(flatten)]
    pub place: Place,
}

/// A number of contacts, written like 10k or 1M.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size(pub u32);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (digits, unit) = match text.trim_end_matches(['k', 'K', 'm', 'M']) {
            digits if digits.len() == text.len() => (digits, 1),
            digits if text.ends_with(['k', 'K']) => (digits, 1_000),
            digits => (digits, 1_000_000),
        };
        let number = digits.parse::<u32>().ok().and_then(|number| number.checked_mul(unit));
        number.filter(|number| *number > 0).map(Size).ok_or_else(|| format!("{text} is no size like 10k or 1M"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!("10k".parse::<Size>().unwrap(), Size(10_000));
        assert_eq!("1M".parse::<Size>().unwrap(), Size(1_000_000));
        assert_eq!("77".parse::<Size>().unwrap(), Size(77));
        for wrong in ["", "k", "1kk0", "-1", "0", "9999999M", "1.5M"] {
            assert!(wrong.parse::<Size>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_quick_run_and_a_command_parse() {
        let quick =
            Options::try_parse_from(["bench", "--sizes", "10k", "--seconds", "3", "--kinds", "get,list"]).unwrap();
        assert_eq!((quick.load.sizes, quick.load.seconds, quick.load.kinds.len()), (vec![Size(10_000)], 3, 2));
        let import = Options::try_parse_from(["bench", "import", "--file", "a.csv", "--map", "a.json"]).unwrap();
        assert!(matches!(import.command, Some(Command::Import(_))));
    }
}
