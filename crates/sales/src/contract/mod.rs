//! A contract says what was agreed upon with whom, for how long, and for how much; its instalments say when that is due.
//!
//! It has a number that counts on by the year. Its instalments, where it has some, come to its value ([`installment`]);
//! what they have got is kept with it. It goes its way by the deeds in [`moving`] and by the clock alone, and what was
//! signed stays as it was signed: another value is another contract, one that goes on from it.
mod body;
mod deeds;
pub mod import;
pub mod installment;
mod moving;
pub(crate) mod schema;
pub(crate) mod store;
pub mod summary;

pub use body::{ContractPatch, NewContract};
pub use deeds::{archive, create, duplicates, purge, restore, update, upsert};
pub use moving::{of_quote, renew, sign, terminate, watch};
pub use schema::contracts::table as Table;
pub use store::{find, find_by, list, many};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::catalogue::{Catalogue, Field, Kind as Holds, Owned, Relation, Searched};
use kernel::{AccountId, Code, ContractId, Kind, Money, Noun, QuoteId, Record, TeamId, UserId};
use platform::custom::Custom;
use platform::filter::Listed;
use schema::contracts;
use serde::Serialize;
use utoipa::ToSchema;

pub const NUMBER_TAKEN: Code =
    Code::new("contract_number_taken", Kind::Conflict, "Another contract has this number: `existing` says which.");
pub const FIXED: Code = Code::new(
    "contract_fixed",
    Kind::Conflict,
    "What was signed stays as it was signed, and a contract that has ended keeps its days. Renew it to agree upon more.",
);
pub const VALUE_FIXED: Code = Code::new(
    "contract_value_fixed",
    Kind::Conflict,
    "The value of a contract stays as long as it has instalments, unless all of them are replaced with it; its currency \
     as long as something was paid.",
);
pub const TRANSITION_REFUSED: Code =
    Code::new("contract_transition_refused", Kind::Conflict, "The contract is in a status that does not lead there.");
pub const QUOTE_CONTRACTED: Code = Code::new(
    "quote_contracted",
    Kind::Conflict,
    "A contract came of the quote already, which is not the caller's to see.",
);
pub const CODES: &[Code] = &[
    NUMBER_TAKEN,
    FIXED,
    VALUE_FIXED,
    TRANSITION_REFUSED,
    QUOTE_CONTRACTED,
    installment::PAID,
    installment::UNEQUAL,
    installment::WAIVED,
    installment::NOT_OPEN,
    installment::NOT_WAIVED,
];

pub const STATUSES: &[&str] = &["draft", "signed", "active", "expired", "terminated", "renewed"];
pub const RENEWALS: &[&str] = &["none", "manual", "automatic"];

