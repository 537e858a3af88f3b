//! What jobs do, by kind: load, then call a deed.
use crate::house::House;
use ::customer::{account, contact};
use ::sales::{order, product};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{Action, ApiKeyId, Ctx, Error, ImportId, Result, error, text};
use platform::Conn;
use platform::import::{self, Go, Import, Importer, Progress, Remover};
use platform::job::{self, Held};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The kinds that a worker takes. `local_import` belongs to the command that began it.
pub const KINDS: &[&str] = &["import", "import_revert"];
pub const LOCAL_IMPORT: &str = "local_import";

/// What can be imported.
pub const IMPORTERS: &[&dyn Importer] = &[
    &account::import::Accounts,
    &contact::import::Contacts,
    &product::import::Products,
    &order::import::Orders,
    &order::import::OrderLines,
];

/// How it is taken back: what refers before what is referred to.
const REMOVERS: &[Remover] = &[
    order::import::LINE_REMOVER,
    order::import::REMOVER,
    product::import::REMOVER,
    contact::import::REMOVER,
    account::import::REMOVER,
];

/// The importer of a resource.
pub fn importer(resource: &str) -> Result<&'static dyn Importer> {
    let found = IMPORTERS.iter().copied().find(|importer| importer.resource() == resource);
    found.ok_or_else(|| {
        let names: Vec<&str> = IMPORTERS.iter().map(|importer| importer.resource()).collect();
        Error::invalid("/mapping/resource", "choice", text!("is none of {choices}", choices = names.join(", ")))
    })
}

/// Where the files of the server stand.
pub fn folder(house: &House) -> PathBuf {
    house.data_dir.join("files").join("imports")
}

#[derive(Clone, Deserialize)]
struct Payload {
    import: ImportId,
    may: Vec<(String, String)>,
    key: Option<ApiKeyId>,
}

pub async fn run(house: &House, held: &Held, stopping: &Arc<AtomicBool>) -> Result<()> {
    let payload = payload(held)?;
    let ctx = acting(house, held, &payload).await?;
    let (folder, held, stopping) = (folder(house), held.clone(), Arc::clone(stopping));
    let work = house.jobs.unpermitted(move |conn| {
        let import = import::find(conn, &ctx, payload.import)?;
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

fn payload(held: &Held) -> Result<Payload> {
    serde_json::from_value(held.payload.clone()).map_err(Error::internal)
}

/// The creator, with what they may do now and might do when they asked for the job.
async fn acting(house: &House, held: &Held, payload: &Payload) -> Result<Ctx> {
    let mut ctx = house.identity.acting(held.tenant_id, held.created_by, payload.key, kernel::clock::now()).await?;
    let keep: BTreeSet<(String, Action)> =
        payload.may.iter().filter_map(|(object, action)| Some((object.clone(), Action::named(action)?))).collect();
    Arc::make_mut(&mut ctx.grants).narrow(&keep);
    Ok(ctx)
}

/// A job that is not tried again: its import has failed with it.
pub async fn give_up(house: &House, held: Held, why: String, now: DateTime<Utc>) -> Result<()> {
    let payload = payload(&held)?;
    house
        .jobs
        .unpermitted(move |conn| {
            conn.transaction(|conn| {
                job::end(conn, &held, "failed", Some(&why))?;
                let ctx = Ctx {
                    tenant: held.tenant_id,
                    actor: kernel::Actor { user: held.created_by, key: payload.key },
                    grants: Arc::default(),
                    request: kernel::RequestId::new(),
                    origin: kernel::Origin::default(),
                    now,
                };
                match import::give_up(conn, &ctx, payload.import, &why) {
                    Err(error) if error.code == error::NOT_FOUND => Ok(()),
                    done => done,
                }
            })
        })
        .await
}
