//! What goes past its scope in `analytics`.
use super::Past;

pub const PAST: &[Past] = &[];
