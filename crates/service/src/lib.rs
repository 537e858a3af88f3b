//! The service wing: requests answered inside their promised time, and judged.
//! Its rooms are not built yet. What stands is what they reckon by, which is pure: business calendars, and the clock of
//! a promise.
pub mod calendar;
pub mod fault;
pub mod promise;

pub use fault::{Fault, Faults};
