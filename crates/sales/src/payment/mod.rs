//! A payment says what somebody has paid, when, and how; what of it paid which instalment is its matches.
//!
//! It is matched to instalments explicitly, or to the oldest that are open first; what is beyond them stays unmatched.
//! Whoever matches holds the contract first and the payment then, so that of any number who pay at once nobody pays more
//! than is due. A payment that is void has paid nothing.
mod body;
mod deeds;
pub mod import;
pub mod matches;
mod matching;
pub(crate) mod store;

pub use crate::contract::schema::payments::table as Table;
pub use body::{NewPayment, NewPaymentMatch, PaymentMatching, PaymentPatch};
pub use deeds::{archive, create, duplicates, purge, restore, update, upsert, void};
pub use matching::{match_open, unmatch};
pub use store::{find, find_by, list, many};

use crate::contract::schema::payments;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{AccountId, Code, ContractId, Kind, Money, Noun, PaymentId, Record, TeamId, UserId};
use platform::custom::Custom;
use platform::filter::Listed;
use serde::Serialize;
use utoipa::ToSchema;

pub const VOID: Code = Code::new("payment_void", Kind::Conflict, "A payment that is void pays nothing.");
pub const MATCHED: Code = Code::new(
    "payment_matched",
    Kind::Conflict,
    "What of a payment has paid instalments stays theirs: take it off them first.",
);
pub const CODES: &[Code] = &[VOID, MATCHED];

pub const STATUSES: &[&str] = &["received", "void"];
pub const METHODS: &[&str] =
    &["bank_transfer", "card", "cash", "cheque", "alipay", "wechat_pay", "direct_debit", "acceptance_bill", "other"];

/// What somebody has paid.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = payments, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-9999-7000-8000-000000000050", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "account_id": "0192f0c1-1111-7000-8000-000000000002", "contract_id": "0192f0c1-8888-7000-8000-000000000040",
    "status": "received", "received_on": "2027-01-12", "method": "bank_transfer", "reference": "20270112-0098",
    "currency": "CNY", "amount": {"amount": "3000.00", "currency": "CNY"},
    "matched": {"amount": "2825.00", "currency": "CNY"}, "unmatched": {"amount": "175.00", "currency": "CNY"},
    "description": null, "custom": {}, "version": 1, "created_at": "2027-01-12T03:00:00Z",
    "updated_at": "2027-01-12T03:00:00Z", "created_by": "0192f0c1-0000-7000-8000-000000000001",
    "updated_by": "0192f0c1-0000-7000-8000-000000000001", "deleted_at": null
}))]
pub struct Payment {
    pub id: PaymentId,
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    pub account_id: Option<AccountId>,
    pub contract_id: Option<ContractId>,
    #[schema(example = "received")]
    pub status: String,
    pub received_on: NaiveDate,
    #[schema(example = "bank_transfer")]
    pub method: String,
    /// what the bank calls it
    pub reference: Option<String>,
    #[schema(example = "CNY")]
    pub currency: String,
    #[diesel(select_expression = (payments::amount, payments::currency),
             select_expression_type = (payments::amount, payments::currency))]
    pub amount: Money,
    /// what of it has paid instalments
    #[diesel(select_expression = (payments::matched_amount, payments::currency),
             select_expression_type = (payments::matched_amount, payments::currency))]
    pub matched: Money,
    /// amount − matched
    #[diesel(select_expression = (payments::unmatched_amount, payments::currency),
             select_expression_type = (payments::unmatched_amount, payments::currency))]
    pub unmatched: Money,
    pub description: Option<String>,
    /// fields of the tenant's own
    pub custom: Custom,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub created_by: UserId,
    pub updated_by: UserId,
    /// when it was archived
    pub deleted_at: Option<DateTime<Utc>>,
}

pub static CATALOGUE: Catalogue = Catalogue {
    noun: "payment",
    table: "payments",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("account_id", Holds::Id).nullable(),
        Field::new("contract_id", Holds::Id).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("received_on", Holds::Date),
        Field::new("method", Holds::Choice(METHODS)),
        Field::new("reference", Holds::Text).nullable().searched(Searched::Whole),
        Field::new("currency", Holds::Text),
        Field::new("amount", Holds::Money { currency: "currency" }),
        Field::new("matched", Holds::Money { currency: "currency" }).column("matched_amount"),
        Field::new("unmatched", Holds::Money { currency: "currency" }).column("unmatched_amount"),
        Field::new("description", Holds::Text).nullable().unsortable(),
        Field::new("version", Holds::Int),
        Field::new("created_at", Holds::Instant),
        Field::new("updated_at", Holds::Instant),
        Field::new("created_by", Holds::Id),
        Field::new("updated_by", Holds::Id),
        Field::new("deleted_at", Holds::Instant).nullable(),
    ],
    relations: &[
        Relation::one("account", "account", "account_id"),
        Relation::one("contract", "contract", "contract_id"),
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
        Relation::many("matches", "payment_match", "payment_id"),
        Relation::through("activities", "activity", "activity_links", ("record_id", "activity_id"), "payment"),
        Relation::through("tasks", "task", "task_links", ("record_id", "task_id"), "payment"),
        Relation::through("tags", "tag", "taggings", ("record_id", "tag_id"), "payment"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Payment {
    const NAME: &'static str = "payment";
}
impl Record for Payment {
    type Id = PaymentId;
    fn id(&self) -> PaymentId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for payments::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// The unique fields by which a payment may be asked for and upserted.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    External { source_system: String, external_id: String },
}
