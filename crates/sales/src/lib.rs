//! The sales wing: what is sold, and what was bought.
pub mod assignment;
pub mod contract;
mod exact;
pub mod exchange_rate;
pub mod forecast;
pub mod lead;
mod lifecycle;
pub mod milestone;
pub mod opportunity;
pub mod order;
mod others;
pub mod payment;
pub mod pipeline;
pub mod pool;
pub mod price_book;
mod privacy;
pub mod product;
pub mod quota;
pub mod quote;
mod schema;
pub mod score_rule;
pub mod territory;

pub use order::summary;
pub use privacy::TABLES;

use customer::rows;
use kernel::Code;
use kernel::catalogue::{Catalogue, Echo, Relation};
use platform::merge::{Reference, Way};

/// The nouns of the wing.
pub const CATALOGUES: &[&Catalogue] = &[
    &product::CATALOGUE,
    &price_book::CATALOGUE,
    &price_book::entry::CATALOGUE,
    &order::CATALOGUE,
    &order::line::CATALOGUE,
    &pipeline::CATALOGUE,
    &pipeline::stage::CATALOGUE,
    &exchange_rate::CATALOGUE,
    &opportunity::CATALOGUE,
    &opportunity::contact::CATALOGUE,
    &opportunity::line::CATALOGUE,
    &opportunity::history::CATALOGUE,
    &quota::CATALOGUE,
    &quote::CATALOGUE,
    &quote::line::CATALOGUE,
    &quote::link::CATALOGUE,
    &quote::approval::CATALOGUE,
    &contract::CATALOGUE,
    &contract::installment::CATALOGUE,
    &payment::CATALOGUE,
    &payment::matches::CATALOGUE,
    &lead::CATALOGUE,
    &score_rule::CATALOGUE,
    &territory::CATALOGUE,
    &assignment::CATALOGUE,
    &pool::CATALOGUE,
];

/// What the wing adds to the nouns of others.
pub const RELATIONS: &[(&str, Relation)] = &[
    ("account", Relation::many("orders", "order", "account_id")),
    ("contact", Relation::many("orders", "order", "contact_id")),
    ("account", Relation::many("opportunities", "opportunity", "account_id")),
    ("account", Relation::many("quotes", "quote", "account_id")),
    ("contact", Relation::many("quotes", "quote", "contact_id")),
    ("account", Relation::many("contracts", "contract", "account_id")),
    ("account", Relation::many("payments", "payment", "account_id")),
    ("contact", Relation::many("opportunity_contacts", "opportunity_contact", "contact_id")),
    ("account", Relation::many("leads", "lead", "account_id")),
    ("contact", Relation::many("leads", "lead", "contact_id")),
    ("form_submission", Relation::one("lead", "lead", "lead_id")),
];

/// What the wing's tables say of accounts and contacts, for when some of them become one.
pub const REFERENCES: &[Reference] = &[
    Reference::of("account", "opportunities", "account_id").told("opportunity", "id"),
    Reference::of("account", "orders", "account_id").told("order", "id"),
    Reference::of("contact", "opportunity_contacts", "contact_id")
        .once(&["opportunity_id"])
        .led("is_primary")
        .told("opportunity", "opportunity_id")
        .way(Way::MovesOrGoes),
    Reference::of("contact", "orders", "contact_id").told("order", "id"),
    Reference::of("account", "leads", "account_id").told("lead", "id"),
    Reference::of("contact", "leads", "contact_id").told("lead", "id"),
    Reference::of("account", "quotes", "account_id").told("quote", "id"),
    Reference::of("contact", "quotes", "contact_id").told("quote", "id"),
    Reference::of("account", "contracts", "account_id").told("contract", "id"),
    Reference::of("account", "payments", "account_id").told("payment", "id"),
];

/// What this wing says to callers, in every language.
pub const TEXTS: &str = include_str!("texts.txt");
/// What tells of an opportunity's worth in the tenant's own currency, and of when it is expected.
const WORTH: &[(&str, &str)] = &[("opportunity", "amount"), ("opportunity", "base_amount")];
/// What tells how far contracts are paid.
const PAID: &[(&str, &str)] = &[("contract", "paid"), ("contract", "status")];
const UNPAID: &[(&str, &str)] = &[
    ("contract", "unpaid"),
    ("contract", "value"),
    ("contract", "paid"),
    ("contract", "waived"),
    ("contract", "status"),
];
const OVERDUE: &[(&str, &str)] =
    &[("installment", "amount"), ("installment", "paid"), ("installment", "waived"), ("installment", "status")];
