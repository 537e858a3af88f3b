//! Secrets are drawn here, from the operating system, and nowhere else.
use rand::TryRng;
use rand::rngs::SysRng;

/// `N` bytes that nobody can guess. Without them nothing is safe: where there are none, whatever asked for them dies.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Err(error) = SysRng.try_fill_bytes(&mut bytes) {
        panic!("the operating system gives no random bytes: {error}");
    }
    bytes
}
