//! What an attribution answers: sums by group and currency.
use super::{GroupBy, Model, Question};
use chrono::NaiveDate;
use chrono_tz::Tz;
use kernel::Money;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Which touchpoints brought what was bought.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AttributionReport {
    pub model: Model,
    pub group_by: GroupBy,
    pub from: NaiveDate,
    pub until: NaiveDate,
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: String,
    pub lookback_days: u16,
    /// by name; those of the touchpoints that have none last
    pub groups: Vec<AttributionGroup>,
    /// the orders that no touchpoint came before
    pub unattributed: AttributionGroup,
    /// all orders and all touchpoints of that time
    pub total: AttributionGroup,
}

/// What one group comes to.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "singles-day", "touchpoint_count": 240, "order_count": 12,
    "revenue": [{"amount": "5874.00", "currency": "CNY"}], "cost": [{"amount": "288.00", "currency": "CNY"}],
    "returns": [{"currency": "CNY", "value": "19.3958"}]
}))]
pub struct AttributionGroup {
    /// the campaign, channel, source or medium
    pub name: Option<String>,
    /// those of that time, whatever came of them
    #[schema(minimum = 0)]
    pub touchpoint_count: i64,
    /// those of which it has a part
    #[schema(minimum = 0)]
    pub order_count: i64,
    /// its parts of them, by currency
    pub revenue: Vec<Money>,
    /// of its touchpoints, by currency
    pub cost: Vec<Money>,
    /// where both are of one currency
    pub returns: Vec<AttributionReturn>,
}

/// (revenue − cost) / cost.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AttributionReturn {
    #[schema(example = "CNY")]
    pub currency: String,
    #[schema(value_type = String, format = "decimal", example = "19.3958")]
    pub value: String,
}

#[derive(Default)]
struct Figures {
    touchpoints: i64,
    orders: i64,
    revenue: BTreeMap<String, Decimal>,
    cost: BTreeMap<String, Decimal>,
}

#[derive(Default)]
pub(super) struct Sums {
    groups: BTreeMap<Option<String>, Figures>,
    unattributed: Figures,
    total: Figures,
}

impl Sums {
    pub fn cost(&mut self, key: Option<String>, currency: Option<String>, cost: Option<Decimal>, count: i64) {
        for figures in [self.groups.entry(key).or_default(), &mut self.total] {
            figures.touchpoints += count;
            if let Some((currency, cost)) = currency.clone().zip(cost) {
                *figures.cost.entry(currency).or_default() += cost;
            }
        }
    }

    pub fn order(&mut self, currency: &str, total: Decimal) {
        self.total.buy(currency, total);
    }

    pub fn nobody(&mut self, currency: &str, total: Decimal) {
        self.unattributed.buy(currency, total);
    }

    pub fn part(&mut self, key: Option<String>, currency: &str, part: Decimal) {
        self.groups.entry(key).or_default().buy(currency, part);
    }

    pub fn told(self, asked: &Question, zone: Tz) -> AttributionReport {
        let (nameless, named): (Vec<_>, Vec<_>) = self.groups.into_iter().partition(|(key, _)| key.is_none());
        AttributionReport {
            model: asked.model,
            group_by: asked.group_by,
            from: asked.from,
            until: asked.until,
            time_zone: zone.name().to_owned(),
            lookback_days: asked.lookback_days,
            groups: named.into_iter().chain(nameless).map(|(key, figures)| figures.told(key)).collect(),
            unattributed: self.unattributed.told(None),
            total: self.total.told(None),
        }
    }
}

impl Figures {
    fn buy(&mut self, currency: &str, sum: Decimal) {
        self.orders += 1;
        *self.revenue.entry(currency.to_owned()).or_default() += sum;
    }

    fn told(self, name: Option<String>) -> AttributionGroup {
        let rate = |(currency, cost): (&String, &Decimal)| {
            let revenue = self.revenue.get(currency).copied().unwrap_or_default();
            let value = (revenue - cost).checked_div(*cost)?.round_dp(4).normalize().to_string();
            Some(AttributionReturn { currency: currency.clone(), value })
        };
        let returns = self.cost.iter().filter_map(rate).collect();
        let money = |all: BTreeMap<String, Decimal>| all.into_iter().map(|(currency, sum)| Money::new(sum, currency));
        AttributionGroup {
            name,
            touchpoint_count: self.touchpoints,
            order_count: self.orders,
            returns,
            revenue: money(self.revenue).collect(),
            cost: money(self.cost).collect(),
        }
    }
}
