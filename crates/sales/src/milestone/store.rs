//! The queries of steps, each below the one `scope` of its records.
use super::schema::milestones;
use super::{About, Below, Step};
use crate::contract::Contract;
use crate::contract::installment::Installment;
use crate::contract::schema::{contracts, installments, payments};
use crate::contract::summary::agreed;
use crate::lead::Lead;
use crate::lead::schema::{leads, leads_beside};
use crate::opportunity::Opportunity;
use crate::opportunity::history::StageChange;
use crate::opportunity::schema::{opportunities, opportunity_stage_history as history};
use crate::opportunity::summary::with_contact;
use crate::payment::Payment;
use crate::quote::Quote;
use crate::quote::schema::quotes;
use crate::{contract, lead, opportunity, payment, quote};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use kernel::{Action, ContractId, Ctx, OpportunityId, Result};
use platform::Conn;
use uuid::Uuid;

/// From where a page has ended.
#[auto_type]
fn lower(at: DateTime<Utc>, id: Uuid, position: i32) -> _ {
    milestones::occurred_at.le(at).and(
        milestones::occurred_at
            .lt(at)
            .or(milestones::record_id.lt(id))
            .or(milestones::record_id.eq(id).and(milestones::position.lt(position))),
    )
}

/// Of the leads of whom somebody came, or of a lead.
pub fn leads(conn: &mut Conn, ctx: &Ctx, about: About, below: Below, limit: i64) -> Result<Vec<(Lead, Step)>> {
    let of = milestones::tenant_id.eq(leads::tenant_id).and(milestones::record_id.eq(leads::id));
    let page = lead::store::scope(ctx, Action::Read)
        .inner_join(milestones::table.on(of.and(milestones::resource.eq("lead"))))
        .filter(leads::deleted_at.is_null())
        .filter(
            leads::account_id
                .eq(about.account())
                .or(leads::contact_id.eq(about.contact()))
                .or(leads_beside::opportunity_id.eq(about.opportunity()))
                .or(leads::id.nullable().eq(about.lead())),
        )
        .order((milestones::occurred_at.desc(), milestones::record_id.desc(), milestones::position.desc()))
        .limit(limit)
        .select((Lead::as_select(), Step::as_select()));
    Ok(match below {
        None => page.load(conn)?,
        Some((at, id, position)) => page.filter(lower(at, id, position)).load(conn)?,
    })
}

