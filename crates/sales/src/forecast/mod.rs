//! The forecast of a period: what is won, what is open by category, what that is worth by its probability, and what of the
//! quota is reached; by owner, by team with those below it, or by category.
//!
//! What is open counts in the period in which it is expected to close, what is closed in that in which it was: by the days
//! and the years of the tenant. All of it is in the tenant's own currency, and of the opportunities that the caller sees;
//! those of which no rate was known are counted apart.
mod aims;
pub mod change;
mod figures;
mod parts;
pub mod period;
mod store;

use crate::{others, quota};
use chrono::NaiveDate;
use figures::Figures;
use kernel::{Action, Ctx, Money, Reach, Result, TeamId, UserId};
use period::Period;
use platform::Conn;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a forecast is told by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    #[default]
    Owner,
    /// with what the teams below come to
    Team,
    Category,
}

/// The forecast of a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct Forecast {
    #[schema(example = "2026-Q4")]
    pub period: String,
    /// its first day
    pub first_on: NaiveDate,
    /// its last day
    pub last_on: NaiveDate,
    pub group_by: GroupBy,
    pub groups: Vec<ForecastGroup>,
    pub total: ForecastGroup,
}

/// What one group comes to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ForecastGroup {
    /// by owner: whose
    pub owner_id: Option<UserId>,
    /// by team: which; null for what belongs to none
    pub team_id: Option<TeamId>,
    /// by category: which
    #[schema(example = "commit")]
    pub forecast_category: Option<String>,
    #[schema(minimum = 0)]
    pub open_count: i64,
    #[schema(minimum = 0)]
    pub won_count: i64,
    #[schema(minimum = 0)]
    pub lost_count: i64,
    /// those whose worth in the tenant's own currency is not known: they are in none of the sums
    #[schema(minimum = 0)]
    pub unknown_count: i64,
    pub won: Money,
    /// open, in the category `pipeline`
    pub pipeline: Money,
    /// open, in the category `best_case`
    pub best_case: Money,
    /// open, in the category `commit`
    pub commit: Money,
    /// won, and what is open by its probability, but for what is omitted
    pub weighted: Money,
    /// what was to be reached, as far as the caller sees it; of a team without a quota of its own, what its people and the
    /// teams below it were to reach together
    pub quota: Option<Money>,
    /// won, as a part of the quota: 1 where it is reached
    #[schema(value_type = Option<String>, format = "decimal", example = "0.85")]
    pub attainment: Option<String>,
}

/// Of the opportunities that the caller sees.
pub fn of(conn: &mut Conn, ctx: &Ctx, period: Period, group_by: GroupBy) -> Result<Forecast> {
    let currency = others::store::base_currency(conn, ctx)?;
    let span = period.by(others::clock(conn, ctx)?);
    let parts = parts::of(conn, ctx, span, group_by, &currency)?;
    let quotas = match ctx.reach::<quota::Quota>(Action::Read) {
        Reach::None => Vec::new(),
        _ => quota::of_period(conn, ctx, &period.to_string(), &currency)?,
    };
    let teams = if group_by == GroupBy::Team { others::store::team_tree(conn, ctx)? } else { BTreeMap::new() };
    let mut groups: BTreeMap<Group, Figures> = BTreeMap::new();
    let mut total = Figures::default();
    for part in &parts {
        total.add(&part.figures);
        for group in part.groups(group_by, &teams) {
            groups.entry(group).or_default().add(&part.figures);
        }
    }
    // what is kept, and what was taken from it since, may come to nothing
    groups.retain(|_, figures| figures.is_of_any());
    let aims = aims::of(conn, ctx, &quotas, group_by, &teams)?;
    total.quota = aims.total;
    for (group, aim) in aims.groups {
        groups.entry(group).or_default().quota = Some(aim);
    }
    let groups = groups.into_iter().map(|(group, figures)| figures.told(Some(&group), &currency)).collect();
    let total = total.told(None, &currency);
    Ok(Forecast { period: period.to_string(), first_on: span.first, last_on: span.last(), group_by, groups, total })
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Owner(UserId),
    Team(Option<TeamId>),
    Category(String),
}
