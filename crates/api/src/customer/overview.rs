//! `/v1/accounts/{id}/360`, `/v1/contacts/{id}/360`: all there is to know, in one answer and a fixed number of
//! statements. It joins what several wings know; each gives its part trimmed to what the caller may see.
use crate::answer::Result;
use crate::extract::{Can, Id};
use ::customer::account::{self, Account};
use ::customer::contact::point::{self, ContactPoint};
use ::customer::contact::{self, Contact};
use ::customer::membership::{self, Membership};
use ::platform::external::{self, ExternalRef};
use ::platform::history::{self, Happening};
use ::sales::opportunity::summary::{OpportunitySummary, opportunities_of};
use ::sales::order::Order;
use ::sales::summary::{self, OrderSummary, Whose};
use actix_web::get;
use actix_web::web::{Data, Json};
use kernel::{AccountId, ContactId, Read};
use platform::Db;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// How much of what has happened is told.
const HAPPENINGS: i64 = 10;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_account_overview).service(get_contact_overview);
}

/// All there is to know of an account.
#[derive(Serialize, ToSchema)]
pub struct AccountOverview {
    pub account: Account,
    /// its people, the newest first; at most fifty
    pub contacts: Vec<Contact>,
    pub external_refs: Vec<ExternalRef>,
    pub orders: OrderSummary,
    pub opportunities: OpportunitySummary,
    /// what happened last, the newest first
    pub latest_activity: Vec<Happening>,
}

/// All there is to know of a contact.
#[derive(Serialize, ToSchema)]
pub struct ContactOverview {
    pub contact: Contact,
    pub contact_points: Vec<ContactPoint>,
    pub memberships: Vec<Membership>,
    /// the account it belongs to first of all
    pub account: Option<Account>,
    pub external_refs: Vec<ExternalRef>,
    pub orders: OrderSummary,
    pub opportunities: OpportunitySummary,
    /// what happened last, the newest first
    pub latest_activity: Vec<Happening>,
}

type Sees = (Read<Account>, (Read<Contact>, Read<Order>));

/// Get all there is to know of an account
///
/// Profile, people, orders with totals, first and last purchase, opportunities, what is open, and what happened last.
#[utoipa::path(tag = "accounts", params(("id" = AccountId, Path)),
    responses((status = 200, description = "everything the caller may see", body = AccountOverview)))]
#[get("/accounts/{id}/360")]
async fn get_account_overview(
    db: Data<Db>,
    Can(can): Can<Sees>,
    Id(id): Id<AccountId>,
) -> Result<Json<AccountOverview>> {
    let overview = db.read(can, move |conn, ctx| {
        Ok(AccountOverview {
            account: account::find(conn, ctx, id)?,
            contacts: contact::of_account(conn, ctx, id)?,
            external_refs: external::of(conn, ctx, id.0)?,
            orders: summary::orders_of(conn, ctx, Whose::Account(id))?,
            opportunities: opportunities_of(conn, ctx, Whose::Account(id))?,
            latest_activity: history::latest(conn, ctx, id.0, HAPPENINGS)?,
        })
    });
    Ok(Json(overview.await?))
}

/// Get all there is to know of a contact
///
/// Profile, contact points, accounts, orders with totals, first and last purchase, opportunities, what is open, and what
/// happened last.
#[utoipa::path(tag = "contacts", params(("id" = ContactId, Path)),
    responses((status = 200, description = "everything the caller may see", body = ContactOverview)))]
#[get("/contacts/{id}/360")]
async fn get_contact_overview(
    db: Data<Db>,
    Can(can): Can<Sees>,
    Id(id): Id<ContactId>,
) -> Result<Json<ContactOverview>> {
    let overview = db.read(can, move |conn, ctx| {
        let contact = contact::find(conn, ctx, id)?;
        let account: Vec<AccountId> = contact.account_id.into_iter().collect();
        Ok(ContactOverview {
            contact_points: point::of_all(conn, ctx, &[id])?,
            memberships: membership::of_contacts(conn, ctx, &[id])?,
            account: account::many(conn, ctx, &account)?.pop(),
            external_refs: external::of(conn, ctx, id.0)?,
            orders: summary::orders_of(conn, ctx, Whose::Contact(id))?,
            opportunities: opportunities_of(conn, ctx, Whose::Contact(id))?,
            latest_activity: history::latest(conn, ctx, id.0, HAPPENINGS)?,
            contact,
        })
    });
    Ok(Json(overview.await?))
}
