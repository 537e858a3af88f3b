//! A lead becomes a customer: of fifty at once, one makes it so, and the others are told what it has become.
use super::coming::{STAGE, come_on};
use super::own::whom;
use super::place::{address, placed_as, quote};
use super::store::{self, Became};
use super::{CREATE, ConversionAccount, LeadConversion, LeadConverted, Made, Making, Reads, USE};
use crate::lead::standing::{self, DONE};
use crate::lead::{Lead, changeable};
use crate::opportunity::contact::NewOpportunityContact;
use crate::opportunity::{self, NewOpportunity, Opportunity};
use customer::account::{self, Account};
use customer::contact::{self, Contact};
use customer::form::submission;
use customer::link::{self, RecordLink};
use customer::tag;
use diesel::Connection;
use kernel::{AccountId, ContactId, Ctx, Error, Existing, Fault, LeadId, Noun, OpportunityId, Result, UserId, error};
use platform::Conn;
use platform::deed::{Duplicates, may_own};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub(super) type Fields = Map<String, Value>;

/// With a `base`, only if the lead is still at that version.
pub fn convert(
    conn: &mut Conn,
    ctx: &Ctx,
    id: LeadId,
    base: Option<i32>,
    ask: &LeadConversion,
    reads: &Reads,
) -> Result<LeadConverted> {
    conn.transaction(|conn| {
        let lead = changeable(conn, ctx, id, base)?;
        if lead.converted_at.is_some() {
            return Err(standing::converted(&lead));
        }
        let mut created = Vec::new();
        let (account, contact) = whom(conn, ctx, &lead, ask, reads, &mut created)?;
        let opportunity = opportunity(conn, ctx, (&lead, account, contact), ask, reads, &mut created)?;
        let became = Became { account, contact: Some(contact), opportunity };
        come_on(conn, ctx, &lead, &became, ask, &created)?;
        let mut making = carried(conn, ctx, &lead, &became)?;
        let has = |noun: &str| created.iter().any(|one| one == noun);
        making.account = account.filter(|_| has("account")).map(|id| store::account(conn, ctx, id)).transpose()?;
        making.contact = has("contact").then(|| store::contact(conn, ctx, contact)).transpose()?;
        let made = opportunity.filter(|_| has("opportunity"));
        making.opportunity = made.map(|id| store::opportunity(conn, ctx, id)).transpose()?;
        let lead_after = store::turn(conn, ctx, id, DONE, Some(became))?.ok_or(error::FORBIDDEN)?;
        store::put(conn, ctx, &lead, Made(making))?;
        platform::crash::point("lead_converted");
        Ok(LeadConverted {
            lead: lead_after,
            account_id: account,
            contact_id: contact,
            opportunity_id: opportunity,
            created,
        })
    })
}

pub(super) fn account(
    conn: &mut Conn,
    ctx: &Ctx,
    lead: &Lead,
    ask: &LeadConversion,
    reads: &Reads,
    created: &mut Vec<String>,
) -> Result<Option<AccountId>> {
    let part = match &ask.account {
        Some(None) => return Ok(None),
        None if lead.company_name.is_none() => return Ok(None),
        None => ConversionAccount::default(),
        Some(Some(part)) => part.clone(),
    };
    if let Some(id) = part.id.map(AccountId) {
        account::is_there(conn, ctx, Some(id)).map_err(|error| placed(error, "account"))?;
        return Ok(Some(id));
    }
    let name = lead.company_name.as_ref().unwrap_or(&lead.display_name);
    let mut fields = begun::<Account>(ctx, lead);
    offer::<Account>(ctx, &mut fields, (STAGE, "status"), json!(ask.stage()));
    offer::<Account>(ctx, &mut fields, ("name", "company_name"), json!(name));
    offer::<Account>(ctx, &mut fields, ("rating", "rating"), json!(lead.rating));
    offer::<Account>(ctx, &mut fields, ("industry", "industry"), json!(lead.industry));
    placed_as(ctx, lead, &mut fields);
    fields.extend(part.fields);
    let new = (reads.account)(&fields).map_err(|error| inside(error, "account"))?;
    if ask.on_duplicate == USE
        && let Some(one) = likeliest(&account::duplicates(conn, ctx, &new)?)
    {
        return Ok(Some(AccountId(one)));
    }
    created.push(Account::NAME.to_owned());
    Ok(Some(account::create(conn, ctx, &new, allowed(ask))?.id))
}

pub(super) fn contact(
    conn: &mut Conn,
    ctx: &Ctx,
    (lead, account): (&Lead, Option<AccountId>),
    ask: &LeadConversion,
    reads: &Reads,
    created: &mut Vec<String>,
) -> Result<ContactId> {
    let part = ask.contact.clone().unwrap_or_default();
    if let Some(id) = part.id.map(ContactId) {
        contact::is_there(conn, ctx, Some(id)).map_err(|error| placed(error, "contact"))?;
        return Ok(id);
    }
    let mut fields = begun::<Contact>(ctx, lead);
    offer::<Contact>(ctx, &mut fields, (STAGE, "status"), json!(ask.stage()));
    for (name, value) in [
        ("given_name", json!(lead.given_name)),
        ("family_name", json!(lead.family_name)),
        ("display_name", json!(lead.display_name)),
        ("job_title", json!(lead.job_title)),
        ("email", json!(lead.email)),
        ("phone", json!(lead.phone)),
        ("description", json!(lead.description)),
    ] {
        offer::<Contact>(ctx, &mut fields, (name, name), value);
    }
    fields.extend(account.map(|id| ("account_id".to_owned(), json!(id))));
    let dialled = part.fields.contains_key("phone");
    fields.extend(part.fields);
    let mut new = (reads.contact)(&fields).map_err(|error| inside(error, "contact"))?;
    if !dialled {
        quote(ctx, lead, &mut new);
    }
    if ask.on_duplicate == USE
        && let Some(one) = likeliest(&contact::duplicates(conn, ctx, &new)?)
    {
        return Ok(ContactId(one));
    }
    created.push(Contact::NAME.to_owned());
    if new.addresses.is_empty() {
        new.addresses.extend(address(ctx, lead, account));
    }
    Ok(contact::create(conn, ctx, &new, allowed(ask))?.id)
}

