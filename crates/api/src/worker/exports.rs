//! Lists that are taken out: which there are, and the jobs that write them.
use super::acting::{acting, payload, powerless};
use crate::house::House;
use ::customer::{account, activity, consent, contact, email_message, form, membership, tag, task};
use ::identity::{team, user};
use ::sales::{
    contract, exchange_rate, lead, opportunity, order, payment, pipeline, price_book, product, quota, quote, territory,
};
use ::service::{case, category, inbox};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{Error, ExportId, Result, clock, error, text};
use platform::audit;
use platform::export::{self, Asked, Exporter, Grounds, Of, Progress};
use platform::import::Go;
use platform::job::{self, Held, JobProgress};
use platform::privacy::files;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

/// The kinds that a worker takes. `local_export` belongs to the command that began it.
pub const KINDS: &[&str] = &["export"];
pub const LOCAL_EXPORT: &str = "local_export";

/// What can be taken out: the lists of the rooms.
pub const EXPORTERS: &[&dyn Exporter] = &[
    &Of::new("accounts", account::list),
    &Of::new("contacts", contact::list),
    &Of::new("contact_points", contact::point::list),
    &Of::new("account_addresses", account::address::list),
    &Of::new("contact_addresses", contact::address::list),
    &Of::new("account_lifecycle_changes", account::lifecycle::list),
    &Of::new("contact_lifecycle_changes", contact::lifecycle::list),
    &Of::new("memberships", membership::list),
    &Of::new("activities", activity::list),
    &Of::new("tasks", task::list),
    &Of::new("tags", tag::list),
    &Of::new("consents", consent::list),
    &Of::new("form_submissions", form::submission::list),
    &Of::new("email_messages", email_message::list),
    &Of::new("products", product::list),
    &Of::new("price_books", price_book::list),
    &Of::new("price_book_entries", price_book::entry::list),
    &Of::new("orders", order::list),
    &Of::new("order_lines", order::line::list),
    &Of::new("opportunities", opportunity::list),
    &Of::new("opportunity_contacts", opportunity::contact::list),
    &Of::new("opportunity_lines", opportunity::line::list),
    &Of::new("opportunity_stage_history", opportunity::history::list),
    &Of::new("leads", lead::list),
    &Of::new("territories", territory::list),
    &Of::new("pipelines", pipeline::list),
    &Of::new("stages", pipeline::stage::list),
    &Of::new("exchange_rates", exchange_rate::list),
    &Of::new("quotas", quota::list),
    &Of::new("quotes", quote::list),
    &Of::new("quote_lines", quote::line::list),
    &Of::new("quote_links", quote::link::list),
    &Of::new("contracts", contract::list),
    &Of::new("installments", contract::installment::list),
    &Of::new("payments", payment::list),
    &Of::new("payment_matches", payment::matches::list),
    &Of::new("cases", case::list),
    &Of::new("case_messages", case::message::list),
    &Of::new("case_categories", category::list),
    &Of::new("case_inboxes", inbox::list),
    &Of::new("users", user::list),
    &Of::new("teams", team::list),
    &Of::new("audit_logs", audit::list),
];

/// How often it is told how far an export is.
const TOLD: Duration = Duration::from_secs(1);

/// The list of a resource.
pub fn exporter(resource: &str) -> Result<&'static dyn Exporter> {
    let found = EXPORTERS.iter().copied().find(|exporter| exporter.resource() == resource);
    found.ok_or_else(|| Error::invalid("/resource", "choice", text!("is none of {choices}", choices = exportable())))
}

/// The names of what can be taken out.
pub fn exportable() -> String {
    EXPORTERS.iter().map(|exporter| exporter.resource()).collect::<Vec<_>>().join(", ")
}

/// What lists need of the house.
pub fn grounds(house: &House) -> Grounds {
    Grounds { catalogues: house.catalogues, seal: house.seal.clone() }
}

/// Where the files of the server stand.
pub fn folder(house: &House) -> PathBuf {
    files::path(&house.data_dir, "exports")
}

#[derive(Clone, Copy, Deserialize)]
struct Payload {
    export: ExportId,
}

/// How far it is, and whether it is to go on: what the thread that writes and the one that tells have in common.
#[derive(Default)]
struct Shared {
    rows: AtomicI64,
    all: AtomicI64,
    cancelled: AtomicBool,
    lost: AtomicBool,
}

