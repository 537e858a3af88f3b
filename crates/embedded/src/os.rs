//! The system calls the standard library does not offer: the only unsafe lines of the workspace.
#![allow(unsafe_code, reason = "geteuid, statvfs, setsid and close_range exist only in libc")]

use std::ffi::CString;
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// The effective user of this process.
pub fn euid() -> u32 {
    // SAFETY: takes nothing, cannot fail.
    unsafe { libc::geteuid() }
}

/// Bytes free for ordinary users on the file system of `path`.
#[allow(clippy::useless_conversion, reason = "the width of these fields differs between platforms")]
pub fn free_bytes(path: &Path) -> Option<u64> {
    let path = CString::new(path.as_os_str().as_bytes()).ok()?;
    let mut stat = MaybeUninit::<libc::statvfs>::uninit();
    // SAFETY: `path` is a C string and `stat` is large enough; it is read only when the call filled it.
    let stat = unsafe {
        if libc::statvfs(path.as_ptr(), stat.as_mut_ptr()) != 0 {
            return None;
        }
        stat.assume_init()
    };
    u64::from(stat.f_bavail).checked_mul(u64::from(stat.f_frsize))
}

/// Lets the command outlive us without ties: no Ctrl-C from our terminal, and none of the files or locks
/// that we have inherited from our own caller.
pub fn detach(command: &mut Command) {
    // SAFETY: runs between fork and exec, where only async-signal-safe calls are allowed: both are.
    unsafe {
        command.pre_exec(|| {
            libc::setsid();
            #[cfg(target_os = "linux")]
            libc::syscall(libc::SYS_close_range, 3u32, u32::MAX, libc::CLOSE_RANGE_CLOEXEC);
            Ok(())
        });
    }
}
