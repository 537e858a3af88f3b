//! How much of a payment has paid which instalment. A match is part of its payment: it is made and taken back with it.
mod store;

pub use crate::contract::schema::payment_matches::table as Table;
pub(super) use store::{add, contracts_of, lock_contracts, take};
pub use store::{list, of, of_all};

use crate::contract::schema::payment_matches;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{InstallmentId, Money, Noun, PaymentId, PaymentMatchId, Record, UserId};
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

/// What of a payment has paid an instalment.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = payment_matches, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-000000000051", "payment_id": "0192f0c1-9999-7000-8000-000000000050",
    "installment_id": "0192f0c1-8888-7000-8000-000000000041", "currency": "CNY",
    "amount": {"amount": "2825.00", "currency": "CNY"}, "created_at": "2027-01-12T03:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001"
}))]
pub struct PaymentMatch {
    pub id: PaymentMatchId,
    pub payment_id: PaymentId,
    pub installment_id: InstallmentId,
    #[schema(example = "CNY")]
    pub currency: String,
    #[diesel(select_expression = (payment_matches::amount, payment_matches::currency),
             select_expression_type = (payment_matches::amount, payment_matches::currency))]
    pub amount: Money,
    pub created_at: DateTime<Utc>,
    pub created_by: UserId,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "payment_match",
    table: "payment_matches",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("payment_id", Holds::Id),
        Field::new("installment_id", Holds::Id),
        Field::new("currency", Holds::Text),
        Field::new("amount", Holds::Money { currency: "currency" }),
        Field::new("created_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
    ],
    relations: &[
        Relation::one("payment", "payment", "payment_id"),
        Relation::one("installment", "installment", "installment_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "payment", column: "payment_id" },
};

impl Noun for PaymentMatch {
    const NAME: &'static str = "payment_match";
}
impl Record for PaymentMatch {
    type Id = PaymentMatchId;
    fn id(&self) -> PaymentMatchId {
        self.id
    }
    fn version(&self) -> i32 {
        1
    }
}
impl Listed for payment_matches::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
