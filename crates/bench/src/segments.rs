//! Segments that follow what changes: how long a look at everybody takes, what a change costs, and whether each equals in
//! the end what its filter finds, reckoned by SQL that is written by hand.

use std::time::{Duration, Instant};

use clap::Args;

use crate::client::Client;
use crate::options::{Place, Size};
use crate::request::{Request, next_serial};
use crate::run::Bench;
use crate::server::Server;
use crate::{Result, cluster, rotate, usage};

#[derive(Args, Clone)]
pub struct Segments {
    /// Contacts, one run each; a tenth as many changes are made.
    #[arg(long, value_delimiter = ',', default_value = "10k,100k,1M")]
    pub sizes: Vec<Size>,
    /// Connections that make them.
    #[arg(long, default_value_t = 8)]
    pub writers: usize,
    /// Where things stand.
    #[command(flatten)]
    pub place: Place,
}

/// Filter, and the same in SQL over contacts `c`.
const ASKED: [(&str, &str); 3] = [
    (
        "lifecycle_stage == \\\"customer\\\" && !do_not_contact",
        "c.lifecycle_stage = 'customer' AND NOT c.do_not_contact",
    ),
    (
        "orders.exists(o, o.total.amount > 500)",
        "EXISTS (SELECT FROM orders o WHERE o.tenant_id = c.tenant_id AND o.contact_id = c.id AND o.deleted_at IS NULL \
         AND o.total_amount > 500)",
    ),
    (
        "account.rating == \\\"hot\\\"",
        "EXISTS (SELECT FROM accounts a WHERE a.tenant_id = c.tenant_id AND a.id = c.account_id AND a.deleted_at IS NULL \
         AND a.rating = 'hot')",
    ),
];
const PATIENCE: Duration = Duration::from_secs(3_600);

pub fn measure(segments: &Segments) -> Result<()> {
    let mut bench = Bench::start(&segments.place)?;
    println!(
        "| contacts | built s | changes | changes/s | followed s after | ms CPU a change, all and PostgreSQL | unequal |"
    );
    println!("|---|---|---|---|---|---|---|");
    for size in &segments.sizes {
        let (seed, _) = bench.seed(&segments.place, size.0)?;
        let server = bench.fresh(&seed)?;
        one(segments, size.0, &server, &bench.cluster.url("bench"), bench.cluster.postmaster)?;
    }
    Ok(())
}

fn one(segments: &Segments, size: u32, server: &Server, url: &str, postmaster: u32) -> Result<()> {
    let mut client = Client::connect(server.addr, &server.login()?)?;
    let begun = Instant::now();
    for (at, (filter, _)) in ASKED.iter().enumerate() {
        let body = format!(
            "{{\"name\":\"Segment {at}\",\"resource\":\"contact\",\"kind\":\"dynamic\",\"filter\":\"{filter}\"}}"
        );
        let new = Request { method: "POST", target: "/v1/segments".into(), body: Some(body), about: None };
        client.json(&new)?;
    }
    until(url, "SELECT (count(*) FILTER (WHERE status <> 'ready'))::text AS value FROM segments")?;
    let built = begun.elapsed().as_secs_f64();
    let before = usage::process(server.pid()) + usage::postgres(postmaster);
    let (of_postgres, begun) = (usage::postgres(postmaster), Instant::now());
    let changes = change(segments, size, server, url)?;
    let changed = begun.elapsed().as_secs_f64();
    let rest = "SELECT (count(*) FILTER (WHERE a.seq > c.position))::text AS value FROM segment_cursors c \
                JOIN LATERAL (SELECT max(seq) AS seq FROM audit_chain a WHERE a.tenant_id = c.tenant_id) a ON true";
    let begun = Instant::now();
    // what was written last is sealed within a second
    std::thread::sleep(Duration::from_secs(2));
    until(url, rest)?;
    let followed = begun.elapsed().as_secs_f64();
    let spent = usage::process(server.pid()) + usage::postgres(postmaster) - before;
    let of_postgres = usage::postgres(postmaster) - of_postgres;
    let a_change = f64::from(u32::try_from(changes)?) / 1e3;
    println!(
        "| {size} | {built:.1} | {changes} | {:.0} | {followed:.1} | {:.2}, {:.2} | {} |",
        a_change * 1e3 / changed,
        spent / a_change,
        of_postgres / a_change,
        unequal(url)?
    );
    Ok(())
}

