//! `/v1/accounts/{id}/360`, `/v1/contacts/{id}/360`: all there is to know, in one answer and a fixed number of
//! statements. It joins what several wings know; each gives its part trimmed to what the caller may see.
mod person;

use crate::answer::Result;
use crate::extract::{Can, Id};
use crate::routes::Routes;
use ::customer::account::address::AccountAddress;
use ::customer::account::{self, Account};
use ::customer::activity::Activity;
use ::customer::consent::{self, effective::EffectiveConsent};
use ::customer::contact::address::ContactAddress;
use ::customer::contact::point::{self, ContactPoint};
use ::customer::contact::{self, Contact};
use ::customer::form::submission::FormSubmission;
use ::customer::membership::{self, Membership};
use ::customer::tag::Tagged;
use ::customer::task::Task;
use ::platform::external::{self, ExternalRef};
use ::platform::history::Happening;
use ::platform::segment::member::{self, Included};
use ::sales::contract::Contract;
use ::sales::contract::summary::{ContractSummary, contracts_of};
use ::sales::lead::Lead;
use ::sales::lead::summary::{LeadSummary, leads_of};
use ::sales::opportunity::Opportunity;
use ::sales::opportunity::contact::OpportunityContact;
use ::sales::opportunity::summary::{OpportunitySummary, opportunities_of};
use ::sales::order::Order;
use ::sales::quote::Quote;
use ::sales::quote::summary::{QuoteSummary, quotes_of};
use ::sales::summary::{self, OrderSummary, Whose};
use ::service::case::summary::{CaseSummary, cases_of};
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use kernel::{AccountId, ContactId, Ctx, Noun, Read};
use person::{AccountPerson, PersonAccount};
use platform::Db;
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
    /// whose it is, if it is somebody's: what follows is of both
    pub person: Option<AccountPerson>,
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
    /// what it asks for
    pub cases: CaseSummary,
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
    /// the account that they are themselves, if they are one: what follows is of both
    pub person_account: Option<PersonAccount>,
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
    /// what was agreed upon with their account or themselves, or came of quotes to them, and what of it is paid, open
    /// and overdue
    pub contracts: ContractSummary,
    /// what they ask for
    pub cases: CaseSummary,
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
/// what is to be done, and what happened last. Of one that is somebody's, what their contact has to do with is in it
/// too.
#[utoipa::path(tag = "accounts", params(("id" = AccountId, Path)),
    responses((status = 200, description = "everything the caller may see", body = AccountOverview)))]
#[get("/accounts/{id}/360")]
async fn get_account_overview(
    db: Data<Db>,
    Can(can): Can<Sees>,
    Id(id): Id<AccountId>,
) -> Result<Json<AccountOverview>> {
    let overview = db.read(can, move |conn, ctx| {
        let account = account::find(conn, ctx, id)?;
        let both = match account.is_person {
            true => person::both(conn, ctx, (Account::NAME, id.0))?,
            false => vec![(Account::NAME, id.0)],
        };
        let whose = whose(ctx, &both).unwrap_or(Whose::Account(id));
        let latest = person::latest(conn, ctx, &both)?;
        Ok(AccountOverview {
            account,
            person: person::of_account(conn, ctx, &both)?,
            contacts: contact::of_account(conn, ctx, id)?,
            addresses: account::address::of_all(conn, ctx, &[id])?,
            external_refs: external::of(conn, ctx, id.0)?,
            tags: person::tags(conn, ctx, &both)?,
            segments: member::of_all(conn, ctx, &person::ids(&both))?,
            orders: summary::orders_of(conn, ctx, whose)?,
            opportunities: opportunities_of(conn, ctx, whose)?,
            quotes: quotes_of(conn, ctx, whose)?,
            leads: leads_of(conn, ctx, whose)?,
            contracts: contracts_of(conn, ctx, vec![id], quoted(ctx, &both))?,
            cases: cases_of(conn, ctx, vec![id], theirs(&both).1)?,
            form_submissions: person::filled_in(conn, ctx, &both)?,
            open_items: person::open(conn, ctx, &both)?,
            last_activity_at: latest.first().map(|activity| activity.started_at),
            latest_activity: latest,
            latest_changes: person::happenings(conn, ctx, &both)?,
        })
    });
    Ok(Json(overview.await?))
}

