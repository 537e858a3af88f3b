//! What the tables of the wing tell about whom. An order stays when its customer is erased, for the books need its sums:
//! it then belongs to a pseudonym.
mod contracts;
mod leads;
mod sums;

use platform::privacy::Data::{Derived, Identifier, Personal, Statistic, Technical};
use platform::privacy::Erasure::{Anew, Empty, Keep, Null, Pseudonym, Row};
use platform::privacy::Whose::{Account, Contact, Nobody, User};
use platform::privacy::{Table, names, table, tag, technical};

pub const TABLES: &[Table] = &[
    PRODUCTS,
    PRICE_BOOKS,
    PRICE_BOOK_ENTRIES,
    ORDERS,
    ORDER_LINES,
    COUNTERS,
    PIPELINES,
    STAGES,
    EXCHANGE_RATES,
    OPPORTUNITIES,
    OPPORTUNITY_CONTACTS,
    OPPORTUNITY_LINES,
    OPPORTUNITY_STAGE_HISTORY,
    ROTTING_MARKS,
    sums::OPPORTUNITY_SUM_CHANGES,
    sums::BOARD_SUMS,
    sums::FORECAST_SUMS,
    QUOTAS,
    FORECAST_SNAPSHOTS,
    QUOTES,
    QUOTE_LINES,
    QUOTE_LINKS,
    QUOTE_APPROVALS,
    contracts::CONTRACTS,
    contracts::INSTALLMENTS,
    contracts::PAYMENTS,
    contracts::PAYMENT_MATCHES,
    leads::LEADS,
    leads::LEAD_SCORE_RULES,
    leads::LEAD_SCORES,
    leads::ASSIGNMENT_RULES,
    leads::ASSIGNMENT_CURSORS,
    leads::TERRITORIES,
    leads::TERRITORY_CURSORS,
    leads::LEAD_ASSIGNMENTS,
    leads::LEAD_CONVERSIONS,
    leads::POOLS,
    leads::LEAD_COVERS,
    leads::POOL_EVENTS,
];

