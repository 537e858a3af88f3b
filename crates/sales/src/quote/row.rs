//! The columns of a quote, in two parts: diesel reads 32 of one row at most.
use super::Quote;
use super::schema::{quotes, quotes_beside};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::NullableExpressionMethods;
use diesel::dsl::Nullable;
use diesel::prelude::{Queryable, Selectable};
use kernel::money::MaybeMoney;
use kernel::{AccountId, ContactId, Money, OpportunityId, PriceBookId, QuoteId, TeamId, UserId};
use platform::custom::Custom;
use rust_decimal::Decimal;

/// What is offered, and for how much.
#[derive(Queryable, Selectable)]
#[diesel(table_name = quotes, check_for_backend(diesel::pg::Pg))]
pub struct Offer {
    id: QuoteId,
    owner_id: UserId,
    team_id: Option<TeamId>,
    number: String,
    revision: i32,
    opportunity_id: Option<OpportunityId>,
    account_id: Option<AccountId>,
    contact_id: Option<ContactId>,
    currency: String,
    price_book_id: Option<PriceBookId>,
    valid_until_on: Option<NaiveDate>,
    is_tax_included: bool,
    rounding: String,
    discount_rate: Option<Decimal>,
    #[diesel(select_expression = (quotes::discount_fixed, quotes::currency.nullable()),
             select_expression_type = (quotes::discount_fixed, Nullable<quotes::currency>),
             deserialize_as = MaybeMoney)]
    discount_fixed: Option<Money>,
    #[diesel(select_expression = (quotes::subtotal_amount, quotes::currency),
             select_expression_type = (quotes::subtotal_amount, quotes::currency))]
    subtotal: Money,
    #[diesel(select_expression = (quotes::discount_amount, quotes::currency),
             select_expression_type = (quotes::discount_amount, quotes::currency))]
    discount: Money,
    #[diesel(select_expression = (quotes::tax_amount, quotes::currency),
             select_expression_type = (quotes::tax_amount, quotes::currency))]
    tax: Money,
    #[diesel(select_expression = (quotes::shipping_amount, quotes::currency),
             select_expression_type = (quotes::shipping_amount, quotes::currency))]
    shipping: Money,
    #[diesel(select_expression = (quotes::total_amount, quotes::currency),
             select_expression_type = (quotes::total_amount, quotes::currency))]
    total: Money,
    line_count: i32,
    terms: Option<String>,
}

/// How far it has come.
#[derive(Queryable, Selectable)]
#[diesel(table_name = quotes, check_for_backend(diesel::pg::Pg))]
pub struct Standing {
    status: String,
    sent_at: Option<DateTime<Utc>>,
    #[diesel(select_expression = quotes_beside::approval_status,
             select_expression_type = quotes_beside::approval_status)]
    approval_status: Option<String>,
    #[diesel(select_expression = quotes_beside::approval_requested_by,
             select_expression_type = quotes_beside::approval_requested_by)]
    approval_requested_by: Option<UserId>,
    #[diesel(select_expression = quotes_beside::approval_requested_at,
             select_expression_type = quotes_beside::approval_requested_at)]
    approval_requested_at: Option<DateTime<Utc>>,
    #[diesel(select_expression = quotes_beside::approval_decided_by,
             select_expression_type = quotes_beside::approval_decided_by)]
    approval_decided_by: Option<UserId>,
    #[diesel(select_expression = quotes_beside::approval_decided_at,
             select_expression_type = quotes_beside::approval_decided_at)]
    approval_decided_at: Option<DateTime<Utc>>,
    #[diesel(select_expression = quotes_beside::approval_reason,
             select_expression_type = quotes_beside::approval_reason)]
    approval_reason: Option<String>,
    custom: Custom,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: UserId,
    updated_by: UserId,
    deleted_at: Option<DateTime<Utc>>,
}

platform::in_two_parts!(Quote {
    Offer {
        id, owner_id, team_id, number, revision, opportunity_id, account_id, contact_id, currency,
        price_book_id, valid_until_on, is_tax_included, rounding, discount_rate, discount_fixed, subtotal,
        discount, tax, shipping, total, line_count, terms
    }
    Standing {
        status, sent_at, approval_status, approval_requested_by, approval_requested_at, approval_decided_by,
        approval_decided_at, approval_reason, custom, version, created_at, updated_at, created_by,
        updated_by, deleted_at
    }
});
