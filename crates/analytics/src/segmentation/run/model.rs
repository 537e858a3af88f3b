//! By what a run sorted, as it is kept for the customers who change after it.
use super::fit::{Sorter, Verdict};
use crate::facts::{Base, Look};
use crate::segmentation::run::fit::Row;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::TenantId;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    pub sorter: Sorter,
    pub classes: Vec<String>,
    pub as_of_on: NaiveDate,
    pub currency: String,
    pub zone: String,
    /// whether amounts are without tax and shipping
    pub is_net: bool,
    /// the orders from then until before then
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

impl Model {
    pub fn look(&self, tenant: TenantId) -> Look {
        let (currency, zone) = (self.currency.clone(), self.zone.clone());
        Look { tenant, currency, zone, from: self.from, until: self.until }
    }

    /// What a class is called.
    pub fn called(&self, verdict: Verdict) -> Option<&str> {
        self.classes.get(usize::from(verdict.class?)).map(String::as_str)
    }
}

/// A customer as the reckoning wants them.
pub fn row(base: &Base, is_net: bool) -> Row {
    let amount = if is_net { base.net } else { base.revenue }.unwrap_or_default();
    let count = base.order_count.and_then(|count| u32::try_from(count).ok()).unwrap_or_default();
    Row { id: base.id, last_on: base.last_on.filter(|_| count > 0), count, amount: millionths(amount) }
}

/// Amounts have six decimals at most.
fn millionths(amount: Decimal) -> i128 {
    let scale = amount.scale();
    let (mantissa, apart) = (amount.mantissa(), 6_u32.abs_diff(scale));
    let factor = 10_i128.checked_pow(apart).unwrap_or(1);
    if scale <= 6 { mantissa.saturating_mul(factor) } else { mantissa / factor }
}
