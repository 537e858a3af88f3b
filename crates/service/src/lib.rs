//! The service wing: requests answered inside their promised time, and judged.
pub mod agent;
pub mod auto_reply;
pub mod business_calendar;
pub mod calendar;
pub mod canned;
pub mod case;
pub mod case_sla;
pub mod category;
pub mod escalation;
pub mod escalation_rule;
pub mod fault;
pub mod inbox;
pub mod kb;
pub mod locale;
pub mod macros;
mod others;
mod people;
mod privacy;
pub mod promise;
pub mod qa;
pub mod routing;
pub mod service_level;
pub mod skill;
pub mod sla_policy;
mod staff;
pub mod survey;

pub use fault::{Fault, Faults};

pub use privacy::TABLES;

use kernel::Code;
use kernel::catalogue::{Catalogue, Echo, Relation};
use platform::merge::{Reference, Way};

/// The nouns of the wing.
pub const CATALOGUES: &[&Catalogue] = &[
    &case::CATALOGUE,
    &case::message::CATALOGUE,
    &category::CATALOGUE,
    &inbox::CATALOGUE,
    &auto_reply::CATALOGUE,
    &business_calendar::CATALOGUE,
    &sla_policy::CATALOGUE,
    &case_sla::CATALOGUE,
    &escalation_rule::CATALOGUE,
    &escalation::CATALOGUE,
    &skill::CATALOGUE,
    &agent::CATALOGUE,
    &routing::CATALOGUE,
    &qa::scorecard::CATALOGUE,
    &qa::evaluation::CATALOGUE,
    &kb::portal::CATALOGUE,
    &kb::category::CATALOGUE,
    &kb::article::CATALOGUE,
    &kb::version::CATALOGUE,
    &kb::feedback::CATALOGUE,
    &canned::CATALOGUE,
    &survey::CATALOGUE,
    &macros::CATALOGUE,
    &survey::response::CATALOGUE,
];

/// What the wing adds to the nouns of others.
pub const RELATIONS: &[(&str, Relation)] = &[
    ("account", Relation::many("cases", "case", "account_id")),
    ("contact", Relation::many("cases", "case", "contact_id")),
    ("order", Relation::many("cases", "case", "order_id")),
    ("product", Relation::many("cases", "case", "product_id")),
    ("email_message", Relation::many("case_messages", "case_message", "email_message_id")),
    ("case", Relation::many("slas", "case_sla", "case_id")),
    ("case", Relation::many("escalations", "escalation", "case_id")),
    ("case", Relation::many("qa_evaluations", "qa_evaluation", "case_id")),
    ("contact", Relation::many("survey_responses", "survey_response", "contact_id")),
    ("case", Relation::many("survey_responses", "survey_response", "case_id")),
];

