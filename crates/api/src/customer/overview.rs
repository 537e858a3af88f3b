//! `/v1/accounts/{id}/360`, `/v1/contacts/{id}/360`: all there is to know, in one answer and a fixed number of
//! statements. It joins what several wings know; each gives its part trimmed to what the caller may see.
use crate::answer::Result;
use crate::extract::{Can, Id};
use crate::routes::Routes;
use ::customer::account::address::AccountAddress;
use ::customer::account::{self, Account};
use ::customer::activity::{self, Activity};
use ::customer::consent::{self, effective::EffectiveConsent};
use ::customer::contact::address::ContactAddress;
use ::customer::contact::point::{self, ContactPoint};
use ::customer::contact::{self, Contact};
use ::customer::form::submission::{self, FormSubmission};
use ::customer::membership::{self, Membership};
use ::customer::tag::{self, Tagged};
use ::customer::task::{self, Task};
use ::platform::external::{self, ExternalRef};
use ::platform::history::{self, Happening};
use ::platform::segment::member::{self, Included};
use ::sales::contract::summary::{ContractSummary, contracts_of};
use ::sales::lead::summary::{LeadSummary, leads_of};
use ::sales::opportunity::summary::{OpportunitySummary, opportunities_of};
use ::sales::order::Order;
use ::sales::quote::summary::{QuoteSummary, quotes_of};
use ::sales::summary::{self, OrderSummary, Whose};
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use kernel::{AccountId, ContactId, Ctx, Noun, Read};
use platform::{Conn, Db};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How much of what has happened is told.
const HAPPENINGS: i64 = 10;
const LISTED: i64 = 10;

pub fn routes(cfg: &mut Routes) {
    cfg.service(get_account_overview).service(get_contact_overview);
}

/// All there is to know of an account.
#[derive(Serialize, ToSchema)]
pub struct AccountOverview {
    pub account: Account,
    /// its people, the newest first; at most fifty
    pub contacts: Vec<Contact>,
    pub addresses: Vec<AccountAddress>,
    pub external_refs: Vec<ExternalRef>,
    pub tags: Vec<Tagged>,
    /// the segments that it is in, of those that the caller sees
    pub segments: Vec<Included>,
    pub orders: OrderSummary,
    pub opportunities: OpportunitySummary,
    /// what is offered to it
    pub quotes: QuoteSummary,
    /// of whom it came
    pub leads: LeadSummary,
    /// what was agreed upon, and what of it is paid, open and overdue
    pub contracts: ContractSummary,
    /// what its people have filled in last, the newest first; at most ten
    #[schema(max_items = 10)]
    pub form_submissions: Vec<FormSubmission>,
    /// what is to be done, the soonest due first; at most ten
    pub open_items: Vec<Task>,
    /// what was done last, the newest first; at most ten
    pub latest_activity: Vec<Activity>,
    /// when something was done last
    pub last_activity_at: Option<DateTime<Utc>>,
    /// what was changed of it last, the newest first
    pub latest_changes: Vec<Happening>,
}

/// All there is to know of a contact.
#[derive(Serialize, ToSchema)]
pub struct ContactOverview {
    pub contact: Contact,
    pub contact_points: Vec<ContactPoint>,
    pub addresses: Vec<ContactAddress>,
    pub memberships: Vec<Membership>,
    /// what they have agreed to, as it holds now
    pub consents: Vec<EffectiveConsent>,
    /// the account it belongs to first of all
    pub account: Option<Account>,
    pub external_refs: Vec<ExternalRef>,
    pub tags: Vec<Tagged>,
    /// the segments that they are in, of those that the caller sees
    pub segments: Vec<Included>,
    pub orders: OrderSummary,
    pub opportunities: OpportunitySummary,
    /// what is offered to them
    pub quotes: QuoteSummary,
    /// as whom they came
    pub leads: LeadSummary,
    /// what was agreed upon with their account, or came of quotes to them, and what of it is paid, open and overdue
    pub contracts: ContractSummary,
    /// what they have filled in last, the newest first; at most ten
    #[schema(max_items = 10)]
    pub form_submissions: Vec<FormSubmission>,
    /// what is to be done, the soonest due first; at most ten
    pub open_items: Vec<Task>,
    /// what was done last, the newest first; at most ten
    pub latest_activity: Vec<Activity>,
    /// when something was done last
    pub last_activity_at: Option<DateTime<Utc>>,
    /// what was changed of it last, the newest first
    pub latest_changes: Vec<Happening>,
}

