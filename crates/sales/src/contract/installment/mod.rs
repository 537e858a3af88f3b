//! An instalment says what of a contract is due when (回款计划). Together those of a contract come to its value: they are
//! put down all at once, or not at all. What they have got follows from the payments that are matched to them, and their
//! status from that and from the day, where the tenant is; that a day is over is told once, by the clock alone.
mod clock;
mod deeds;
mod plan;
mod store;
mod waiving;

pub use super::schema::installments::table as Table;
pub(super) use clock::watch;
pub(crate) use deeds::Sums;
pub use deeds::update;
pub(super) use plan::put;
pub use plan::{replace, split};
pub(super) use store::any;
pub(crate) use store::{due, lock_of, set_paid};
pub use store::{find, list, of, of_all};
pub use waiving::{InstallmentWaiver, unwaive, waive};

use super::schema::installments;
use crate::exact;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::{AsChangeset, Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation};
use kernel::{Code, ContractId, InstallmentId, Kind, Money, Noun, Record, Tidy, money, patch};
use platform::filter::Listed;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub const PAID: Code = Code::new(
    "installments_paid",
    Kind::Conflict,
    "An instalment that has got something stays, with no less than that: name it by its `id`, or take the payments off.",
);
pub const UNEQUAL: Code = Code::new(
    "installments_unequal",
    Kind::Invalid,
    "Instalments come to what the contract is worth: `difference` of the fault says what is missing.",
);

pub const WAIVED: Code = Code::new(
    "installment_waived",
    Kind::Conflict,
    "What of an instalment is waived stays so, in a plan with no less than that: take it back first.",
);
pub const NOT_OPEN: Code = Code::new(
    "installment_not_open",
    Kind::Conflict,
    "Nothing of the instalment is open: it is paid, or waived already.",
);
pub const NOT_WAIVED: Code =
    Code::new("installment_not_waived", Kind::Conflict, "Nothing of the instalment is waived.");

pub const STATUSES: &[&str] = &["planned", "due", "partially_paid", "paid", "overdue", "waived"];

/// What is due when.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = installments, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-000000000041", "contract_id": "0192f0c1-8888-7000-8000-000000000040", "position": 1,
    "due_on": "2027-01-15", "currency": "CNY", "amount": {"amount": "2825.00", "currency": "CNY"},
    "paid": {"amount": "2825.00", "currency": "CNY"}, "status": "paid", "overdue_at": null,
    "paid_at": "2027-01-12T03:00:00Z", "description": "首付款",
    "waived": {"amount": "0.00", "currency": "CNY"}, "waived_at": null, "waived_reason": null,
    "version": 2, "created_at": "2026-11-25T06:00:00Z", "updated_at": "2027-01-12T03:00:00Z"
}))]
pub struct Installment {
    pub id: InstallmentId,
    pub contract_id: ContractId,
    #[schema(minimum = 1)]
    pub position: i32,
    /// the last day on which it is paid in time, in the tenant's time zone
    pub due_on: NaiveDate,
    #[schema(example = "CNY")]
    pub currency: String,
    #[diesel(select_expression = (installments::amount, installments::currency),
             select_expression_type = (installments::amount, installments::currency))]
    pub amount: Money,
    /// what it has got
    #[diesel(select_expression = (installments::paid_amount, installments::currency),
             select_expression_type = (installments::paid_amount, installments::currency))]
    pub paid: Money,
    /// what of it nobody has to pay any more
    #[diesel(select_expression = (installments::waived_amount, installments::currency),
             select_expression_type = (installments::waived_amount, installments::currency))]
    pub waived: Money,
    /// `planned`, `due` on its day, `partially_paid`, `paid`, `overdue` when its day is over, or `waived` when all that
    /// was open of it is
    #[schema(example = "paid")]
    pub status: String,
    /// when it was told that its day is over
    pub overdue_at: Option<DateTime<Utc>>,
    /// when it had all that is due
    pub paid_at: Option<DateTime<Utc>>,
    pub waived_at: Option<DateTime<Utc>>,
    /// why nobody has to pay it
    pub waived_reason: Option<String>,
    pub description: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What a new instalment is made of.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"due_on": "2027-01-15", "amount": "2825.00", "description": "首付款"}))]
