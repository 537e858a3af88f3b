//! The forecast of a period: what is won, what is open by category, what that is worth by its probability, and what of the
//! quota is reached; by owner, by team with those below it, or by category.
//!
//! What is open counts in the period in which it is expected to close, what is closed in that in which it was: by the days
//! and the years of the tenant. All of it is in the tenant's own currency, and of the opportunities that the caller sees;
//! those of which no rate was known are counted apart.
mod aims;
pub mod change;
pub mod period;
mod store;

use crate::{others, quota};
use chrono::NaiveDate;
use kernel::money::round;
use kernel::{Action, Ctx, Money, Reach, Result, TeamId, UserId};
use period::Period;
use platform::Conn;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Sum;
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
    let sums = store::sums(conn, ctx, span)?;
    let quotas = match ctx.reach::<quota::Quota>(Action::Read) {
        Reach::None => Vec::new(),
        _ => quota::of_period(conn, ctx, &period.to_string(), &currency)?,
    };
    let teams = if group_by == GroupBy::Team { others::store::team_tree(conn, ctx)? } else { BTreeMap::new() };
    let mut groups: BTreeMap<Group, Figures> = BTreeMap::new();
    let mut total = Figures::default();
    for sum in &sums {
        total.add(sum, &currency);
        for group in groups_of(sum, group_by, &teams) {
            groups.entry(group).or_default().add(sum, &currency);
        }
    }
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

/// The groups that something counts in: of teams, all that stand above it.
fn groups_of(sum: &Sum, group_by: GroupBy, above: &aims::Tree) -> Vec<Group> {
    match group_by {
        GroupBy::Owner => vec![Group::Owner(sum.owner_id)],
        GroupBy::Category => vec![Group::Category(sum.category.clone())],
        GroupBy::Team => match sum.team_id {
            None => vec![Group::Team(None)],
            Some(team) => aims::path(team, above).into_iter().map(|team| Group::Team(Some(team))).collect(),
        },
    }
}

#[derive(Clone, Debug, Default)]
struct Figures {
    open_count: i64,
    won_count: i64,
    lost_count: i64,
    unknown_count: i64,
    won: Decimal,
    pipeline: Decimal,
    best_case: Decimal,
    commit: Decimal,
    weighted: Decimal,
    quota: Option<Decimal>,
}

impl Figures {
    fn add(&mut self, sum: &Sum, currency: &str) {
        match sum.kind.as_str() {
            "won" => self.won_count += sum.count,
            "lost" => self.lost_count += sum.count,
            _ => self.open_count += sum.count,
        }
        if sum.kind == "lost" {
            return;
        }
        if sum.base_currency != currency {
            self.unknown_count += sum.count;
            return;
        }
        self.unknown_count += sum.count - sum.known;
        let amount = sum.amount.unwrap_or_default();
        if sum.kind == "open" && sum.category == "omitted" {
            return;
        }
        if sum.kind == "won" {
            self.won += amount;
            self.weighted += amount;
            return;
        }
        self.weighted += amount * Decimal::new(i64::from(sum.probability), 2);
        match sum.category.as_str() {
            "pipeline" => self.pipeline += amount,
            "best_case" => self.best_case += amount,
            "commit" => self.commit += amount,
            _ => {}
        }
    }

    fn told(self, group: Option<&Group>, currency: &str) -> ForecastGroup {
        let money = |sum: Decimal| Money::new(round(sum, currency), currency);
        let part = |quota: &Decimal| self.won.checked_div(*quota).map(|part| part.round_dp(4).normalize().to_string());
        ForecastGroup {
            owner_id: if let Some(Group::Owner(owner)) = group { Some(*owner) } else { None },
            team_id: if let Some(Group::Team(team)) = group { *team } else { None },
            forecast_category: if let Some(Group::Category(name)) = group { Some(name.clone()) } else { None },
            open_count: self.open_count,
            won_count: self.won_count,
            lost_count: self.lost_count,
            unknown_count: self.unknown_count,
            won: money(self.won),
            pipeline: money(self.pipeline),
            best_case: money(self.best_case),
            commit: money(self.commit),
            weighted: money(self.weighted),
            attainment: self.quota.as_ref().and_then(part),
            quota: self.quota.map(money),
        }
    }
}
