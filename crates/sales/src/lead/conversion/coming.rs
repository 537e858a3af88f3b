//! How far a lead brings whom it becomes: to an opportunity, where one comes of it.
use super::LeadConversion;
use super::deeds::Fields;
use super::store::Became;
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

/// Whom it has become is as far as that, unless the body has said how far a new one is. Whoever is an account comes on
/// with their contact.
pub(super) fn come_on(
    conn: &mut Conn,
    ctx: &Ctx,
    lead: &Lead,
    became: &Became,
    ask: &LeadConversion,
    created: &[String],
) -> Result<()> {
    let says = |noun: &str, fields: Option<&Fields>| {
        created.iter().any(|one| one == noun) && fields.is_some_and(|fields| fields.contains_key(STAGE))
    };
    let part = ask.account.iter().flatten().next();
    let is_alone = !part.is_some_and(|part| part.person) && !says(Account::NAME, part.map(|part| &part.fields));
    let account = became.account.filter(|_| is_alone);
    let contact = became.contact.filter(|_| !says(Contact::NAME, ask.contact.as_ref().map(|part| &part.fields)));
    lifecycle::converted(conn, ctx, lead.id, (account, contact), ask.stage())
}
