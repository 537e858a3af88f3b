//! Leads that nobody works on lie in a pool, and belong to its queue: whoever serves that sees them, and takes them. What
//! lies there changes by nothing else: it is claimed, by one of many, or transferred; it comes back when whoever has it
//! gives it back, or leaves it alone for too long.
//!
//! While it lies in a pool that masks, its address and number are in no column that anybody asks for: they stand in
//! `lead_covers`, and a hint of them in the lead. So no list, filter, search, rule, segment or file can tell them, and what
//! its history has kept is held back by the ground (`platform::history::cover`).
mod allowance;
mod body;
mod deeds;
mod entry;
mod mask;
mod recycle;
mod store;

pub use allowance::{PoolAllowance, allowance};
pub use body::{LeadReturn, LeadTransfer, PoolClaim};
pub use deeds::{claim, claim_next, give_back, transfer};
pub(crate) use entry::{Entry, handed, is_no_pools, meant, put_in};
pub use recycle::recycle;

use super::Lead;
use kernel::{Code, Kind};

pub const LIES_IN_POOL: Code = Code::new(
    "lead_in_pool",
    Kind::Conflict,
    "The lead lies in a pool, and nobody works on it: it changes when somebody has claimed it.",
);
pub const NOT_IN_POOL: Code = Code::new("lead_not_in_pool", Kind::Conflict, "The lead does not lie in a pool.");
pub const TAKEN: Code = Code::new("lead_taken", Kind::Conflict, "Somebody else was quicker, and has taken the lead.");
pub const CODES: &[Code] = &[LIES_IN_POOL, NOT_IN_POOL, TAKEN];

impl Lead {
    /// Whether nobody works on it.
    pub(crate) fn lies_in_pool(&self) -> bool {
        self.pooled_at.is_some()
    }
}
