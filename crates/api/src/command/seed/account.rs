//! An account as its row, and the words it is found by, which are those of a new account.
use super::lexemes::Lexemes;
use super::owners::Owners;
use super::schema::accounts;
use crate::seed;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use platform::search::Words;
use rust_decimal::Decimal;
use uuid::Uuid;

#[derive(Insertable)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
pub struct Account {
    tenant_id: Uuid,
    id: Uuid,
    owner_id: Uuid,
    name: String,
    legal_name: Option<String>,
    industry: &'static str,
    website: Option<String>,
    phone: Option<String>,
    employee_count: Option<i32>,
    annual_revenue_amount: Option<Decimal>,
    annual_revenue_currency: Option<&'static str>,
    lifecycle_stage: &'static str,
    rating: &'static str,
    source: &'static str,
    street: String,
    city: &'static str,
    region: &'static str,
    postal_code: String,
    country: &'static str,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: Uuid,
    updated_by: Uuid,
    search: Lexemes,
}

impl Account {
    pub fn new(owners: &Owners, account: seed::Account) -> Self {
        let words = Words::new().name(&account.name).maybe(account.legal_name.as_ref(), |all, text| all.name(text));
        let (amount, currency) = account.annual_revenue.unzip();
        Self {
            tenant_id: owners.tenant,
            id: account.id,
            owner_id: owners.of_account(account.id),
            name: account.name,
            legal_name: account.legal_name,
            industry: account.industry,
            website: account.website,
            phone: account.phone,
            employee_count: account.employee_count,
            annual_revenue_amount: amount,
            annual_revenue_currency: currency,
            lifecycle_stage: account.lifecycle_stage,
            rating: account.rating,
            source: account.source,
            street: account.district.unwrap_or_default().to_owned() + &account.street,
            city: account.city,
            region: account.region,
            postal_code: account.postal_code,
            country: account.country,
            created_at: account.created_at,
            updated_at: account.created_at,
            created_by: owners.writer,
            updated_by: owners.writer,
            search: words.into(),
        }
    }

    pub fn copy(conn: &mut PgConnection, rows: Vec<Self>) -> QueryResult<()> {
        diesel::copy_from(accounts::table).from_insertable(rows).execute(conn).map(drop)
    }
}
