//! The limit of a kind of work: a few requests are sent while PostgreSQL logs its statements, and those become a script.

use crate::Result;
use crate::client::Client;
use crate::cluster::Cluster;
use crate::kind::Kind;
use crate::pgbench::Limit;
use crate::request::{Request, SERIAL, next_serial};
use crate::run::Bench;
use crate::script::{self, Probe};
use crate::server::Server;
use crate::statements::Statement;
use crate::work;

const PROBES: usize = 32;

/// Makes the limit; `None` without pgbench.
pub fn of(bench: &mut Bench, server: &Server, kind: Kind, requests: &[Request]) -> Result<Option<Limit>> {
    let Some(program) = bench.cluster.pgbench() else { return Ok(None) };
    let mut client = Client::connect(server.addr, &server.login()?)?;
    // caches fill first: what only a first request asks is no part of the work
    for request in requests.iter().take(3) {
        client.send(request, &next_serial())?;
    }
    bench.cluster.log_statements(true)?;
    let probes = probes(&bench.cluster, &mut client, requests);
    bench.cluster.log_statements(false)?;
    let ids: Vec<String> = requests.iter().filter_map(|request| request.about.clone()).take(work::POOL).collect();
    let mut types = |statement: &Statement| bench.cluster.parameter_types("bench", statement);
    let text = script::write(&probes?, &ids, &mut types).ok_or("its statements cannot be read in the server's log")?;
    let path = bench.home.join(format!("{}.sql", kind.name()));
    std::fs::write(&path, &text)?;
    let database = bench.cluster.url("bench");
    let limit = Limit::new(&program, path, database, bench.cluster.postmaster, kind.writes())?;
    if kind.writes() {
        check(&bench.cluster, &limit, writing_clauses(&text))?;
    }
    Ok(Some(limit))
}

/// A script that changes fewer rows than its statements name (a version that no longer matches) is no limit.
fn check(cluster: &Cluster, limit: &Limit, clauses: usize) -> Result<()> {
    let before = cluster.written("bench")?;
    limit.repeat(100)?;
    let rows = (cluster.written("bench")? - before) / 100.0;
    let expected = f64::from(u32::try_from(clauses)?);
    // a clause may have nothing to write: a contact without an account joins none
    if rows < expected * 0.75 {
        return Err(format!("its script writes {rows:.1} rows a transaction where {expected} are named").into());
    }
    Ok(())
}

fn writing_clauses(text: &str) -> usize {
    let upper = text.to_uppercase();
    let all = upper.matches("INSERT INTO ").count() + upper.matches("UPDATE ").count();
    all - upper.matches("FOR UPDATE ").count() - upper.matches("DO UPDATE ").count()
}

fn probes(cluster: &Cluster, client: &mut Client, requests: &[Request]) -> Result<Vec<Probe>> {
    let mut probes = Vec::new();
    // few kinds have as many requests: those that have fewer go round, so that stray statements can be told apart
    for request in requests.iter().cycle().take(PROBES.min(requests.len().max(5))) {
        let serial = next_serial();
        let ((status, body), statements) = cluster.listen(|| client.send(request, &serial))?;
        if !(200..300).contains(&status) {
            let body = String::from_utf8_lossy(&body).into_owned();
            return Err(format!("{} {}: {status} {body}", request.method, request.target).into());
        }
        let serial = request.body.as_ref().filter(|body| body.contains(SERIAL)).map(|_| serial);
        probes.push(Probe { about: request.about.clone(), serial, statements });
    }
    Ok(probes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_a_script_writes() {
        let text = "WITH a AS (UPDATE \"t\" SET x = 1 RETURNING *), b AS (INSERT INTO e SELECT 1 ON CONFLICT DO UPDATE SET x = 2)\n\
                    SELECT * FROM a FOR UPDATE ;";
        assert_eq!(writing_clauses(text), 2);
    }
}