/// Get all there is to know of a contact
///
/// Profile, contact points, addresses, accounts, what they agree to, tags, segments, orders with totals, first and last
/// purchase, opportunities, open quotes, the leads as which they came, contracts with what of them is paid, open and
/// overdue, what they have filled in, what is open, and what happened last. Of one who is an account, what that has to
/// do with is in it too.
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
        let both = person::both(conn, ctx, (Contact::NAME, id.0))?;
        let employer: Vec<AccountId> = contact.account_id.into_iter().collect();
        let accounts = employer.iter().copied().chain(person::among(&both, Account::NAME).map(AccountId)).collect();
        let whose = whose(ctx, &both).unwrap_or(Whose::Contact(id));
        let latest = person::latest(conn, ctx, &both)?;
        Ok(ContactOverview {
            contact_points: point::of_all(conn, ctx, &[id])?,
            addresses: contact::address::of_all(conn, ctx, &[id])?,
            memberships: membership::of_contacts(conn, ctx, &[id])?,
            consents: consent::effective_of_all(conn, ctx, &[id])?,
            account: account::many(conn, ctx, &employer)?.pop(),
            person_account: person::of_contact(conn, ctx, &both)?,
            external_refs: external::of(conn, ctx, id.0)?,
            tags: person::tags(conn, ctx, &both)?,
            segments: member::of_all(conn, ctx, &person::ids(&both))?,
            orders: summary::orders_of(conn, ctx, whose)?,
            opportunities: opportunities_of(conn, ctx, whose)?,
            quotes: quotes_of(conn, ctx, whose)?,
            leads: leads_of(conn, ctx, whose)?,
            contracts: contracts_of(conn, ctx, accounts, Some(id))?,
            cases: cases_of(conn, ctx, theirs(&both).0, vec![id])?,
            form_submissions: person::filled_in(conn, ctx, &both)?,
            open_items: person::open(conn, ctx, &both)?,
            last_activity_at: latest.first().map(|activity| activity.started_at),
            latest_activity: latest,
            latest_changes: person::happenings(conn, ctx, &both)?,
            contact,
        })
    });
    Ok(Json(overview.await?))
}

/// Somebody who is an account, by both records; whoever does not see what leads to one of them finds nothing by it.
fn whose(ctx: &Ctx, both: &[(&'static str, Uuid)]) -> Option<Whose> {
    let sees = |field: &str| ctx.sees::<Order>(field) && ctx.sees::<Lead>(field) && ctx.sees::<Quote>(field);
    let sees_deals = ctx.sees::<Opportunity>("account_id") && ctx.sees::<OpportunityContact>("contact_id");
    if !["account_id", "contact_id"].into_iter().all(sees) || !sees_deals {
        return None;
    }
    let (account, contact) = (person::among(both, Account::NAME)?, person::among(both, Contact::NAME)?);
    Some(Whose::Person { account: AccountId(account), contact: ContactId(contact) })
}

/// The accounts and the contacts among both records.
fn theirs(both: &[(&'static str, Uuid)]) -> (Vec<AccountId>, Vec<ContactId>) {
    let of = |noun: &str| both.iter().filter(|(name, _)| *name == noun).map(|(_, id)| *id).collect::<Vec<_>>();
    let contacts = of(Contact::NAME).into_iter().map(ContactId).collect();
    (of(Account::NAME).into_iter().map(AccountId).collect(), contacts)
}

/// To whom quotes are of which contracts came, likewise.
fn quoted(ctx: &Ctx, both: &[(&'static str, Uuid)]) -> Option<ContactId> {
    let contact = person::among(both, Contact::NAME)?;
    let sees = ctx.sees::<Contract>("quote_id") && ctx.sees::<Quote>("contact_id");
    sees.then_some(ContactId(contact))
}
