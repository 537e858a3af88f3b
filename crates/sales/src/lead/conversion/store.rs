//! The queries of conversions. The lead is locked; what it becomes was asked for, or is made.
use super::Made;
use crate::contract::schema::{contracts, payments};
use crate::lead::Lead;
use crate::lead::schema::{accounts, activity_links, contacts, lead_conversions, leads, leads_beside, task_links};
use crate::lead::store::scope;
use crate::opportunity::schema::{opportunities, opportunity_contacts};
use crate::quote::schema::quotes;
use crate::schema::orders;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{AccountId, Action, ContactId, ContractId, Ctx, LeadId, OpportunityId, OrderId, PaymentId, QuoteId};
use platform::{Conn, Record};
use uuid::Uuid;

const FEW: i64 = 20;

/// What a lead has become.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Became {
    pub account: Option<AccountId>,
    pub contact: Option<ContactId>,
    pub opportunity: Option<OpportunityId>,
}

/// Of one that is locked: it has become a customer, or is none after all.
pub(super) fn turn(
    conn: &mut Conn,
    ctx: &Ctx,
    id: LeadId,
    status: &str,
    became: Option<Became>,
) -> QueryResult<Option<Lead>> {
    let verb = if became.is_some() { Verb::Converted } else { Verb::Unconverted };
    let at = became.map(|_| ctx.now);
    let became = became.unwrap_or_default();
    let moved = (
        leads::status.eq(status),
        leads::converted_at.eq(at),
        leads::disqualify_reason.eq(None::<String>),
        leads::account_id.eq(became.account),
        leads::contact_id.eq(became.contact),
        leads_beside::opportunity_id.eq(became.opportunity),
        leads::version.eq(leads::version + 1),
        leads::updated_at.eq(ctx.now),
        leads::updated_by.eq(ctx.actor.user),
    );
    diesel::update(scope(ctx, Action::Update).filter(leads::id.eq(id)))
        .set(moved)
        .returning(Lead::as_returning())
        .recorded::<Lead>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn put(conn: &mut Conn, ctx: &Ctx, lead: &Lead, made: Made) -> QueryResult<usize> {
    let row = (
        lead_conversions::tenant_id.eq(ctx.tenant),
        lead_conversions::lead_id.eq(lead.id),
        lead_conversions::status.eq(&lead.status),
        lead_conversions::made.eq(made),
        lead_conversions::converted_at.eq(ctx.now),
    );
    diesel::insert_into(lead_conversions::table).values(row).execute(conn)
}

/// What a conversion has made and moved, and what the lead was before: it is told once.
pub(super) fn take(conn: &mut Conn, ctx: &Ctx, id: LeadId) -> QueryResult<Option<(String, Made)>> {
    diesel::delete(lead_conversions::table.find((ctx.tenant, id)))
        .returning((lead_conversions::status, lead_conversions::made))
        .get_result(conn)
        .optional()
}

/// The version that an account has, whoever sees it; none where it is archived. It is locked until the transaction ends.
pub(super) fn account(conn: &mut Conn, ctx: &Ctx, id: AccountId) -> QueryResult<i32> {
    let living = accounts::table.find((ctx.tenant, id)).filter(accounts::deleted_at.is_null());
    Ok(living.for_update().select(accounts::version).first(conn).optional()?.unwrap_or_default())
}

pub(super) fn contact(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> QueryResult<i32> {
    let living = contacts::table.find((ctx.tenant, id)).filter(contacts::deleted_at.is_null());
    Ok(living.for_update().select(contacts::version).first(conn).optional()?.unwrap_or_default())
}

pub(super) fn opportunity(conn: &mut Conn, ctx: &Ctx, id: OpportunityId) -> QueryResult<i32> {
    let living = opportunities::table.find((ctx.tenant, id)).filter(opportunities::deleted_at.is_null());
    Ok(living.for_update().select(opportunities::version).first(conn).optional()?.unwrap_or_default())
}

/// Other people of the account; few are enough to know.
pub(super) fn contacts_of(
    conn: &mut Conn,
    ctx: &Ctx,
    account: AccountId,
    but: Option<ContactId>,
) -> QueryResult<Vec<ContactId>> {
    contacts::table
        .filter(contacts::tenant_id.eq(ctx.tenant))
        .filter(contacts::account_id.eq(account))
        .filter(contacts::id.ne(but.unwrap_or(ContactId(Uuid::nil()))))
        .limit(FEW)
        .select(contacts::id)
        .load(conn)
}

/// Other opportunities with the account.
pub(super) fn deals_of(
    conn: &mut Conn,
    ctx: &Ctx,
    account: AccountId,
    but: Option<OpportunityId>,
) -> QueryResult<Vec<OpportunityId>> {
    opportunities::table
        .filter(opportunities::tenant_id.eq(ctx.tenant))
        .filter(opportunities::account_id.eq(account))
        .filter(opportunities::id.ne(but.unwrap_or(OpportunityId(Uuid::nil()))))
        .limit(FEW)
        .select(opportunities::id)
        .load(conn)
}

/// Other opportunities that the contact takes part in.
pub(super) fn deals_with(
    conn: &mut Conn,
    ctx: &Ctx,
    contact: ContactId,
    but: Option<OpportunityId>,
) -> QueryResult<Vec<OpportunityId>> {
    opportunity_contacts::table
        .filter(opportunity_contacts::tenant_id.eq(ctx.tenant))
        .filter(opportunity_contacts::contact_id.eq(contact))
        .filter(opportunity_contacts::opportunity_id.ne(but.unwrap_or(OpportunityId(Uuid::nil()))))
        .limit(FEW)
        .select(opportunity_contacts::opportunity_id)
        .load(conn)
}

/// What was bought since.
pub(super) fn orders_of(conn: &mut Conn, ctx: &Ctx, records: &[Uuid]) -> QueryResult<Vec<OrderId>> {
    orders::table
        .filter(orders::tenant_id.eq(ctx.tenant))
        .filter(orders::account_id.eq_any(records).or(orders::contact_id.eq_any(records)))
        .limit(FEW)
        .select(orders::id)
        .load(conn)
}

/// What was offered since.
pub(super) fn quotes_of(conn: &mut Conn, ctx: &Ctx, records: &[Uuid]) -> QueryResult<Vec<QuoteId>> {
    let of_them = quotes::account_id
        .eq_any(records)
        .or(quotes::contact_id.eq_any(records))
        .or(quotes::opportunity_id.eq_any(records));
    quotes::table
        .filter(quotes::tenant_id.eq(ctx.tenant))
        .filter(of_them)
        .filter(quotes::deleted_at.is_null())
        .limit(FEW)
        .select(quotes::id)
        .load(conn)
}

/// What was agreed upon since.
pub(super) fn contracts_of(conn: &mut Conn, ctx: &Ctx, records: &[Uuid]) -> QueryResult<Vec<ContractId>> {
    contracts::table
        .filter(contracts::tenant_id.eq(ctx.tenant))
        .filter(contracts::account_id.eq_any(records))
        .filter(contracts::deleted_at.is_null())
        .limit(FEW)
        .select(contracts::id)
        .load(conn)
}

/// What was paid since.
pub(super) fn payments_of(conn: &mut Conn, ctx: &Ctx, records: &[Uuid]) -> QueryResult<Vec<PaymentId>> {
    payments::table
        .filter(payments::tenant_id.eq(ctx.tenant))
        .filter(payments::account_id.eq_any(records))
        .filter(payments::deleted_at.is_null())
        .limit(FEW)
        .select(payments::id)
        .load(conn)
}

/// What was done since.
pub(super) fn done_since(conn: &mut Conn, ctx: &Ctx, records: &[Uuid], before: &[Uuid]) -> QueryResult<Vec<Uuid>> {
    activity_links::table
        .filter(activity_links::tenant_id.eq(ctx.tenant))
        .filter(activity_links::record_id.eq_any(records))
        .filter(activity_links::activity_id.ne_all(before))
        .limit(FEW)
        .select(activity_links::activity_id)
        .distinct()
        .load(conn)
}

/// What is to be done since.
pub(super) fn to_do_since(conn: &mut Conn, ctx: &Ctx, records: &[Uuid], before: &[Uuid]) -> QueryResult<Vec<Uuid>> {
    task_links::table
        .filter(task_links::tenant_id.eq(ctx.tenant))
        .filter(task_links::record_id.eq_any(records))
        .filter(task_links::task_id.ne_all(before))
        .limit(FEW)
        .select(task_links::task_id)
        .distinct()
        .load(conn)
}
