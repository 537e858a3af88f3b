//! What the tables of the wing tell about whom. What a customer was sorted as goes with them; what their orders come to
//! stays with the orders, for it is added up from those.
use platform::privacy::Data::{Identifier, Personal, Statistic, Technical};
use platform::privacy::Erasure::{Keep, Row};
use platform::privacy::Whose::{Account, Nobody, User};
use platform::privacy::{Table, names, table, tag, technical};

pub const TABLES: &[Table] = &[
    table("customer_fact_marks", &[technical(&["tenant_id", "id"]), names(Account, &["account_id"])]),
    table(
        "customer_facts",
        &[
            technical(&["tenant_id", "currency"]),
            names(Account, &["account_id"]),
            tag(Statistic, Account, Keep, &["order_count", "revenue_amount", "net_amount"]),
            tag(Statistic, Account, Keep, &["first_order_at", "last_order_at"]),
        ],
    ),
    table("customer_rescores", &[technical(&["tenant_id"]), names(Account, &["account_id"])]),
    table(
        "segmentations",
        &[
            technical(&["tenant_id", "id", "key", "name", "description", "kind", "rfm", "value", "clusters", "rules"]),
            technical(&["currency", "window_days", "schedule", "is_labelling", "is_active", "last_run_id"]),
            technical(&["next_run_at", "version", "created_at", "updated_at", "deleted_at", "search"]),
            names(User, &["created_by", "updated_by"]),
        ],
    ),
    table(
        "segmentation_runs",
        &[
            technical(&["tenant_id", "id", "segmentation_id", "job_id", "status", "as_of_on", "is_dated", "currency"]),
            technical(&["error_code", "customer_count", "changed_count", "class_counts", "transitions", "metrics"]),
            technical(&["model", "started_at", "finished_at", "version", "created_at", "updated_at"]),
            names(User, &["created_by"]),
        ],
    ),
    table(
        "classifications",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "id", "segmentation_id", "run_id"]),
            tag(Technical, Nobody, Row, &["valid_from_at", "valid_until_at"]),
            tag(Identifier, Account, Row, &["account_id"]),
            tag(Statistic, Account, Row, &["class", "recency_score", "frequency_score", "monetary_score"]),
        ],
    ),
    table(
        "labels",
        &[
            technical(&["tenant_id", "id", "key", "name", "description", "color", "segmentation_id", "class"]),
            technical(&["version", "created_at", "updated_at", "deleted_at", "search"]),
            names(User, &["created_by", "updated_by"]),
        ],
    ),
    table(
        "account_labels",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "resource", "expires_at", "created_at", "created_by"]),
            tag(Identifier, Account, Row, &["account_id"]),
            tag(Personal, Account, Row, &["label_id", "source", "evidence"]),
        ],
    ),
    table(
        "account_label_refusals",
        &[
            tag(Technical, Nobody, Row, &["tenant_id", "created_at", "created_by"]),
            tag(Identifier, Account, Row, &["account_id"]),
            tag(Personal, Account, Row, &["label_id"]),
        ],
    ),
    table(
        "association_runs",
        &[
            technical(&["tenant_id", "id", "job_id", "status", "min_support", "min_confidence", "max_items"]),
            technical(&["window_days", "error_code", "order_count", "rule_count", "started_at", "finished_at"]),
            technical(&["version", "created_at", "updated_at"]),
            names(User, &["created_by"]),
        ],
    ),
    table(
        "association_rules",
        &[
            technical(&["tenant_id", "id", "run_id", "rank", "condition_ids", "consequence_id", "order_count"]),
            technical(&["support", "confidence", "lift"]),
        ],
    ),
];
