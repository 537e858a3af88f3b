//! What somebody asked the house to do, and what comes of it: requests, jobs, exports, imports.
use crate::privacy::Data::{Derived, Personal};
use crate::privacy::Erasure::{Anew, Empty, Null, Pseudonym};
use crate::privacy::Whose::{Anyone, User};
use crate::privacy::{Table, names, table, tag, technical};

/// That somebody asked, when, and what was done stays: it is what shows that the law was kept.
pub const REQUESTS: Table = table(
    "privacy_requests",
    &[
        technical(&["tenant_id", "id", "kind", "status", "subject_kind", "channel", "law", "due_on"]),
        technical(&["verified_at", "started_at", "closed_at", "file_size", "file_sha256", "file_expires_at", "job_id"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(Anyone, &["subject_id", "outcome"]),
        names(User, &["created_by", "updated_by"]),
        tag(Personal, Anyone, Null, &["requester_name", "requester_email", "words", "evidence", "verified_how"]),
        tag(Personal, Anyone, Null, &["reason", "error"]),
        tag(Derived, Anyone, Anew, &["search"]),
    ],
);

pub const JOBS: Table = table(
    "jobs",
    &[
        technical(&["tenant_id", "id", "kind", "status", "attempts", "run_at", "leased_until", "fence"]),
        technical(&["cancel_asked", "team_id", "version", "created_at", "updated_at", "finished_at", "deleted_at"]),
        technical(&["priority", "turn"]),
        names(User, &["created_by"]),
        tag(Personal, Anyone, Empty, &["payload", "progress"]),
        tag(Personal, Anyone, Null, &["error"]),
        tag(Derived, Anyone, Anew, &["search"]),
    ],
);

/// What was asked for may name somebody. The file of an export that holds them goes as a whole.
pub const EXPORTS: Table = table(
    "exports",
    &[
        technical(&["tenant_id", "id", "resource", "format", "status"]),
        technical(&["file_size", "file_sha256", "rows_written", "job_id", "expires_at", "team_id"]),
        technical(&["version", "created_at", "updated_at", "finished_at", "deleted_at"]),
        names(User, &["created_by"]),
        tag(Personal, Anyone, Empty, &["query"]),
        tag(Personal, Anyone, Null, &["error"]),
        tag(Derived, Anyone, Anew, &["search"]),
    ],
);

/// A file without a line of headings has somebody's data for its header, and the mapping names the header.
pub const IMPORTS: Table = table(
    "imports",
    &[
        technical(&["tenant_id", "id", "resource", "file_size", "file_sha256", "mode", "duplicates", "is_dry_run"]),
        technical(&["status", "checkpoint", "rows_read", "rows_created", "rows_updated", "rows_unchanged"]),
        technical(&["rows_failed", "records_kept", "job_id", "team_id"]),
        technical(&["version", "created_at", "updated_at", "finished_at", "deleted_at"]),
        names(User, &["created_by"]),
        tag(Personal, Anyone, Pseudonym, &["file_name", "file_key"]),
        tag(Personal, Anyone, Empty, &["mapping", "header"]),
        tag(Personal, Anyone, Null, &["error"]),
        tag(Derived, Anyone, Anew, &["search"]),
    ],
);
