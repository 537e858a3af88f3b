//! What the tables of cases tell about whom. That somebody asked, how it went and how long it took stays as figures
//! when they are erased; what was asked and said goes.
use platform::privacy::Data::{Derived, Identifier, Personal, Statistic, Technical};
use platform::privacy::Erasure::{Anew, Empty, Keep, Null, Pseudonym, Row};
use platform::privacy::Whose::{Account, Anyone, Contact, Nobody, User};
use platform::privacy::{Table, names, table, tag, technical};

pub(super) const CASE_CATEGORIES: Table = table(
    "case_categories",
    &[
        technical(&["tenant_id", "id", "name", "description", "parent_id", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

pub(super) const CASES: Table = table(
    "cases",
    &[
        technical(&["tenant_id", "team_id", "version", "created_at", "updated_at", "deleted_at"]),
        technical(&["category_id", "queue_id", "required_skills"]),
        names(Contact, &["id", "number", "contact_id"]),
        names(Account, &["account_id"]),
        names(Anyone, &["parent_id", "follows_id", "merged_into_id"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
        tag(Statistic, Contact, Keep, &["case_type", "status", "priority", "severity", "channel", "order_id"]),
        tag(Statistic, Contact, Keep, &["product_id", "first_response_at", "resolved_at", "closed_at"]),
        tag(Statistic, Contact, Keep, &["reopened_count", "last_customer_message_at", "last_agent_message_at"]),
        tag(Statistic, Contact, Keep, &["auto_replied_at"]),
        tag(Personal, Contact, Pseudonym, &["subject"]),
        tag(Personal, Contact, Null, &["description", "resolution", "root_cause"]),
        tag(Personal, Contact, Empty, &["custom"]),
        tag(Derived, Contact, Anew, &["search"]),
    ],
);

pub(super) const CASE_INBOXES: Table = table(
    "case_inboxes",
    &[
        technical(&["tenant_id", "id", "address", "name", "case_type", "priority", "category_id", "queue_id"]),
        technical(&["team_id", "is_active", "search", "version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

/// What was said about a case of somebody's, and by them, goes with them.
pub(super) const CASE_MESSAGES: Table = table(
    "case_messages",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "visibility", "author_kind", "channel", "file_ids", "inbox_id"]),
        tag(Technical, Nobody, Row, &["delivery", "delivered_at", "version", "created_at", "updated_at"]),
        tag(Identifier, Contact, Row, &["id", "case_id", "contact_id", "email_message_id"]),
        tag(Identifier, User, Row, &["author_id"]),
        tag(Personal, Contact, Row, &["subject", "body", "html", "recipients", "cc"]),
        tag(Personal, Contact, Row, &["external_message_id", "in_reply_to"]),
        tag(Personal, Anyone, Row, &["from_name", "from_address"]),
    ],
);

pub(super) const AUTO_REPLY_RULES: Table = table(
    "auto_reply_rules",
    &[
        technical(&["tenant_id", "id", "name", "position", "filter", "texts", "is_active", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);
