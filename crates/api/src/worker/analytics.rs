//! What is done for analytics: runs that sort customers and look for what is bought with what.
use super::acting::{payload, powerless};
use crate::house::House;
use ::analytics::{association, segmentation};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{AssociationRunId, Result, SegmentationRunId};
use platform::job::{self, Held};
use serde::Deserialize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub const KINDS: &[&str] = &[segmentation::run::KIND, association::KIND];

#[derive(Clone, Deserialize)]
struct Sorting {
    run: SegmentationRunId,
}

#[derive(Clone, Deserialize)]
struct Looking {
    run: AssociationRunId,
}

pub async fn run(house: &House, held: &Held, stopping: &Arc<AtomicBool>) -> Result<()> {
    let (held, stopping) = (held.clone(), Arc::clone(stopping));
    let work = house.jobs.unpermitted(move |conn| {
        let is_stopping = || stopping.load(Ordering::Relaxed);
        match held.kind.as_str() {
            association::KIND => association::run(conn, &held, &is_stopping),
            _ => segmentation::run::run(conn, &held, &is_stopping),
        }
    });
    work.await
}

/// A job that is not tried again: its run has failed with it.
pub async fn give_up(house: &House, held: Held, why: String, now: DateTime<Utc>) -> Result<()> {
    let ctx = powerless(&held, now)?;
    let given_up = house.jobs.unpermitted(move |conn| {
        conn.transaction(|conn| {
            job::end(conn, &held, "failed", Some(&why))?;
            match held.kind.as_str() {
                association::KIND => association::give_up(conn, &ctx, payload::<Looking>(&held)?.run),
                _ => segmentation::run::give_up(conn, held.tenant_id, payload::<Sorting>(&held)?.run, now),
            }
        })
    });
    given_up.await
}
