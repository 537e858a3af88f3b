//! The doors of the analytics wing.
use crate::routes::Routes;

pub fn routes(_: &mut Routes) {}
