//! The columns of a case, in two parts: diesel reads 32 of one row at most.
use super::Case;
use super::schema::{cases, cases_beside};
use chrono::{DateTime, Utc};
use diesel::prelude::{Queryable, Selectable};
use kernel::{AccountId, CaseCategoryId, CaseId, ContactId, OrderId, ProductId, TeamId, UserId};
use platform::custom::Custom;

/// What is asked for, and by whom.
#[derive(Queryable, Selectable)]
#[diesel(table_name = cases, check_for_backend(diesel::pg::Pg))]
pub struct Asked {
    id: CaseId,
    owner_id: UserId,
    team_id: Option<TeamId>,
    number: String,
    subject: String,
    description: Option<String>,
    case_type: String,
    priority: String,
    severity: Option<String>,
    channel: String,
    category_id: Option<CaseCategoryId>,
    account_id: Option<AccountId>,
    contact_id: Option<ContactId>,
    #[diesel(select_expression = cases_beside::order_id, select_expression_type = cases_beside::order_id)]
    order_id: Option<OrderId>,
    #[diesel(select_expression = cases_beside::product_id, select_expression_type = cases_beside::product_id)]
    product_id: Option<ProductId>,
    queue_id: Option<UserId>,
    parent_id: Option<CaseId>,
    #[diesel(select_expression = cases_beside::follows_id, select_expression_type = cases_beside::follows_id)]
    follows_id: Option<CaseId>,
    required_skills: Vec<String>,
}

/// How far it has come.
#[derive(Queryable, Selectable)]
#[diesel(table_name = cases, check_for_backend(diesel::pg::Pg))]
pub struct Standing {
    status: String,
    first_response_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    reopened_count: i32,
    resolution: Option<String>,
    #[diesel(select_expression = cases_beside::root_cause, select_expression_type = cases_beside::root_cause)]
    root_cause: Option<String>,
    last_customer_message_at: Option<DateTime<Utc>>,
    last_agent_message_at: Option<DateTime<Utc>>,
    #[diesel(select_expression = cases_beside::auto_replied_at,
             select_expression_type = cases_beside::auto_replied_at)]
    auto_replied_at: Option<DateTime<Utc>>,
    custom: Custom,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: UserId,
    updated_by: UserId,
    deleted_at: Option<DateTime<Utc>>,
}

platform::in_two_parts!(Case {
    Asked {
        id, owner_id, team_id, number, subject, description, case_type, priority, severity, channel,
        category_id, account_id, contact_id, order_id, product_id, queue_id, parent_id, follows_id,
        required_skills
    }
    Standing {
        status, first_response_at, resolved_at, closed_at, reopened_count, resolution, root_cause,
        last_customer_message_at, last_agent_message_at, auto_replied_at, custom, version, created_at,
        updated_at, created_by, updated_by, deleted_at
    }
});
