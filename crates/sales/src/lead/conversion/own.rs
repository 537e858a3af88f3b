//! Whom a lead becomes: somebody who belongs to an account, or who is one.
use super::deeds::{Fields, account, allowed, contact, inside, offer};
use super::place::placed_as;
use super::{ConversionAccount, LeadConversion, Reads, USE};
use crate::lead::Lead;
use customer::account::{self, Account, person};
use kernel::{AccountId, ContactId, Ctx, Noun, Result};
use platform::Conn;
use serde_json::json;

/// The contact, and the account that they belong to, or that is theirs.
pub(super) fn whom(
    conn: &mut Conn,
    ctx: &Ctx,
    lead: &Lead,
    ask: &LeadConversion,
    reads: &Reads,
    created: &mut Vec<String>,
) -> Result<(Option<AccountId>, ContactId)> {
    match &ask.account {
        Some(Some(part)) if part.person => {
            let contact = contact(conn, ctx, (lead, None), ask, reads, created)?;
            Ok((Some(own(conn, ctx, (lead, contact), part, ask, reads, created)?), contact))
        }
        _ => {
            let account = account(conn, ctx, lead, ask, reads, created)?;
            Ok((account, contact(conn, ctx, (lead, account), ask, reads, created)?))
        }
    }
}

/// The account of the contact; one that was archived, and that they cannot have beside another, comes back.
fn own(
    conn: &mut Conn,
    ctx: &Ctx,
    (lead, contact): (&Lead, ContactId),
    part: &ConversionAccount,
    ask: &LeadConversion,
    reads: &Reads,
    created: &mut Vec<String>,
) -> Result<AccountId> {
    let known = person::of(conn, ctx, contact)?;
    if let Some(one) = known.as_ref().filter(|one| one.deleted_at.is_none() && ask.on_duplicate == USE) {
        return Ok(one.id);
    }
    created.push(Account::NAME.to_owned());
    if let Some(one) = known.filter(|one| one.deleted_at.is_some()) {
        return Ok(account::restore(conn, ctx, one.id)?.id);
    }
    let mut fields = Fields::new();
    offer::<Account>(ctx, &mut fields, ("source", "source"), json!(lead.source));
    offer::<Account>(ctx, &mut fields, ("rating", "rating"), json!(lead.rating));
    placed_as(ctx, lead, &mut fields);
    fields.extend(part.fields.clone());
    fields.insert("person_id".to_owned(), json!(contact));
    let new = (reads.account)(&fields).map_err(|error| inside(error, "account"))?;
    Ok(account::create(conn, ctx, &new, allowed(ask)).map_err(|error| inside(error, "account"))?.id)
}
