//! The queries of a customer's opportunities in short, on the one `scope`.
use crate::opportunity::Opportunity;
use crate::opportunity::schema::{opportunities, opportunity_contacts};
use crate::opportunity::store::scope;
use crate::schema::stages;
use diesel::dsl::{count_star, sum};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{AccountId, Action, ContactId, Ctx, OpportunityId};
use platform::Conn;
use rust_decimal::Decimal;

/// Those in which a contact takes part; whether they are seen is asked of them.
pub fn with_contact(conn: &mut Conn, ctx: &Ctx, contact: ContactId) -> QueryResult<Vec<OpportunityId>> {
    opportunity_contacts::table
        .filter(opportunity_contacts::tenant_id.eq(ctx.tenant))
        .filter(opportunity_contacts::contact_id.eq(contact))
        .order(opportunity_contacts::id.desc())
        .limit(500)
        .select(opportunity_contacts::opportunity_id)
        .load(conn)
}

/// Kind of stage, the tenant's own currency, how many, what they come to.
pub type Totals = (String, String, i64, Option<Decimal>);

/// Over the living ones of an account, or among these.
pub fn totals(
    conn: &mut Conn,
    ctx: &Ctx,
    account: Option<AccountId>,
    ids: &[OpportunityId],
) -> QueryResult<Vec<Totals>> {
    let of_stage = stages::tenant_id.eq(opportunities::tenant_id).and(stages::id.eq(opportunities::stage_id));
    scope(ctx, Action::Read)
        .inner_join(stages::table.on(of_stage))
        .filter(opportunities::deleted_at.is_null())
        .filter(opportunities::account_id.eq(account).or(opportunities::id.eq_any(ids).nullable()))
        .group_by((stages::kind, opportunities::base_currency))
        .order((stages::kind, opportunities::base_currency))
        .select((stages::kind, opportunities::base_currency, count_star(), sum(opportunities::base_amount)))
        .load(conn)
}

/// Over the living ones of many accounts that are open: the tenant's own currency, how many, what they come to.
pub fn open_of_all(
    conn: &mut Conn,
    ctx: &Ctx,
    accounts: &[AccountId],
) -> QueryResult<Vec<(String, i64, Option<Decimal>)>> {
    scope(ctx, Action::Read)
        .filter(opportunities::deleted_at.is_null())
        .filter(opportunities::closed_at.is_null())
        .filter(opportunities::account_id.eq_any(accounts))
        .group_by(opportunities::base_currency)
        .order(opportunities::base_currency)
        .select((opportunities::base_currency, count_star(), sum(opportunities::base_amount)))
        .load(conn)
}

/// The newest living ones that are open.
pub fn newest_open(
    conn: &mut Conn,
    ctx: &Ctx,
    account: Option<AccountId>,
    ids: &[OpportunityId],
    limit: i64,
) -> QueryResult<Vec<Opportunity>> {
    scope(ctx, Action::Read)
        .filter(opportunities::deleted_at.is_null())
        .filter(opportunities::closed_at.is_null())
        .filter(opportunities::account_id.eq(account).or(opportunities::id.eq_any(ids).nullable()))
        .order(opportunities::id.desc())
        .limit(limit)
        .select(Opportunity::as_select())
        .load(conn)
}
