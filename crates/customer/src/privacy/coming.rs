//! How somebody has come on. That there was a step, and when, is a number among others once nobody knows whose it was.
use platform::privacy::Data::Statistic;
use platform::privacy::Erasure::Keep;
use platform::privacy::Whose::{Account, Contact, User};
use platform::privacy::{Table, names, table, tag, technical};

pub const ACCOUNT_LIFECYCLE_CHANGES: Table = table(
    "account_lifecycle_changes",
    &[
        technical(&["tenant_id"]),
        names(Account, &["id", "account_id"]),
        names(User, &["changed_by"]),
        tag(Statistic, Account, Keep, &["from_stage", "to_stage", "cause", "cause_id"]),
        tag(Statistic, Account, Keep, &["duration_seconds", "changed_at"]),
    ],
);

pub const CONTACT_LIFECYCLE_CHANGES: Table = table(
    "contact_lifecycle_changes",
    &[
        technical(&["tenant_id"]),
        names(Contact, &["id", "contact_id"]),
        names(User, &["changed_by"]),
        tag(Statistic, Contact, Keep, &["from_stage", "to_stage", "cause", "cause_id"]),
        tag(Statistic, Contact, Keep, &["duration_seconds", "changed_at"]),
    ],
);
