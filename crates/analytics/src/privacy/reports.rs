//! What the tables of the wing tell about whom. What a report asks for may name somebody; without it, it is broken until
//! somebody says it anew.
use platform::privacy::Data::{Derived, Personal};
use platform::privacy::Erasure::{Anew, Empty, Null, Pseudonym};
use platform::privacy::Whose::{Anyone, User};
use platform::privacy::{Table, names, table, tag, technical};

pub const TABLES: &[Table] = &[REPORTS, DASHBOARDS, REPORT_SCHEDULES, REPORT_RUNS];

const REPORTS: Table = table(
    "reports",
    &[
        technical(&["tenant_id", "id", "team_id", "resource", "layout", "chart", "is_public"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
        tag(Personal, Anyone, Pseudonym, &["name"]),
        tag(Personal, Anyone, Null, &["description"]),
        tag(Personal, Anyone, Empty, &["query", "parameters"]),
        tag(Derived, Anyone, Anew, &["search"]),
    ],
);

const DASHBOARDS: Table = table(
    "dashboards",
    &[
        technical(&["tenant_id", "id", "team_id", "is_public"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
        tag(Personal, Anyone, Pseudonym, &["name"]),
        tag(Personal, Anyone, Null, &["description"]),
        tag(Personal, Anyone, Empty, &["widgets"]),
        tag(Derived, Anyone, Anew, &["search"]),
    ],
);

const REPORT_SCHEDULES: Table = table(
    "report_schedules",
    &[
        technical(&[
            "tenant_id",
            "id",
            "team_id",
            "report_id",
            "rule",
            "time_zone",
            "format",
            "status",
            "status_reason",
        ]),
        technical(&["next_at", "last_at", "version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["owner_id", "recipient_ids", "created_by", "updated_by"]),
        tag(Personal, Anyone, Pseudonym, &["name"]),
        tag(Personal, Anyone, Empty, &["parameters"]),
        tag(Derived, Anyone, Anew, &["search"]),
    ],
);

const REPORT_RUNS: Table = table(
    "report_runs",
    &[
        technical(&["tenant_id", "id", "report_schedule_id", "due_at", "status", "error", "row_count"]),
        technical(&["version", "created_at", "updated_at"]),
        names(User, &["recipient_id"]),
    ],
);
