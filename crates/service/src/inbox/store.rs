//! The queries of a territory. `scope` is the only way in.
use super::schema::case_inboxes;
use super::{CaseInbox, CaseInboxPatch, NewCaseInbox};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{CaseInboxId, Ctx, Page, Result, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The inboxes of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    case_inboxes::table.filter(case_inboxes::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: CaseInboxId) -> Result<CaseInbox> {
    let living = scope(ctx).filter(case_inboxes::deleted_at.is_null());
    Ok(living.filter(case_inboxes::id.eq(id)).select(CaseInbox::as_select()).first(conn)?)
}

/// The inbox whether living or archived.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: CaseInboxId) -> QueryResult<CaseInbox> {
    scope(ctx).filter(case_inboxes::id.eq(id)).select(CaseInbox::as_select()).first(conn)
}

/// The living inboxes among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[CaseInboxId]) -> Result<Vec<CaseInbox>> {
    let living = scope(ctx).filter(case_inboxes::deleted_at.is_null());
    Ok(living.filter(case_inboxes::id.eq_any(ids)).select(CaseInbox::as_select()).load(conn)?)
}

/// The living inbox with this address.
pub(super) fn at(conn: &mut Conn, ctx: &Ctx, address: &str) -> QueryResult<Option<CaseInbox>> {
    let living = scope(ctx).filter(case_inboxes::deleted_at.is_null());
    living.filter(case_inboxes::address.eq(address)).select(CaseInbox::as_select()).first(conn).optional()
}

/// Those at these addresses that make cases of mails.
pub(crate) fn open_at(conn: &mut Conn, ctx: &Ctx, addresses: &[&str]) -> QueryResult<Vec<CaseInbox>> {
    scope(ctx)
        .filter(case_inboxes::deleted_at.is_null())
        .filter(case_inboxes::is_active)
        .filter(case_inboxes::address.eq_any(addresses))
        .order(case_inboxes::id)
        .select(CaseInbox::as_select())
        .load(conn)
}

/// Where an answer to what comes in by it goes.
pub fn address_of(conn: &mut Conn, tenant: TenantId, id: CaseInboxId) -> QueryResult<Option<String>> {
    case_inboxes::table.find((tenant, id)).select(case_inboxes::address).first(conn).optional()
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<case_inboxes::table>) -> Result<Page<CaseInbox>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((CaseInbox::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(case_inboxes::id),
        |inbox| &inbox.name,
    )
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewCaseInbox, words: Vec<String>) -> QueryResult<CaseInbox> {
    let given = (
        case_inboxes::tenant_id.eq(ctx.tenant),
        case_inboxes::id.eq(new.id.unwrap_or_else(CaseInboxId::new)),
        case_inboxes::case_type.eq(new.case_type.as_deref().unwrap_or("inquiry")),
        case_inboxes::priority.eq(new.priority.as_deref().unwrap_or("normal")),
        case_inboxes::is_active.eq(new.is_active.unwrap_or(true)),
        case_inboxes::created_at.eq(ctx.now),
        case_inboxes::updated_at.eq(ctx.now),
        case_inboxes::created_by.eq(ctx.actor.user),
        case_inboxes::updated_by.eq(ctx.actor.user),
        case_inboxes::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(case_inboxes::table)
        .values((given, new))
        .returning(CaseInbox::as_returning())
        .recorded::<CaseInbox>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the inbox is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CaseInboxId,
    base: Option<i32>,
    patch: &CaseInboxPatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<CaseInbox>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(case_inboxes::deleted_at.is_null())
        .filter(case_inboxes::id.eq(id))
        .filter(case_inboxes::version.between(oldest, newest));
    let moved = (
        case_inboxes::version.eq(case_inboxes::version + 1),
        case_inboxes::updated_at.eq(ctx.now),
        case_inboxes::updated_by.eq(ctx.actor.user),
        words.map(|words| case_inboxes::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(CaseInbox::as_returning())
        .recorded::<CaseInbox>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living territory, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: CaseInboxId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<CaseInbox>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(case_inboxes::deleted_at.is_null().eq(archived))
        .filter(case_inboxes::id.eq(id))
        .filter(case_inboxes::version.between(oldest, newest));
    let moved = (
        case_inboxes::deleted_at.eq(at),
        case_inboxes::version.eq(case_inboxes::version + 1),
        case_inboxes::updated_at.eq(ctx.now),
        case_inboxes::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(CaseInbox::as_returning())
        .recorded::<CaseInbox>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: CaseInboxId) -> QueryResult<Option<CaseInbox>> {
    diesel::delete(scope(ctx).filter(case_inboxes::id.eq(id)))
        .returning(CaseInbox::as_returning())
        .recorded::<CaseInbox>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

impl Batch for CaseInbox {
    fn find(conn: &mut Conn, ctx: &Ctx, id: CaseInboxId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[CaseInboxId]) -> Result<Vec<Self>> {
        Ok(case_inboxes::table
            .filter(case_inboxes::tenant_id.eq(tenant))
            .filter(case_inboxes::deleted_at.is_null())
            .filter(case_inboxes::id.eq_any(ids))
            .select(CaseInbox::as_select())
            .load(conn)?)
    }
}