const UNMATCHED: &[(&str, &str)] =
    &[("payment", "unmatched"), ("payment", "status"), ("payment", "contract_id"), ("payment", "account_id")];
const EXPECTED: &[(&str, &str)] = &[("opportunity", "expected_close_on")];

/// Members that tell of fields elsewhere: what the orders of a customer come to.
pub const ECHOES: &[Echo] = &[
    Echo { object: "account_overview", field: "orders", of: &[("order", "account_id")] },
    Echo { object: "contact_overview", field: "orders", of: &[("order", "contact_id")] },
    Echo { object: "account_overview", field: "opportunities", of: &[("opportunity", "account_id")] },
    Echo { object: "account_overview", field: "contracts", of: &[("contract", "account_id")] },
    // a contact's contracts came of quotes to them, or are with their account
    Echo {
        object: "contact_overview",
        field: "contracts",
        of: &[("contract", "account_id"), ("contract", "quote_id"), ("quote", "contact_id"), ("contact", "account_id")],
    },
    Echo { object: "account_overview", field: "quotes", of: &[("quote", "account_id")] },
    Echo { object: "contact_overview", field: "quotes", of: &[("quote", "contact_id")] },
    Echo { object: "quote_summary", field: "open_count", of: &[("quote", "status")] },
    Echo { object: "quote_summary", field: "open", of: &[("quote", "status")] },
    Echo { object: "account_overview", field: "leads", of: &[("lead", "account_id")] },
    Echo { object: "contact_overview", field: "leads", of: &[("lead", "contact_id")] },
    Echo { object: "lead", field: "phone_text", of: &[("lead", "phone")] },
    Echo { object: "balance", field: "value", of: &[("contract", "value"), ("contract", "status")] },
    Echo { object: "balance", field: "paid", of: PAID },
    Echo { object: "balance", field: "waived", of: &[("contract", "waived"), ("contract", "status")] },
    Echo { object: "balance", field: "unpaid", of: UNPAID },
    Echo { object: "balance", field: "overdue", of: OVERDUE },
    Echo { object: "balance", field: "unmatched", of: UNMATCHED },
    Echo { object: "contract_summary", field: "active_count", of: &[("contract", "status")] },
    Echo { object: "contract_summary", field: "active", of: &[("contract", "status")] },
    Echo {
        object: "contract_summary",
        field: "open_installments",
        of: &[("installment", "status"), ("installment", "due_on")],
    },
    Echo {
        object: "contract_summary",
        field: "overdue_installments",
        of: &[("installment", "status"), ("installment", "due_on")],
    },
    Echo { object: "opportunity_summary", field: "open_totals", of: WORTH },
    Echo { object: "opportunity_summary", field: "won_totals", of: WORTH },
    Echo { object: "account_roll_up", field: "order_count", of: &[("order", "status"), ("order", "account_id")] },
    Echo {
        object: "account_roll_up",
        field: "order_totals",
        of: &[("order", "total"), ("order", "status"), ("order", "account_id")],
    },
    Echo { object: "account_roll_up", field: "open_count", of: &[("opportunity", "account_id")] },
    Echo {
        object: "account_roll_up",
        field: "open_totals",
        of: &[("opportunity", "amount"), ("opportunity", "base_amount"), ("opportunity", "account_id")],
    },
    Echo { object: "board_column", field: "totals", of: &[("opportunity", "amount")] },
    Echo {
        object: "board_column",
        field: "base_totals",
        of: &[("opportunity", "base_amount"), ("opportunity", "amount")],
    },
    Echo { object: "board_column", field: "rotten_count", of: &[("opportunity", "is_rotten")] },
    Echo { object: "opportunity", field: "is_rotten", of: &[("opportunity", "rots_at")] },
    Echo { object: "forecast_group", field: "won", of: WORTH },
    Echo { object: "forecast_group", field: "pipeline", of: WORTH },
    Echo { object: "forecast_group", field: "best_case", of: WORTH },
    Echo { object: "forecast_group", field: "commit", of: WORTH },
    Echo { object: "forecast_group", field: "weighted", of: WORTH },
    Echo { object: "forecast_group", field: "quota", of: &[("quota", "amount")] },
    Echo {
        object: "forecast_group",
        field: "attainment",
        of: &[("quota", "amount"), ("opportunity", "amount"), ("opportunity", "base_amount")],
    },
    Echo { object: "quote_approval", field: "status", of: &[("quote", "approval_status")] },
    Echo { object: "quote_approval", field: "requested_by", of: &[("quote", "approval_requested_by")] },
    Echo { object: "quote_approval", field: "requested_at", of: &[("quote", "approval_requested_at")] },
    Echo { object: "quote_approval", field: "decided_by", of: &[("quote", "approval_decided_by")] },
    Echo { object: "quote_approval", field: "decided_at", of: &[("quote", "approval_decided_at")] },
    Echo { object: "quote_approval", field: "reason", of: &[("quote", "approval_reason")] },
    Echo { object: "quote", field: "approval_status", of: &[("quote_approval", "status")] },
    Echo { object: "quote", field: "approval_requested_by", of: &[("quote_approval", "requested_by")] },
    Echo { object: "quote", field: "approval_requested_at", of: &[("quote_approval", "requested_at")] },
    Echo { object: "quote", field: "approval_decided_by", of: &[("quote_approval", "decided_by")] },
    Echo { object: "quote", field: "approval_decided_at", of: &[("quote_approval", "decided_at")] },
    Echo { object: "quote", field: "approval_reason", of: &[("quote_approval", "reason")] },
    Echo { object: "assignment_territory_outcome", field: "name", of: &[("territory", "name")] },
    Echo { object: "assignment_territory_outcome", field: "members", of: &[("territory", "members")] },
    Echo { object: "forecast_change", field: "name", of: &[("opportunity", "name")] },
    Echo { object: "forecast_change", field: "stage_id", of: &[("opportunity", "stage_id")] },
    Echo { object: "forecast_change", field: "amount_before", of: WORTH },
    Echo { object: "forecast_change", field: "amount_after", of: WORTH },
    Echo { object: "forecast_change", field: "expected_close_on_before", of: EXPECTED },
    Echo { object: "forecast_change", field: "expected_close_on_after", of: EXPECTED },
    Echo { object: "forecast_change_total", field: "amount", of: WORTH },
    Echo { object: "lead_score", field: "score", of: &[("lead", "score")] },
    Echo { object: "lead_score", field: "parts", of: &[("lead", "score")] },
    Echo { object: "lead_score", field: "withheld_points", of: &[("lead", "score")] },
    Echo { object: "lead_score", field: "entries", of: &[("lead", "score")] },
    Echo { object: "lead_converted", field: "account_id", of: &[("lead", "account_id")] },
    Echo { object: "lead_converted", field: "contact_id", of: &[("lead", "contact_id")] },
    Echo { object: "lead_converted", field: "opportunity_id", of: &[("lead", "opportunity_id")] },
    Echo { object: "order_summary", field: "order_count", of: &[("order", "status")] },
    Echo { object: "order_summary", field: "totals", of: &[("order", "total"), ("order", "status")] },
    Echo { object: "order_summary", field: "average", of: &[("order", "total"), ("order", "status")] },
    Echo { object: "order_summary", field: "first_order_at", of: &[("order", "placed_at"), ("order", "status")] },
    Echo { object: "order_summary", field: "last_order_at", of: &[("order", "placed_at"), ("order", "status")] },
    Echo { object: "order_summary", field: "open_count", of: &[("order", "status")] },
    Echo { object: "order_summary", field: "recent", of: &[("order", "placed_at")] },
    Echo { object: "order_summary", field: "open", of: &[("order", "placed_at"), ("order", "status")] },
];

/// The codes that the wing raises.
pub const CODES: &[&[Code]] = &[
    product::CODES,
    price_book::CODES,
    order::CODES,
    pipeline::CODES,
    exchange_rate::CODES,
    opportunity::CODES,
    quota::CODES,
    quote::CODES,
    contract::CODES,
    payment::CODES,
    lead::CODES,
    lead::pooling::CODES,
    pool::CODES,
    territory::CODES,
];
