//! The limit: a script through `pgbench -M prepared`, one thread, as many clients as we have connections.
//! Its first second, with connecting and planning in it, is left out of rate and processor time alike.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::{Result, float, usage};

/// A script ready to be run against a database.
#[derive(Clone)]
pub struct Limit {
    program: PathBuf,
    script: PathBuf,
    database: String,
    postmaster: u32,
    plans: &'static str,
}

/// What one run of it came to.
#[derive(Clone, Serialize)]
pub struct Pace {
    /// Transactions a second.
    pub per_second: f64,
    /// Processor µs a transaction in PostgreSQL.
    pub postgres: f64,
    /// Processor µs a transaction in pgbench itself.
    pub client: f64,
}

impl Limit {
    /// Tries the script once, and for readings takes the faster of the two ways to plan it.
    pub fn new(program: &Path, script: PathBuf, database: String, postmaster: u32, writes: bool) -> Result<Self> {
        let program = program.to_owned();
        let limit = Self { program, script, database, postmaster, plans: "auto" };
        limit.repeat(3)?;
        if !writes {
            let kept = limit.run(8, 1)?;
            let planned = Self { plans: "force_custom_plan", ..limit.clone() };
            if planned.run(8, 1)?.per_second > kept.per_second * 1.05 {
                return Ok(planned);
            }
        }
        Ok(limit)
    }

    /// Its plans: `auto`, or made anew for each transaction where that is faster.
    pub fn plans(&self) -> &'static str {
        self.plans
    }

    /// Runs for the given seconds after a first one that does not count.
    pub fn run(&self, clients: usize, seconds: u64) -> Result<Pace> {
        let ended_before = usage::ended_children();
        let mut child = self.command(clients).args(["-P", "1", "-T", &(seconds + 1).to_string()]).spawn()?;
        let mut errors = BufReader::new(child.stderr.take().ok_or("pgbench has no standard error")?);
        let mut said = String::new();
        let first = loop {
            let mut line = String::new();
            if errors.read_line(&mut line)? == 0 {
                break None;
            }
            said.push_str(&line);
            if let Some(progress) = progress(&line) {
                break Some((progress, Instant::now(), usage::postgres(self.postmaster), usage::process(child.id())));
            }
        };
        errors.read_to_string(&mut said)?;
        let out = child.wait_with_output()?;
        let stopped = Instant::now();
        // the backends' time is counted once the postmaster has reaped them
        std::thread::sleep(Duration::from_millis(300));
        let processed = processed(&String::from_utf8_lossy(&out.stdout)).filter(|_| out.status.success());
        let (Some(processed), Some(((second, tps), begun, postgres, client))) = (processed, first) else {
            return Err(format!("pgbench: {}", complaint(&said)).into());
        };
        let counted = (processed - second * tps).max(1.0);
        let micros = |seconds: f64| seconds * 1e6 / counted;
        Ok(Pace {
            per_second: counted / (stopped - begun).as_secs_f64(),
            postgres: micros(usage::postgres(self.postmaster) - postgres),
            client: micros(usage::ended_children() - ended_before - client),
        })
    }

    /// Runs the script so many times, with one client.
    pub fn repeat(&self, times: u32) -> Result<()> {
        let out = self.command(1).args(["-t", &times.to_string()]).output()?;
        if out.status.success() { Ok(()) } else { Err(complaint(&String::from_utf8_lossy(&out.stderr)).into()) }
    }

    fn command(&self, clients: usize) -> Command {
        // serial numbers and ids begin at another place in each run
        static RUN: AtomicU32 = AtomicU32::new(1);
        let run = RUN.fetch_add(1, Ordering::Relaxed) % 4000;
        let mut command = Command::new(&self.program);
        command.args(["-n", "-M", "prepared", "-j", "1", "-c", &clients.to_string()]);
        command.args(["-D", "n=0", "-D", &format!("run={run}"), "-f"]).arg(&self.script).arg(&self.database);
        command.env("PGOPTIONS", format!("-c plan_cache_mode={}", self.plans));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

impl Pace {
    /// Processor µs a transaction, all together.
    pub fn total(&self) -> f64 {
        self.postgres + self.client
    }
}

/// `progress: 1.0 s, 27471.0 tps, …`: after how many seconds, and how fast.
fn progress(line: &str) -> Option<(f64, f64)> {
    let (seconds, rest) = line.strip_prefix("progress: ")?.split_once(" s, ")?;
    Some((seconds.parse().ok()?, rest.split_once(" tps")?.0.parse().ok()?))
}

fn processed(out: &str) -> Option<f64> {
    let line = out.lines().find_map(|line| line.strip_prefix("number of transactions actually processed: "))?;
    line.split('/').next()?.trim().parse::<u64>().ok().map(float)
}

/// The line that says what is wrong, without the SQL that follows.
fn complaint(said: &str) -> String {
    let line = said.lines().find(|line| line.contains("rror")).or_else(|| said.lines().next());
    line.unwrap_or("it said nothing").chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_pgbench_prints() {
        let line = "progress: 1.0 s, 27471.5 tps, lat 0.582 ms stddev 0.101, 0 failed";
        assert_eq!(progress(line), Some((1.0, 27471.5)));
        assert_eq!(progress("pgbench (15.4)"), None);
        assert_eq!(processed("x\nnumber of transactions actually processed: 1234\n"), Some(1234.0));
        assert_eq!(processed("number of transactions actually processed: 12/24\n"), Some(12.0));
        assert_eq!(complaint("a\npgbench: error: no such table\nb"), "pgbench: error: no such table");
    }
}
