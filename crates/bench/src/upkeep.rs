//! What the server costs without being asked anything: time to start, memory idle and after a while of load.

use std::time::Duration;

use crate::client::Client;
use crate::kind::Kind;
use crate::options::Load;
use crate::run::Bench;
use crate::survey::Survey;
use crate::{Result, cell, usage, work};

/// Starts the server several times on an up-to-date schema.
pub fn start(load: &Load) -> Result<()> {
    let mut bench = Bench::start(&load.place)?;
    println!("| contacts | start to ready ms, one a start | median |\n|---|---|---|");
    for size in &load.sizes {
        let (seed, _) = bench.seed(&load.place, size.0)?;
        drop(bench.fresh(&seed)?);
        let mut starts = Vec::new();
        for _ in 0..load.rounds.max(3) {
            starts.push(bench.program.serve(&bench.cluster.url("bench"))?.ready_after.as_secs_f64() * 1e3);
        }
        let each: Vec<String> = starts.iter().map(|millis| format!("{millis:.0}")).collect();
        println!("| {} | {} | {:.0} |", size.0, each.join(", "), cell::median(starts.into_iter()));
    }
    Ok(())
}

/// Memory after the start, after a load of point reads and lists, and the peak of it all.
pub fn memory(load: &Load) -> Result<()> {
    let mut bench = Bench::start(&load.place)?;
    println!("| contacts | idle MB | loaded MB (connections) | peak MB |\n|---|---|---|---|");
    for size in &load.sizes {
        let (seed, _) = bench.seed(&load.place, size.0)?;
        let server = bench.fresh(&seed)?;
        std::thread::sleep(Duration::from_secs(1));
        let idle = usage::resident(server.pid()).unwrap_or_default();
        let mut client = Client::connect(server.addr, &server.login()?)?;
        let survey = Survey::take(&mut client, load, size.0)?;
        let mut loaded = Vec::new();
        for connections in &load.connections {
            for kind in [Kind::Get, Kind::List] {
                let requests = work::requests(kind, &survey, &mut client)?;
                cell::warm(&server, &requests, *connections, Duration::from_secs(load.seconds))?;
            }
            loaded.push(format!("{:.0} ({connections})", usage::resident(server.pid()).unwrap_or_default()));
        }
        let peak = usage::peak(server.pid()).unwrap_or_default();
        println!("| {} | {idle:.0} | {} | {peak:.0} |", size.0, loaded.join(", "));
    }
    Ok(())
}