/// What was agreed upon.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = contracts, check_for_backend(diesel::pg::Pg))]
#[schema(example = json!({
    "id": "0192f0c1-8888-7000-8000-000000000040", "owner_id": "0192f0c1-0000-7000-8000-000000000001", "team_id": null,
    "number": "C-2026-00007", "title": "茶叶年度供货合同", "account_id": "0192f0c1-1111-7000-8000-000000000002",
    "quote_id": "0192f0c1-7777-7000-8000-000000000030", "renews_id": null, "status": "active",
    "start_on": "2027-01-01", "end_on": "2027-12-31", "renewal": "manual", "currency": "CNY",
    "value": {"amount": "11300.00", "currency": "CNY"}, "paid": {"amount": "2825.00", "currency": "CNY"},
    "waived": {"amount": "0.00", "currency": "CNY"}, "unpaid": {"amount": "8475.00", "currency": "CNY"},
    "signed_at": "2026-11-25T06:00:00Z", "ended_at": null, "description": null, "custom": {}, "version": 3,
    "created_at": "2026-11-22T08:00:00Z", "updated_at": "2026-11-25T06:00:00Z",
    "created_by": "0192f0c1-0000-7000-8000-000000000001", "updated_by": "0192f0c1-0000-7000-8000-000000000001",
    "deleted_at": null
}))]
pub struct Contract {
    pub id: ContractId,
    pub owner_id: UserId,
    pub team_id: Option<TeamId>,
    pub number: String,
    pub title: String,
    pub account_id: Option<AccountId>,
    /// the quote that it came of
    pub quote_id: Option<QuoteId>,
    /// the contract that it goes on from
    pub renews_id: Option<ContractId>,
    /// `draft`, then `signed` until its first day, then `active`, and in the end `expired`, `terminated` or `renewed`
    #[schema(example = "active")]
    pub status: String,
    pub start_on: Option<NaiveDate>,
    /// the last day, in the tenant's time zone
    pub end_on: Option<NaiveDate>,
    /// what becomes of it when it ends: `none`, `manual`, or `automatic`, when it goes on by itself for as long again
    #[schema(example = "manual")]
    pub renewal: String,
    #[schema(example = "CNY")]
    pub currency: String,
    #[diesel(select_expression = (contracts::value_amount, contracts::currency),
             select_expression_type = (contracts::value_amount, contracts::currency))]
    pub value: Money,
    /// what its instalments have got
    #[diesel(select_expression = (contracts::paid_amount, contracts::currency),
             select_expression_type = (contracts::paid_amount, contracts::currency))]
    pub paid: Money,
    /// what of its instalments nobody has to pay any more
    #[diesel(select_expression = (contracts::waived_amount, contracts::currency),
             select_expression_type = (contracts::waived_amount, contracts::currency))]
    pub waived: Money,
    /// value − paid − waived
    #[diesel(select_expression = (contracts::open_amount, contracts::currency),
             select_expression_type = (contracts::open_amount, contracts::currency))]
    pub unpaid: Money,
    pub signed_at: Option<DateTime<Utc>>,
    /// when it expired, was terminated or renewed
    pub ended_at: Option<DateTime<Utc>>,
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
    noun: "contract",
    table: "contracts",
    fields: &[
        Field::new("id", Holds::Id),
        Field::new("owner_id", Holds::Id),
        Field::new("team_id", Holds::Id).nullable(),
        Field::new("number", Holds::Text).searched(Searched::Whole),
        Field::new("title", Holds::Text).searched(Searched::Name),
        Field::new("account_id", Holds::Id).nullable(),
        Field::new("quote_id", Holds::Id).nullable(),
        Field::new("renews_id", Holds::Id).nullable(),
        Field::new("status", Holds::Choice(STATUSES)),
        Field::new("start_on", Holds::Date).nullable(),
        Field::new("end_on", Holds::Date).nullable(),
        Field::new("renewal", Holds::Choice(RENEWALS)),
        Field::new("currency", Holds::Text),
        Field::new("value", Holds::Money { currency: "currency" }).column("value_amount"),
        Field::new("paid", Holds::Money { currency: "currency" }).column("paid_amount"),
        Field::new("waived", Holds::Money { currency: "currency" }).column("waived_amount"),
        Field::new("unpaid", Holds::Money { currency: "currency" }).column("open_amount"),
        Field::new("signed_at", Holds::Instant).nullable(),
        Field::new("ended_at", Holds::Instant).nullable(),
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
        Relation::one("quote", "quote", "quote_id"),
        Relation::one("renews", "contract", "renews_id"),
        Relation::one("owner", "user", "owner_id"),
        Relation::one("team", "team", "team_id"),
        Relation::many("installments", "installment", "contract_id"),
        Relation::many("payments", "payment", "contract_id"),
        Relation::through("activities", "activity", "activity_links", ("record_id", "activity_id"), "contract"),
        Relation::through("tasks", "task", "task_links", ("record_id", "task_id"), "contract"),
        Relation::through("tags", "tag", "taggings", ("record_id", "tag_id"), "contract"),
        Relation::many("external_refs", "external_ref", "record_id"),
    ],
    custom: Some("custom"),
    owned: Owned::Rows { owner: "owner_id", team: "team_id" },
};

impl Noun for Contract {
    const NAME: &'static str = "contract";
}
impl Record for Contract {
    type Id = ContractId;
    fn id(&self) -> ContractId {
        self.id
    }
    fn version(&self) -> i32 {
        self.version
    }
}
impl Listed for contracts::table {
    const CATALOGUE: &'static Catalogue = &CATALOGUE;
}

/// The unique fields by which a contract may be asked for and upserted.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Number(String),
    External { source_system: String, external_id: String },
}
