//! How far an account or a contact has come on its way from a stranger to a customer, and what brought it there: what
//! the histories of both have in common ([`crate::account::lifecycle`], [`crate::contact::lifecycle`]).
//!
//! A step is written down with the change, by whatever way it comes: a body, a file, a merge, or something that has
//! happened elsewhere. Somebody may set any stage; by itself a record moves on and never back, in the order of
//! [`LIFECYCLE_STAGES`]. Whoever is an account themselves moves on in both records, each with a step of its own.
use crate::account::person;
use crate::choices::LIFECYCLE_STAGES;
use crate::{account, contact};
use chrono::{DateTime, Utc};
use kernel::event::Verb;
use kernel::{AccountId, ContactId, Ctx, LeadId, OpportunityId, OrderId, Result};
use platform::Conn;
use platform::import::many::Columns;
use platform::import::records::Change;
use serde_json::Value;
use uuid::Uuid;

/// Where a record begins of which nothing else is said.
pub const BEGINNING: &str = "lead";
/// Where somebody is who was a lead, and with whom there is no deal yet.
pub const QUALIFIED: &str = "sales_qualified_lead";
/// Where somebody is with whom there may be a deal.
pub const OPPORTUNITY: &str = "opportunity";
/// Where somebody is who has bought.
pub const CUSTOMER: &str = "customer";

/// The column, and the field.
pub(crate) const STAGE: &str = "lifecycle_stage";

/// What brings a record to a stage, as it is told.
pub const CAUSES: &[&str] = &["created", "set", "lead_converted", "opportunity_won", "order_placed"];

/// What brings a record to a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// it began there
    Created,
    /// somebody has said so, by whatever way
    Set,
    LeadConverted(LeadId),
    OpportunityWon(OpportunityId),
    OrderPlaced(OrderId),
}

impl Cause {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Set => "set",
            Self::LeadConverted(_) => "lead_converted",
            Self::OpportunityWon(_) => "opportunity_won",
            Self::OrderPlaced(_) => "order_placed",
        }
    }

    /// The lead, the opportunity or the order.
    pub(crate) fn record(self) -> Option<Uuid> {
        match self {
            Self::Created | Self::Set => None,
            Self::LeadConverted(id) => Some(id.0),
            Self::OpportunityWon(id) => Some(id.0),
            Self::OrderPlaced(id) => Some(id.0),
        }
    }
}

/// A step of a record with an id of this sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step<I> {
    pub of: I,
    /// nothing, where it began there
    pub from: Option<String>,
    pub to: String,
    pub cause: Cause,
}

impl<I> Step<I> {
    /// What the rows of a file make of a record: where it begins, or where it comes to, if that is another stage.
    pub fn of_row(of: I, before: Option<&Columns>, after: &Columns) -> Option<Self> {
        let stage = |columns: &Columns| columns.get(STAGE).and_then(Value::as_str).map(str::to_owned);
        let (from, to) = (before.and_then(stage), stage(after)?);
        let cause = if before.is_some() { Cause::Set } else { Cause::Created };
        (from.as_ref() != Some(&to)).then_some(Self { of, from, to, cause })
    }
}

/// What the rows of a file make happen to a record.
pub(crate) fn verb(change: &Change) -> Verb {
    let is_elsewhere = change.before.as_ref().is_some_and(|before| before.get(STAGE) != change.after.get(STAGE));
    if is_elsewhere { Verb::LifecycleChanged } else { Verb::Updated }
}

/// A step that was taken: which it is, whose, from where, to where, why, and when.
pub(crate) type Taken<I, S> = (S, I, Option<String>, String, String, DateTime<Utc>);

/// Of the steps of records, one record after the other: those last two that have led somewhere and, just now, back from
/// there, as somebody has said.
pub(crate) fn there_and_back<I: PartialEq, S: Copy>(taken: &[Taken<I, S>], now: DateTime<Utc>) -> Vec<S> {
    let mut found = Vec::new();
    for (at, pair) in taken.windows(2).enumerate() {
        let [(there, whose, from, to, why, _), (back, who, left, came, because, when)] = pair else { continue };
        let is_last = taken.get(at + 2).is_none_or(|(_, next, ..)| next != who);
        let is_said = [why, because].iter().all(|cause| cause.as_str() == Cause::Set.name());
        let is_undone = from.as_ref() == Some(came) && left.as_ref() == Some(to);
        if whose == who && is_last && is_said && is_undone && *when == now {
            found.extend([*there, *back]);
        }
    }
    found
}

/// Accounts and contacts with what moves them on.
pub type Whom<'a> = (&'a [(AccountId, Cause)], &'a [(ContactId, Cause)]);

