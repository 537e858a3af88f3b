//! The service wing, from outside.
mod agents;
mod auto_replies;
mod case_kills;
mod case_mails;
mod case_merges;
mod case_messages;
mod cases;
mod categories;
mod quality;
mod routing;
mod routing_kills;
