//! The measurement of requests: sizes, within them kinds, within them connections, within them rounds.
//! Writing cells start from a fresh copy of the seed, so that ten thousand contacts stay ten thousand.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel::Connection;
use diesel::connection::SimpleConnection;

use crate::cell::{self, Round, Row};
use crate::client::Client;
use crate::cluster::{self, Cluster};
use crate::kind::Kind;
use crate::limit;
use crate::options::{Load, Place};
use crate::pgbench::Limit;
use crate::report::{Report, SizeFacts};
use crate::request::Request;
use crate::server::{Program, Server};
use crate::survey::Survey;
use crate::{Result, usage, work};

/// A PostgreSQL and the program to measure on it; what is temporary goes with it.
pub struct Bench {
    /// The server to measure.
    pub program: Program,
    /// Its PostgreSQL.
    pub cluster: Cluster,
    /// Where scripts and logs are written.
    pub home: PathBuf,
    // last: removed when the cluster has stopped
    _temporary: Option<Temporary>,
}

impl Bench {
    /// Starts PostgreSQL.
    pub fn start(place: &Place) -> Result<Self> {
        let temporary = place.data_dir.is_none().then(Temporary::new);
        let root = match (&place.data_dir, &temporary) {
            (Some(dir), _) => std::path::absolute(dir)?,
            (None, Some(temporary)) => temporary.0.clone(),
            (None, None) => std::env::temp_dir(),
        };
        let home = root.join("guanxi");
        let program = Program::new(&place.guanxi, &home)?;
        let cluster = Cluster::start(&root.join("postgres"))?;
        Ok(Self { program, cluster, home, _temporary: temporary })
    }

    /// The same with a team of sellers, and what they have done.
    fn sold(&mut self, place: &Place, size: u32) -> Result<(String, f64)> {
        let (seed, took) = self.seed(place, size)?;
        let (name, mark) = (format!("sold_{size}"), format!("{} {size} sold", place.profile));
        if self.cluster.mark(&name)? == mark {
            return Ok((name, took));
        }
        self.cluster.copy(&name, &seed)?;
        let begun = Instant::now();
        let mut connection = cluster::connect(&self.cluster.url(&name))?;
        connection.transaction(|connection| connection.batch_execute(include_str!("sales.sql")))?;
        drop(connection);
        self.cluster.finish(&name, &mark)?;
        Ok((name, took + begun.elapsed().as_secs_f64()))
    }

    /// A database of this many contacts that is only copied; seconds it took to fill, if it was not there yet.
    pub fn seed(&mut self, place: &Place, size: u32) -> Result<(String, f64)> {
        let (name, mark) = (format!("seed_{size}"), format!("{} {size}", place.profile));
        if self.cluster.mark(&name)? == mark {
            return Ok((name, 0.0));
        }
        self.cluster.create(&name)?;
        let url = self.cluster.url(&name);
        // the first start migrates and makes the tenant
        drop(self.program.serve(&url)?);
        let begun = Instant::now();
        self.program.seed(&url, &place.profile, size)?;
        let took = begun.elapsed().as_secs_f64();
        self.cluster.finish(&name, &mark)?;
        Ok((name, took))
    }

    /// A server on a fresh copy of a seed. The one before must be gone.
    pub fn fresh(&mut self, seed: &str) -> Result<Server> {
        self.cluster.copy("bench", seed)?;
        self.program.serve(&self.cluster.url("bench"))
    }
}

/// Measures every size; the report is written after each kind, so that an interrupted run is not lost.
pub fn all(load: &Load) -> Result<()> {
    let mut bench = Bench::start(&load.place)?;
    let mut report = Report::new(load, bench.cluster.version()?);
    if bench.cluster.pgbench().is_none() {
        report.note("pgbench is not installed: no limit is measured".to_owned());
    }
    for size in &load.sizes {
        size_of(&mut bench, load, size.0, &mut report)?;
    }
    report.write(&load.place.out)?;
    println!("{}", report.markdown());
    Ok(())
}