const PRODUCTS: Table = table(
    "products",
    &[
        technical(&["tenant_id", "id", "sku", "name", "category", "description", "unit", "unit_price_amount"]),
        technical(&["unit_price_currency", "is_active", "custom", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

const PRICE_BOOKS: Table = table(
    "price_books",
    &[
        technical(&["tenant_id", "id", "name", "description", "currency", "is_default", "is_active", "valid_from_on"]),
        technical(&["valid_until_on", "entry_count", "custom", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

const PRICE_BOOK_ENTRIES: Table = table(
    "price_book_entries",
    &[
        technical(&["tenant_id", "id", "price_book_id", "product_id", "min_quantity", "unit_price", "currency"]),
        technical(&["version", "created_at", "updated_at"]),
    ],
);

const ORDERS: Table = table(
    "orders",
    &[
        technical(&["tenant_id", "team_id", "version", "created_at", "updated_at", "deleted_at"]),
        names(Contact, &["id", "number", "contact_id"]),
        names(Account, &["account_id"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
        tag(Statistic, Contact, Keep, &["status", "source", "placed_at", "currency", "subtotal_amount"]),
        tag(Statistic, Contact, Keep, &["discount_amount", "tax_amount", "shipping_amount", "total_amount"]),
        tag(Statistic, Contact, Keep, &["line_count"]),
        names(Account, &["quote_id"]),
        tag(Personal, Contact, Null, &["description"]),
        tag(Personal, Contact, Empty, &["custom"]),
        tag(Derived, Contact, Anew, &["search"]),
    ],
);

/// What was bought stays as it was invoiced.
const ORDER_LINES: Table = table(
    "order_lines",
    &[
        technical(&["tenant_id", "version", "created_at", "updated_at"]),
        names(Contact, &["id", "order_id", "line_key"]),
        tag(Statistic, Contact, Keep, &["position", "product_id", "sku", "name", "quantity", "unit_price"]),
        tag(Statistic, Contact, Keep, &["discount_rate", "tax_rate", "subtotal_amount", "discount_amount"]),
        tag(Statistic, Contact, Keep, &["tax_amount", "total_amount", "currency"]),
    ],
);

const COUNTERS: Table = table("counters", &[technical(&["tenant_id", "name", "value"])]);

const PIPELINES: Table = table(
    "pipelines",
    &[
        technical(&["tenant_id", "id", "name", "labels", "is_default", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

const STAGES: Table = table(
    "stages",
    &[
        technical(&["tenant_id", "id", "pipeline_id", "key", "position", "name", "labels", "kind", "probability"]),
        technical(&["forecast_category", "required_fields", "transitions", "rotting_days"]),
        technical(&["version", "created_at", "updated_at"]),
    ],
);

const EXCHANGE_RATES: Table = table(
    "exchange_rates",
    &[
        technical(&["tenant_id", "id", "from_currency", "to_currency", "valid_on", "rate", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

/// What might have been sold stays as a figure when its customer is erased; what was said of it goes.
const OPPORTUNITIES: Table = table(
    "opportunities",
    &[
        technical(&["tenant_id", "team_id", "version", "created_at", "updated_at", "deleted_at", "rank"]),
        technical(&["pipeline_id", "base_currency", "exchange_rate", "rotting_told_at"]),
        names(Account, &["id", "account_id"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
        tag(Statistic, Account, Keep, &["stage_id", "currency", "amount", "base_amount", "probability"]),
        tag(Statistic, Account, Keep, &["expected_amount", "forecast_category", "expected_close_on", "closed_at"]),
        tag(Statistic, Account, Keep, &["stage_entered_at", "rots_at", "is_rotten", "opportunity_type", "source"]),
        tag(Personal, Account, Pseudonym, &["name"]),
        tag(Personal, Account, Null, &["next_step", "lost_reason"]),
        tag(Personal, Account, Empty, &["competitors", "custom"]),
        tag(Derived, Account, Anew, &["search"]),
    ],
);

/// Who takes part in what: the row goes with whom it is about.
const OPPORTUNITY_CONTACTS: Table = table(
    "opportunity_contacts",
    &[
        tag(Technical, Nobody, Row, &["tenant_id", "version", "created_at", "updated_at"]),
        tag(Identifier, Contact, Row, &["id", "contact_id"]),
        tag(Identifier, Account, Row, &["opportunity_id"]),
        tag(Personal, Contact, Row, &["role", "is_primary"]),
    ],
);

const OPPORTUNITY_LINES: Table = table(
    "opportunity_lines",
    &[
        technical(&["tenant_id", "version", "created_at", "updated_at"]),
        names(Account, &["id", "opportunity_id", "line_key"]),
        tag(Statistic, Account, Keep, &["position", "product_id", "sku", "name", "quantity", "unit_price"]),
        tag(Statistic, Account, Keep, &["discount_rate", "tax_rate", "subtotal_amount", "discount_amount"]),
        tag(Statistic, Account, Keep, &["tax_amount", "total_amount", "currency"]),
    ],
);

const OPPORTUNITY_STAGE_HISTORY: Table = table(
    "opportunity_stage_history",
    &[
        technical(&["tenant_id", "pipeline_id"]),
        names(Account, &["id", "opportunity_id"]),
        names(User, &["changed_by"]),
        tag(Statistic, Account, Keep, &["from_stage", "to_stage", "kind", "duration_seconds", "changed_at"]),
    ],
);

const ROTTING_MARKS: Table =
    table("rotting_marks", &[technical(&["tenant_id", "id"]), names(Account, &["opportunity_id"])]);

const QUOTAS: Table = table(
    "quotas",
    &[
        technical(&["tenant_id", "id", "team_id", "kind", "period", "amount", "currency", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
    ],
);

const FORECAST_SNAPSHOTS: Table = table(
    "forecast_snapshots",
    &[
        technical(&["tenant_id", "taken_on", "taken_at", "base_currency"]),
        names(Account, &["opportunity_id"]),
        tag(Statistic, Account, Keep, &["base_amount", "expected_close_on", "probability", "forecast_category"]),
    ],
);

/// What was offered stays as a figure when its customer is erased, as an order does; what was said of it goes.
const QUOTES: Table = table(
    "quotes",
    &[
        technical(&["tenant_id", "team_id", "version", "created_at", "updated_at", "deleted_at", "price_book_id"]),
        names(Contact, &["id", "number", "contact_id"]),
        names(Account, &["account_id", "opportunity_id"]),
        names(User, &["owner_id", "created_by", "updated_by", "approval_requested_by", "approval_decided_by"]),
        tag(Statistic, Contact, Keep, &["revision", "status", "currency", "valid_until_on", "is_tax_included"]),
        tag(Statistic, Contact, Keep, &["rounding", "discount_rate", "discount_fixed", "subtotal_amount"]),
        tag(Statistic, Contact, Keep, &["discount_amount", "tax_amount", "shipping_amount", "total_amount"]),
        tag(Statistic, Contact, Keep, &["line_count", "sent_at", "decision", "decided_at"]),
        tag(Statistic, Contact, Keep, &["approval_status", "approval_requested_at", "approval_decided_at"]),
        tag(Personal, Contact, Null, &["terms", "approval_reason"]),
        tag(Personal, Contact, Empty, &["custom"]),
        tag(Derived, Contact, Anew, &["search"]),
    ],
);

const QUOTE_LINES: Table = table(
    "quote_lines",
    &[
        technical(&["tenant_id", "version", "created_at", "updated_at"]),
        names(Contact, &["id", "quote_id", "line_key"]),
        tag(Statistic, Contact, Keep, &["position", "product_id", "sku", "name", "quantity", "unit_price"]),
        tag(Statistic, Contact, Keep, &["discount_rate", "discount_fixed", "tax_rate", "subtotal_amount"]),
        tag(Statistic, Contact, Keep, &["discount_amount", "shared_amount", "tax_amount", "total_amount"]),
        tag(Statistic, Contact, Keep, &["currency"]),
    ],
);

/// That it was accepted, and when, stays; who has said so goes with them.
const QUOTE_LINKS: Table = table(
    "quote_links",
    &[
        technical(&["tenant_id", "version", "created_at", "expires_at", "language", "hashes", "kind"]),
        names(Contact, &["id", "quote_id"]),
        names(User, &["created_by", "revoked_by"]),
        tag(Statistic, Contact, Keep, &["decision", "decided_at", "revoked_at"]),
        tag(Personal, Contact, Null, &["recipient", "message", "name", "job_title", "reason"]),
        tag(Personal, Contact, Null, &["address", "user_agent"]),
    ],
);

/// That somebody was asked, and what came of it, stays; what was said of it goes.
const QUOTE_APPROVALS: Table = table(
    "quote_approvals",
    &[
        technical(&["tenant_id", "version"]),
        names(Contact, &["id", "quote_id"]),
        names(User, &["requested_by", "decided_by"]),
        tag(Statistic, Contact, Keep, &["status", "requested_at", "decided_at"]),
        tag(Personal, Contact, Null, &["reason"]),
    ],
);
