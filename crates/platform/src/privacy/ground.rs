//! The tables of the ground. Its texts come from callers and from files, and may speak of anybody.
use super::Data::{Derived, Identifier, Personal, Secret, Technical};
use super::Erasure::{Anew, Empty, Keep, Null, Pseudonym, Row};
use super::Whose::{Anyone, Nobody, User};
use super::{Table, names, table, tag, technical};

pub const TABLES: &[Table] = &[
    table("__diesel_schema_migrations", &[technical(&["version", "run_on"])]),
    table("server_secrets", &[technical(&["name", "kid", "created_at"]), tag(Secret, Nobody, Keep, &["secret"])]),
    table(
        "event_log",
        &[
            technical(&["tenant_id", "id", "name", "version", "request_id", "occurred_at"]),
            names(Anyone, &["object_id"]),
            names(User, &["actor_id"]),
            tag(Personal, Anyone, Empty, &["data"]),
        ],
    ),
    // who did what stays: it holds ids, and those of the erased lead nowhere
    table(
        "audit_log",
        &[
            technical(&["tenant_id", "id", "action", "noun", "version", "request_id", "occurred_at", "xact"]),
            names(Anyone, &["object_id"]),
            names(User, &["actor_id", "api_key_id", "session_id"]),
            // by `audit::erase`: the chain holds digests of them, and the ledger says that they were emptied
            tag(Personal, User, Null, &["address"]),
            tag(Personal, Anyone, Null, &["details"]),
        ],
    ),
    table("audit_chain", &[technical(&["tenant_id", "seq", "audit_id", "hash", "data_hash", "details_hash"])]),
    table("audit_checkpoints", &[technical(&["tenant_id", "seq", "hash", "signed_at", "kid", "signature"])]),
    table(
        "audit_erasures",
        &[
            technical(&["tenant_id", "audit_id", "part", "privacy_request_id", "erased_at"]),
            names(User, &["erased_by"]),
        ],
    ),
    table("audit_sealing", &[technical(&["name", "position"])]),
    table(
        "external_refs",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "resource", "source_system", "id", "created_at"]),
            tag(Identifier, Anyone, Row, &["external_id", "record_id"]),
        ],
    ),
    JOBS,
    IMPORTS,
    table(
        "import_records",
        &[technical(&["tenant_id", "import_id", "resource", "id"]), names(Anyone, &["record_ids"])],
    ),
    table(
        "import_errors",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "import_id", "row_number"]),
            tag(Personal, Anyone, Row, &["faults", "cells"]),
        ],
    ),
    // what `once::forget` does
    table(
        "idempotency_keys",
        &[
            technical(&["tenant_id", "key_hash", "request_hash", "status", "created_at"]),
            tag(Personal, Anyone, Empty, &["headers"]),
            tag(Personal, Anyone, Null, &["body"]),
            tag(Identifier, Anyone, Empty, &["record_ids"]),
        ],
    ),
];

const JOBS: Table = table(
    "jobs",
    &[
        technical(&["tenant_id", "id", "kind", "status", "attempts", "run_at", "leased_until", "fence"]),
        technical(&["cancel_asked", "team_id", "version", "created_at", "updated_at", "finished_at", "deleted_at"]),
        names(User, &["created_by"]),
        tag(Personal, Anyone, Empty, &["payload", "progress"]),
        tag(Personal, Anyone, Null, &["error"]),
        tag(Derived, Anyone, Anew, &["search"]),
    ],
);

/// A file without a line of headings has somebody's data for its header, and the mapping names the header.
const IMPORTS: Table = table(
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