pub struct NewInstallment {
    /// of one that is there: it goes on, with what it has got
    #[validate(custom(function = "kernel::id::is_of_its_time"))]
    pub id: Option<InstallmentId>,
    pub due_on: NaiveDate,
    /// in the currency of the contract
    #[serde(deserialize_with = "money::decimal")]
    #[validate(custom(function = "exact::is_above_zero"))]
    #[schema(value_type = String, format = "decimal", example = "2825.00", pattern = r"^\d{1,15}(\.\d{1,6})?$")]
    pub amount: Decimal,
    #[validate(length(max = 300))]
    #[schema(max_length = 300)]
    pub description: Option<String>,
}

/// All instalments of a contract.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"installments": [{"due_on": "2027-01-15", "amount": "5650.00"},
    {"due_on": "2027-07-15", "amount": "5650.00"}]}))]
pub struct NewInstallments {
    #[validate(nested, length(max = 200))]
    #[schema(max_items = 200)]
    pub installments: Vec<NewInstallment>,
}

/// Equal instalments.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"count": 4, "first_due_on": "2027-01-15", "every_months": 3}))]
pub struct InstallmentSplit {
    #[validate(range(min = 1, max = 200))]
    #[schema(minimum = 1, maximum = 200)]
    pub count: u32,
    pub first_due_on: NaiveDate,
    /// from one to the next; one, unless said otherwise
    #[serde(default = "one")]
    #[validate(range(min = 1, max = 120))]
    #[schema(minimum = 1, maximum = 120, default = 1, required = false)]
    pub every_months: u32,
}

/// A merge patch: what it comes to stays, for all of them together are the contract's value.
#[derive(Clone, Debug, Default, Deserialize, AsChangeset, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[diesel(table_name = installments)]
#[schema(example = json!({"due_on": "2027-02-15"}))]
pub struct InstallmentPatch {
    #[serde(default, deserialize_with = "patch::value")]
    #[schema(value_type = NaiveDate, required = false)]
    pub due_on: Option<NaiveDate>,
    #[serde(default, deserialize_with = "patch::nullable")]
    #[validate(length(max = 300))]
    #[schema(value_type = Option<String>, max_length = 300)]
    pub description: Option<Option<String>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "installment",
    table: "installments",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("contract_id", Holds::Id),
        Field::new("position", Holds::Int),
        Field::new("due_on", Holds::Date),
        Field::new("currency", Holds::Text),
        Field::new("amount", Holds::Money { currency: "currency" }),
        Field::new("paid", Holds::Money { currency: "currency" }).column("paid_amount"),
        Field::new("waived", Holds::Money { currency: "currency" }).column("waived_amount"),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("overdue_at", Holds::Instant).nullable(),
        Field::new("paid_at", Holds::Instant).nullable(),
        Field::new("waived_at", Holds::Instant).nullable(),
        Field::new("waived_reason", Holds::Text).nullable().unsortable(),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
    ],
    relations: &[
        Relation::one("contract", "contract", "contract_id"),
        Relation::many("matches", "payment_match", "installment_id"),
    ],
    custom: None,
    owned: Owned::Part { of: "contract", column: "contract_id" },
};

impl Noun for Installment {
    const NAME: &'static str = "installment";
}
impl Record for Installment {
    type Id = InstallmentId;
    fn id(&self) -> InstallmentId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for installments::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
    const ENDURES: bool = true;
}
impl Tidy for NewInstallments {}
impl Tidy for InstallmentSplit {}
impl Tidy for InstallmentPatch {}

fn one() -> u32 {
    1
}
