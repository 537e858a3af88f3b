//! Figures: what the records of a noun come to, in groups, as one answer with typed columns.
//!
//! Whoever asks is told of what they see: rows, fields and what relations lead to. What is wrong with a query is told all
//! at once, each fault at its place. Totals are asked of the database, for a mean of means is none.
mod cut;
mod earlier;
mod plan;
mod run;
mod value;

pub use plan::{Plan, noun};
pub use run::{run, run_for};
pub use value::number;

use chrono::NaiveDate;
use kernel::Tidy;
use platform::tally::{Bucket, Comparison, Op};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::Validate;

/// The most rows of one answer.
pub const MOST_ROWS: u32 = 10_000;
/// How many rows come where nobody says.
pub const ROWS: u32 = 1_000;

/// What is asked of the records of a noun.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "resource": "opportunity",
    "measures": [{"op": "count"}, {"op": "sum", "field": "amount", "as": "total"}],
    "dimensions": [{"field": "stage.name"}, {"field": "created_at", "bucket": "month", "time_zone": "Asia/Shanghai"}],
    "filter": "created_at > timestamp(\"2020-01-01T00:00:00Z\")", "sort": "-total", "limit": 100
}))]
pub struct FiguresQuery {
    /// the noun whose records are looked at
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50, example = "opportunity")]
    pub resource: String,
    #[validate(length(min = 1, max = 16), nested)]
    #[schema(min_items = 1, max_items = 16)]
    pub measures: Vec<FiguresMeasure>,
    /// what the records are grouped by; by nothing, where there is none
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[validate(length(max = 8), nested)]
    #[schema(required = false, max_items = 8)]
    pub dimensions: Vec<FiguresDimension>,
    /// in the filter language
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 4096))]
    #[schema(max_length = 4096)]
    pub filter: Option<String>,
    /// which groups are answered; all of these hold
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[validate(length(max = 16), nested)]
    #[schema(required = false, max_items = 16)]
    pub having: Vec<FiguresBound>,
    /// columns to sort by, `-` for descending; by the dimensions, where it is absent
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    #[schema(max_length = 500, example = "-total")]
    pub sort: Option<String>,
    /// how many groups at most: 1,000, unless said otherwise
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 10000))]
    #[schema(minimum = 1, maximum = 10000)]
    pub limit: Option<u32>,
    /// whether totals are answered too, and subtotals by the first dimensions and by each one alone
    #[serde(default)]
    #[schema(required = false)]
    pub totals: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub compare: Option<FiguresComparison>,
}

/// What is made of the values of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"op": "sum", "field": "amount", "as": "total"}))]
pub struct FiguresMeasure {
    pub op: Op,
    /// a path to a value; none counts the records
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub field: Option<String>,
    /// what its column is called
    #[serde(rename = "as", default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60, pattern = "^[a-z][a-z0-9_]*$")]
    pub name: Option<String>,
}

/// What records are grouped by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"field": "created_at", "bucket": "month", "time_zone": "Asia/Shanghai"}))]
pub struct FiguresDimension {
    /// a path to a value: `stage.name`, `account.industry`, `custom.region`
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "created_at")]
    pub field: String,
    /// of a day or a moment, the stretch of time that it falls in
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<Bucket>,
    /// by whose clock, of the IANA list; UTC where it is absent
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 60))]
    #[schema(max_length = 60, example = "Asia/Shanghai")]
    pub time_zone: Option<String>,
    /// what its column is called
    #[serde(rename = "as", default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60, pattern = "^[a-z][a-z0-9_]*$")]
    pub name: Option<String>,
}

/// A condition on a measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"measure": "total", "op": "ge", "value": "1000.00"}))]
pub struct FiguresBound {
    /// the column of a measure
    #[validate(length(min = 1, max = 60))]
    #[schema(min_length = 1, max_length = 60, example = "total")]
    pub measure: String,
    pub op: Comparison,
    /// a number, or as text a number, a day or a moment
    #[schema(value_type = Value)]
    pub value: Value,
}

/// The same figures of an earlier time beside them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "to": "previous_year", "field": "created_at", "from": "2026-01-01", "until": "2026-04-01",
    "time_zone": "Asia/Shanghai"
}))]
pub struct FiguresComparison {
    pub to: Earlier,
    /// the day or moment by which records belong to a time
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "created_at")]
    pub field: String,
    /// the first day; records of other times are left out
    pub from: NaiveDate,
    /// the day after the last
    pub until: NaiveDate,
    /// by whose clock days begin, of the IANA list; UTC where it is absent
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 60))]
    #[schema(max_length = 60)]
    pub time_zone: Option<String>,
}

/// Which earlier time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FiguresEarlier)]
pub enum Earlier {
    /// as long a time, just before; of whole months as many months
    PreviousPeriod,
    PreviousYear,
}

/// What records come to.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "resource": "opportunity",
    "columns": [
        {"name": "stage_name", "role": "dimension", "type": "text", "field": "stage.name"},
        {"name": "amount_currency", "role": "currency", "type": "text", "field": "amount.currency"},
        {"name": "total", "role": "measure", "type": "money", "field": "amount", "op": "sum",
            "currency": "amount_currency"}
    ],
    "rows": [{"stage_name": "Proposal", "amount_currency": "CNY", "total": "128000.00"}],
    "subtotals": [], "totals": [], "has_more": false
}))]
pub struct Figures {
    #[schema(example = "opportunity")]
    pub resource: String,
    pub columns: Vec<FiguresColumn>,
    /// a member a column
    #[schema(value_type = Vec<Object>)]
    pub rows: Vec<Map<String, Value>>,
    /// of fewer dimensions: by the first ones, and by each one alone; the others are missing from them
    #[schema(value_type = Vec<Object>)]
    pub subtotals: Vec<Map<String, Value>>,
    /// of all that the filter finds, one a currency
    #[schema(value_type = Vec<Object>)]
    pub totals: Vec<Map<String, Value>>,
    /// whether there are more groups than the limit lets through
    pub has_more: bool,
}

/// What stands in a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "name": "total", "role": "measure", "type": "money", "field": "amount", "op": "sum", "currency": "amount_currency"
}))]
pub struct FiguresColumn {
    #[schema(example = "total")]
    pub name: String,
    pub role: Role,
    /// `text`, `choice`, `int`, `decimal`, `money`, `bool`, `date`, `instant` or `id`
    #[serde(rename = "type")]
    #[schema(example = "money")]
    pub holds: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op: Option<Op>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<Bucket>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// of money, the column that says what it is in
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// What a column is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FiguresRole)]
pub enum Role {
    Dimension,
    /// what money is in, which is never added up across that
    Currency,
    Measure,
    /// a measure at the earlier time
    Previous,
    /// by which part of what it was a measure has grown
    Change,
}

impl Tidy for FiguresQuery {}

impl FiguresColumn {
    pub fn is_number(&self) -> bool {
        matches!(self.holds.as_str(), "int" | "decimal" | "money")
    }
}
