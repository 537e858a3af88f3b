//! Whoever gets a lead by a rule has promised to answer in time. A call, a mail or a meeting with them answers, whatever
//! way it came to be written down: it is looked for, not told. A promise that nobody has kept is told once, as
//! `lead.response_breached`, whatever dies meanwhile.
mod store;

pub use store::watch;
