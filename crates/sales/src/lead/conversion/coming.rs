//! How far a lead brings whom it becomes: to an opportunity, where one comes of it.
use super::store::Became;
use super::{ConversionPart, LeadConversion};
use crate::lead::Lead;
use crate::lifecycle;
use customer::account::Account;
use customer::contact::Contact;
use customer::lifecycle::{OPPORTUNITY, QUALIFIED};
use kernel::{Ctx, Noun, Result};
use platform::Conn;

/// The field of either that says so.
pub(super) const STAGE: &str = "lifecycle_stage";

impl LeadConversion {
    /// How far it brings an account and a contact.
    pub(super) fn stage(&self) -> &'static str {
        if self.opportunity.is_some() { OPPORTUNITY } else { QUALIFIED }
    }
}

/// Whom it has become is as far as that, unless the body has said how far a new one is.
pub(super) fn come_on(
    conn: &mut Conn,
    ctx: &Ctx,
    lead: &Lead,
    became: &Became,
    ask: &LeadConversion,
    created: &[String],
) -> Result<()> {
    let says = |noun: &str, part: Option<&ConversionPart>| {
        created.iter().any(|one| one == noun) && part.is_some_and(|part| part.fields.contains_key(STAGE))
    };
    let account = became.account.filter(|_| !says(Account::NAME, ask.account.iter().flatten().next()));
    let contact = became.contact.filter(|_| !says(Contact::NAME, ask.contact.as_ref()));
    lifecycle::converted(conn, ctx, lead.id, (account, contact), ask.stage())
}
