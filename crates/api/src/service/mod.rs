//! The doors of the service wing.
use crate::routes::Routes;

pub fn routes(_: &mut Routes) {}
