//! What the tables of the wing tell about whom.
mod answering;
mod cases;
mod kb;
mod promises;
mod words;

use platform::privacy::Table;

pub const TABLES: &[Table] = &[
    cases::CASE_CATEGORIES,
    cases::CASES,
    cases::CASE_INBOXES,
    cases::CASE_MESSAGES,
    cases::AUTO_REPLY_RULES,
    promises::BUSINESS_CALENDARS,
    promises::SLA_POLICIES,
    promises::CASE_STATUSES,
    promises::CASE_SLAS,
    promises::SLA_MARKS,
    promises::ESCALATION_RULES,
    promises::ESCALATIONS,
    answering::SKILLS,
    answering::AGENTS,
    answering::AGENT_PRESENCE,
    answering::ROUTING_RULES,
    answering::ROUTING_CURSORS,
    answering::CASE_ASSIGNMENTS,
    answering::CASE_TURNS,
    answering::QA_SCORECARDS,
    answering::QA_EVALUATIONS,
    kb::PORTALS,
    kb::CATEGORIES,
    kb::ARTICLES,
    kb::VERSIONS,
    kb::FEEDBACK,
    kb::ARTICLE_DAYS,
    kb::PORTAL_DAYS,
    words::CANNED_RESPONSES,
    words::MACROS,
    words::SURVEY_MARKS,
    words::SURVEYS,
    words::SURVEY_RESPONSES,
];
