//! Contacts and accounts: the whole contract of reading and writing, as every noun obeys it.
mod accounts;
mod activities;
mod batches;
mod calendar;
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
mod reminders;
mod searching;
mod tags;
mod tasks;
mod timeline;
mod upserts;
mod visibility;
mod writing;

pub use hidden::without;
