//! The queries of deliveries. Their campaign was asked for through its `scope` before, or it is the house itself that
//! brings them.
use super::Delivery;
use crate::campaign;
use crate::schema::{deliveries, send_links, send_runs};
use crate::send::Sending;
use chrono::{DateTime, Duration, Utc};
use customer::contact::Contact;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::{ContactId, Ctx, DeliveryId, Page, Result, SendId, SendLinkId, TenantId};
use platform::{Conn, Listing};

/// How much goes out at once at most: more are not held by a worker that dies.
const MOST: i64 = 20;
/// What could have gone out while nobody looked goes out at once, as much as comes in so long.
const BURST: Duration = Duration::seconds(5);
/// A worker that has said nothing for so long is dead: each letter has less time.
const SILENT: Duration = Duration::minutes(15);

/// The deliveries of all campaigns that the actor may see: a part's `Listing` asks for its whole.
pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<deliveries::table>) -> Result<Page<Delivery>> {
    let all = || deliveries::table.filter(deliveries::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Delivery::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(deliveries::id),
        |_| "",
    )
}

/// One of a campaign that the caller may see.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: DeliveryId) -> Result<Delivery> {
    let one = held(conn, ctx.tenant, id)?;
    campaign::find(conn, ctx, one.campaign_id)?;
    Ok(one)
}

pub(crate) fn held(conn: &mut Conn, tenant: TenantId, id: DeliveryId) -> QueryResult<Delivery> {
    deliveries::table.find((tenant, id)).select(Delivery::as_select()).first(conn)
}

/// To whom it went.
pub(crate) fn address_of(conn: &mut Conn, tenant: TenantId, id: DeliveryId) -> QueryResult<Option<String>> {
    deliveries::table.find((tenant, id)).select(deliveries::address).first(conn)
}

/// One for each, when it is due; whoever has one has it already.
pub(crate) fn put(
    conn: &mut Conn,
    ctx: &Ctx,
    send: &Sending,
    people: &[(&Contact, DateTime<Utc>)],
) -> QueryResult<usize> {
    let row = |(one, due): &(&Contact, DateTime<Utc>)| {
        (
            deliveries::tenant_id.eq(ctx.tenant),
            deliveries::id.eq(DeliveryId::new()),
            deliveries::send_id.eq(send.id),
            deliveries::campaign_id.eq(send.campaign_id),
            deliveries::contact_id.eq(one.id),
            deliveries::channel.eq(send.channel.clone()),
            deliveries::purpose.eq(send.purpose.clone()),
            deliveries::address.eq(one.email.clone()),
            deliveries::status.eq("queued"),
            deliveries::due_at.eq(*due),
            deliveries::created_at.eq(ctx.now),
            deliveries::updated_at.eq(ctx.now),
        )
    };
    let rows: Vec<_> = people.iter().map(row).collect();
    diesel::insert_into(deliveries::table).values(rows).on_conflict_do_nothing().execute(conn)
}

/// What a worker has taken.
#[derive(Clone, Debug, Queryable)]
pub(crate) struct Claimed {
    pub id: DeliveryId,
    pub contact: ContactId,
    pub address: Option<String>,
}

/// The contact has another address by now: it goes there, and what comes back is about that.
pub(crate) fn readdress(conn: &mut Conn, tenant: TenantId, id: DeliveryId, address: &str) -> QueryResult<usize> {
    diesel::update(deliveries::table.find((tenant, id))).set(deliveries::address.eq(address)).execute(conn)
}

/// Takes what is due, as far as the rate allows: all workers share the one row that keeps it. In a transaction.
pub(crate) fn claim(
    conn: &mut Conn,
    tenant: TenantId,
    send: SendId,
    per_minute: i32,
    now: DateTime<Utc>,
) -> QueryResult<Vec<Claimed>> {
    let run = send_runs::table.find((tenant, send));
    let free_at: DateTime<Utc> = run.select(send_runs::free_at).for_update().first(conn)?;
    let each = Duration::microseconds(60_000_000 / i64::from(per_minute.max(1)));
    let free_at = free_at.max(now - BURST.max(each));
    let lacking = (now - free_at).num_microseconds().unwrap_or_default();
    let room = (lacking / each.num_microseconds().unwrap_or(1).max(1)).clamp(0, MOST);
    if room == 0 {
        return Ok(Vec::new());
    }
    let due = due(conn, tenant, send, room, now)?;
    let taken = deliveries::table.filter(deliveries::tenant_id.eq(tenant)).filter(deliveries::id.eq_any(&due));
    let claimed: Vec<Claimed> = diesel::update(taken)
        .set((
            deliveries::status.eq("sending"),
            deliveries::claimed_at.eq(now),
            deliveries::version.eq(deliveries::version + 1),
            deliveries::updated_at.eq(now),
        ))
        .returning((deliveries::id, deliveries::contact_id, deliveries::address))
        .get_results(conn)?;
    let spent = i32::try_from(claimed.len()).unwrap_or(i32::MAX);
    diesel::update(run).set(send_runs::free_at.eq(free_at + each * spent)).execute(conn)?;
    Ok(claimed)
}

