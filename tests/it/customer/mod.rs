//! Contacts and accounts: the whole contract of reading and writing, as every noun obeys it.
mod accounts;
mod batches;
mod duplicates;
mod emails;
mod external_refs;
mod finding;
mod hidden;
mod identifiers;
mod life;
mod memberships;
mod overview;
mod paging;
mod points;
mod reading;
mod searching;
mod upserts;
mod visibility;
mod writing;

pub use hidden::without;
