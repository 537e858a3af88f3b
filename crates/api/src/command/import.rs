//! `guanxi import RESOURCE FILE --map MAPPING.json`: a file brought in by the command itself, with the engine of the
//! server. Whatever stops it, `--resume` goes on where it stopped.
use super::{Database, Outcome};
use crate::config::Config;
use crate::house::House;
use crate::worker::handlers::{LOCAL_IMPORT, importable, importer};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Ctx, Error, ImportId, TenantId, UserId, clock};
use platform::import::{self, Go, Import as Record, Mapping, NewImport, Plan, Progress};
use platform::job::{self, Held};
use platform::table::{Format, Table};
use sha2::{Digest, Sha256};
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

#[derive(Debug, Args)]
pub struct Import {
    #[arg(help = format!("one of {}", importable()), required_unless_present = "resume")]
    resource: Option<String>,
    /// CSV, XLSX or NDJSON
    #[arg(required_unless_present = "resume")]
    file: Option<PathBuf>,
    /// how its columns become fields, as JSON
    #[arg(long, required_unless_present = "resume")]
    map: Option<PathBuf>,
    /// whether records may be made, changed, or both
    #[arg(long, value_enum, default_value = "upsert")]
    mode: Mode,
    /// what is done about records that are probably there already
    #[arg(long, value_enum, default_value = "reject")]
    duplicates: Duplicates,
    /// do everything, and keep nothing
    #[arg(long)]
    dry_run: bool,
    /// go on with an import that was stopped
    #[arg(long, value_name = "ID")]
    resume: Option<ImportId>,
    /// id of the tenant; the oldest one, unless said otherwise
    #[arg(long)]
    tenant: Option<TenantId>,
    /// in whose name; the tenant's first owner, unless said otherwise
    #[arg(long)]
    user: Option<UserId>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Mode {
    Upsert,
    CreateOnly,
    UpdateOnly,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Duplicates {
    Reject,
    Allow,
    Update,
}

impl Import {
    pub async fn run(&self, config: &Config) -> Outcome {
        // a name that leads nowhere is told before a database is started
        for path in [&self.map, &self.file].into_iter().flatten() {
            std::fs::File::open(path).map_err(|e| format!("{}: {e}", path.display()))?;
        }
        let database = Database::open(config)?;
        platform::migrate::up(&database.direct_url)?;
        let house = House::open(config, &database.url).await?;
        let done = self.bring_in(&house).await;
        drop(house);
        database.close();
        done
    }

    async fn bring_in(&self, house: &House) -> Outcome {
        let (tenant, owner) = house.identity.owner(self.tenant).await?;
        let ctx = house.identity.acting(tenant, self.user.unwrap_or(owner), None, clock::now()).await?;
        let (record, held) = match self.resume {
            Some(id) => resumed(house, &ctx, id).await?,
            None => self.begun(house, &ctx).await?,
        };
        println!("import {} ({} of {})", record.id, record.resource, record.file_name);
        let begun = Instant::now();
        let (before, stop) = (record.rows_read, Arc::new(AtomicBool::new(false)));
        let beat = actix_web::rt::spawn(keep_lease(house.clone(), held.clone()));
        let listen = actix_web::rt::spawn(listen(Arc::clone(&stop)));
        let path = PathBuf::from(&record.file_key);
        let work = house.jobs.unpermitted(move |conn| {
            let bar = bar();
            let mut watch = |progress: Progress| {
                show(&bar, progress);
                if stop.load(Ordering::Relaxed) { Go::Cancel } else { Go::On }
            };
            let importer = importer(&record.resource)?;
            let done = import::run(conn, &ctx, &held, record, importer, &path, &mut watch);
            bar.finish_and_clear();
            done
        });
        let done = work.await;
        beat.abort();
        listen.abort();
        told(&done.map_err(said)?, before, begun.elapsed())
    }

    /// The mapping is checked against the file before anything is written.
    async fn begun(&self, house: &House, ctx: &Ctx) -> Result<(Record, Held), Box<dyn std::error::Error>> {
        let (resource, file) =
            (self.resource.as_deref().unwrap_or_default(), self.file.as_deref().unwrap_or(Path::new("")));
        let map = self.map.as_deref().unwrap_or(Path::new(""));
        let mut mapping: serde_json::Value =
            serde_json::from_slice(&read(map)?).map_err(|e| format!("{}: {e}", map.display()))?;
        if let Some(members) = mapping.as_object_mut() {
            members.entry("resource").or_insert_with(|| resource.into());
        }
        let read = Mapping::read(&mapping).map_err(said)?;
        if read.resource != resource {
            return Err(format!("{} maps {}, not {resource}", map.display(), read.resource).into());
        }
        let path = file.canonicalize().map_err(|e| format!("{}: {e}", file.display()))?;
        let table = Table::open(&path, Format::Auto, &read.options()).map_err(said)?;
        let header = table.header().to_vec();
        Plan::new(importer(resource).map_err(said)?, read, &header, &ctx.grants).map_err(said)?;
        let (size, sha256) = sum(&path)?;
        let new = NewImport {
            id: ImportId::new(),
            resource: resource.to_owned(),
            file_name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            file_key: path.to_string_lossy().into_owned(),
            file_size: size,
            file_sha256: sha256,
            mapping,
            mode: value(self.mode),
            duplicates: value(self.duplicates),
            is_dry_run: self.dry_run,
            header,
        };
        let ctx = ctx.clone();
        let begun = house.jobs.unpermitted(move |conn| {
            let (record, job) = import::start(conn, &ctx, &new, LOCAL_IMPORT)?;
            let held = job::hold(conn, ctx.tenant, job)?.ok_or(job::LOST)?;
            Ok((record, held))
        });
        Ok(begun.await?)
    }
}

/// The file must be the one that the import began with.
async fn resumed(house: &House, ctx: &Ctx, id: ImportId) -> Result<(Record, Held), Box<dyn std::error::Error>> {
    let by = ctx.clone();
    let record = house.jobs.unpermitted(move |conn| import::find(conn, &by, id)).await?;
    let path = PathBuf::from(&record.file_key);
    if !path.is_absolute() {
        return Err("this import belongs to the server, which goes on with it by itself".into());
    }
    let (_, sha256) = sum(&path)?;
    if sha256 != record.file_sha256 {
        return Err(format!("{} is not the file that the import began with", path.display()).into());
    }
    let by = ctx.clone();
    house.jobs.unpermitted(move |conn| import::resume(conn, &by, id)).await.map_err(said)
}

fn value(of: impl ValueEnum) -> String {
    of.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}

/// Size and SHA-256 of a file.
fn sum(path: &Path) -> Result<(i64, String), Box<dyn std::error::Error>> {
    let (mut file, mut hash, mut size) = (std::fs::File::open(path)?, Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        size += i64::try_from(read)?;
        hash.update(buffer.get(..read).unwrap_or_default());
    }
    Ok((size, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}

async fn keep_lease(house: House, held: Held) {
    loop {
        tokio::time::sleep(held.heartbeat()).await;
        let held = held.clone();
        let _ = house.jobs.unpermitted(move |conn| job::keep(conn, &held, None)).await; // the next chunk tells why not
    }
}

/// Ctrl-C ends the work after the chunk under way.
async fn listen(stop: Arc<AtomicBool>) {
    if tokio::signal::ctrl_c().await.is_ok() {
        stop.store(true, Ordering::Relaxed);
    }
}

fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:32} {percent:>3} %  {msg}  {elapsed} (still {eta})");
    ProgressBar::new(100).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn show(bar: &ProgressBar, Progress { import, extent }: Progress) {
    let text = format!("{} rows, {} failed", import.rows_read, import.rows_failed);
    if bar.is_hidden() {
        if import.rows_read % 50_000 < 1_000 {
            eprintln!("{text}");
        }
        return;
    }
    if let Some(extent) = extent {
        bar.set_length(extent);
        bar.set_position(u64::try_from(import.checkpoint).unwrap_or_default());
    }
    bar.set_message(text);
}

/// The totals, and how to go on.
fn told(record: &Record, before: i64, took: Duration) -> Outcome {
    let Record { rows_read, rows_created, rows_updated, rows_unchanged, rows_failed, .. } = record;
    let rows = u32::try_from(rows_read - before).unwrap_or(u32::MAX);
    let speed = f64::from(rows) / took.as_secs_f64().max(0.001);
    println!("{}: {rows_read} rows read in {:.1} s ({speed:.0} rows/s)", record.status, took.as_secs_f64());
    println!("  created {rows_created}, updated {rows_updated}, unchanged {rows_unchanged}, failed {rows_failed}");
    if record.is_dry_run {
        println!("  a dry run: nothing was kept");
    }
    if *rows_failed > 0 {
        println!("  the failed rows: GET /v1/imports/{}/errors", record.id);
    }
    if record.status == "cancelled" {
        println!("  stopped; go on with: guanxi import --resume {}", record.id);
    }
    Ok(())
}

/// An error as a person reads it: every fault on a line of its own.
fn said(error: Error) -> Box<dyn std::error::Error> {
    let mut text = error.detail.as_ref().map_or_else(|| error.code.meaning.to_owned(), ToString::to_string);
    for fault in &error.faults {
        text.push_str(&format!("\n  {}: {}", fault.pointer, fault.message));
    }
    match &error.source {
        Some(source) if error.faults.is_empty() => format!("{text} ({source})").into(),
        _ => text.into(),
    }
}
