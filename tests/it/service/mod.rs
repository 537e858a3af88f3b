//! The service wing, from outside.
mod canned;
mod kb_portals;
mod kb_reading;
mod kb_versions;
mod surveys;
