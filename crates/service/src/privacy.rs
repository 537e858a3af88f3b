//! What the tables of the wing tell about whom.
mod kb;
mod words;

use platform::privacy::Table;

pub const TABLES: &[Table] = &[
    kb::PORTALS,
    kb::CATEGORIES,
    kb::ARTICLES,
    kb::VERSIONS,
    kb::FEEDBACK,
    kb::ARTICLE_DAYS,
    kb::PORTAL_DAYS,
    words::CANNED_RESPONSES,
    words::SURVEYS,
    words::SURVEY_RESPONSES,
];
