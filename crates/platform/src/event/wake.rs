//! Who is told at once: the sealer, where this process has written something; the readers, where it has been sealed.
use std::sync::LazyLock;
use tokio::sync::{Notify, watch};

pub(crate) static WRITTEN: LazyLock<Notify> = LazyLock::new(Notify::new);
static SEALED: LazyLock<watch::Sender<u64>> = LazyLock::new(|| watch::Sender::new(0));

/// Until this process has written something that is to be sealed.
pub async fn written() {
    WRITTEN.notified().await;
}

/// Something was sealed by this process: whoever waits for events looks for them.
pub fn sealed() {
    SEALED.send_modify(|count| *count = count.wrapping_add(1));
}

/// Changes whenever something was sealed by this process; what others seal is found by looking now and then.
pub fn sealings() -> watch::Receiver<u64> {
    SEALED.subscribe()
}
