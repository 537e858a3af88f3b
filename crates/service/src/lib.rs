//! The service wing: requests answered inside their promised time, and judged; and what the business knows.
pub mod calendar;
pub mod canned;
pub mod fault;
pub mod kb;
pub mod locale;
mod privacy;
pub mod promise;
pub mod survey;

pub use fault::{Fault, Faults};

pub use privacy::TABLES;

use kernel::Code;
use kernel::catalogue::{Catalogue, Echo, Relation};
use platform::merge::Reference;

/// The nouns of the wing.
pub const CATALOGUES: &[&Catalogue] = &[
    &kb::portal::CATALOGUE,
    &kb::category::CATALOGUE,
    &kb::article::CATALOGUE,
    &kb::version::CATALOGUE,
    &kb::feedback::CATALOGUE,
    &canned::CATALOGUE,
    &survey::CATALOGUE,
    &survey::response::CATALOGUE,
];

/// What the wing adds to the nouns of others.
pub const RELATIONS: &[(&str, Relation)] =
    &[("contact", Relation::many("survey_responses", "survey_response", "contact_id"))];

/// What the wing's tables say of accounts and contacts, for when some of them become one.
pub const REFERENCES: &[Reference] = &[Reference::of("contact", "survey_responses", "contact_id")];

/// Members that tell of fields elsewhere.
pub const ECHOES: &[Echo] = &[
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

/// The codes that the wing raises.
pub const CODES: &[&[Code]] = &[
    kb::portal::CODES,
    kb::category::CODES,
    kb::article::CODES,
    kb::version::CODES,
    canned::CODES,
    survey::CODES,
    survey::response::CODES,
];

/// What this wing says to callers, in every language.
pub const TEXTS: &str = include_str!("texts.txt");
