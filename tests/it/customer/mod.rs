//! Contacts and accounts: the whole contract of reading and writing, as every noun obeys it.
mod accounts;
mod batches;
mod consents;
mod duplicates;
mod emails;
mod external_refs;
mod finding;
mod forms;
mod hidden;
mod identifiers;
mod life;
mod memberships;
mod origins;
mod overview;
mod paging;
mod points;
mod reading;
mod searching;
mod upserts;
mod verifications;
mod visibility;
mod writing;

pub use hidden::without;
