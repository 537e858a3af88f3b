//! The queries of a delivery. `scope` is the way of those who look after connections; the rest is for the open door and
//! for the worker.
use super::InboundDelivery;
use crate::connection::schema::{inbound_deliveries, inbound_records};
use crate::connection::signature::Said;
use crate::connection::{Connection, delivery};
use crate::{Batch, Conn, Listing};
use chrono::{DateTime, Utc};
use diesel::dsl::{AsExprOf, auto_type};
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use diesel::upsert::excluded;
use kernel::{Action, ConnectionId, Ctx, InboundDeliveryId, Page, Reach, Result, TenantId};
use uuid::Uuid;

#[auto_type]
fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let reach: Reach = ctx.reach::<InboundDelivery>(Action::Read).min(ctx.reach::<InboundDelivery>(action));
    let open: AsExprOf<bool, Bool> = (reach > Reach::None).into_sql::<Bool>();
    inbound_deliveries::table.filter(inbound_deliveries::tenant_id.eq(tenant)).filter(open)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: InboundDeliveryId) -> Result<InboundDelivery> {
    let found = scope(ctx, Action::Read).filter(inbound_deliveries::id.eq(id));
    Ok(found.select(InboundDelivery::as_select()).first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<inbound_deliveries::table>) -> Result<Page<InboundDelivery>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((InboundDelivery::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(inbound_deliveries::id),
        |delivery| &delivery.topic,
    )
}

/// What is kept of a delivery.
#[derive(Clone, Copy)]
pub(super) struct Kept<'a> {
    pub body: &'a str,
    pub plain: Option<&'a str>,
    /// of what was sent, in bytes
    pub size: usize,
}

/// Nothing comes back where the sender has sent it before.
pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    connection: ConnectionId,
    said: &Said,
    kept: &Kept,
) -> QueryResult<Option<InboundDeliveryId>> {
    let id = InboundDeliveryId::new();
    let row = (
        inbound_deliveries::tenant_id.eq(ctx.tenant),
        inbound_deliveries::id.eq(id),
        inbound_deliveries::connection_id.eq(connection),
        inbound_deliveries::sender_key.eq(&said.sender_key),
        inbound_deliveries::topic.eq(&said.topic),
        inbound_deliveries::sent_at.eq(said.sent_at),
        inbound_deliveries::body.eq(kept.body),
        inbound_deliveries::plain.eq(kept.plain),
        inbound_deliveries::size.eq(i64::try_from(kept.size).unwrap_or(i64::MAX)),
        inbound_deliveries::status.eq("queued"),
        inbound_deliveries::created_at.eq(ctx.now),
        inbound_deliveries::updated_at.eq(ctx.now),
    );
    let key = (inbound_deliveries::tenant_id, inbound_deliveries::connection_id, inbound_deliveries::sender_key);
    let added =
        diesel::insert_into(inbound_deliveries::table).values(row).on_conflict(key).do_nothing().execute(conn)?;
    Ok((added > 0).then_some(id))
}

/// The one that its sender calls so.
pub(super) fn called(
    conn: &mut Conn,
    ctx: &Ctx,
    connection: ConnectionId,
    sender_key: &str,
) -> QueryResult<InboundDeliveryId> {
    inbound_deliveries::table
        .filter(inbound_deliveries::tenant_id.eq(ctx.tenant))
        .filter(inbound_deliveries::connection_id.eq(connection))
        .filter(inbound_deliveries::sender_key.eq(sender_key))
        .select(inbound_deliveries::id)
        .first(conn)
}

/// A delivery as the worker takes it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = inbound_deliveries, check_for_backend(diesel::pg::Pg))]
pub struct Raw {
    pub id: InboundDeliveryId,
    pub connection_id: ConnectionId,
    pub topic: String,
    pub sent_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub body: String,
}

/// The connection that one came by.
pub fn sender(conn: &mut Conn, tenant: TenantId, id: InboundDeliveryId) -> QueryResult<Option<ConnectionId>> {
    inbound_deliveries::table.find((tenant, id)).select(inbound_deliveries::connection_id).first(conn).optional()
}

/// In a transaction: its row is held. Nothing, where it was erased or is too old.
pub fn lock(conn: &mut Conn, tenant: TenantId, id: InboundDeliveryId) -> QueryResult<Option<Raw>> {
    inbound_deliveries::table.find((tenant, id)).select(Raw::as_select()).for_update().first(conn).optional()
}

