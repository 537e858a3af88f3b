//! Who is told at once: the sealer, where this process has written something; the readers, where it has been sealed.
use std::sync::LazyLock;
use tokio::sync::watch;

static WRITTEN: LazyLock<watch::Sender<u64>> = LazyLock::new(|| watch::Sender::new(0));
static SEALED: LazyLock<watch::Sender<u64>> = LazyLock::new(|| watch::Sender::new(0));

/// This process has written something that is to be sealed.
pub fn written() {
    WRITTEN.send_modify(|count| *count = count.wrapping_add(1));
}

/// Changes whenever this process has written something.
pub fn writings() -> watch::Receiver<u64> {
    WRITTEN.subscribe()
}

/// Something was sealed by this process: whoever waits for events looks for them.
pub fn sealed() {
    SEALED.send_modify(|count| *count = count.wrapping_add(1));
}

/// Changes whenever something was sealed by this process; what others seal is found by looking now and then.
pub fn sealings() -> watch::Receiver<u64> {
    SEALED.subscribe()
}