/// A tenth of the contacts, and of the accounts and orders beside them, by many at once.
fn change(segments: &Segments, size: u32, server: &Server, url: &str) -> Result<usize> {
    let some = |table: &str, most: u32| {
        let ids = format!("SELECT id FROM {table} WHERE deleted_at IS NULL ORDER BY md5(id::text) LIMIT {most}");
        rotate::ids(url, &format!("SELECT coalesce(string_agg(id::text, ' '), '') AS value FROM ({ids}) t"))
    };
    let (contacts, orders, accounts) =
        (some("contacts", size / 10)?, some("orders", size / 100)?, some("accounts", size / 1_000)?);
    let stages = ["customer", "lead"];
    let of_contact = |(at, id): (usize, &String)| {
        let stage = stages.get(at % 2).copied().unwrap_or("lead");
        (
            format!("/v1/contacts/{id}"),
            format!("{{\"lifecycle_stage\":\"{stage}\",\"do_not_contact\":{}}}", at % 3 == 0),
        )
    };
    let mut all: Vec<(String, String)> = contacts.iter().enumerate().map(of_contact).collect();
    let contact = |at: usize| contacts.get(at % contacts.len().max(1)).cloned().unwrap_or_default();
    all.extend(
        orders
            .iter()
            .filter(|id| !id.is_empty())
            .enumerate()
            .map(|(at, id)| (format!("/v1/orders/{id}"), format!("{{\"contact_id\":\"{}\"}}", contact(at * 7)))),
    );
    all.extend(accounts.iter().filter(|id| !id.is_empty()).enumerate().map(|(at, id)| {
        let rating = if at % 2 == 0 { "hot" } else { "cold" };
        (format!("/v1/accounts/{id}"), format!("{{\"rating\":\"{rating}\"}}"))
    }));
    let (bearer, addr, writers) = (server.login()?, server.addr, segments.writers.max(1));
    std::thread::scope(|scope| {
        let run = |writer: usize| {
            let (all, bearer) = (&all, &bearer);
            scope.spawn(move || {
                let mut client = Client::connect(addr, bearer).map_err(|e| e.to_string())?;
                for (target, body) in all.iter().skip(writer).step_by(writers) {
                    let (target, body) = (target.clone(), Some(body.clone()));
                    let request = Request { method: "PATCH", target, body, about: None };
                    let (status, _) = client.send(&request, &next_serial()).map_err(|e| e.to_string())?;
                    // an order of the past may be closed to changes
                    if status >= 500 {
                        return Err(format!("{} answered {status}", request.target));
                    }
                }
                Ok::<(), String>(())
            })
        };
        let runs: Vec<_> = (0..writers).map(run).collect();
        runs.into_iter().try_for_each(|run| run.join().map_err(|_| "a writer broke down".to_owned())?)
    })?;
    Ok(all.len())
}

/// Waits until the text is nought.
fn until(url: &str, sql: &str) -> Result<()> {
    let (mut conn, since) = (cluster::connect(url)?, Instant::now());
    while cluster::text(&mut conn, sql)? != "0" {
        if since.elapsed() > PATIENCE {
            return Err(format!("not in time: {sql}").into());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Contacts that are in a segment and do not belong, or belong and are not.
fn unequal(url: &str) -> Result<u64> {
    let mut conn = cluster::connect(url)?;
    let mut all = 0;
    for (at, (_, condition)) in ASKED.iter().enumerate() {
        let sql = format!(
            "SELECT count(*)::text AS value FROM (SELECT c.id FROM contacts c WHERE c.deleted_at IS NULL AND {condition}) f \
             FULL JOIN (SELECT m.record_id FROM segment_members m JOIN segments s ON s.tenant_id = m.tenant_id \
             AND s.id = m.segment_id WHERE s.name = 'Segment {at}' AND m.left_at IS NULL) m ON m.record_id = f.id \
             WHERE m.record_id IS NULL OR f.id IS NULL"
        );
        all += cluster::text(&mut conn, &sql)?.parse::<u64>()?;
    }
    Ok(all)
}
