//! Of promotions, their uses, and what somebody came by.
use platform::privacy::Data::{Personal, Statistic};
use platform::privacy::Erasure::{Keep, Null};
use platform::privacy::Whose::{Account, Contact, User};
use platform::privacy::{Table, names, table, tag, technical};

pub(super) const PROMOTIONS: Table = table(
    "promotions",
    &[
        technical(&["tenant_id", "id", "code", "name", "names", "description", "kind", "benefit", "conditions"]),
        technical(&["currency", "cap", "priority", "stacking", "starts_at", "ends_at", "segment_id", "budget"]),
        technical(&["is_coupon_needed", "total_limit", "customer_limit", "status", "custom", "search"]),
        technical(&["version", "created_at", "updated_at", "deleted_at"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

pub(super) const PROMOTION_USES: Table =
    table("promotion_uses", &[technical(&["tenant_id", "promotion_id", "used_count", "spent"])]);

pub(super) const COUPONS: Table = table(
    "coupons",
    &[
        technical(&["tenant_id", "promotion_id", "code", "batch_id", "total_limit", "customer_limit", "used_count"]),
        technical(&["expires_at", "status", "search", "version", "created_at", "updated_at", "deleted_at"]),
        names(Contact, &["id", "contact_id"]),
        names(User, &["created_by", "updated_by"]),
    ],
);

pub(super) const REDEMPTIONS: Table = table(
    "redemptions",
    &[
        technical(&["tenant_id", "team_id", "promotion_id", "is_undone", "version", "created_at", "updated_at"]),
        names(Contact, &["id", "contact_id", "coupon_id", "order_id", "order_ref"]),
        names(Account, &["account_id"]),
        names(User, &["owner_id", "created_by", "updated_by"]),
        tag(Statistic, Contact, Keep, &["currency", "amount", "lines", "gifts", "status", "held_until"]),
        tag(Statistic, Contact, Keep, &["redeemed_at", "ended_at"]),
    ],
);

pub(super) const TOUCHPOINTS: Table = table(
    "touchpoints",
    &[
        technical(&["tenant_id", "version", "created_at"]),
        names(Contact, &["id", "contact_id"]),
        names(User, &["created_by"]),
        tag(Statistic, Contact, Keep, &["kind", "channel", "source", "medium", "campaign", "cost", "cost_currency"]),
        tag(Statistic, Contact, Keep, &["happened_at"]),
        tag(Personal, Contact, Null, &["source_system", "external_id"]),
    ],
);
