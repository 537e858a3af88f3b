//! Who buys all of these buys that one: a rule that a look has found. It is a part of its run.
pub(in crate::association) mod store;

pub use crate::schema::association_rules::table as Table;
pub use store::list;

use crate::exact;
use crate::schema::association_rules;
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{AssociationRuleId, AssociationRunId, Noun, ProductId, Record};
use platform::filter::Listed;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

/// Who buys all of these buys that one.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = association_rules, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-000000000006", "run_id": "0192f0c1-9999-7000-8000-000000000005", "rank": 1,
    "condition_ids": ["0192f0c1-3333-7000-8000-000000000001"],
    "consequence_id": "0192f0c1-3333-7000-8000-000000000002", "order_count": 196, "support": "0.0199",
    "confidence": "0.4", "lift": "1.57"
}))]
pub struct AssociationRule {
    pub id: AssociationRuleId,
    pub run_id: AssociationRunId,
    /// by lift, then confidence, then support: 1 is the best of its run
    #[schema(example = 1)]
    pub rank: i32,
    /// the products that are bought
    pub condition_ids: Vec<ProductId>,
    /// the one that is bought with them
    pub consequence_id: ProductId,
    /// orders that hold all of it
    pub order_count: i32,
    /// the share of all orders that do
    #[schema(value_type = String, example = "0.0199")]
    #[serde(serialize_with = "exact::plain")]
    pub support: Decimal,
    /// the share of the orders with the conditions that hold the consequence too
    #[schema(value_type = String, example = "0.4")]
    #[serde(serialize_with = "exact::plain")]
    pub confidence: Decimal,
    /// how many times that is what it would be by chance
    #[schema(value_type = String, example = "1.57")]
    #[serde(serialize_with = "exact::plain")]
    pub lift: Decimal,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "association_rule",
    table: "association_rules",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("run_id", Holds::Id),
        Field::new("rank", Holds::Int),
        Field::new("condition_ids", Holds::Text).unfilterable().unsortable(),
        Field::new("consequence_id", Holds::Id),
        Field::new("order_count", Holds::Int),
        Field::new("support", Holds::Decimal),
        Field::new("confidence", Holds::Decimal),
        Field::new("lift", Holds::Decimal),
    ],
    relations: &[
        Relation::one("run", "association_run", "run_id"),
        Relation::one("consequence", "product", "consequence_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "association_run", column: "run_id" },
};

impl Noun for AssociationRule {
    const NAME: &'static str = "association_rule";
}
impl Record for AssociationRule {
    type Id = AssociationRuleId;
    fn id(&self) -> AssociationRuleId {
        self.id
    }
    /// it is written once
    fn version(&self) -> i32 {
        1
    }
}
impl Listed for association_rules::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
