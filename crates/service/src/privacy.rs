//! What the tables of the wing tell about whom.
mod cases;

use platform::privacy::Table;

pub const TABLES: &[Table] =
    &[cases::CASE_CATEGORIES, cases::CASES, cases::CASE_INBOXES, cases::CASE_MESSAGES, cases::AUTO_REPLY_RULES];
