//! Keys of sealed values replaced while callers work: values a second, what callers notice, and whether anything fails
//! or stays under an old key.

use std::rc::Rc;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;

use crate::load::{self, Tally};
use crate::options::Rotate;
use crate::request::{Request, SERIAL, Wire};
use crate::run::Bench;
use crate::server::Server;
use crate::{Result, cluster};

/// How long callers are measured before anything is replaced, and at a time while it is.
const SPELL: Duration = Duration::from_secs(5);
/// Contacts that the identifiers are of.
const CONTACTS: u32 = 10_000;
/// Identifiers that callers ask for.
const ASKED: usize = 1_000;

/// Seals the values by the API, then replaces their keys by the command line, under a load of reveals and lists.
pub fn measure(rotate: &Rotate) -> Result<()> {
    let mut bench = Bench::start(&rotate.place)?;
    let (seed, _) = bench.seed(&rotate.place, CONTACTS)?;
    let server = bench.fresh(&seed)?;
    let url = bench.cluster.url("bench");
    let sealed = seal(&server, &url, rotate)?;
    eprintln!("{} values sealed, {sealed:.0} a second", rotate.values.0);
    let wires = readers(&server, &url)?;
    let calm = load::drive(server.addr, &wires, rotate.connections, SPELL)?;

    let begun = Instant::now();
    let mut child = bench.program.command(&url)?.args(["keys", "rotate", "--data"]).spawn()?;
    let mut spells = Vec::new();
    let status = loop {
        spells.push(load::drive(server.addr, &wires, rotate.connections, SPELL)?);
        if let Some(status) = child.try_wait()? {
            break status;
        }
    };
    let seconds = begun.elapsed().as_secs_f64();
    if !status.success() {
        return Err(
            format!("guanxi keys rotate ended with {status}; see guanxi.log in {}", bench.home.display()).into()
        );
    }
    tell(rotate, &calm, &spells, seconds, old(&url)?);
    Ok(())
}

fn tell(rotate: &Rotate, calm: &Tally, spells: &[Tally], seconds: f64, old: f64) {
    let asked: u64 = spells.iter().flat_map(|spell| spell.statuses.values()).sum();
    let failed: u64 = spells.iter().map(Tally::failed).sum();
    let worst = spells.iter().map(|spell| spell.latency.quantile(990).as_secs_f64() * 1e3).fold(0.0, f64::max);
    let before = calm.latency.quantile(990).as_secs_f64() * 1e3;
    let values = f64::from(rotate.values.0);
    println!(
        "| values | seconds | values/s | requests meanwhile | failed | p99 ms before | worst p99 ms of 5 s | by old keys |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    println!(
        "| {values} | {seconds:.1} | {:.0} | {asked} | {failed} | {before:.1} | {worst:.1} | {old} |",
        values / seconds
    );
}

/// Gives contacts identifiers until there are enough; how many a second.
fn seal(server: &Server, url: &str, rotate: &Rotate) -> Result<f64> {
    let ids = ids(url, "SELECT string_agg(id::text, ' ') AS value FROM contacts")?;
    let (begun, wanted) = (Instant::now(), f64::from(rotate.values.0));
    loop {
        let there = number(url, "SELECT count(*)::text AS value FROM contact_identifiers")?;
        if there >= wanted {
            cluster::connect(url)?.batch_execute("VACUUM (ANALYZE) contact_identifiers")?;
            return Ok(there / begun.elapsed().as_secs_f64());
        }
        let bearer = server.login()?;
        let wires: Rc<[Wire]> = ids.iter().map(|id| identifier(id).wire(&bearer)).collect();
        // as long as it will take, but no longer than a token is good
        let rate = (there / begun.elapsed().as_secs_f64()).max(200.0);
        let time = Duration::from_secs_f64(((wanted - there) / rate).clamp(0.2, 60.0));
        let done = load::drive(server.addr, &wires, rotate.connections, time)?;
        if done.failed() > 0 {
            return Err(format!("identifiers could not be added: {:?}", done.statuses).into());
        }
    }
}

fn identifier(contact: &str) -> Request {
    let body = Some(format!("{{\"kind\":\"passport\",\"value\":\"P{SERIAL}\"}}"));
    Request { method: "POST", target: format!("/v1/contacts/{contact}/identifiers"), body, about: None }
}

/// Those who look at numbers, and those who look at the list of them.
fn readers(server: &Server, url: &str) -> Result<Rc<[Wire]>> {
    let bearer = server.login()?;
    let some = format!(
        "SELECT string_agg(id || '/' || contact_id, ' ') AS value FROM (SELECT id, contact_id FROM contact_identifiers \
         ORDER BY fingerprint LIMIT {ASKED}) AS some"
    );
    let mut wires = Vec::new();
    for pair in ids(url, &some)? {
        let (id, contact) = pair.split_once('/').unwrap_or_default();
        let target = format!("/v1/contact-identifiers/{id}/reveal");
        wires.push(Request { method: "POST", target, body: None, about: None }.wire(&bearer));
        wires.push(Request::get(format!("/v1/contacts/{contact}/identifiers")).wire(&bearer));
    }
    Ok(wires.into())
}

/// Values that a key seals which another has taken the place of.
fn old(url: &str) -> Result<f64> {
    number(
        url,
        "SELECT count(*)::text AS value FROM contact_identifiers AS i JOIN data_keys AS k \
         ON k.tenant_id = i.tenant_id AND k.id IN (i.sealed_key_id, i.fingerprint_key_id) WHERE k.retired_at IS NOT NULL",
    )
}

pub fn ids(url: &str, sql: &str) -> Result<Vec<String>> {
    let all = cluster::text(&mut cluster::connect(url)?, sql)?;
    Ok(all.split(' ').map(str::to_owned).collect())
}

fn number(url: &str, sql: &str) -> Result<f64> {
    Ok(cluster::text(&mut cluster::connect(url)?, sql)?.parse()?)
}
