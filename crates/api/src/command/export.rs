//! `guanxi export RESOURCE FILE`: a list taken out by the command itself, with the engine of the server.
use super::{Database, Outcome};
use crate::config::Config;
use crate::house::House;
use crate::worker::exports::{LOCAL_EXPORT, exporter, grounds};
use clap::{Args, ValueEnum};
use kernel::{Ctx, Error, TenantId, UserId, clock};
use platform::export::{self, Asked, Export as Record, NewExport, Progress};
use platform::import::Go;
use platform::job::{self, Held, JobProgress};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

#[derive(Debug, Args)]
pub struct Export {
    /// accounts, contacts, contact_points, account_addresses, contact_addresses, memberships, products, orders,
    /// order_lines, users, teams or audit_logs
    resource: String,
    /// where the file is to stand; one that is there is not touched
    file: PathBuf,
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// a condition in the filter language
    #[arg(long)]
    filter: Option<String>,
    /// words to search for
    #[arg(long)]
    q: Option<String>,
    /// fields to sort by, `-` for descending
    #[arg(long, allow_hyphen_values = true)]
    sort: Option<String>,
    /// the columns, in this order
    #[arg(long, value_delimiter = ',')]
    fields: Option<Vec<String>>,
    /// the system whose ids of the records come first
    #[arg(long)]
    source_system: Option<String>,
    /// archived records too
    #[arg(long)]
    archived: bool,
    /// id of the tenant; the oldest one, unless said otherwise
    #[arg(long)]
    tenant: Option<TenantId>,
    /// in whose name; the tenant's first owner, unless said otherwise
    #[arg(long)]
    user: Option<UserId>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Csv,
    Xlsx,
    Ndjson,
}

impl Export {
    pub async fn run(&self, config: &Config) -> Outcome {
        let database = Database::open(config)?;
        let house = House::open(config, &database.url).await?;
        let done = self.take_out(&house).await;
        drop(house);
        database.close();
        done
    }

    async fn take_out(&self, house: &House) -> Outcome {
        if self.file.exists() {
            return Err(format!("{} is there already", self.file.display()).into());
        }
        let (tenant, owner) = house.identity.owner(self.tenant).await?;
        let ctx = house.identity.acting(tenant, self.user.unwrap_or(owner), None, clock::now()).await?;
        let (record, held) = self.begun(house, &ctx).await?;
        let (begun, stop) = (Instant::now(), Arc::new(AtomicBool::new(false)));
        let beat = actix_web::rt::spawn(keep_lease(house.clone(), held.clone()));
        let listen = actix_web::rt::spawn(listen(Arc::clone(&stop)));
        let done = write(house, &ctx, &held, record, &self.file, stop).await;
        beat.abort();
        listen.abort();
        if !matches!(&done, Ok(record) if record.status == "succeeded") {
            let _ = std::fs::remove_file(&self.file); // half a file is none
        }
        let record = done.map_err(said)?;
        println!("{}: {} rows in {:.1} s", record.status, record.rows_written, begun.elapsed().as_secs_f64());
        Ok(())
    }

    async fn begun(&self, house: &House, ctx: &Ctx) -> Result<(Record, Held), Box<dyn std::error::Error>> {
        let format = self.format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        let new = NewExport {
            resource: self.resource.clone(),
            format,
            filter: self.filter.clone(),
            q: self.q.clone(),
            sort: self.sort.clone(),
            fields: self.fields.clone(),
            deleted: self.archived.then(|| "include".to_owned()),
            source_system: self.source_system.clone(),
            has_mark: None,
        };
        let (list, grounds, ctx) = (exporter(&self.resource).map_err(said)?, grounds(house), ctx.clone());
        let begun = house.jobs.unpermitted(move |conn| {
            let (record, job) = export::start(conn, &ctx, &grounds, list, &new, LOCAL_EXPORT)?;
            let held = job::hold(conn, ctx.tenant, job)?.ok_or(job::LOST)?;
            Ok((export::begin(conn, &ctx, &held, &record)?, held))
        });
        begun.await.map_err(said)
    }
}

async fn write(
    house: &House,
    ctx: &Ctx,
    held: &Held,
    record: Record,
    file: &Path,
    stop: Arc<AtomicBool>,
) -> kernel::Result<Record> {
    let (grounds, ctx, held, file) = (grounds(house), ctx.clone(), held.clone(), file.to_owned());
    let work = house.jobs.unpermitted(move |conn| {
        let asked = Asked { export: &record, exporter: exporter(&record.resource)?, grounds: &grounds };
        let mut watch = |progress: Progress| {
            if progress.rows % 50_000 < 2_000 {
                eprintln!("{} rows", progress.rows);
            }
            if stop.load(Ordering::Relaxed) { Go::Cancel } else { Go::On }
        };
        let done = export::run(conn, &ctx, &asked, &file, &mut watch);
        let now = Ctx { now: clock::now(), ..ctx.clone() };
        match done {
            Ok((written, _)) => {
                let rows = written.as_ref().map(|written| written.rows).unwrap_or_default();
                job::tell(conn, &held, &JobProgress { done: rows, total: None, unit: "rows" }.json())?;
                export::end(conn, &now, &held, &record, written.as_ref(), || Ok(()))
            }
            Err(error) => {
                job::end(conn, &held, "failed", Some(error.code.meaning))?;
                export::give_up(conn, &now, record.id, error.code.meaning)?;
                Err(error)
            }
        }
    });
    work.await
}

async fn keep_lease(house: House, held: Held) {
    loop {
        tokio::time::sleep(held.heartbeat()).await;
        let held = held.clone();
        let _ = house.jobs.unpermitted(move |conn| job::keep(conn, &held, None)).await; // its end tells why not
    }
}

/// Ctrl-C ends the work after the page under way.
async fn listen(stop: Arc<AtomicBool>) {
    if tokio::signal::ctrl_c().await.is_ok() {
        stop.store(true, Ordering::Relaxed);
    }
}

/// An error as a person reads it: every fault on a line of its own.
fn said(error: Error) -> Box<dyn std::error::Error> {
    let mut text = error.detail.as_ref().map_or_else(|| error.code.meaning.to_owned(), ToString::to_string);
    for fault in &error.faults {
        text.push_str(&format!("\n  {}: {}", fault.pointer, fault.message));
    }
    text.into()
}