fn opportunity(
    conn: &mut Conn,
    ctx: &Ctx,
    (lead, account, contact): (&Lead, Option<AccountId>, ContactId),
    ask: &LeadConversion,
    reads: &Reads,
    created: &mut Vec<String>,
) -> Result<Option<OpportunityId>> {
    let Some(part) = ask.opportunity.clone() else { return Ok(None) };
    if let Some(id) = part.id.map(OpportunityId) {
        return match opportunity::many(conn, ctx, &[id])?.pop() {
            Some(found) => Ok(Some(found.id)),
            None => Err(placed(Error::from(error::UNKNOWN_REFERENCE), "opportunity")),
        };
    }
    let name = lead.company_name.as_ref().unwrap_or(&lead.display_name);
    let mut fields = begun::<Opportunity>(ctx, lead);
    offer::<Opportunity>(ctx, &mut fields, ("name", "company_name"), json!(name));
    fields.extend(account.map(|id| ("account_id".to_owned(), json!(id))));
    fields.extend(part.fields);
    let new: NewOpportunity = (reads.opportunity)(&fields).map_err(|error| inside(error, "opportunity"))?;
    let made = opportunity::create(conn, ctx, &new).map_err(|error| inside(error, "opportunity"))?;
    let part = NewOpportunityContact { contact_id: contact, role: None, is_primary: true };
    opportunity::contact::add(conn, ctx, made.id, &part)?;
    created.push(Opportunity::NAME.to_owned());
    Ok(Some(made.id))
}

/// What each of them begins with: whose it is, and where it came from.
fn begun<N: Noun>(ctx: &Ctx, lead: &Lead) -> Fields {
    let mut fields = Fields::new();
    let owner: UserId = lead.owner_id;
    if may_own::<N>(ctx, Some(owner)).is_ok() {
        offer::<N>(ctx, &mut fields, ("owner_id", "owner_id"), json!(owner));
    }
    offer::<N>(ctx, &mut fields, ("team_id", "team_id"), json!(lead.team_id));
    offer::<N>(ctx, &mut fields, ("source", "source"), json!(lead.source));
    fields
}

/// What the lead says, where its reader sees it there and may write it here.
pub(super) fn offer<N: Noun>(
    ctx: &Ctx,
    fields: &mut Fields,
    (here, there): (&'static str, &'static str),
    value: Value,
) {
    if !value.is_null() && ctx.sees::<Lead>(there) && ctx.may_write::<N>(here).is_ok() {
        fields.insert(here.to_owned(), value);
    }
}

pub(super) fn allowed(ask: &LeadConversion) -> Duplicates {
    if ask.on_duplicate == CREATE { Duplicates::Allow } else { Duplicates::Reject }
}

fn likeliest(existing: &[Existing]) -> Option<Uuid> {
    existing.iter().filter(|one| one.score >= Existing::PROBABLE).max_by_key(|one| one.score).map(|one| one.id)
}

/// What it had to do with is theirs too from now on, and so is what it has agreed to.
fn carried(conn: &mut Conn, ctx: &Ctx, lead: &Lead, became: &Became) -> Result<Making> {
    let of = |noun: &str, id: Option<Uuid>| id.map(|record_id| RecordLink { resource: noun.to_owned(), record_id });
    let records = [
        of(Account::NAME, became.account.map(Uuid::from)),
        of(Contact::NAME, became.contact.map(Uuid::from)),
        of(Opportunity::NAME, became.opportunity.map(Uuid::from)),
    ];
    let records: Vec<RecordLink> = records.into_iter().flatten().collect();
    let from = RecordLink { resource: Lead::NAME.to_owned(), record_id: lead.id.0 };
    let (activities, tasks) = link::carry(conn, ctx, &from, &records)?;
    if let Some(contact) = became.contact {
        submission::converted(conn, ctx, lead.id, contact)?;
    }
    let tagged = records.iter().filter(|one| one.resource != Opportunity::NAME);
    let mut tags = Vec::new();
    for record in tagged {
        let new = tag::copy(conn, ctx, &from, record)?;
        tags.extend(new.into_iter().map(|tag| (record.record_id, tag.0)));
    }
    Ok(Making { activities, tasks, tags, ..Making::default() })
}

/// Faults of members, by where they stand in the body.
pub(super) fn inside(mut error: Error, part: &str) -> Error {
    let place = |fault: &mut Fault| fault.pointer = format!("/{part}/fields{}", fault.pointer);
    error.faults.iter_mut().for_each(place);
    error
}

/// There is no such record.
fn placed(error: Error, part: &str) -> Error {
    let message = kernel::text!("there is no such record");
    match error.code == error::UNKNOWN_REFERENCE {
        true => Error::from(error::UNKNOWN_REFERENCE).fault(Fault::new(
            format!("/{part}/id"),
            error::UNKNOWN_REFERENCE.name,
            message,
        )),
        false => error,
    }
}
