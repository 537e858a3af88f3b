//! Sealing anew what an old key has sealed, where the command that began it has not come to an end.
use crate::house::{self, House};
use kernel::Result;
use platform::job::Held;
use platform::vault::{Go, ROTATION};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub const KINDS: &[&str] = &[ROTATION];

pub async fn run(house: &House, held: &Held, stopping: &Arc<AtomicBool>) -> Result<()> {
    let (vault, held, stopping) = (house.vault.clone(), held.clone(), Arc::clone(stopping));
    let work = house.jobs.unpermitted(move |conn| {
        let mut watch = |_| if stopping.load(Ordering::Relaxed) { Go::Pause } else { Go::On };
        vault.reseal(conn, &held, &house::sealed(), &mut watch).map(drop)
    });
    work.await
}
