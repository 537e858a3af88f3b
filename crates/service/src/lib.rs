//! The service wing: requests answered inside their promised time, and judged.
pub mod agent;
pub mod calendar;
pub mod fault;
mod privacy;
pub mod promise;
pub mod qa;
pub mod routing;
pub mod skill;
mod staff;

pub use fault::{Fault, Faults};

pub use privacy::TABLES;

use kernel::Code;
use kernel::catalogue::{Catalogue, Echo, Relation};
use platform::merge::{Reference, Way};

/// The nouns of the wing.
pub const CATALOGUES: &[&Catalogue] =
    &[&skill::CATALOGUE, &agent::CATALOGUE, &routing::CATALOGUE, &qa::scorecard::CATALOGUE, &qa::evaluation::CATALOGUE];

/// What the wing adds to the nouns of others.
pub const RELATIONS: &[(&str, Relation)] = &[("case", Relation::many("qa_evaluations", "qa_evaluation", "case_id"))];

/// What the wing's tables say of accounts and contacts, for when some of them become one.
pub const REFERENCES: &[Reference] = &[
    Reference::of("case", "qa_evaluations", "case_id").way(Way::Stays),
    Reference::of("case", "case_assignments", "case_id").way(Way::Stays),
    Reference::of("case", "case_turns", "id").way(Way::Stays),
];

/// Members that tell of fields elsewhere.
pub const ECHOES: &[Echo] = &[
    Echo { object: "case_assignment", field: "from_id", of: &[("case", "owner_id")] },
    Echo { object: "case_assignment", field: "owner_id", of: &[("case", "owner_id")] },
    Echo { object: "case_assignment", field: "queue_id", of: &[("case", "queue_id")] },
    Echo { object: "case_assignment", field: "rule_id", of: &[("case", "queue_id")] },
    Echo { object: "case_assignment", field: "candidates", of: ROUTED },
    Echo { object: "case_routing", field: "owner_id", of: ROUTED },
    Echo { object: "case_routing", field: "candidates", of: ROUTED },
    Echo { object: "case_routing", field: "queue_id", of: &[("case", "queue_id")] },
    Echo { object: "case_routing", field: "rule_id", of: &[("case", "queue_id")] },
    Echo { object: "agent_load", field: "open_cases", of: IN_HAND },
    Echo { object: "agent_load", field: "is_free", of: IN_HAND },
    Echo {
        object: "agent_load",
        field: "channels",
        of: &[("case", "owner_id"), ("case", "status"), ("case", "channel")],
    },
    Echo { object: "presence", field: "status", of: &[("agent", "status")] },
    Echo { object: "presence", field: "status_changed_at", of: &[("agent", "status_changed_at")] },
    Echo { object: "qa_evaluation", field: "total", of: &[("qa_evaluation", "scores")] },
    Echo { object: "qa_evaluation", field: "has_failed", of: &[("qa_evaluation", "scores")] },
    Echo {
        object: "qa_evaluation",
        field: "is_passed",
        of: &[("qa_evaluation", "scores"), ("qa_evaluation", "total")],
    },
    Echo { object: "qa_figure", field: "average_total", of: &[("qa_evaluation", "total")] },
    Echo { object: "qa_figure", field: "lowest_total", of: &[("qa_evaluation", "total")] },
    Echo { object: "qa_figure", field: "passed_count", of: &[("qa_evaluation", "is_passed")] },
    Echo { object: "qa_figure", field: "failed_count", of: &[("qa_evaluation", "has_failed")] },
    Echo { object: "qa_figure", field: "appealed_count", of: &[("qa_evaluation", "appealed_at")] },
    Echo { object: "qa_figure", field: "revised_count", of: &[("qa_evaluation", "status")] },
];

/// What decides to whom a case goes.
const ROUTED: &[(&str, &str)] = &[("case", "queue_id"), ("case", "channel"), ("case", "required_skills")];
/// What tells how many cases somebody has.
const IN_HAND: &[(&str, &str)] = &[("case", "owner_id"), ("case", "status")];

/// The codes that the wing raises.
pub const CODES: &[&[Code]] =
    &[skill::CODES, agent::CODES, routing::CODES, qa::scorecard::CODES, qa::evaluation::CODES];

/// What this wing says to callers, in every language.
pub const TEXTS: &str = include_str!("texts.txt");
