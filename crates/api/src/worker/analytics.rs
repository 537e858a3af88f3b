//! What is done for analytics: runs that sort customers and look for what is bought with what; and by the clock, what has
//! changed is added up and sorted anew, runs begin that are due, and labels end.
use super::acting::{payload, powerless};
use crate::house::House;
use ::analytics::{association, facts, label, segmentation};
use chrono::{DateTime, Utc};
use diesel::Connection;
use kernel::{AssociationRunId, Error, Result, SegmentationRunId};
use platform::Conn;
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

/// What is done by the clock. Where one of it fails, the others are done all the same.
pub async fn see_to(house: &House) {
    let all: [(&str, fn(&mut Conn) -> Result<usize>); 4] = [
        ("what customers have bought cannot be added up", facts::fold),
        ("customers cannot be sorted anew", segmentation::sweep::sweep),
        ("labels that are over cannot be asked", label::account::expire),
        ("runs that are due cannot be asked", segmentation::run::put_down_due),
    ];
    for (what, work) in all {
        let done: std::result::Result<usize, Error> = house.jobs.unpermitted(work).await;
        if let Err(error) = done {
            tracing::warn!(%error, "{what}");
        }
    }
}
