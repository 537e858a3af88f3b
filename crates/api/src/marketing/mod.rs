//! The doors of the marketing wing.
use crate::routes::Routes;

pub fn routes(_: &mut Routes) {}
