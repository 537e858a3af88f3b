//! A reader that stops at its limits. It wraps what feeds a parser that would otherwise buffer without end: so many
//! bytes for the piece at hand (a row, a tag), refilled when the piece is done, and so many for the whole.

use kernel::{Text, text};
use std::{
    fmt,
    io::{Error, Read, Result},
};

/// Reads no further than allowed; then it fails with the reason.
pub(super) struct Limited<R> {
    inner: R,
    piece: u64,
    left: u64,
    total: u64,
    reason: Text,
}

impl<R> Limited<R> {
    /// `piece` bytes between refills, `total` in all; `reason` is told to the caller when the total is reached.
    pub fn new(inner: R, piece: u64, total: u64, reason: Text) -> Self {
        Self { inner, piece, left: piece, total, reason }
    }

    /// A new piece begins.
    pub fn refill(&mut self) {
        self.left = self.piece;
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let room = usize::try_from(self.left.min(self.total.saturating_add(1))).unwrap_or(usize::MAX);
        if room == 0 && !into.is_empty() {
            return Err(Error::other(Stop(text!("A single piece of the file is too large."))));
        }
        let length = into.len().min(room);
        let read = self.inner.read(into.get_mut(..length).unwrap_or_default())?;
        let count = u64::try_from(read).unwrap_or(u64::MAX);
        // one byte more than allowed tells a file at the limit from one beyond it
        self.total = self.total.checked_sub(count).ok_or_else(|| Error::other(Stop(self.reason.clone())))?;
        self.left = self.left.saturating_sub(count);
        Ok(read)
    }
}

/// Why the reader stopped, if it was this one that did.
pub(super) fn reason(error: &Error) -> Option<Text> {
    error.get_ref()?.downcast_ref::<Stop>().map(|stop| stop.0.clone())
}

#[derive(Debug)]
struct Stop(Text);

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Stop {}
