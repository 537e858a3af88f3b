//! The queries of a lead. `scope` is the only way in.
use super::schema::{leads, leads_beside};
use super::standing::{ASSIGNED, Given, NEW, OPEN, Settled};
use super::{Condition, Key, Lead, LeadPatch, NewLead};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Action, Ctx, LeadId, Page, Result, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record, Visible, visible};

/// The leads of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
pub(crate) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<leads::table> = visible::rows(ctx, action);
    leads::table.filter(leads::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: LeadId) -> Result<Lead> {
    Ok(scope(ctx, Action::Read)
        .filter(leads::deleted_at.is_null())
        .filter(leads::id.eq(id))
        .select(Lead::as_select())
        .first(conn)?)
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<leads::table>) -> Result<Page<Lead>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Lead::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(leads::id),
        |lead| &lead.display_name,
    )
}

/// The living leads among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[LeadId]) -> Result<Vec<Lead>> {
    Ok(scope(ctx, Action::Read)
        .filter(leads::deleted_at.is_null())
        .filter(leads::id.eq_any(ids))
        .select(Lead::as_select())
        .load(conn)?)
}

/// The living leads with this key that have not become a customer; several may share an address.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Lead>> {
    let living = scope(ctx, Action::Read).filter(leads::deleted_at.is_null()).select(Lead::as_select());
    let open = leads::converted_at.is_null();
    Ok(match key {
        Key::Email(email) => living.filter(leads::email.eq(email)).filter(open).limit(10).load(conn)?,
        Key::Phone(phone) => living.filter(leads::phone.eq(phone)).filter(open).limit(10).load(conn)?,
        Key::External { source_system, external_id } => {
            match platform::external::find::<Lead>(conn, ctx, source_system, external_id)? {
                Some(id) => living.filter(leads::id.eq(id)).load(conn)?,
                None => Vec::new(),
            }
        }
    })
}

/// Living leads with this address or this number that have not become a customer; few are enough to know.
pub(super) fn alike(conn: &mut Conn, ctx: &Ctx, email: Option<&str>, phone: Option<&str>) -> QueryResult<Vec<Lead>> {
    scope(ctx, Action::Read)
        .filter(leads::deleted_at.is_null())
        .filter(leads::converted_at.is_null())
        .filter(leads::email.eq(email).or(leads::phone.eq(phone)))
        .order(leads::id.desc())
        .limit(20)
        .select(Lead::as_select())
        .load(conn)
}

/// The open leads outside of pools of which a filter holds and that the actor may change, the oldest first.
pub(crate) fn matching(conn: &mut Conn, ctx: &Ctx, filter: &Condition, most: i64) -> Result<Vec<LeadId>> {
    Ok(scope(ctx, Action::Update)
        .filter(leads::deleted_at.is_null())
        .filter(leads::status.eq_any(OPEN))
        .filter(leads_beside::pooled_at.is_null())
        .filter(filter.on(ctx))
        .order(leads::id)
        .limit(most)
        .select(leads::id)
        .load(conn)?)
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewLead, status: &str, words: Vec<String>) -> QueryResult<Lead> {
    let given = (
        leads::tenant_id.eq(ctx.tenant),
        leads::id.eq(new.id.unwrap_or_else(LeadId::new)),
        leads::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        leads::status.eq(status),
        leads::display_name.eq(new.name().unwrap_or_default()),
        leads::assigned_at.eq(new.owner_id.map(|_| ctx.now)),
        leads_beside::pool_id.eq(new.pool_id),
        leads_beside::phone_text.eq(&new.phone_text),
        leads_beside::industry.eq(&new.industry),
        (leads_beside::country.eq(&new.country), leads_beside::region.eq(&new.region)),
        leads_beside::city.eq(&new.city),
        leads::created_at.eq(ctx.now),
        leads::updated_at.eq(ctx.now),
        leads::created_by.eq(ctx.actor.user),
        leads::updated_by.eq(ctx.actor.user),
        leads_beside::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(leads::table)
        .values((given, new))
        .returning(Lead::as_returning())
        .recorded::<Lead>(ctx, Verb::Created)
        .get_result(conn)
}

/// Of one that is locked. Nothing comes back where it may not be changed.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: LeadId,
    patch: &LeadPatch,
    verb: Verb,
) -> QueryResult<Option<Lead>> {
    let moved = (
        leads::version.eq(leads::version + 1),
        leads::updated_at.eq(ctx.now),
        leads::updated_by.eq(ctx.actor.user),
        (verb == Verb::Assigned).then(|| leads::assigned_at.eq(ctx.now)),
        patch.phone_text.as_ref().map(|text| leads_beside::phone_text.eq(text)),
        patch.industry.as_ref().map(|text| leads_beside::industry.eq(text)),
        patch.country.as_ref().map(|text| leads_beside::country.eq(text)),
        patch.region.as_ref().map(|text| leads_beside::region.eq(text)),
        patch.city.as_ref().map(|text| leads_beside::city.eq(text)),
    );
    diesel::update(scope(ctx, Action::Update).filter(leads::id.eq(id)))
        .set((patch, moved))
        .returning(Lead::as_returning())
        .recorded::<Lead>(ctx, verb)
        .get_result(conn)
        .optional()
}

