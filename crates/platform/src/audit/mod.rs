//! The audit trail: who did what, when, from where. One row for every change of a record, written by the statement that
//! changes it ([`crate::record`]), and what [`note`] adds. Nobody changes a row or takes one away.
mod store;

pub use store::note;