pub async fn run(house: &House, held: &Held, stopping: &Arc<AtomicBool>) -> Result<()> {
    let (Payload { export: id }, ctx) = (payload(held)?, acting(house, held).await?);
    let shared = Arc::new(Shared::default());
    let telling = actix_web::rt::spawn(tell(house.clone(), held.clone(), Arc::clone(&shared)));
    let (folder, grounds, held, stopping) = (folder(house), grounds(house), held.clone(), Arc::clone(stopping));
    let work = house.jobs.unpermitted(move |conn| {
        let export = export::find(conn, &ctx, id)?;
        let asked = Asked { export: &export, exporter: exporter(&export.resource)?, grounds: &grounds };
        export::begin(conn, &ctx, &held, &export)?;
        // whoever held it before may have left half a file
        clear(&folder, names(&folder).iter().filter(|name| id_of(name) == Some(id)))?;
        platform::private::folder(&folder).map_err(platform::table::write::failed)?;
        let unfinished = Unfinished(folder.join(format!("{id}.{}", held.fence)));
        let mut watch = |progress: Progress| shared.go(progress, &stopping);
        let (written, go) = export::run(conn, &ctx, &asked, &unfinished.0, &mut watch)?;
        match go {
            Go::Pause if shared.lost.load(Ordering::Relaxed) => Err(job::LOST.into()),
            Go::Pause => job::release(conn, &held),
            Go::On | Go::Cancel => {
                let now = kernel::Ctx { now: clock::now(), ..ctx };
                let keep = || std::fs::rename(&unfinished.0, folder.join(id.to_string()));
                export::end(conn, &now, &held, &export, written.as_ref(), keep).map(drop)
            }
        }
    });
    let done = work.await;
    telling.abort();
    done
}

impl Shared {
    fn go(&self, progress: Progress, stopping: &AtomicBool) -> Go {
        self.rows.store(progress.rows, Ordering::Relaxed);
        self.all.store(progress.all.unwrap_or(-1), Ordering::Relaxed);
        if self.cancelled.load(Ordering::Relaxed) {
            return Go::Cancel;
        }
        let stops = stopping.load(Ordering::Relaxed) || self.lost.load(Ordering::Relaxed);
        if stops { Go::Pause } else { Go::On }
    }
}

/// A file that goes with this value, unless it has been put in its place by then.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0); // not there: nothing was written, or all of it
    }
}

/// The thread that writes looks at a snapshot and can write nothing down: this does it meanwhile.
async fn tell(house: House, held: Held, shared: Arc<Shared>) {
    loop {
        actix_web::rt::time::sleep(TOLD).await;
        let (rows, all) = (shared.rows.load(Ordering::Relaxed), shared.all.load(Ordering::Relaxed));
        let progress =
            JobProgress { done: rows, total: Some(all).filter(|all| *all >= rows && rows > 0), unit: "rows" };
        let held = held.clone();
        match house.jobs.unpermitted(move |conn| job::tell(conn, &held, &progress.json())).await {
            Ok(asked) => shared.cancelled.store(asked, Ordering::Relaxed),
            Err(error) if error.code == job::LOST => shared.lost.store(true, Ordering::Relaxed),
            Err(error) => tracing::warn!(%error, "the progress of an export could not be told"),
        }
    }
}

/// A job that is not tried again: its export has failed with it.
pub async fn give_up(house: &House, held: Held, why: String, now: DateTime<Utc>) -> Result<()> {
    let (Payload { export }, ctx) = (payload(&held)?, powerless(&held, now)?);
    let given_up = house.jobs.unpermitted(move |conn| {
        conn.transaction(|conn| {
            job::end(conn, &held, "failed", Some(&why))?;
            match export::give_up(conn, &ctx, export, &why) {
                Err(error) if error.code == error::NOT_FOUND => Ok(()),
                done => done,
            }
        })
    });
    given_up.await
}

/// Takes the files away that nobody needs any more, on this machine, and says of which exports the time has come. What
/// is begun meanwhile is not among the files that were asked about, and stays.
pub async fn tidy_up(house: &House, now: DateTime<Utc>) -> Result<()> {
    let folder = folder(house);
    let files = names(&folder);
    let ids: Vec<ExportId> = files.iter().filter_map(|name| id_of(name)).collect();
    let kept = house.jobs.unpermitted(move |conn| {
        export::expire(conn, now)?;
        export::kept(conn, &ids)
    });
    let kept = kept.await?;
    clear(&folder, files.iter().filter(|name| id_of(name).is_none_or(|id| !kept.contains(&id))))
}

/// Whose file it is: half a file has the fence of its writer behind the id.
fn id_of(name: &str) -> Option<ExportId> {
    name.split('.').next()?.parse().ok()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// Takes files away, those that are still there.
fn clear<'a>(folder: &Path, names: impl IntoIterator<Item = &'a String>) -> Result<()> {
    for name in names {
        match std::fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(Error::internal(error)),
            _ => {}
        }
    }
    Ok(())
}
