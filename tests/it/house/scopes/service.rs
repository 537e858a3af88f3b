//! What goes past its scope in `service`.
use super::Past;

pub const PAST: &[Past] = &[];