/// What is searched follows every change; who changed it may see it no longer.
pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: LeadId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(leads::table.find((ctx.tenant, id)))
        .set(leads_beside::search.eq(array_to_tsvector(words)))
        .execute(conn)
}

/// Writes what the rules say, whoever may see the lead from then on.
pub(super) fn settle(conn: &mut Conn, ctx: &Ctx, before: &Lead, settled: &Settled) -> QueryResult<Lead> {
    let given = settled.assigned.as_ref();
    let status = given.filter(|_| before.status == NEW).map(|_| leads::status.eq(ASSIGNED));
    let due = given.and_then(|given| given.response_due_at).filter(|_| before.first_response_at.is_none());
    let moved = (
        settled.score.map(|score| leads::score.eq(score)),
        given.map(|given| leads::owner_id.eq(given.owner)),
        given.and_then(|given| given.team).map(|team| leads::team_id.eq(team)),
        given.map(|_| leads::assigned_at.eq(ctx.now)),
        status,
        due.map(|due| (leads::response_due_at.eq(due), leads::response_status.eq("pending"))),
        leads::version.eq(leads::version + 1),
        leads::updated_at.eq(ctx.now),
        leads::updated_by.eq(ctx.actor.user),
    );
    let verb = if given.is_some() { Verb::Assigned } else { Verb::Scored };
    diesel::update(leads::table.find((ctx.tenant, before.id)))
        .set(moved)
        .returning(Lead::as_returning())
        .recorded::<Lead>(ctx, verb)
        .get_result(conn)
}

/// Gives a lead that is locked to whom the rules have chosen.
pub(crate) fn give(conn: &mut Conn, ctx: &Ctx, before: &Lead, given: Given) -> QueryResult<Lead> {
    settle(conn, ctx, before, &Settled { score: None, assigned: Some(given) })
}

/// Locks the lead, if the actor may change it.
pub(crate) fn lock(conn: &mut Conn, ctx: &Ctx, id: LeadId) -> QueryResult<Option<Lead>> {
    let living = scope(ctx, Action::Update).filter(leads::deleted_at.is_null()).filter(leads::id.eq(id));
    living.for_update().select(Lead::as_select()).first(conn).optional()
}

/// Archives a living lead, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: LeadId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Lead>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(leads::deleted_at.is_null().eq(archived))
        .filter(leads::id.eq(id))
        .filter(leads::version.between(oldest, newest));
    let moved = (
        leads::deleted_at.eq(at),
        leads::version.eq(leads::version + 1),
        leads::updated_at.eq(ctx.now),
        leads::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Lead::as_returning())
        .recorded::<Lead>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: LeadId) -> QueryResult<Option<Lead>> {
    diesel::delete(scope(ctx, Action::Purge).filter(leads::id.eq(id)))
        .returning(Lead::as_returning())
        .recorded::<Lead>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The lead whether living or archived, as far as the caller may see it.
pub(super) fn find_any(conn: &mut Conn, ctx: &Ctx, id: LeadId) -> QueryResult<Lead> {
    scope(ctx, Action::Read).filter(leads::id.eq(id)).select(Lead::as_select()).first(conn)
}

impl Batch for Lead {
    fn find(conn: &mut Conn, ctx: &Ctx, id: LeadId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[LeadId]) -> Result<Vec<Self>> {
        Ok(leads::table
            .filter(leads::tenant_id.eq(tenant))
            .filter(leads::deleted_at.is_null())
            .filter(leads::id.eq_any(ids))
            .select(Lead::as_select())
            .load(conn)?)
    }
}