fn size_of(bench: &mut Bench, load: &Load, size: u32, report: &mut Report) -> Result<()> {
    eprintln!("{size} contacts: seeding");
    let sells = work::kinds(load).into_iter().any(Kind::sells);
    let (seed, seeded) = if sells { bench.sold(&load.place, size)? } else { bench.seed(&load.place, size)? };
    drop(bench.fresh(&seed)?);
    let (mut server, facts) = started(bench, size, seeded)?;
    report.facts(facts);
    let mut client = Client::connect(server.addr, &server.login()?)?;
    let survey = Survey::take(&mut client, load, size)?;
    survey.notes.iter().for_each(|note| report.note(format!("{size}: {note}")));
    for kind in work::kinds(load) {
        let mut client = Client::connect(server.addr, &server.login()?)?;
        let requests = work::requests(kind, &survey, &mut client)?;
        if requests.is_empty() {
            report.note(format!("{size} {}: the data offer nothing to ask for", kind.name()));
            continue;
        }
        let limit = limit::of(bench, &server, kind, &requests).unwrap_or_else(|why| {
            report.note(format!("{size} {}: no limit: {why}", kind.name()));
            None
        });
        if limit.as_ref().is_some_and(|limit| limit.plans() != "auto") {
            report.note(format!("{size} {}: the limit plans each time, which is faster", kind.name()));
        }
        let subject = Subject { kind, size, seed: &seed, requests: &requests, limit: limit.as_ref() };
        for connections in &load.connections {
            let (next, rounds) = rounds(bench, load, &subject, *connections, server)?;
            server = next;
            report.row(Row::of(size, kind.name(), *connections, &rounds));
            report.write(&load.place.out)?;
        }
    }
    Ok(())
}

/// What a cell measures.
struct Subject<'a> {
    kind: Kind,
    size: u32,
    seed: &'a str,
    requests: &'a [Request],
    limit: Option<&'a Limit>,
}

fn rounds(
    bench: &mut Bench,
    load: &Load,
    subject: &Subject<'_>,
    connections: usize,
    mut server: Server,
) -> Result<(Server, Vec<Round>)> {
    let mut rounds = Vec::new();
    for round in 0..load.rounds {
        // a copy costs with the size what it is worth without: small ones are renewed in every round
        let renew = subject.kind.writes() && (round == 0 || subject.size <= 200_000);
        if renew {
            drop(server);
            server = bench.fresh(subject.seed)?;
        }
        let warm = if round == 0 || renew { Duration::from_secs(load.warm) } else { Duration::from_millis(500) };
        // the first change of a page after a checkpoint copies all of it into the log: whoever came first would pay
        // for both, so that each record is written before either side is measured
        let warm = if renew { warm.max(TOUCHED) } else { warm };
        cell::warm(&server, subject.requests, connections, warm)?;
        let limit_first = round % 2 == 1;
        let mut limit = if limit_first { limit_of(subject, connections, load.seconds)? } else { None };
        let time = Duration::from_secs(load.seconds);
        let ours = cell::measure(&server, bench.cluster.postmaster, subject.requests, connections, time)?;
        if !limit_first {
            limit = limit_of(subject, connections, load.seconds)?;
        }
        rounds.push(Round { ours, limit });
    }
    Ok((server, rounds))
}

fn limit_of(subject: &Subject<'_>, connections: usize, seconds: u64) -> Result<Option<crate::pgbench::Pace>> {
    subject.limit.map(|limit| limit.run(connections, seconds)).transpose()
}

/// Long enough to write each record once, at 200 a second.
const TOUCHED: Duration = Duration::from_secs(5);

/// A server, with its start and idle memory from three starts on an up-to-date schema.
fn started(bench: &Bench, size: u32, seeded: f64) -> Result<(Server, SizeFacts)> {
    let url = bench.cluster.url("bench");
    let mut starts = Vec::new();
    for _ in 0..2 {
        starts.push(bench.program.serve(&url)?.ready_after);
    }
    let server = bench.program.serve(&url)?;
    starts.push(server.ready_after);
    std::thread::sleep(Duration::from_secs(1));
    let idle = usage::resident(server.pid()).unwrap_or_default();
    let start = cell::median(starts.iter().map(|start| start.as_secs_f64() * 1e3));
    Ok((server, SizeFacts { size, seeded, start, idle }))
}

/// A directory that is removed with everything in it.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("guanxi-bench-{}", std::process::id())))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(Path::new(&self.0));
    }
}
