//! What goes past its scope in `marketing`.
use super::Past;

pub const PAST: &[Past] = &[];