/// Where the opportunities of an account have been, those that a contact takes part in, or one; by when, and the
/// change.
pub fn opportunities(
    conn: &mut Conn,
    ctx: &Ctx,
    about: About,
    below: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<(StageChange, Opportunity)>> {
    let ids: Vec<OpportunityId> = match about {
        About::Contact(contact) => with_contact(conn, ctx, contact)?,
        other => other.opportunity().into_iter().collect(),
    };
    let of = history::tenant_id.eq(opportunities::tenant_id).and(history::opportunity_id.eq(opportunities::id));
    let page = opportunity::store::scope(ctx, Action::Read)
        .inner_join(history::table.on(of))
        .filter(opportunities::deleted_at.is_null())
        .filter(opportunities::account_id.eq(about.account()).or(opportunities::id.eq_any(&ids).nullable()))
        .order((history::changed_at.desc(), history::id.desc()))
        .limit(limit)
        .select((StageChange::as_select(), Opportunity::as_select()));
    let Some((at, id)) = below else { return Ok(page.load(conn)?) };
    let lower = history::changed_at.lt(at).or(history::id.lt(id));
    Ok(page.filter(history::changed_at.le(at).and(lower)).load(conn)?)
}

/// Of the quotes to somebody, for an opportunity, or of one.
pub fn quotes(conn: &mut Conn, ctx: &Ctx, about: About, below: Below, limit: i64) -> Result<Vec<(Quote, Step)>> {
    let of = milestones::tenant_id.eq(quotes::tenant_id).and(milestones::record_id.eq(quotes::id));
    let page = quote::store::scope(ctx, Action::Read)
        .inner_join(milestones::table.on(of.and(milestones::resource.eq("quote"))))
        .filter(quotes::deleted_at.is_null())
        .filter(
            quotes::account_id
                .eq(about.account())
                .or(quotes::contact_id.eq(about.contact()))
                .or(quotes::opportunity_id.eq(about.opportunity()))
                .or(quotes::id.nullable().eq(about.quote())),
        )
        .order((milestones::occurred_at.desc(), milestones::record_id.desc(), milestones::position.desc()))
        .limit(limit)
        .select((Quote::as_select(), Step::as_select()));
    Ok(match below {
        None => page.load(conn)?,
        Some((at, id, position)) => page.filter(lower(at, id, position)).load(conn)?,
    })
}

/// The contract itself, or those that came of somebody's quotes.
fn agreed_about(conn: &mut Conn, ctx: &Ctx, about: About) -> Result<Vec<ContractId>> {
    match about {
        About::Contact(_) | About::Opportunity(_) | About::Quote(_) => {
            agreed(conn, ctx, about.contact(), about.opportunity(), about.quote())
        }
        other => Ok(other.contract().into_iter().collect()),
    }
}

/// Of the contracts with an account, of those that came of quotes, or of one.
pub fn contracts(conn: &mut Conn, ctx: &Ctx, about: About, below: Below, limit: i64) -> Result<Vec<(Contract, Step)>> {
    let ids = agreed_about(conn, ctx, about)?;
    let of = milestones::tenant_id.eq(contracts::tenant_id).and(milestones::record_id.eq(contracts::id));
    let page = contract::store::scope(ctx, Action::Read)
        .inner_join(milestones::table.on(of.and(milestones::resource.eq("contract"))))
        .filter(contracts::deleted_at.is_null())
        .filter(contracts::account_id.eq(about.account()).or(contracts::id.eq_any(&ids).nullable()))
        .order((milestones::occurred_at.desc(), milestones::record_id.desc(), milestones::position.desc()))
        .limit(limit)
        .select((Contract::as_select(), Step::as_select()));
    Ok(match below {
        None => page.load(conn)?,
        Some((at, id, position)) => page.filter(lower(at, id, position)).load(conn)?,
    })
}

/// Of the money of an account, of that for such contracts, or of one payment.
pub fn payments(conn: &mut Conn, ctx: &Ctx, about: About, below: Below, limit: i64) -> Result<Vec<(Payment, Step)>> {
    let ids = agreed_about(conn, ctx, about)?;
    let of = milestones::tenant_id.eq(payments::tenant_id).and(milestones::record_id.eq(payments::id));
    let page = payment::store::scope(ctx, Action::Read)
        .inner_join(milestones::table.on(of.and(milestones::resource.eq("payment"))))
        .filter(payments::deleted_at.is_null())
        .filter(
            payments::account_id
                .eq(about.account())
                .or(payments::contract_id.eq_any(&ids))
                .or(payments::id.nullable().eq(about.payment())),
        )
        .order((milestones::occurred_at.desc(), milestones::record_id.desc(), milestones::position.desc()))
        .limit(limit)
        .select((Payment::as_select(), Step::as_select()));
    Ok(match below {
        None => page.load(conn)?,
        Some((at, id, position)) => page.filter(lower(at, id, position)).load(conn)?,
    })
}

/// Of the instalments of such contracts, each with its contract.
pub fn installments(
    conn: &mut Conn,
    ctx: &Ctx,
    about: About,
    below: Below,
    limit: i64,
) -> Result<Vec<(Installment, Contract, Step)>> {
    let ids = agreed_about(conn, ctx, about)?;
    let part = installments::tenant_id.eq(contracts::tenant_id).and(installments::contract_id.eq(contracts::id));
    let of = milestones::tenant_id.eq(installments::tenant_id).and(milestones::record_id.eq(installments::id));
    let page = contract::store::scope(ctx, Action::Read)
        .inner_join(installments::table.on(part))
        .inner_join(milestones::table.on(of.and(milestones::resource.eq("installment"))))
        .filter(contracts::deleted_at.is_null())
        .filter(contracts::account_id.eq(about.account()).or(contracts::id.eq_any(&ids).nullable()))
        .order((milestones::occurred_at.desc(), milestones::record_id.desc(), milestones::position.desc()))
        .limit(limit)
        .select((Installment::as_select(), Contract::as_select(), Step::as_select()));
    Ok(match below {
        None => page.load(conn)?,
        Some((at, id, position)) => page.filter(lower(at, id, position)).load(conn)?,
    })
}
