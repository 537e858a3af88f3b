//! What jobs do, by kind: load, then call a deed.
use super::acting::{acting, payload, powerless};
use crate::house::House;
use ::customer::{account, activity, consent, contact, task};
use ::sales::{contract, lead, opportunity, order, payment, price_book, product, quote};
use ::service::case;
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{Ctx, Error, ImportId, Result, error, text};
use platform::Conn;
use platform::import::{self, Go, Import, Importer, Progress, Remover};
use platform::job::{self, Held};
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The kinds that a worker takes. `local_import` belongs to the command that began it.
pub const KINDS: &[&str] = &["import", "import_revert"];
pub const LOCAL_IMPORT: &str = "local_import";

/// What can be imported.
pub const IMPORTERS: &[&dyn Importer] = &[
    &account::import::Accounts,
    &account::person::import::PersonAccounts,
    &contact::import::Contacts,
    &contact::import::ContactPoints,
    &contact::import::Memberships,
    &activity::import::Activities,
    &task::import::Tasks,
    &consent::import::Consents,
    &product::import::Products,
    &price_book::import::PriceBooks,
    &price_book::import::PriceBookEntries,
    &order::import::Orders,
    &order::import::OrderLines,
    &opportunity::import::Opportunities,
    &quote::import::Quotes,
    &contract::import::Contracts,
    &payment::import::Payments,
    &lead::import::Leads,
    &case::import::Cases,
];

/// How it is taken back: what refers before what is referred to.
const REMOVERS: &[Remover] = &[
    activity::import::REMOVER,
    task::import::REMOVER,
    case::import::REMOVER,
    lead::import::REMOVER,
    payment::import::REMOVER,
    contract::import::REMOVER,
    order::import::LINE_REMOVER,
    order::import::REMOVER,
    quote::import::REMOVER,
    opportunity::import::REMOVER,
    price_book::import::ENTRY_REMOVER,
    price_book::import::REMOVER,
    product::import::REMOVER,
    contact::import::POINT_REMOVER,
    contact::import::MEMBERSHIP_REMOVER,
    contact::address::REMOVER,
    account::address::REMOVER,
    consent::import::REMOVER,
    account::person::import::REMOVER,
    contact::import::REMOVER,
    account::import::REMOVER,
];

/// The importer of a resource.
pub fn importer(resource: &str) -> Result<&'static dyn Importer> {
    let found = IMPORTERS.iter().copied().find(|importer| importer.resource() == resource);
    found.ok_or_else(|| {
        Error::invalid("/mapping/resource", "choice", text!("is none of {choices}", choices = importable()))
    })
}

/// The names of what can be imported.
pub fn importable() -> String {
    IMPORTERS.iter().map(|importer| importer.resource()).collect::<Vec<_>>().join(", ")
}

/// Where the files of the server stand.
pub fn folder(house: &House) -> PathBuf {
    house.data_dir.join("files").join("imports")
}

#[derive(Clone, Copy, Deserialize)]
struct Payload {
    import: ImportId,
}

pub async fn run(house: &House, held: &Held, stopping: &Arc<AtomicBool>) -> Result<()> {
    let (Payload { import: id }, ctx) = (payload(held)?, acting(house, held).await?);
    let (folder, held, stopping) = (folder(house), held.clone(), Arc::clone(stopping));
    let work = house.jobs.unpermitted(move |conn| {
        let import = import::find(conn, &ctx, id)?;
        match held.kind.as_str() {
            "import_revert" => take_back(conn, &ctx, &held, &import),
            _ => bring_in(conn, &ctx, &held, import, &folder, &stopping),
        }
    });
    work.await
}

fn bring_in(
    conn: &mut Conn,
    ctx: &Ctx,
    held: &Held,
    import: Import,
    folder: &std::path::Path,
    stopping: &AtomicBool,
) -> Result<()> {
    let path = folder.join(&import.file_key);
    let mut watch = |_: Progress| if stopping.load(Ordering::Relaxed) { Go::Pause } else { Go::On };
    let importer = importer(&import.resource)?;
    import::run(conn, ctx, held, import, importer, &path, &mut watch)?;
    Ok(())
}

fn take_back(conn: &mut Conn, ctx: &Ctx, held: &Held, import: &Import) -> Result<()> {
    import::take_back(conn, ctx, held, import, REMOVERS)?;
    Ok(())
}

/// A job that is not tried again: its import has failed with it.
pub async fn give_up(house: &House, held: Held, why: String, now: DateTime<Utc>) -> Result<()> {
    let (Payload { import }, ctx) = (payload(&held)?, powerless(&held, now)?);
    let given_up = house.jobs.unpermitted(move |conn| {
        conn.transaction(|conn| {
            job::end(conn, &held, "failed", Some(&why))?;
            match import::give_up(conn, &ctx, import, &why) {
                Err(error) if error.code == error::NOT_FOUND => Ok(()),
                done => done,
            }
        })
    });
    given_up.await
}
