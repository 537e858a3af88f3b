//! What the sums tell that are kept of opportunities: whose those are, and of no customer.
use platform::privacy::Whose::User;
use platform::privacy::{Table, names, table, technical};

pub(super) const OPPORTUNITY_SUM_CHANGES: Table = table(
    "opportunity_sum_changes",
    &[
        technical(&["tenant_id", "id", "stage_id", "team_id", "currency", "base_currency", "kind"]),
        technical(&["forecast_category"]),
        technical(&["month_on", "deal_count", "rotten_count", "amount_count", "amount", "base_count", "base_amount"]),
        technical(&["likely_amount", "open_count", "won_count", "lost_count", "unknown_count", "won_amount"]),
        technical(&["pipeline_amount", "best_case_amount", "commit_amount", "weighted_amount"]),
        names(User, &["owner_id"]),
    ],
);

pub(super) const BOARD_SUMS: Table = table(
    "board_sums",
    &[
        technical(&["tenant_id", "level", "stage_id", "team_id", "currency", "base_currency", "deal_count"]),
        technical(&["rotten_count", "amount_count", "amount", "base_count", "base_amount"]),
        names(User, &["owner_id"]),
    ],
);

pub(super) const FORECAST_SUMS: Table = table(
    "forecast_sums",
    &[
        technical(&["tenant_id", "level", "month_on", "team_id", "forecast_category", "base_currency", "open_count"]),
        technical(&["won_count", "lost_count", "unknown_count", "won_amount", "pipeline_amount", "best_case_amount"]),
        technical(&["commit_amount", "weighted_amount"]),
        names(User, &["owner_id"]),
    ],
);
