//! `guanxi import` against COPY: the rows that the import wrote are copied out, then copied into an empty database with
//! the same tables, indexes and constraints; and once more without the checks of foreign keys, to tell what those cost.

use std::path::Path;
use std::time::{Duration, Instant};

use diesel::PgConnection;
use diesel::connection::SimpleConnection;

use crate::options::Import;
use crate::run::Bench;
use crate::{Result, cluster, usage};

/// Runs the import and the comparison, and prints one table.
pub fn measure(import: &Import) -> Result<()> {
    let mut bench = Bench::start(&import.place)?;
    bench.cluster.create("import_empty")?;
    let empty = bench.cluster.url("import_empty");
    drop(bench.program.serve(&empty)?);
    bench.cluster.copy("import_full", "import_empty")?;
    let full = bench.cluster.url("import_full");
    let tables = tables(import);

    let before = count(&full, &tables)?;
    let ours = run(&bench, import, &full)?;
    let rows = count(&full, &tables)? - before;
    let files = copy_out(&full, &tables)?;
    let copied = copy_in(&bench, &empty, &tables, true)?;
    let unchecked = copy_in(&bench, &empty, &tables, false)?;
    remove(&full, &files)?;

    println!("| | rows/s | seconds | program s | PG s | peak MB |\n|---|---|---|---|---|---|");
    let Cost { seconds, program, postgres, peak } = ours;
    println!("| import | {:.0} | {seconds:.1} | {program:.1} | {postgres:.1} | {peak:.0} |", rows / seconds);
    for (what, Cost { seconds, postgres, .. }) in [("COPY", &copied), ("COPY, no foreign keys", &unchecked)] {
        println!("| {what} | {:.0} | {seconds:.1} | – | {postgres:.1} | – |", rows / seconds);
    }
    println!("\n{rows} rows in {}; import ÷ COPY = {:.2}", tables.join(", "), copied.seconds / ours.seconds);
    Ok(())
}

struct Cost {
    seconds: f64,
    program: f64,
    postgres: f64,
    peak: f64,
}

fn tables(import: &Import) -> Vec<String> {
    if import.tables.is_empty() { vec![import.resource.replace('-', "_")] } else { import.tables.clone() }
}

fn run(bench: &Bench, import: &Import, url: &str) -> Result<Cost> {
    let absolute = |path: &Path| path.canonicalize().map_err(|e| format!("{}: {e}", path.display()));
    let mut command = bench.program.command(url)?;
    command.arg("import").arg(&import.resource).arg(absolute(&import.file)?);
    command.arg("--map").arg(absolute(&import.map)?);
    let (postgres, program) = (usage::postgres(bench.cluster.postmaster), usage::ended_children());
    let begun = Instant::now();
    let mut child = command.spawn()?;
    let mut peak: f64 = 0.0;
    let status = loop {
        // the kernel keeps the peak, so only what is reached in the very last moment can be missed
        peak = usage::peak(child.id()).unwrap_or_default().max(peak);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let seconds = begun.elapsed().as_secs_f64();
    if !status.success() {
        return Err(format!("guanxi import ended with {status}; see guanxi.log in {}", bench.home.display()).into());
    }
    let (program, postgres) = (usage::ended_children() - program, usage::postgres(bench.cluster.postmaster) - postgres);
    Ok(Cost { seconds, program, postgres, peak })
}

fn count(url: &str, tables: &[String]) -> Result<f64> {
    let mut connection = cluster::connect(url)?;
    let mut rows = 0.0;
    for table in tables {
        rows +=
            cluster::text(&mut connection, &format!("SELECT count(*)::text AS value FROM {table}"))?.parse::<f64>()?;
    }
    Ok(rows)
}

/// Writes each table into a file that the server can read again.
fn copy_out(url: &str, tables: &[String]) -> Result<Vec<String>> {
    let mut connection = cluster::connect(url)?;
    let mut files = Vec::new();
    for table in tables {
        let file = file(&mut connection, table)?;
        connection.batch_execute(&format!("COPY {table} TO '{file}' (FORMAT csv)"))?;
        files.push(file);
    }
    Ok(files)
}

/// The tables stand in the order of their references.
fn copy_in(bench: &Bench, url: &str, tables: &[String], checked: bool) -> Result<Cost> {
    let mut connection = cluster::connect(url)?;
    if !checked {
        connection.batch_execute("SET session_replication_role TO replica")?;
    }
    let mut cost = Cost { seconds: 0.0, program: 0.0, postgres: 0.0, peak: 0.0 };
    connection.batch_execute(&format!("TRUNCATE {} CASCADE", tables.join(", ")))?;
    for table in tables {
        let file = file(&mut connection, table)?;
        let columns = columns(&mut connection, table)?;
        // as an import leaves it: the checks of what comes next know how large this table is
        connection.batch_execute("DISCARD PLANS; CHECKPOINT")?;
        let (begun, postgres) = (Instant::now(), usage::postgres(bench.cluster.postmaster));
        connection.batch_execute(&format!("COPY {table} ({columns}) FROM '{file}' (FORMAT csv)"))?;
        cost.seconds += begun.elapsed().as_secs_f64();
        cost.postgres += usage::postgres(bench.cluster.postmaster) - postgres;
    }
    Ok(cost)
}

fn file(connection: &mut PgConnection, table: &str) -> Result<String> {
    Ok(format!("{}/bench_{table}.csv", cluster::text(connection, "SELECT current_setting('data_directory') AS value")?))
}

/// Those that COPY writes out by itself: all but the generated ones.
fn columns(connection: &mut PgConnection, table: &str) -> Result<String> {
    let sql = format!(
        "SELECT string_agg(quote_ident(attname), ',' ORDER BY attnum) AS value FROM pg_attribute \
         WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
    );
    cluster::text(connection, &sql)
}

/// The files lie in the server's directory, so the server's own user (or root) removes them.
fn remove(url: &str, files: &[String]) -> Result<()> {
    drop(cluster::connect(url)?);
    files.iter().try_for_each(std::fs::remove_file)?;
    Ok(())
}