/// What the wing's tables say of accounts and contacts, for when some of them become one.
pub const REFERENCES: &[Reference] = &[
    Reference::of("account", "cases", "account_id").told("case", "id"),
    Reference::of("contact", "cases", "contact_id").told("case", "id"),
    Reference::of("contact", "case_messages", "contact_id").told("case", "case_id"),
    Reference::of("case", "case_messages", "case_id"),
    Reference::of("case", "cases", "parent_id").told("case", "id"),
    Reference::of("case", "cases", "follows_id").told("case", "id"),
    Reference::of("case", "cases", "merged_into_id").way(Way::Stays),
    Reference::of("case", "qa_evaluations", "case_id").way(Way::Stays),
    Reference::of("case", "case_assignments", "case_id").way(Way::Stays),
    Reference::of("case", "case_turns", "id").way(Way::Stays),
    Reference::of("contact", "survey_responses", "contact_id"),
    Reference::of("case", "survey_responses", "case_id"),
    Reference::of("case", "survey_marks", "case_id"),
    Reference::of("case", "kb_articles", "case_id").told("kb_article", "id"),
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
    Echo { object: "account_overview", field: "cases", of: &[("case", "account_id")] },
    Echo { object: "contact_overview", field: "cases", of: &[("case", "contact_id")] },
    Echo { object: "case_summary", field: "open_count", of: &[("case", "status")] },
    Echo { object: "case_summary", field: "open", of: &[("case", "status")] },
    Echo { object: "case", field: "resolved_at", of: &[("case", "status")] },
    Echo { object: "case", field: "closed_at", of: &[("case", "status")] },
    Echo { object: "case_message", field: "contact_id", of: &[("case", "contact_id")] },
    Echo { object: "escalation", field: "priority", of: &[("case", "priority")] },
    Echo { object: "case_sla", field: "status", of: &[("case", "status")] },
    Echo { object: "case_sla", field: "paused_at", of: &[("case", "status")] },
    Echo { object: "case_sla", field: "met_at", of: &[("case", "first_response_at"), ("case", "resolved_at")] },
    Echo { object: "service_level_group", field: "resolved_count", of: &[("case", "status")] },
    Echo {
        object: "service_level_group",
        field: "reopened_count",
        of: &[("case", "status"), ("case", "reopened_count")],
    },
    Echo { object: "service_level_group", field: "backlog_count", of: &[("case", "status")] },
    Echo { object: "service_level_group", field: "first_response", of: &[("case", "first_response_at")] },
    Echo { object: "service_level_group", field: "resolution", of: &[("case", "resolved_at"), ("case", "status")] },
    Echo { object: "service_level_group", field: "next_response", of: &[("case_message", "author_kind")] },
    Echo {
        object: "service_level_group",
        field: "promises",
        of: &[("case_sla", "status"), ("case_sla", "met_at"), ("case_sla", "breached_at")],
    },
    Echo { object: "case_message", field: "channel", of: &[("case", "channel")] },
    // whom a mail went to is found by their address
    Echo { object: "case_message", field: "recipients", of: &[("contact", "email")] },
    // the page says what the text says
    Echo { object: "kb_article_version", field: "body_html", of: &[("kb_article_version", "body")] },
    // and so does what it says to somebody
    Echo { object: "canned_preview", field: "text", of: &[("canned_response", "texts")] },
    Echo { object: "canned_preview", field: "html", of: &[("canned_response", "texts")] },
    Echo { object: "survey_figures", field: "kind", of: &[("survey", "kind")] },
    Echo { object: "survey_figures", field: "answered_count", of: &[("survey_response", "score")] },
    Echo { object: "survey_figures", field: "answered_share", of: &[("survey_response", "score")] },
    Echo { object: "survey_figures", field: "average", of: &[("survey_response", "score")] },
    Echo { object: "survey_figures", field: "score", of: &[("survey_response", "score"), ("survey", "kind")] },
    Echo { object: "survey_line", field: "user_id", of: &[("survey_response", "user_id")] },
    Echo { object: "survey_line", field: "queue_id", of: &[("survey_response", "queue_id")] },
    Echo { object: "survey_line", field: "day_on", of: &[("survey_response", "send_at")] },
    Echo { object: "survey_line", field: "answered_count", of: &[("survey_response", "score")] },
    Echo { object: "survey_line", field: "average", of: &[("survey_response", "score")] },
    Echo { object: "survey_line", field: "score", of: &[("survey_response", "score"), ("survey", "kind")] },
    Echo { object: "kb_figures", field: "helpful_count", of: &[("kb_feedback", "is_helpful")] },
    Echo { object: "kb_figures", field: "unhelpful_count", of: &[("kb_feedback", "is_helpful")] },
    Echo { object: "kb_figures", field: "deflected_count", of: &[("kb_feedback", "is_helpful")] },
    Echo { object: "kb_figures", field: "helpful_share", of: &[("kb_feedback", "is_helpful")] },
    Echo { object: "kb_figures", field: "comment_count", of: &[("kb_feedback", "comment")] },
    Echo { object: "kb_article_figures", field: "title", of: &[("kb_article", "title")] },
    Echo { object: "kb_article_figures", field: "helpful_count", of: &[("kb_feedback", "is_helpful")] },
    Echo { object: "kb_article_figures", field: "unhelpful_count", of: &[("kb_feedback", "is_helpful")] },
];

/// What decides to whom a case goes.
const ROUTED: &[(&str, &str)] = &[("case", "queue_id"), ("case", "channel"), ("case", "required_skills")];
/// What tells how many cases somebody has.
const IN_HAND: &[(&str, &str)] = &[("case", "owner_id"), ("case", "status")];

/// The codes that the wing raises.
pub const CODES: &[&[Code]] = &[
    case::CODES,
    case::message::CODES,
    category::CODES,
    inbox::CODES,
    skill::CODES,
    agent::CODES,
    routing::CODES,
    qa::scorecard::CODES,
    qa::evaluation::CODES,
    kb::portal::CODES,
    kb::category::CODES,
    kb::article::CODES,
    kb::version::CODES,
    canned::CODES,
    survey::CODES,
    macros::CODES,
    survey::response::CODES,
];

/// What this wing says to callers, in every language.
pub const TEXTS: &str = include_str!("texts.txt");

/// What the clock decides of promises, over all tenants: what was promised, what has come due, and what is escalated.
///
/// # Errors
/// Where the database cannot be asked.
pub fn watch(conn: &mut platform::Conn) -> kernel::Result<usize> {
    Ok(case_sla::watch(conn)? + escalation::watch(conn)?)
}