/// What has become of it.
pub fn settle(
    conn: &mut Conn,
    tenant: TenantId,
    id: InboundDeliveryId,
    (status, error): (&str, Option<&str>),
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    let moved = (
        inbound_deliveries::status.eq(status),
        inbound_deliveries::error.eq(error),
        inbound_deliveries::attempts.eq(inbound_deliveries::attempts + 1),
        inbound_deliveries::version.eq(inbound_deliveries::version + 1),
        inbound_deliveries::updated_at.eq(now),
        inbound_deliveries::processed_at.eq(Some(now).filter(|_| status != "failed")),
    );
    diesel::update(inbound_deliveries::table.find((tenant, id))).set(moved).execute(conn)
}

pub(super) fn requeue(conn: &mut Conn, ctx: &Ctx, id: InboundDeliveryId) -> QueryResult<InboundDelivery> {
    let moved = (
        inbound_deliveries::status.eq("queued"),
        inbound_deliveries::error.eq(None::<String>),
        inbound_deliveries::version.eq(inbound_deliveries::version + 1),
        inbound_deliveries::updated_at.eq(ctx.now),
        inbound_deliveries::processed_at.eq(None::<DateTime<Utc>>),
    );
    diesel::update(scope(ctx, Action::Update).filter(inbound_deliveries::id.eq(id)))
        .set(moved)
        .returning(InboundDelivery::as_returning())
        .get_result(conn)
}

/// Takes away what is older than it may be, of all tenants; how many.
pub fn clear(conn: &mut Conn, now: DateTime<Utc>) -> QueryResult<usize> {
    let old = inbound_deliveries::table.filter(inbound_deliveries::created_at.lt(now - delivery::KEPT));
    diesel::delete(old).execute(conn)
}

/// Whether this state of the record is not older than what has been written; its row is held until the transaction ends.
pub fn claim(
    conn: &mut Conn,
    ctx: &Ctx,
    of: &Connection,
    (resource, external_id): (&str, &str),
    changed_at: DateTime<Utc>,
) -> Result<bool> {
    let row = (
        inbound_records::tenant_id.eq(ctx.tenant),
        inbound_records::connection_id.eq(of.id),
        inbound_records::resource.eq(resource),
        inbound_records::external_id.eq(external_id),
        inbound_records::changed_at.eq(changed_at),
    );
    let key = (
        inbound_records::tenant_id,
        inbound_records::connection_id,
        inbound_records::resource,
        inbound_records::external_id,
    );
    let newest = diesel::insert_into(inbound_records::table)
        .values(row)
        .on_conflict(key)
        .do_update()
        .set(inbound_records::changed_at.eq(excluded(inbound_records::changed_at)));
    let older = inbound_records::changed_at.le(excluded(inbound_records::changed_at));
    let claimed = diesel::query_dsl::methods::FilterDsl::filter(newest, older).execute(conn)?;
    Ok(claimed > 0)
}

/// The names that begin with this one and a slash.
pub fn below(conn: &mut Conn, ctx: &Ctx, of: &Connection, resource: &str, parent: &str) -> Result<Vec<String>> {
    let (first, last) = (format!("{parent}/"), format!("{parent}0"));
    Ok(inbound_records::table
        .filter(inbound_records::tenant_id.eq(ctx.tenant))
        .filter(inbound_records::connection_id.eq(of.id))
        .filter(inbound_records::resource.eq(resource))
        .filter(inbound_records::external_id.gt(first))
        .filter(inbound_records::external_id.lt(last))
        .select(inbound_records::external_id)
        .order(inbound_records::external_id)
        .limit(2000)
        .load(conn)?)
}

/// Which record of the house it is.
pub fn name(
    conn: &mut Conn,
    ctx: &Ctx,
    of: &Connection,
    (resource, external_id): (&str, &str),
    record: Uuid,
) -> Result<()> {
    diesel::update(inbound_records::table.find((ctx.tenant, of.id, resource, external_id)))
        .set(inbound_records::record_id.eq(record))
        .execute(conn)?;
    Ok(())
}

impl Batch for InboundDelivery {
    fn find(conn: &mut Conn, ctx: &Ctx, id: InboundDeliveryId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[InboundDeliveryId]) -> Result<Vec<Self>> {
        Ok(inbound_deliveries::table
            .filter(inbound_deliveries::tenant_id.eq(tenant))
            .filter(inbound_deliveries::id.eq_any(ids))
            .select(InboundDelivery::as_select())
            .load(conn)?)
    }
}
