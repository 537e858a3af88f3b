//! A look for records that are probably one, as whoever asked for it sees them.
use super::acting::acting;
use crate::house::House;
use ::customer::duplicate;
use kernel::Result;
use platform::job::Held;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub const KINDS: &[&str] = &[duplicate::KIND];

pub async fn run(house: &House, held: &Held, stopping: &Arc<AtomicBool>) -> Result<()> {
    let (ctx, held, stopping) = (acting(house, held).await?, held.clone(), Arc::clone(stopping));
    let work =
        house.jobs.unpermitted(move |conn| duplicate::run(conn, &ctx, &held, &|| stopping.load(Ordering::Relaxed)));
    work.await
}
