//! The columns of a lead, in two parts: diesel reads 32 of one row at most.
use super::Lead;
use super::schema::{leads, leads_beside};
use super::utm::Utm;
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::{AccountId, ContactId, LeadId, OpportunityId, PoolId, TeamId, UserId};
use platform::custom::Custom;

/// Who they are, and where they came from.
#[derive(Queryable, Selectable)]
#[diesel(table_name = leads, check_for_backend(diesel::pg::Pg))]
pub struct Who {
    id: LeadId,
    owner_id: UserId,
    team_id: Option<TeamId>,
    status: String,
    given_name: Option<String>,
    family_name: Option<String>,
    display_name: String,
    company_name: Option<String>,
    job_title: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    #[diesel(select_expression = leads_beside::phone_text, select_expression_type = leads_beside::phone_text)]
    phone_text: Option<String>,
    #[diesel(select_expression = leads_beside::industry, select_expression_type = leads_beside::industry)]
    industry: Option<String>,
    #[diesel(select_expression = leads_beside::country, select_expression_type = leads_beside::country)]
    country: Option<String>,
    #[diesel(select_expression = leads_beside::region, select_expression_type = leads_beside::region)]
    region: Option<String>,
    #[diesel(select_expression = leads_beside::city, select_expression_type = leads_beside::city)]
    city: Option<String>,
    source: Option<String>,
    rating: Option<String>,
    score: i32,
    description: Option<String>,
    utm: Utm,
}

/// How far they have come.
#[derive(Queryable, Selectable)]
#[diesel(table_name = leads, check_for_backend(diesel::pg::Pg))]
pub struct Standing {
    assigned_at: Option<DateTime<Utc>>,
    response_due_at: Option<DateTime<Utc>>,
    first_response_at: Option<DateTime<Utc>>,
    response_status: Option<String>,
    converted_at: Option<DateTime<Utc>>,
    account_id: Option<AccountId>,
    contact_id: Option<ContactId>,
    #[diesel(select_expression = leads_beside::opportunity_id, select_expression_type = leads_beside::opportunity_id)]
    opportunity_id: Option<OpportunityId>,
    disqualify_reason: Option<String>,
    #[diesel(select_expression = leads_beside::pool_id, select_expression_type = leads_beside::pool_id)]
    pool_id: Option<PoolId>,
    #[diesel(select_expression = leads_beside::pooled_at, select_expression_type = leads_beside::pooled_at)]
    pooled_at: Option<DateTime<Utc>>,
    #[diesel(select_expression = leads_beside::is_masked, select_expression_type = leads_beside::is_masked)]
    is_masked: bool,
    custom: Custom,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: UserId,
    updated_by: UserId,
    deleted_at: Option<DateTime<Utc>>,
}

platform::in_two_parts!(Lead {
    Who {
        id, owner_id, team_id, status, given_name, family_name, display_name, company_name, job_title,
        email, phone, phone_text, industry, country, region, city, source, rating, score, description, utm
    }
    Standing {
        assigned_at, response_due_at, first_response_at, response_status, converted_at, account_id,
        contact_id, opportunity_id, disqualify_reason, pool_id, pooled_at, is_masked, custom, version,
        created_at, updated_at, created_by, updated_by, deleted_at
    }
});
