//! In whose name a job works: its creator's, with what they may do now and might do when they asked for it.
use crate::house::House;
use chrono::{DateTime, Utc};
use kernel::{Action, ApiKeyId, Ctx, Error, Result, clock};
use platform::job::Held;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What every such job says beside what it is to do.
#[derive(Clone, Deserialize)]
struct Asked {
    may: Vec<(String, String)>,
    key: Option<ApiKeyId>,
}

/// What a job says.
pub fn payload<T: for<'a> Deserialize<'a>>(held: &Held) -> Result<T> {
    serde_json::from_value(held.payload.clone()).map_err(Error::internal)
}

pub async fn acting(house: &House, held: &Held) -> Result<Ctx> {
    let asked: Asked = payload(held)?;
    let mut ctx = house.identity.acting(held.tenant_id, held.created_by, asked.key, clock::now()).await?;
    let keep: BTreeSet<(String, Action)> =
        asked.may.iter().filter_map(|(object, action)| Some((object.clone(), Action::named(action)?))).collect();
    Arc::make_mut(&mut ctx.grants).narrow(&keep);
    Ok(ctx)
}

/// The same of somebody who may do nothing more: for what is written down when a job is given up.
pub fn powerless(held: &Held, now: DateTime<Utc>) -> Result<Ctx> {
    let asked: Asked = payload(held)?;
    let mut ctx = Ctx::powerless(held.tenant_id, held.created_by, now);
    ctx.actor.key = asked.key;
    Ok(ctx)
}
