//! One cell of the measurement: a kind of work, a number of connections, several rounds.
//! In each round ours and the limit take turns at going first; ratios are taken within a round, then their median.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use serde::Serialize;

use crate::load;
use crate::pgbench::Pace;
use crate::request::{Request, Wire};
use crate::server::Server;
use crate::{Result, float, usage};

/// Our side of one round.
#[derive(Clone, Serialize)]
pub struct Ours {
    /// Answers a second.
    pub per_second: f64,
    /// Milliseconds within which half of the answers came.
    pub p50: f64,
    /// Milliseconds within which 99 of 100 came.
    pub p99: f64,
    /// Processor µs an answer in the server.
    pub server: f64,
    /// Processor µs an answer in PostgreSQL.
    pub postgres: f64,
    /// Processor µs an answer in the load generator.
    pub client: f64,
    /// Cores that other programs kept busy meanwhile.
    pub others: f64,
    /// Answers outside 2xx and broken connections.
    pub failed: u64,
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// Memory of the server at the end, in MB.
    pub memory: f64,
    /// Bytes an answer, head and body.
    pub bytes: f64,
}

/// One round: ours, and the limit where there is one.
pub struct Round {
    /// Our side.
    pub ours: Ours,
    /// The other.
    pub limit: Option<Pace>,
}

/// A cell's medians.
#[derive(Clone, Serialize)]
pub struct Row {
    /// Contacts in the database.
    pub size: u32,
    /// The kind of work.
    pub kind: &'static str,
    /// Connections at once.
    pub connections: usize,
    /// Our medians; failures are summed.
    pub ours: Ours,
    /// The limit's medians.
    pub limit: Option<Pace>,
    /// Answers a second divided by the limit's transactions a second.
    pub ratio: Option<f64>,
    /// The limit's processor time divided by all of ours.
    pub cpu_ratio: Option<f64>,
}

/// Sends requests for a while and reads what everyone used.
pub fn measure(
    server: &Server,
    postmaster: u32,
    requests: &[Request],
    connections: usize,
    time: Duration,
) -> Result<Ours> {
    let wires = wires(server, requests)?;
    let read = || (usage::process(server.pid()), usage::postgres(postmaster), usage::own(), usage::machine());
    let before = read();
    let tally = load::drive(server.addr, &wires, connections, time)?;
    let after = read();
    let answered = float(tally.latency.total()).max(1.0);
    let micros = |before: f64, after: f64| (after - before) * 1e6 / answered;
    let known = (after.0 - before.0) + (after.1 - before.1) + (after.2 - before.2);
    let millis = |thousandths| tally.latency.quantile(thousandths).as_secs_f64() * 1e3;
    Ok(Ours {
        per_second: answered / time.as_secs_f64(),
        p50: millis(500),
        p99: millis(990),
        server: micros(before.0, after.0),
        postgres: micros(before.1, after.1),
        client: micros(before.2, after.2),
        others: ((after.3 - before.3 - known) / time.as_secs_f64()).max(0.0),
        failed: tally.failed(),
        statuses: tally.statuses,
        memory: usage::resident(server.pid()).unwrap_or_default(),
        bytes: float(tally.bytes) / answered,
    })
}

/// Sends requests without looking.
pub fn warm(server: &Server, requests: &[Request], connections: usize, time: Duration) -> Result<()> {
    let addr: SocketAddr = server.addr;
    load::drive(addr, &wires(server, requests)?, connections, time)?;
    Ok(())
}

impl Row {
    /// Takes the medians of a cell's rounds.
    pub fn of(size: u32, kind: &'static str, connections: usize, rounds: &[Round]) -> Self {
        let ours = |field: fn(&Ours) -> f64| median(rounds.iter().map(|round| field(&round.ours)));
        let limit = |field: fn(&Pace) -> f64| median(rounds.iter().filter_map(|round| round.limit.as_ref()).map(field));
        let ratio = |of: fn(&Ours, &Pace) -> f64| {
            let pairs = rounds.iter().filter_map(|round| Some((&round.ours, round.limit.as_ref()?)));
            median_of_some(pairs.map(|(ours, limit)| of(ours, limit)))
        };
        Self {
            size,
            kind,
            connections,
            ours: Ours {
                per_second: ours(|o| o.per_second),
                p50: ours(|o| o.p50),
                p99: ours(|o| o.p99),
                server: ours(|o| o.server),
                postgres: ours(|o| o.postgres),
                client: ours(|o| o.client),
                others: ours(|o| o.others),
                failed: rounds.iter().map(|round| round.ours.failed).sum(),
                statuses: statuses(rounds),
                memory: ours(|o| o.memory),
                bytes: ours(|o| o.bytes),
            },
            limit: rounds.iter().any(|round| round.limit.is_some()).then(|| Pace {
                per_second: limit(|l| l.per_second),
                postgres: limit(|l| l.postgres),
                client: limit(|l| l.client),
            }),
            ratio: ratio(|ours, limit| ours.per_second / limit.per_second),
            cpu_ratio: ratio(|ours, limit| limit.total() / (ours.server + ours.postgres + ours.client)),
        }
    }
}

/// The middle value; of an even number, the mean of the two in the middle.
pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    median_of_some(values).unwrap_or_default()
}

fn median_of_some(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    Some((values.get(last / 2)? + values.get(last.div_ceil(2))?) / 2.0)
}

fn statuses(rounds: &[Round]) -> BTreeMap<u16, u64> {
    let mut all = BTreeMap::new();
    for (status, count) in rounds.iter().flat_map(|round| &round.ours.statuses) {
        *all.entry(*status).or_default() += count;
    }
    all
}

fn wires(server: &Server, requests: &[Request]) -> Result<Rc<[Wire]>> {
    let bearer = server.login()?;
    Ok(requests.iter().map(|request| request.wire(&bearer)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0].into_iter()), 2.5);
        assert_eq!(median_of_some([f64::NAN].into_iter()), None);
    }
}
