//! The queries of what was bought, and of what came before it. `scope` and `people` hold who sees what.
use super::GroupBy;
use crate::foreign::{contacts, orders, tenants};
use crate::touchpoint::schema::touchpoints;
use chrono::{DateTime, Duration, Utc};
use diesel::dsl::{auto_type, count_star, sum};
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{AccountId, Action, ContactId, Ctx, OrderId, TenantId, TouchpointId};
use platform::{Conn, Visible, visible};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Orders at once.
const CHUNK: i64 = 2000;
/// An order in one of these has brought nothing, or nothing that has stayed.
const UNDONE: [&str; 2] = ["cancelled", "returned"];

type Span = (DateTime<Utc>, DateTime<Utc>);

/// The orders of the tenant that the actor sees.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<orders::table> = visible::rows(ctx, Action::Read);
    orders::table.filter(orders::tenant_id.eq(tenant)).filter(visible)
}

/// The contacts of the tenant that the actor sees, archived ones too: what they came by stays what it was.
#[auto_type]
fn people(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<contacts::table> = visible::rows(ctx, Action::Read);
    contacts::table.filter(contacts::tenant_id.eq(tenant)).filter(visible)
}

/// An order that counts.
#[derive(Clone, Debug, Queryable)]
pub struct Bought {
    pub id: OrderId,
    pub placed_at: DateTime<Utc>,
    pub contact_id: Option<ContactId>,
    pub account_id: Option<AccountId>,
    pub currency: String,
    pub total: Decimal,
}

/// A touchpoint, by what it is grouped.
#[derive(Clone, Debug)]
pub struct Touch {
    pub id: TouchpointId,
    pub happened_at: DateTime<Utc>,
    pub key: Option<String>,
}

/// Those of many people, each by its moment.
#[derive(Debug, Default)]
pub struct Touches {
    of_contacts: BTreeMap<ContactId, Vec<Touch>>,
    people: BTreeMap<AccountId, Vec<ContactId>>,
}

impl Touches {
    /// Those before an order, the oldest first.
    pub fn of(&self, order: &Bought, lookback: Duration) -> Vec<&Touch> {
        let (from, until) = (order.placed_at - lookback, order.placed_at);
        let people: Vec<ContactId> = match (order.contact_id, order.account_id) {
            (Some(contact), _) => vec![contact],
            (None, Some(account)) => self.people.get(&account).cloned().unwrap_or_default(),
            (None, None) => Vec::new(),
        };
        let all = people.iter().filter_map(|contact| self.of_contacts.get(contact)).flatten();
        let mut before: Vec<&Touch> =
            all.filter(|touch| touch.happened_at >= from && touch.happened_at <= until).collect();
        before.sort_by_key(|touch| (touch.happened_at, touch.id));
        before
    }
}

pub fn time_zone(conn: &mut Conn, ctx: &Ctx) -> QueryResult<String> {
    tenants::table.find(ctx.tenant).select(tenants::time_zone).first(conn)
}

/// The next orders of that time, by when they were placed.
pub fn bought(
    conn: &mut Conn,
    ctx: &Ctx,
    (from, until): Span,
    after: Option<(DateTime<Utc>, OrderId)>,
) -> QueryResult<Vec<Bought>> {
    let all = scope(ctx)
        .filter(orders::deleted_at.is_null())
        .filter(orders::status.ne_all(UNDONE))
        .filter(orders::placed_at.ge(from))
        .filter(orders::placed_at.lt(until))
        .order((orders::placed_at, orders::id))
        .limit(CHUNK)
        .select((
            orders::id,
            orders::placed_at,
            orders::contact_id,
            orders::account_id,
            orders::currency,
            orders::total_amount,
        ));
    match after {
        None => all.load(conn),
        Some((at, id)) => {
            let later = orders::placed_at.gt(at).or(orders::placed_at.eq(at).and(orders::id.gt(id)));
            all.filter(orders::placed_at.ge(at)).filter(later).load(conn)
        }
    }
}

type Keys = (Option<String>, Option<String>, Option<String>, Option<String>);

fn key(group_by: GroupBy, (campaign, channel, source, medium): Keys) -> Option<String> {
    match group_by {
        GroupBy::Campaign => campaign,
        GroupBy::Channel => channel,
        GroupBy::Source => source,
        GroupBy::Medium => medium,
    }
}

/// What may have come before these orders.
pub fn touches(
    conn: &mut Conn,
    ctx: &Ctx,
    group_by: GroupBy,
    orders: &[Bought],
    lookback: Duration,
) -> QueryResult<Touches> {
    let direct: Vec<ContactId> = orders.iter().filter_map(|order| order.contact_id).collect();
    let accounts: Vec<AccountId> =
        orders.iter().filter(|order| order.contact_id.is_none()).filter_map(|order| order.account_id).collect();
    let meant = contacts::id.eq_any(direct).or(contacts::account_id.eq_any(accounts).assume_not_null());
    let seen: Vec<(ContactId, Option<AccountId>)> =
        people(ctx).filter(meant).select((contacts::id, contacts::account_id)).load(conn)?;
    let mut found = Touches::default();
    for (contact, account) in &seen {
        if let Some(account) = account {
            found.people.entry(*account).or_default().push(*contact);
        }
    }
    let moments = || orders.iter().map(|order| order.placed_at);
    let Some((first, last)) = moments().min().zip(moments().max()) else { return Ok(found) };
    let ids: Vec<ContactId> = seen.into_iter().map(|(contact, _)| contact).collect();
    let keys = (touchpoints::campaign, touchpoints::channel, touchpoints::source, touchpoints::medium);
    let all: Vec<(TouchpointId, ContactId, DateTime<Utc>, Keys)> = touchpoints::table
        .filter(touchpoints::tenant_id.eq(ctx.tenant))
        .filter(touchpoints::contact_id.eq_any(ids))
        .filter(touchpoints::happened_at.between(first - lookback, last))
        .select((touchpoints::id, touchpoints::contact_id, touchpoints::happened_at, keys))
        .load(conn)?;
    for (id, contact, happened_at, keys) in all {
        let touch = Touch { id, happened_at, key: key(group_by, keys) };
        found.of_contacts.entry(contact).or_default().push(touch);
    }
    Ok(found)
}

type Row = (Option<String>, Option<String>, Option<String>, Option<String>, Option<String>, Option<Decimal>, i64);

/// What the touchpoints of that time have cost, and how many there are: group, currency, cost, count.
pub fn costs(
    conn: &mut Conn,
    ctx: &Ctx,
    group_by: GroupBy,
    (from, until): Span,
) -> QueryResult<Vec<(Option<String>, Option<String>, Option<Decimal>, i64)>> {
    let by = (
        touchpoints::campaign,
        touchpoints::channel,
        touchpoints::source,
        touchpoints::medium,
        touchpoints::cost_currency,
    );
    let all: Vec<Row> = touchpoints::table
        .filter(touchpoints::tenant_id.eq(ctx.tenant))
        .filter(touchpoints::happened_at.ge(from))
        .filter(touchpoints::happened_at.lt(until))
        .filter(touchpoints::contact_id.eq_any(people(ctx).select(contacts::id)))
        .group_by(by)
        .select((
            touchpoints::campaign,
            touchpoints::channel,
            touchpoints::source,
            touchpoints::medium,
            touchpoints::cost_currency,
            sum(touchpoints::cost),
            count_star(),
        ))
        .load(conn)?;
    let told = |(campaign, channel, source, medium, currency, cost, count): Row| {
        (key(group_by, (campaign, channel, source, medium)), currency, cost, count)
    };
    Ok(all.into_iter().map(told).collect())
}
