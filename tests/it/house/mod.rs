//! The laws of the house: of every operation, of the sources, of the schema. New code is covered without anyone adding
//! it here; a list of exceptions may only shrink.
mod catalogues;
mod document;
mod doors;
mod errors;
mod fields;
mod laws;
mod migrations;
mod privacy;
mod schema;
mod scopes;
mod style;
mod tables;
mod texts;
mod tour;
