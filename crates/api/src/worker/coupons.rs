//! Coupons made many at a time, in the name of whoever asked for them.
use super::acting::acting;
use crate::house::House;
use ::marketing::coupon::making;
use kernel::Result;
use platform::job::Held;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub const KINDS: &[&str] = &[making::KIND];

pub async fn run(house: &House, held: &Held, stopping: &Arc<AtomicBool>) -> Result<()> {
    let (ctx, held, stopping) = (acting(house, held).await?, held.clone(), Arc::clone(stopping));
    let work = house.jobs.unpermitted(move |conn| making::run(conn, &ctx, &held, &|| stopping.load(Ordering::Relaxed)));
    work.await
}