/// What may go out, held: what another worker holds is passed over.
fn due(conn: &mut Conn, tenant: TenantId, send: SendId, room: i64, now: DateTime<Utc>) -> QueryResult<Vec<DeliveryId>> {
    deliveries::table
        .filter(deliveries::tenant_id.eq(tenant))
        .filter(deliveries::send_id.eq(send))
        .filter(deliveries::status.eq("queued"))
        .filter(deliveries::due_at.le(now))
        .order((deliveries::due_at, deliveries::id))
        .limit(room)
        .select(deliveries::id)
        .for_update()
        .skip_locked()
        .load(conn)
}

/// What became of one that was being sent; nothing, where somebody else has settled it.
pub(crate) fn settle(
    conn: &mut Conn,
    tenant: TenantId,
    id: DeliveryId,
    (status, failure): (&str, Option<&str>),
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    let sending = deliveries::table
        .filter(deliveries::tenant_id.eq(tenant))
        .filter(deliveries::id.eq(id))
        .filter(deliveries::status.eq("sending"));
    let went = ["sent", "unknown"].contains(&status).then_some(now);
    diesel::update(sending)
        .set((
            deliveries::status.eq(status),
            deliveries::failure.eq(failure),
            deliveries::sent_at.eq(went),
            deliveries::version.eq(deliveries::version + 1),
            deliveries::updated_at.eq(now),
        ))
        .execute(conn)
}

/// It was not sent, and waits again.
pub(crate) fn postpone(
    conn: &mut Conn,
    tenant: TenantId,
    ids: &[DeliveryId],
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    let sending = deliveries::table
        .filter(deliveries::tenant_id.eq(tenant))
        .filter(deliveries::id.eq_any(ids))
        .filter(deliveries::status.eq("sending"));
    diesel::update(sending)
        .set((
            deliveries::status.eq("queued"),
            deliveries::due_at.eq(until),
            deliveries::claimed_at.eq(None::<DateTime<Utc>>),
            deliveries::version.eq(deliveries::version + 1),
            deliveries::updated_at.eq(now),
        ))
        .execute(conn)
}

/// What a worker held that fell silent: nobody knows whether it went out.
pub(crate) fn resolve(conn: &mut Conn, tenant: TenantId, send: SendId, now: DateTime<Utc>) -> QueryResult<usize> {
    let orphaned = deliveries::table
        .filter(deliveries::tenant_id.eq(tenant))
        .filter(deliveries::send_id.eq(send))
        .filter(deliveries::status.eq("sending"))
        .filter(deliveries::claimed_at.lt(now - SILENT));
    diesel::update(orphaned)
        .set((
            deliveries::status.eq("unknown"),
            deliveries::failure.eq("worker_lost"),
            deliveries::sent_at.eq(deliveries::claimed_at),
            deliveries::version.eq(deliveries::version + 1),
            deliveries::updated_at.eq(now),
        ))
        .execute(conn)
}

/// Whether nothing of a send waits or is on its way.
pub(crate) fn is_over(conn: &mut Conn, tenant: TenantId, send: SendId) -> QueryResult<bool> {
    let open = deliveries::table
        .filter(deliveries::tenant_id.eq(tenant))
        .filter(deliveries::send_id.eq(send))
        .filter(deliveries::status.eq_any(["queued", "sending"]));
    diesel::select(diesel::dsl::not(diesel::dsl::exists(open))).get_result(conn)
}

/// The link of a send to a place; made where there is none.
pub(crate) fn link(conn: &mut Conn, tenant: TenantId, send: SendId, url: &str) -> QueryResult<SendLinkId> {
    let row = (
        send_links::tenant_id.eq(tenant),
        send_links::id.eq(SendLinkId::new()),
        send_links::send_id.eq(send),
        send_links::url.eq(url),
    );
    diesel::insert_into(send_links::table).values(row).on_conflict_do_nothing().execute(conn)?;
    send_links::table
        .filter(send_links::tenant_id.eq(tenant))
        .filter(send_links::send_id.eq(send))
        .filter(send_links::url.eq(url))
        .select(send_links::id)
        .first(conn)
}