type Sees = (Read<Account>, (Read<Contact>, Read<Order>));

/// Get all there is to know of an account
///
/// Profile, people, addresses, tags, segments, orders with totals, first and last purchase, opportunities, open quotes,
/// the leads that it came of, contracts with what of them is paid, open and overdue, what its people have filled in,
/// what is to be done, and what happened last.
#[utoipa::path(tag = "accounts", params(("id" = AccountId, Path)),
    responses((status = 200, description = "everything the caller may see", body = AccountOverview)))]
#[get("/accounts/{id}/360")]
async fn get_account_overview(
    db: Data<Db>,
    Can(can): Can<Sees>,
    Id(id): Id<AccountId>,
) -> Result<Json<AccountOverview>> {
    let overview = db.read(can, move |conn, ctx| {
        let latest = latest(conn, ctx, (Account::NAME, id.0))?;
        Ok(AccountOverview {
            account: account::find(conn, ctx, id)?,
            contacts: contact::of_account(conn, ctx, id)?,
            addresses: account::address::of_all(conn, ctx, &[id])?,
            external_refs: external::of(conn, ctx, id.0)?,
            tags: tag::of_all(conn, ctx, &[id.0])?,
            segments: member::of_all(conn, ctx, &[id.0])?,
            orders: summary::orders_of(conn, ctx, Whose::Account(id))?,
            opportunities: opportunities_of(conn, ctx, Whose::Account(id))?,
            quotes: quotes_of(conn, ctx, Whose::Account(id))?,
            leads: leads_of(conn, ctx, Whose::Account(id))?,
            contracts: contracts_of(conn, ctx, Some(id), None)?,
            form_submissions: submission::of_people(conn, ctx, id, LISTED)?,
            open_items: open(conn, ctx, (Account::NAME, id.0))?,
            last_activity_at: latest.first().map(|activity| activity.started_at),
            latest_activity: latest,
            latest_changes: history::latest(conn, ctx, id.0, HAPPENINGS)?,
        })
    });
    Ok(Json(overview.await?))
}

/// Get all there is to know of a contact
///
/// Profile, contact points, addresses, accounts, what they agree to, tags, segments, orders with totals, first and last
/// purchase, opportunities, open quotes, the leads as which they came, contracts with what of them is paid, open and
/// overdue, what they have filled in, what is open, and what happened last.
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
        let latest = latest(conn, ctx, (Contact::NAME, id.0))?;
        Ok(ContactOverview {
            contact_points: point::of_all(conn, ctx, &[id])?,
            addresses: contact::address::of_all(conn, ctx, &[id])?,
            memberships: membership::of_contacts(conn, ctx, &[id])?,
            consents: consent::effective_of_all(conn, ctx, &[id])?,
            account: account::many(conn, ctx, &account)?.pop(),
            external_refs: external::of(conn, ctx, id.0)?,
            tags: tag::of_all(conn, ctx, &[id.0])?,
            segments: member::of_all(conn, ctx, &[id.0])?,
            orders: summary::orders_of(conn, ctx, Whose::Contact(id))?,
            opportunities: opportunities_of(conn, ctx, Whose::Contact(id))?,
            quotes: quotes_of(conn, ctx, Whose::Contact(id))?,
            leads: leads_of(conn, ctx, Whose::Contact(id))?,
            contracts: contracts_of(conn, ctx, contact.account_id, Some(id))?,
            form_submissions: submission::of_record(conn, ctx, (Contact::NAME, id.0), None, LISTED)?,
            open_items: open(conn, ctx, (Contact::NAME, id.0))?,
            last_activity_at: latest.first().map(|activity| activity.started_at),
            latest_activity: latest,
            latest_changes: history::latest(conn, ctx, id.0, HAPPENINGS)?,
            contact,
        })
    });
    Ok(Json(overview.await?))
}

/// What was done last. Whoever may not see what puts an activity there sees none.
fn latest(conn: &mut Conn, ctx: &Ctx, record: (&str, Uuid)) -> kernel::Result<Vec<Activity>> {
    match ctx.sees::<Activity>("links") && ctx.sees::<Activity>("started_at") {
        true => activity::of_record(conn, ctx, record, None, LISTED),
        false => Ok(Vec::new()),
    }
}

/// What is to be done, likewise.
fn open(conn: &mut Conn, ctx: &Ctx, record: (&str, Uuid)) -> kernel::Result<Vec<Task>> {
    match ctx.sees::<Task>("links") {
        true => task::open_of(conn, ctx, record, LISTED),
        false => Ok(Vec::new()),
    }
}
