//! The service wing, from outside.
mod agents;
mod auto_replies;
mod calendars;
mod case_kills;
mod case_mails;
mod case_merges;
mod case_messages;
mod cases;
mod categories;
mod escalations;
mod levels;
mod policies;
mod promises;
mod quality;
mod routing;
mod routing_kills;
