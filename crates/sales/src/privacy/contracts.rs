//! What the tables of contracts and payments tell about whom. What was agreed upon and paid stays as a figure when its
//! customer is erased, for the books need it; what was said of it goes.
use platform::privacy::Data::{Derived, Personal, Statistic};
use platform::privacy::Erasure::{Anew, Empty, Keep, Null, Pseudonym};
use platform::privacy::Whose::{Account, User};
use platform::privacy::{Table, names, table, tag, technical};

pub(super) const CONTRACTS: Table = table(
    "contracts",
    &[
        technical(&["tenant_id", "team_id", "version", "created_at", "updated_at", "deleted_at"]),
        names(Account, &["id", "number", "account_id", "quote_id", "renews_id"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
        tag(Statistic, Account, Keep, &["status", "start_on", "end_on", "renewal", "currency", "value_amount"]),
        tag(Statistic, Account, Keep, &["paid_amount", "unpaid_amount", "signed_at", "told_end_on"]),
        tag(Statistic, Account, Keep, &["waived_amount", "open_amount", "ended_at"]),
        tag(Personal, Account, Pseudonym, &["title"]),
        tag(Personal, Account, Null, &["description"]),
        tag(Personal, Account, Empty, &["custom"]),
        tag(Derived, Account, Anew, &["search"]),
    ],
);

pub(super) const INSTALLMENTS: Table = table(
    "installments",
    &[
        technical(&["tenant_id", "version", "created_at", "updated_at"]),
        names(Account, &["id", "contract_id"]),
        tag(Statistic, Account, Keep, &["position", "due_on", "currency", "amount", "paid_amount", "status"]),
        tag(Statistic, Account, Keep, &["overdue_at", "paid_at", "waived_amount", "waived_at"]),
        tag(Personal, Account, Null, &["description", "waived_reason"]),
    ],
);

pub(super) const PAYMENTS: Table = table(
    "payments",
    &[
        technical(&["tenant_id", "team_id", "version", "created_at", "updated_at", "deleted_at"]),
        names(Account, &["id", "account_id", "contract_id"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
        tag(Statistic, Account, Keep, &["status", "received_on", "method", "currency", "amount", "matched_amount"]),
        tag(Statistic, Account, Keep, &["unmatched_amount"]),
        tag(Personal, Account, Null, &["reference", "description"]),
        tag(Personal, Account, Empty, &["custom"]),
        tag(Derived, Account, Anew, &["search"]),
    ],
);

pub(super) const PAYMENT_MATCHES: Table = table(
    "payment_matches",
    &[
        technical(&["tenant_id", "created_at"]),
        names(Account, &["id", "payment_id", "installment_id"]),
        names(User, &["created_by"]),
        tag(Statistic, Account, Keep, &["currency", "amount"]),
    ],
);
