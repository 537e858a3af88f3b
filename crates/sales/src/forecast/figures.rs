//! What opportunities come to in a forecast: how many are open, won and lost, and for how much.
use super::store::{Kept, Sum};
use super::{ForecastGroup, Group};
use kernel::Money;
use kernel::money::round;
use rust_decimal::Decimal;

/// What some opportunities come to, in one currency.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    open_count: i64,
    won_count: i64,
    lost_count: i64,
    unknown_count: i64,
    won: Decimal,
    pipeline: Decimal,
    best_case: Decimal,
    commit: Decimal,
    weighted: Decimal,
    pub quota: Option<Decimal>,
}

/// So many per cent of one.
fn of_hundred(per_cent: i64) -> Decimal {
    Decimal::new(per_cent, 2)
}

impl Figures {
    /// Of opportunities that were looked at.
    pub fn of(sum: &Sum, currency: &str) -> Self {
        let mut figures = Self::default();
        match sum.kind.as_str() {
            "won" => figures.won_count = sum.count,
            "lost" => figures.lost_count = sum.count,
            _ => figures.open_count = sum.count,
        }
        if sum.kind == "lost" {
            return figures;
        }
        if sum.base_currency != currency {
            figures.unknown_count = sum.count;
            return figures;
        }
        figures.unknown_count = sum.count - sum.known;
        let amount = sum.amount.unwrap_or_default();
        if sum.kind == "won" {
            (figures.won, figures.weighted) = (amount, amount);
            return figures;
        }
        match sum.category.as_str() {
            "omitted" => return figures,
            "pipeline" => figures.pipeline = amount,
            "best_case" => figures.best_case = amount,
            "commit" => figures.commit = amount,
            _ => {}
        }
        figures.weighted = amount * of_hundred(sum.probability.into());
        figures
    }

    /// Of what is kept.
    pub fn kept(kept: &Kept, currency: &str) -> Self {
        let count = |count: Option<i64>| count.unwrap_or_default();
        let (open_count, won_count, lost_count) =
            (count(kept.open_count), count(kept.won_count), count(kept.lost_count));
        let counts = Self { open_count, won_count, lost_count, ..Self::default() };
        if kept.base_currency != currency {
            return Self { unknown_count: open_count + won_count, ..counts };
        }
        Self {
            unknown_count: count(kept.unknown_count),
            won: kept.won.unwrap_or_default(),
            pipeline: kept.pipeline.unwrap_or_default(),
            best_case: kept.best_case.unwrap_or_default(),
            commit: kept.commit.unwrap_or_default(),
            weighted: kept.weighted.unwrap_or_default() * of_hundred(1),
            ..counts
        }
    }

    /// The same, to be taken away.
    pub fn less(self) -> Self {
        Self {
            open_count: -self.open_count,
            won_count: -self.won_count,
            lost_count: -self.lost_count,
            unknown_count: -self.unknown_count,
            won: -self.won,
            pipeline: -self.pipeline,
            best_case: -self.best_case,
            commit: -self.commit,
            weighted: -self.weighted,
            quota: None,
        }
    }

    pub fn add(&mut self, other: &Self) {
        self.open_count += other.open_count;
        self.won_count += other.won_count;
        self.lost_count += other.lost_count;
        self.unknown_count += other.unknown_count;
        self.won += other.won;
        self.pipeline += other.pipeline;
        self.best_case += other.best_case;
        self.commit += other.commit;
        self.weighted += other.weighted;
    }

    /// Whether they are of any opportunity.
    pub fn is_of_any(&self) -> bool {
        self.open_count + self.won_count + self.lost_count > 0
    }

    pub(super) fn told(self, group: Option<&Group>, currency: &str) -> ForecastGroup {
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
