//! The marketing wing, from outside.
mod campaigns;
mod mails;
mod plans;
mod sends;
mod suppressions;
mod templates;
