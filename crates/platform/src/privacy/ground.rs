//! The tables of the ground. Its texts come from callers and from files, and may speak of anybody.
mod work;

use super::Data::{Derived, Identifier, Personal, Secret, Technical};
use super::Erasure::{Anew, Empty, Keep, Null, Pseudonym, Row};
use super::Whose::{Anyone, Nobody, User};
use super::{Table, names, table, tag, technical};
use work::{EXPORTS, IMPORTS, JOBS, REQUESTS};

pub const TABLES: &[Table] = &[
    table("__diesel_schema_migrations", &[technical(&["version", "run_on"])]),
    table(
        "server_secrets",
        &[technical(&["name", "kid", "sealed_key_id", "created_at"]), tag(Secret, Nobody, Keep, &["secret", "sealed"])],
    ),
    table(
        "data_keys",
        &[
            technical(&["tenant_id", "id", "purpose", "master", "created_at", "retired_at"]),
            tag(Secret, Nobody, Keep, &["wrapped"]),
        ],
    ),
    // who did what stays: it holds ids, and those of the erased lead nowhere
    table(
        "audit_log",
        &[
            technical(&["tenant_id", "id", "action", "noun", "version", "request_id", "occurred_at", "xact"]),
            names(Anyone, &["object_id"]),
            names(User, &["actor_id", "api_key_id", "session_id"]),
            // by `audit::erase_…`: the chain holds digests of them, and the ledger says that they were emptied;
            // what happened to a record stays an event, so that of its data an empty object is left
            tag(Personal, User, Null, &["address"]),
            tag(Personal, Anyone, Null, &["details", "data"]),
        ],
    ),
    table("audit_chain", &[technical(&["tenant_id", "seq", "audit_id", "hash", "data_hash", "details_hash"])]),
    table("audit_checkpoints", &[technical(&["tenant_id", "seq", "hash", "signed_at", "kid", "signature"])]),
    table(
        "audit_floors",
        &[technical(&["tenant_id", "cut", "signed_at", "seq", "hash", "further", "kid", "signature"])],
    ),
    table(
        "audit_erasures",
        &[
            technical(&["tenant_id", "audit_id", "part", "privacy_request_id", "erased_at", "kept"]),
            names(User, &["erased_by"]),
        ],
    ),
    table("audit_sealing", &[technical(&["name", "position", "sealed_before"])]),
    table(
        "external_refs",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "resource", "source_system", "id", "created_at"]),
            // the key of a record may be somebody's address
            tag(Personal, Anyone, Row, &["external_id"]),
            tag(Identifier, Anyone, Row, &["record_id"]),
        ],
    ),
    // whom a record was shown to: ids, and those of the erased lead nowhere
    table(
        "shares",
        &[
            technical(&["tenant_id", "id", "resource", "team_id", "access", "expires_at", "search"]),
            technical(&["version", "created_at", "updated_at", "deleted_at"]),
            names(Anyone, &["record_id"]),
            names(User, &["user_id", "grantee_id", "created_by", "updated_by"]),
        ],
    ),
    // what records are made of: the business chose it
    table(
        "field_defs",
        &[
            technical(&["tenant_id", "id", "object", "key", "holds", "labels", "help", "is_required", "is_unique"]),
            technical(&["is_searched", "is_indexed", "is_personal", "default_value", "limits", "rule"]),
            technical(&["option_set_id", "reference", "dependence", "position", "search"]),
            technical(&["version", "created_at", "updated_at", "deleted_at"]),
            names(User, &["created_by", "updated_by"]),
        ],
    ),
    table("field_versions", &[technical(&["tenant_id", "object", "version", "unique_keys"])]),
    table(
        "option_sets",
        &[
            technical(&["tenant_id", "id", "key", "labels", "options", "search"]),
            technical(&["version", "created_at", "updated_at", "deleted_at"]),
            names(User, &["created_by", "updated_by"]),
        ],
    ),
    table(
        "custom_uniques",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "object", "key"]),
            tag(Personal, Anyone, Row, &["value"]),
            tag(Identifier, Anyone, Row, &["record_id"]),
        ],
    ),
    // what somebody looks for may be somebody's name
    table(
        "views",
        &[
            technical(&["tenant_id", "id", "team_id", "object", "fields", "is_default", "is_public", "position"]),
            technical(&["version", "created_at", "updated_at", "deleted_at"]),
            names(User, &["owner_id", "created_by", "updated_by"]),
            tag(Personal, Anyone, Pseudonym, &["name"]),
            tag(Personal, Anyone, Null, &["filter", "sort"]),
            tag(Derived, Anyone, Anew, &["search"]),
        ],
    ),
    // what a filter asks may name somebody; without it nobody comes or goes any more
    table(
        "segments",
        &[
            technical(&["tenant_id", "id", "team_id", "resource", "kind", "exclude_ids", "refresh", "status"]),
            technical(&["built_at", "built_ms", "needs", "uses", "refreshed_at", "refresh_at"]),
            technical(&["version", "created_at", "updated_at", "deleted_at"]),
            names(User, &["owner_id", "created_by", "updated_by"]),
            tag(Personal, Anyone, Pseudonym, &["name"]),
            tag(Personal, Anyone, Null, &["description", "filter", "status_reason"]),
            tag(Derived, Anyone, Anew, &["search"]),
        ],
    ),
    table(
        "segment_members",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "resource", "version"]),
            tag(Identifier, Anyone, Row, &["id", "record_id"]),
            tag(Personal, Anyone, Row, &["segment_id", "entered_at", "left_at"]),
        ],
    ),
    table(
        "segment_builds",
        &[technical(&["tenant_id", "segment_id", "run_id", "after_id", "looked", "total", "begun_at", "is_stale"])],
    ),
    table("segment_cursors", &[technical(&["tenant_id", "position"])]),
    // gone as soon as it was looked at
    table("segment_marks", &[technical(&["tenant_id", "id", "resource", "record_id"])]),
    table(
        "connections",
        &[
            technical(&["tenant_id", "id", "name", "kind", "source_system", "conflict_policy"]),
            technical(&[
                "field_policies",
                "mapping",
                "changed_at_path",
                "currency",
                "time_zone",
                "is_active",
                "search",
            ]),
            technical(&["version", "created_at", "updated_at", "deleted_at"]),
            names(User, &["user_id", "created_by", "updated_by"]),
        ],
    ),
    table(
        "connection_secrets",
        &[
            technical(&["tenant_id", "id", "connection_id", "sealed_key_id", "expires_at"]),
            tag(Secret, Nobody, Keep, &["sealed"]),
        ],
    ),
    table(
        "inbound_deliveries",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "id", "connection_id", "topic", "sent_at", "size", "status"]),
            tag(Technical, Nobody, Row, &["sender_key", "attempts", "version", "created_at", "updated_at"]),
            tag(Technical, Nobody, Row, &["processed_at"]),
            tag(Personal, Anyone, Row, &["body", "plain", "error"]),
        ],
    ),
    table(
        "inbound_records",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "connection_id", "resource", "changed_at"]),
            tag(Identifier, Anyone, Row, &["external_id", "record_id"]),
        ],
    ),
    // a file goes as a whole, and what it held with it; so does one of somebody else whose name speaks of them
    table(
        "files",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "id", "resource", "content_type", "size", "sha256", "status"]),
            tag(Technical, Nobody, Row, &["failure", "object_id", "etag", "upload_until"]),
            tag(Technical, Nobody, Row, &["version", "created_at", "updated_at", "deleted_at"]),
            tag(Identifier, Anyone, Row, &["record_id"]),
            tag(Identifier, User, Row, &["created_by", "updated_by"]),
            tag(Personal, Anyone, Row, &["name"]),
            tag(Derived, Anyone, Row, &["search"]),
        ],
    ),
    table("file_removals", &[technical(&["tenant_id", "object_id", "due_at", "kept_until"])]),
    table(
        "followers",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "resource", "created_at"]),
            tag(Identifier, Anyone, Row, &["record_id"]),
            tag(Identifier, User, Row, &["user_id"]),
        ],
    ),
    // which event, and nothing of what it tells
    table(
        "notifications",
        &[
            tag(
                Technical,
                Nobody,
                Row,
                &["tenant_id", "id", "kind", "resource", "event_id", "seq", "status", "created_at"],
            ),
            tag(Technical, Nobody, Row, &["is_listed", "mail_at", "push_at"]),
            tag(Identifier, Anyone, Row, &["record_id"]),
            tag(Identifier, User, Row, &["user_id", "actor_id"]),
        ],
    ),
    table(
        "notification_preferences",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "wanted", "updated_at"]),
            tag(Identifier, User, Row, &["user_id"]),
        ],
    ),
    table(
        "devices",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "id", "sealed_key_id", "fingerprint_key_id", "created_at"]),
            tag(Identifier, User, Row, &["user_id"]),
            tag(Personal, User, Row, &["platform", "app_version", "locale", "last_seen_at"]),
            tag(Secret, User, Row, &["sealed"]),
            tag(Derived, User, Row, &["fingerprint"]),
        ],
    ),
    table("notification_cursors", &[technical(&["tenant_id", "position"])]),
    JOBS,
    table(
        "job_schedules",
        &[
            technical(&["tenant_id", "id", "name", "kind", "priority", "rule", "time_zone", "starts_at", "next_at"]),
            technical(&["last_at", "created_at", "updated_at"]),
            names(User, &["created_by"]),
            tag(Personal, Anyone, Empty, &["payload"]),
        ],
    ),
    EXPORTS,
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
    table(
        "import_links",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "import_id", "row_number", "outcome", "named_by"]),
            tag(Identifier, Anyone, Row, &["linking_id"]),
            tag(Personal, Anyone, Row, &["name", "cells"]),
        ],
    ),
    // what became one with whom stays, as ids; what it takes to undo it goes with whomever it tells of
    table(
        "merges",
        &[
            technical(&["tenant_id", "id", "resource", "team_id", "status", "moved", "move_count", "undo_until"]),
            technical(&["undone_at", "settled_at", "xact", "version", "created_at", "updated_at"]),
            names(Anyone, &["winner_id", "loser_ids", "other_winner_id", "other_loser_ids", "field_choices"]),
            names(User, &["owner_id", "undone_by", "created_by", "updated_by"]),
            tag(Personal, Anyone, Empty, &["changes"]),
        ],
    ),
    table(
        "merge_moves",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "reference", "kind", "is_led"]),
            tag(Identifier, Anyone, Row, &["merge_id", "row_key", "loser_id"]),
            tag(Personal, Anyone, Row, &["row"]),
        ],
    ),
    REQUESTS,
    table(
        "restrictions",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "id", "resource", "restricted_at"]),
            tag(Identifier, Anyone, Row, &["record_id"]),
            tag(Technical, Nobody, Row, &["request_id"]),
        ],
    ),
    // released by then, else nobody is erased
    table(
        "legal_holds",
        &[
            technical(&["tenant_id", "id", "subject_kind", "released_at"]),
            technical(&["version", "created_at", "updated_at", "deleted_at"]),
            names(Anyone, &["subject_id"]),
            names(User, &["released_by", "created_by", "updated_by"]),
            tag(Personal, Anyone, Pseudonym, &["reason"]),
            tag(Derived, Anyone, Anew, &["search"]),
        ],
    ),
    table(
        "retention_policies",
        &[
            technical(&["tenant_id", "id", "name", "resource", "date_field", "age_days", "filter", "action"]),
            technical(&["is_active", "last_run_at", "last_done", "last_kept", "job_id", "search"]),
            technical(&["version", "created_at", "updated_at", "deleted_at"]),
            names(User, &["created_by", "updated_by"]),
        ],
    ),
    // that somebody was erased has to be known: by an id that leads nowhere
    table(
        "erasures",
        &[technical(&["tenant_id", "resource", "erased_at", "files", "settled_at"]), names(Anyone, &["record_id"])],
    ),
    // whom the house tells: it speaks of servers, and the condition of a rule
    table(
        "webhook_endpoints",
        &[
            technical(&["tenant_id", "id", "url", "description", "events", "filter", "changed_fields", "nouns"]),
            technical(&["status", "disabled_reason", "disabled_at", "failing_at", "begins_after", "search"]),
            technical(&["version", "created_at", "updated_at", "deleted_at"]),
            names(User, &["user_id", "created_by", "updated_by"]),
        ],
    ),
    table(
        "webhook_secrets",
        &[
            technical(&["tenant_id", "id", "endpoint_id", "sealed_key_id", "created_at", "expires_at"]),
            tag(Secret, Nobody, Keep, &["sealed"]),
        ],
    ),
    table("webhook_cursors", &[technical(&["tenant_id", "position"])]),
    // that it was sent stays; a receiver may have answered with what it was told
    table(
        "webhook_deliveries",
        &[
            technical(&["tenant_id", "id", "endpoint_id", "event_id", "event_name", "seq", "status"]),
            technical(&["attempt_count", "next_attempt_at", "leased_until", "fence"]),
            technical(&["version", "created_at", "updated_at", "finished_at"]),
            names(Anyone, &["object_id"]),
            tag(Personal, Anyone, Empty, &["attempts"]),
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
