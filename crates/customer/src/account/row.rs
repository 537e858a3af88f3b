//! The columns of an account, in two parts: diesel reads 32 of one row at most.
use super::Account;
use crate::schema::{accounts, accounts_beside};
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::money::MaybeMoney;
use kernel::{AccountId, ContactId, Money, TeamId, UserId};
use platform::custom::Custom;

/// Who they are, and how they are reached.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts, check_for_backend(diesel::pg::Pg))]
pub struct Who {
    id: AccountId,
    owner_id: UserId,
    team_id: Option<TeamId>,
    #[diesel(select_expression = accounts_beside::person_id, select_expression_type = accounts_beside::person_id)]
    person_id: Option<ContactId>,
    #[diesel(select_expression = accounts_beside::is_person, select_expression_type = accounts_beside::is_person)]
    is_person: bool,
    name: String,
    legal_name: Option<String>,
    account_type: Option<String>,
    industry: Option<String>,
    website: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    #[diesel(select_expression = accounts_beside::phone_text, select_expression_type = accounts_beside::phone_text)]
    phone_text: Option<String>,
    tax_number: Option<String>,
    employee_count: Option<i32>,
    #[diesel(select_expression = (accounts::annual_revenue_amount, accounts::annual_revenue_currency),
             select_expression_type = (accounts::annual_revenue_amount, accounts::annual_revenue_currency),
             deserialize_as = MaybeMoney)]
    annual_revenue: Option<Money>,
}

/// What they are to the business, and where they stand.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts, check_for_backend(diesel::pg::Pg))]
pub struct Standing {
    lifecycle_stage: String,
    rating: Option<String>,
    source: Option<String>,
    parent_id: Option<AccountId>,
    street: Option<String>,
    city: Option<String>,
    region: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
    description: Option<String>,
    custom: Custom,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: UserId,
    updated_by: UserId,
    deleted_at: Option<DateTime<Utc>>,
}

platform::in_two_parts!(Account {
    Who { id, owner_id, team_id, person_id, is_person, name, legal_name, account_type, industry, website, email, phone, phone_text, tax_number, employee_count, annual_revenue }
    Standing { lifecycle_stage, rating, source, parent_id, street, city, region, postal_code, country, description, custom, version, created_at, updated_at, created_by, updated_by, deleted_at }
});
