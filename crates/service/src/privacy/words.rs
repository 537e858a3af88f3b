//! What is kept of words that are written once, and of surveys, tells about whom.
use platform::privacy::Data::{Personal, Statistic};
use platform::privacy::Erasure::{Keep, Null};
use platform::privacy::Whose::{Contact, User};
use platform::privacy::{Table, names, table, tag, technical};

pub(super) const CANNED_RESPONSES: Table = table(
    "canned_responses",
    &[
        technical(&["tenant_id", "id", "team_id", "is_public", "short_code", "title", "folder", "texts", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
    ],
);

pub(super) const SURVEYS: Table = table(
    "surveys",
    &[
        technical(&[
            "tenant_id",
            "id",
            "name",
            "kind",
            "subjects",
            "questions",
            "thanks",
            "is_active",
            "is_sent_on_close",
        ]),
        technical(&["delay_minutes", "sampling_percent", "quiet_days", "answer_days", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

/// How content somebody was stays as a figure; what they have said of it goes.
pub(super) const SURVEY_RESPONSES: Table = table(
    "survey_responses",
    &[
        technical(&["tenant_id", "id", "survey_id", "case_id", "status", "expires_at", "hashes"]),
        technical(&["version", "created_at", "updated_at"]),
        names(Contact, &["contact_id"]),
        names(User, &["user_id", "queue_id", "created_by"]),
        tag(Statistic, Contact, Keep, &["locale", "send_at", "sent_at", "answered_at", "score"]),
        tag(Personal, Contact, Null, &["comment"]),
    ],
);

pub(super) const SURVEY_MARKS: Table = table("survey_marks", &[technical(&["tenant_id", "id", "case_id"])]);

pub(super) const MACROS: Table = table(
    "macros",
    &[
        technical(&["tenant_id", "id", "name", "description", "actions", "is_active", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);
