//! A conversion is taken back: what it has made is archived, what it has moved goes back, and the lead is what it was. It
//! stands where anybody has worked with what was made.
use super::Making;
use super::store::{self, Became};
use crate::lead::{CONVERSION_STANDS, Lead, NOT_CONVERTED, changeable, standing};
use crate::opportunity;
use customer::account::{self, person};
use customer::form::submission;
use customer::{contact, link, tag};
use diesel::Connection;
use kernel::existing::conflict;
use kernel::{Ctx, Existing, LeadId, Result, TagId, error};
use platform::Conn;
use uuid::Uuid;

pub fn unconvert(conn: &mut Conn, ctx: &Ctx, id: LeadId, base: Option<i32>) -> Result<Lead> {
    conn.transaction(|conn| {
        let lead = changeable(conn, ctx, id, base)?;
        let Some((status, made)) = store::take(conn, ctx, id)?.filter(|_| lead.converted_at.is_some()) else {
            return Err(NOT_CONVERTED.into());
        };
        let became = Became { account: lead.account_id, contact: lead.contact_id, opportunity: lead.opportunity_id };
        // the contact first, as whoever changes somebody who is an account does
        if let Some(id) = became.contact {
            store::contact(conn, ctx, id)?;
        }
        let in_the_way = standing_in_the_way(conn, ctx, &became, &made.0)?;
        if !in_the_way.is_empty() {
            return Err(conflict(CONVERSION_STANDS, &in_the_way));
        }
        let status = if status == standing::UNQUALIFIED { standing::ASSIGNED } else { &status };
        let after = store::turn(conn, ctx, id, status, None)?.ok_or(error::FORBIDDEN)?;
        moved_back(conn, ctx, &became, &made.0)?;
        submission::parted(conn, ctx, id)?;
        if let Some(id) = became.opportunity.filter(|_| made.0.opportunity.is_some()) {
            opportunity::archive(conn, ctx, id, None)?;
        }
        archived(conn, ctx, &became, &made.0)?;
        platform::crash::point("lead_unconverted");
        Ok(after)
    })
}

/// Who is an account goes with it; of one who was there before the account alone goes.
fn archived(conn: &mut Conn, ctx: &Ctx, became: &Became, made: &Making) -> Result<()> {
    let own = match became.contact {
        None => None,
        Some(contact) => person::account_of(conn, ctx, contact)?.filter(|own| became.account == Some(*own)),
    };
    if let Some(id) = became.contact.filter(|_| made.contact.is_some()) {
        contact::archive(conn, ctx, id, None)?;
    }
    if let Some(id) = became.account.filter(|_| made.account.is_some()) {
        match (own, made.contact) {
            (Some(_), Some(_)) => {}
            (Some(_), None) => drop(account::give_up(conn, ctx, id)?),
            (None, _) => drop(account::archive(conn, ctx, id, None)?),
        }
    }
    Ok(())
}

/// What was made and is no longer as it was made, and what others have to do with it.
fn standing_in_the_way(conn: &mut Conn, ctx: &Ctx, became: &Became, made: &Making) -> Result<Vec<Existing>> {
    let mut found = Vec::new();
    let mut note = |id: Uuid, why: &str| found.push(Existing::new(id, why, 100));
    let mut records = Vec::new();
    if let Some((id, version)) = became.account.zip(made.account) {
        records.push(id.0);
        if store::account(conn, ctx, id)? != version {
            note(id.0, "account_changed");
        }
        store::contacts_of(conn, ctx, id, became.contact)?.into_iter().for_each(|id| note(id.0, "contact"));
        store::deals_of(conn, ctx, id, became.opportunity)?.into_iter().for_each(|id| note(id.0, "opportunity"));
    }
    if let Some((id, version)) = became.contact.zip(made.contact) {
        records.push(id.0);
        if store::contact(conn, ctx, id)? != version {
            note(id.0, "contact_changed");
        }
        store::deals_with(conn, ctx, id, became.opportunity)?.into_iter().for_each(|id| note(id.0, "opportunity"));
        let own = person::account_of(conn, ctx, id)?.filter(|own| became.account != Some(*own));
        own.into_iter().for_each(|id| note(id.0, "account"));
    }
    if let Some((id, version)) = became.opportunity.zip(made.opportunity) {
        records.push(id.0);
        if store::opportunity(conn, ctx, id)? != version {
            note(id.0, "opportunity_changed");
        }
    }
    store::orders_of(conn, ctx, &records)?.into_iter().for_each(|id| note(id.0, "order"));
    store::quotes_of(conn, ctx, &records)?.into_iter().for_each(|id| note(id.0, "quote"));
    store::contracts_of(conn, ctx, &records)?.into_iter().for_each(|id| note(id.0, "contract"));
    store::payments_of(conn, ctx, &records)?.into_iter().for_each(|id| note(id.0, "payment"));
    store::done_since(conn, ctx, &records, &made.activities)?.into_iter().for_each(|id| note(id, "activity"));
    store::to_do_since(conn, ctx, &records, &made.tasks)?.into_iter().for_each(|id| note(id, "task"));
    Ok(found)
}

/// Links and tags that went along go again.
fn moved_back(conn: &mut Conn, ctx: &Ctx, became: &Became, made: &Making) -> Result<()> {
    let records: Vec<Uuid> =
        [became.account.map(Uuid::from), became.contact.map(Uuid::from), became.opportunity.map(Uuid::from)]
            .into_iter()
            .flatten()
            .collect();
    link::uncarry(conn, ctx, &records, (&made.activities, &made.tasks))?;
    for (record, tag) in &made.tags {
        let noun = if became.account.is_some_and(|id| id.0 == *record) { "account" } else { "contact" };
        tag::drop_copy(conn, ctx, TagId(*tag), noun, *record)?;
    }
    Ok(())
}
