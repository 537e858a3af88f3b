//! The audit trail: who did what, when, from where. One row for every change of a record, written by the statement that
//! changes it ([`crate::record`]), with the record as it was then: its event. And what [`note`] adds. Nobody changes a row
//! or takes one away.
//!
//! Rows are written unchained, so that no writer waits for another. A moment later a sealer puts them in an order that
//! later rows cannot get in front of, and chains them by hashes, one chain a tenant; checkpoints of it are signed, and
//! stand outside of the database as well. What may be personal (the data of an event, address, details) is in the chain
//! as a digest, so that it can be erased: lawfully, where `audit_erasures` says so.
mod chain;
mod checkpoint;
mod floor;
mod log;
mod months;
mod seal;
mod store;
mod verify;

pub use chain::Keys;
pub use checkpoint::{Checkpoint, checkpoint, file};
pub use log::{AuditLog, CATALOGUE};
pub use months::{Months, close_months, drop_old, months, open_months};
pub use seal::{Patience, seal};
pub use store::{Outline, Table, erase_data, erase_details, find, list, note, outline};
pub use verify::{Report, verify};
