//! What is done for those who ask about their data, and what goes by its age. It is done for the house, whatever the one
//! who began it may still do: what was verified and begun is the law's.
use crate::house::{House, registry};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{
    Action, Actor, ApiKeyId, Ctx, Error, Grants, PrivacyRequestId, Reach, RequestId, Result, RetentionPolicyId, clock,
    error,
};
use platform::Conn;
use platform::job::{self, Held};
use platform::privacy::erase::{self, Deed};
use platform::privacy::plan::Plan;
use platform::privacy::{circle, export, files, ledger, request, retention};
use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;

pub const GATHERING: &str = "privacy_gathering";
pub const ERASURE: &str = "privacy_erasure";
pub const RETENTION: &str = "retention";
pub const KINDS: &[&str] = &[GATHERING, ERASURE, RETENTION];

#[derive(Clone, Copy, Deserialize)]
struct Payload {
    request: Option<PrivacyRequestId>,
    policy: Option<RetentionPolicyId>,
    key: Option<ApiKeyId>,
}

pub async fn run(house: &House, held: &Held) -> Result<()> {
    let (payload, held) = (payload(held)?, held.clone());
    let (folder, catalogues) = (house.data_dir.clone(), house.catalogues);
    if let (Some(id), true) = (payload.request, held.kind == ERASURE) {
        return erased(house, held, payload, id).await;
    }
    let work = house.jobs.unpermitted(move |conn| {
        let ctx = acting(&held, &payload, clock::now());
        let plan = Plan::read(conn, &registry())?;
        match (payload.request, payload.policy) {
            (Some(id), _) => gather(conn, &ctx, &plan, &folder, &held, id),
            (None, Some(id)) => {
                retention::run(conn, &ctx, &held, &plan, catalogues, &folder, id)?;
                ledger::settle(conn, &folder, ctx.now)
            }
            (None, None) => Err(Error::internal("a job of privacy without a request")),
        }
    });
    work.await
}

/// Whoever is erased meanwhile waits for the file, and takes it away.
fn gather(conn: &mut Conn, ctx: &Ctx, plan: &Plan, folder: &Path, held: &Held, id: PrivacyRequestId) -> Result<()> {
    conn.transaction(|conn| {
        let request = request::find(conn, ctx, id)?;
        let document = match request.subject(ctx) {
            Some(subject) => {
                circle::is_there(conn, subject, true)?;
                export::gather(conn, plan, folder, subject, request.scope(), ctx.now)?
            }
            None => export::nothing(request.scope(), ctx.now),
        };
        let written = export::write(&files::path(folder, &files::gathered(id.0)), &document)?;
        request::gathered(conn, ctx, id, written)?;
        job::end(conn, held, "succeeded", None)
    })
}

/// It is done when what their files held is gone too.
async fn erased(house: &House, held: Held, payload: Payload, id: PrivacyRequestId) -> Result<()> {
    let ctx = acting(&held, &payload, clock::now());
    let (folder, by) = (house.data_dir.clone(), ctx.clone());
    let done = house.jobs.unpermitted(move |conn| erase(conn, &by, &folder, id)).await?;
    super::files::settle(house, Some(ctx.tenant)).await?;
    let end = house.jobs.unpermitted(move |conn| {
        conn.transaction(|conn| {
            request::erased(conn, &ctx, id, done)?;
            job::end(conn, &held, "succeeded", None)
        })
    });
    end.await
}

fn erase(conn: &mut Conn, ctx: &Ctx, folder: &Path, id: PrivacyRequestId) -> Result<erase::Done> {
    let plan = Plan::read(conn, &registry())?;
    let request = request::find(conn, ctx, id)?;
    let subject = request.subject(ctx).ok_or_else(|| Error::internal("nobody is to be erased"))?;
    let deed = Deed { actor: ctx.actor.user, request: ctx.request, now: ctx.now, cause: id.0, again: false };
    let done = erase::erase(conn, &plan, folder, subject, deed)?;
    ledger::settle(conn, folder, ctx.now)?;
    Ok(done)
}

fn payload(held: &Held) -> Result<Payload> {
    serde_json::from_value(held.payload.clone()).map_err(Error::internal)
}

fn acting(held: &Held, payload: &Payload, now: DateTime<Utc>) -> Ctx {
    let mut grants = Grants::default();
    for action in [Action::Read, Action::Update] {
        grants.allow("privacy_request", action, Reach::All);
    }
    Ctx {
        tenant: held.tenant_id,
        actor: Actor { user: held.created_by, key: payload.key },
        grants: Arc::new(grants),
        request: RequestId::new(),
        origin: kernel::Origin::default(),
        now,
    }
}

/// A job that is not tried again: its request says why, and can be begun once more.
pub async fn give_up(house: &House, held: Held, why: String, now: DateTime<Utc>) -> Result<()> {
    let payload = payload(&held)?;
    let given_up = house.jobs.unpermitted(move |conn| {
        conn.transaction(|conn| {
            job::end(conn, &held, "failed", Some(&why))?;
            let Some(id) = payload.request else { return Ok(()) };
            match request::failed(conn, &acting(&held, &payload, now), id, &why) {
                Err(error) if error.code == error::NOT_FOUND => Ok(()),
                done => done.map(drop),
            }
        })
    });
    given_up.await
}

/// Files that have expired, on this machine.
pub async fn clear(house: &House, now: DateTime<Utc>) -> Result<()> {
    let folder = files::path(&house.data_dir, "privacy");
    let names = std::fs::read_dir(&folder).into_iter().flatten().flatten();
    let ids: Vec<uuid::Uuid> = names.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    for id in house.jobs.unpermitted(move |conn| request::expired(conn, &ids, now)).await? {
        std::fs::remove_file(folder.join(id.to_string())).map_err(Error::internal)?;
    }
    Ok(())
}
