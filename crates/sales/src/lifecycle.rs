//! What a sale says of how far somebody has come: who has placed an order or whose deal is won is a customer, and a
//! lead brings whom it has become as far as it goes itself. Nobody goes back by it ([`customer::lifecycle`]).
use crate::opportunity::{self, Opportunity};
use crate::order::Order;
use customer::lifecycle::{CUSTOMER, Cause, advance};
use kernel::{AccountId, ContactId, Ctx, LeadId, OpportunityId, OrderId, Result};
use platform::Conn;

/// An order in one of these has brought nothing, or nothing that has stayed.
const UNDONE: [&str; 2] = ["cancelled", "returned"];

/// Who has placed an order.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    order: OrderId,
    account: Option<AccountId>,
    contact: Option<ContactId>,
}

impl Placed {
    /// Nothing, where it is for nobody, or in a status in which it counts for nothing.
    pub fn new(order: OrderId, status: &str, account: Option<AccountId>, contact: Option<ContactId>) -> Option<Self> {
        let counts = !UNDONE.contains(&status) && (account.is_some() || contact.is_some());
        counts.then_some(Self { order, account, contact })
    }

    pub fn of(order: &Order) -> Option<Self> {
        Self::new(order.id, &order.status, order.account_id, order.contact_id)
    }

    /// Those for whom an order counts that has changed, and for whom it did not count before.
    pub fn anew(order: OrderId, before: Standing, now: Standing) -> Option<Self> {
        let counted = !UNDONE.contains(&before.status);
        let account = now.account.filter(|one| !counted || before.account != Some(*one));
        let contact = now.contact.filter(|one| !counted || before.contact != Some(*one));
        Self::new(order, now.status, account, contact)
    }
}

/// Standing an order is, and how it stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    pub status: &'a str,
    pub account: Option<AccountId>,
    pub contact: Option<ContactId>,
}

impl<'a> Standing<'a> {
    pub fn of(order: &'a Order) -> Self {
        Self { status: &order.status, account: order.account_id, contact: order.contact_id }
    }
}

/// Whoever has placed these is a customer. In a transaction.
pub fn placed(conn: &mut Conn, ctx: &Ctx, orders: impl IntoIterator<Item = Placed>) -> Result<()> {
    let (mut accounts, mut contacts) = (Vec::new(), Vec::new());
    for one in orders {
        let cause = Cause::OrderPlaced(one.order);
        accounts.extend(one.account.map(|id| (id, cause)));
        contacts.extend(one.contact.map(|id| (id, cause)));
    }
    advance(conn, ctx, CUSTOMER, (&accounts, &contacts))
}

/// A deal is won: its account is a customer, and so is whoever takes part in it. In a transaction.
pub fn won(conn: &mut Conn, ctx: &Ctx, deal: &Opportunity) -> Result<()> {
    let cause = Cause::OpportunityWon(deal.id);
    let accounts: Vec<_> = deal.account_id.map(|id| (id, cause)).into_iter().collect();
    let taking_part = opportunity::contact::of_all(conn, ctx, &[deal.id])?;
    let contacts: Vec<_> = taking_part.iter().map(|one| (one.contact_id, cause)).collect();
    advance(conn, ctx, CUSTOMER, (&accounts, &contacts))
}

/// Somebody takes part in a deal that is won. In a transaction.
pub fn joined(conn: &mut Conn, ctx: &Ctx, deal: OpportunityId, who: ContactId) -> Result<()> {
    advance(conn, ctx, CUSTOMER, (&[], &[(who, Cause::OpportunityWon(deal))]))
}

/// Whom a lead has become is as far as that. In a transaction.
pub fn converted(
    conn: &mut Conn,
    ctx: &Ctx,
    lead: LeadId,
    (account, contact): (Option<AccountId>, Option<ContactId>),
    stage: &'static str,
) -> Result<()> {
    let cause = Cause::LeadConverted(lead);
    let accounts: Vec<_> = account.map(|id| (id, cause)).into_iter().collect();
    let contacts: Vec<_> = contact.map(|id| (id, cause)).into_iter().collect();
    advance(conn, ctx, stage, (&accounts, &contacts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::STATUSES;
    use uuid::Uuid;

    #[test]
    fn what_was_called_off_or_came_back_makes_nobody_a_customer() {
        let (order, account) = (OrderId(Uuid::nil()), Some(AccountId(Uuid::nil())));
        for status in STATUSES {
            let counts = Placed::new(order, status, account, None).is_some();
            assert_eq!(counts, !["cancelled", "returned"].contains(status), "{status}");
        }
        assert!(Placed::new(order, "confirmed", None, None).is_none(), "it is for nobody");
    }
}