/// Moves those of them on to a stage that have not come as far, whoever sees them: none of them back, and nobody whose
/// processing is restricted. Of somebody who is an account both move, for the one says what the other says. Contacts
/// are held before accounts. In a transaction.
pub fn advance(conn: &mut Conn, ctx: &Ctx, to: &'static str, (accounts, contacts): Whom) -> Result<()> {
    let ids: Vec<AccountId> = accounts.iter().map(|(id, _)| *id).collect();
    let mut people = if ids.is_empty() { Vec::new() } else { person::pairs(conn, ctx, (&ids, &[]))? };
    people.retain(|(.., is_archived)| !is_archived);
    let whose = |id: AccountId| people.iter().find(|(account, ..)| *account == id).map(|(_, contact, _)| *contact);
    let theirs = accounts.iter().filter_map(|(id, cause)| Some((whose(*id)?, *cause)));
    let contacts: Vec<(ContactId, Cause)> = contacts.iter().copied().chain(theirs).collect();
    let moved = contact::lifecycle::advance(conn, ctx, to, &contacts)?;
    // who is held becomes no account meanwhile
    let followers = if moved.is_empty() { Vec::new() } else { person::pairs(conn, ctx, (&[], &moved))? };
    let cause = |id: ContactId| contacts.iter().find(|(one, _)| *one == id).map_or(Cause::Set, |(_, cause)| *cause);
    let followers = followers.into_iter().map(|(account, contact, _)| (account, cause(contact)));
    let alone = accounts.iter().copied().filter(|(id, _)| whose(*id).is_none());
    account::lifecycle::advance(conn, ctx, to, &alone.chain(followers).collect::<Vec<_>>())
}

/// The stages from which a record moves on to this one by itself: those that come before it.
pub(crate) fn behind(stage: &str) -> Vec<&'static str> {
    LIFECYCLE_STAGES.iter().copied().take_while(|one| *one != stage).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nobody_moves_back_by_themselves() {
        assert_eq!(
            behind(CUSTOMER),
            ["subscriber", "lead", "marketing_qualified_lead", "sales_qualified_lead", "opportunity"]
        );
        assert!(!behind(OPPORTUNITY).contains(&CUSTOMER) && behind(OPPORTUNITY).contains(&QUALIFIED));
        assert!(behind(QUALIFIED).contains(&BEGINNING));
        for later in ["evangelist", "churned"] {
            assert!(!behind(CUSTOMER).contains(&later), "{later}");
        }
    }

    #[test]
    fn a_row_is_a_step_where_it_brings_another_stage() {
        let columns = |stage: &str| Columns::from_iter([(STAGE.to_owned(), json!(stage))]);
        let step = |before: Option<&str>, after: &str| Step::of_row(1, before.map(columns).as_ref(), &columns(after));
        assert_eq!(step(Some("lead"), "lead"), None);
        let begun = step(None, "lead").map(|step| (step.from, step.to, step.cause));
        assert_eq!(begun, Some((None, "lead".to_owned(), Cause::Created)));
        let moved = step(Some("customer"), "lead").map(|step| (step.from, step.to, step.cause));
        assert_eq!(moved, Some((Some("customer".to_owned()), "lead".to_owned(), Cause::Set)));
    }

    #[test]
    fn what_has_led_back_just_now_was_nothing() {
        let (now, before) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH - chrono::Duration::days(1));
        let step = |id: i32, whose: i32, from: &str, to: &str, cause: &str, when| {
            (id, whose, Some(from.to_owned()), to.to_owned(), cause.to_owned(), when)
        };
        let begun = |id: i32, whose: i32| (id, whose, None, "lead".to_owned(), "created".to_owned(), before);
        let there = |id, whose| step(id, whose, "lead", "customer", "set", before);
        let back = |id, whose, when| step(id, whose, "customer", "lead", "set", when);
        let of = |taken: &[_]| there_and_back(taken, now);
        assert_eq!(of(&[begun(1, 7), there(2, 7), back(3, 7, now), begun(4, 8)]), [2, 3]);
        assert_eq!(of(&[begun(1, 7), there(2, 7), back(3, 7, before)]), Vec::<i32>::new(), "somebody said so before");
        assert_eq!(of(&[there(2, 7), back(3, 8, now)]), Vec::<i32>::new(), "of two records");
        let bought = step(2, 7, "lead", "customer", "order_placed", before);
        assert_eq!(of(&[begun(1, 7), bought, back(3, 7, now)]), Vec::<i32>::new(), "what was bought stays so");
        let other = step(2, 7, "churned", "customer", "set", before);
        assert_eq!(of(&[other, back(3, 7, now)]), Vec::<i32>::new());
    }

    #[test]
    fn every_cause_has_a_name_that_is_told() {
        let id = Uuid::nil();
        let all = [
            Cause::Created,
            Cause::Set,
            Cause::LeadConverted(id.into()),
            Cause::OpportunityWon(id.into()),
            Cause::OrderPlaced(id.into()),
        ];
        assert_eq!(all.map(Cause::name), CAUSES);
        assert_eq!(all.iter().filter(|cause| cause.record().is_some()).count(), 3);
    }
}
