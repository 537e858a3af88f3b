//! The queries of a contact and its points. `scope` is the only way in.
use super::point::{ContactPoint, ContactPointPatch, NewContactPoint};
use super::{CATALOGUE, Contact, ContactPatch, Key, NewContact};
use crate::beside::Beside;
use crate::lifecycle::BEGINNING;
use crate::schema::{contact_points, contacts, memberships};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{AccountId, Action, ContactId, ContactPointId, Ctx, Page, Result, TenantId};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record, Visible, merge, visible};

/// The contacts of the tenant on which the actor may do `action`, archived ones too.
#[auto_type]
pub(super) fn scope(ctx: &Ctx, action: Action) -> _ {
    let tenant: TenantId = ctx.tenant;
    let visible: Visible<contacts::table> = visible::rows(ctx, action);
    contacts::table.filter(contacts::tenant_id.eq(tenant)).filter(visible)
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> Result<Contact> {
    let living = scope(ctx, Action::Read).filter(contacts::deleted_at.is_null()).filter(contacts::id.eq(id));
    let found = living.select(Contact::as_select()).first(conn).optional()?;
    found.ok_or_else(|| merge::instead(conn, ctx, &CATALOGUE, id.0))
}

pub fn list(conn: &mut Conn, ctx: &Ctx, listing: &Listing<contacts::table>) -> Result<Page<Contact>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx, Action::Read).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((Contact::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx, Action::Read).filter(ask.matching()).select(contacts::id),
        |contact| &contact.display_name,
    )
}

/// The living contacts among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[ContactId]) -> Result<Vec<Contact>> {
    Ok(scope(ctx, Action::Read)
        .filter(contacts::deleted_at.is_null())
        .filter(contacts::id.eq_any(ids))
        .select(Contact::as_select())
        .load(conn)?)
}

/// Those that the actor sees, archived ones too, to be asked of ids.
#[auto_type]
pub(crate) fn seen_ids(ctx: &Ctx) -> _ {
    let seen: scope = scope(ctx, Action::Read);
    seen.select(contacts::id)
}

/// The ids of living ones that the actor sees, the newest first, below a mark.
pub(crate) fn newest_ids(conn: &mut Conn, ctx: &Ctx, below: Option<ContactId>, limit: i64) -> Result<Vec<ContactId>> {
    let living = scope(ctx, Action::Read).filter(contacts::deleted_at.is_null());
    let mark = below.unwrap_or(ContactId(uuid::Uuid::max()));
    Ok(living.filter(contacts::id.lt(mark)).order(contacts::id.desc()).limit(limit).select(contacts::id).load(conn)?)
}

/// The people of an account, the newest first.
pub fn of_account(conn: &mut Conn, ctx: &Ctx, account: AccountId) -> Result<Vec<Contact>> {
    let here = memberships::table
        .filter(memberships::tenant_id.eq(ctx.tenant))
        .filter(memberships::account_id.eq(account))
        .select(memberships::contact_id);
    Ok(scope(ctx, Action::Read)
        .filter(contacts::deleted_at.is_null())
        .filter(contacts::id.eq_any(here))
        .order(contacts::id.desc())
        .limit(50)
        .select(Contact::as_select())
        .load(conn)?)
}

/// The living contacts with this key; several may share a phone number.
pub fn find_by(conn: &mut Conn, ctx: &Ctx, key: &Key) -> Result<Vec<Contact>> {
    let living = scope(ctx, Action::Read).filter(contacts::deleted_at.is_null()).select(Contact::as_select());
    Ok(match key {
        Key::Email(email) => living.filter(contacts::email.eq(email)).load(conn)?,
        Key::Phone(phone) => living.filter(contacts::phone.eq(phone)).limit(10).load(conn)?,
        Key::External { source_system, external_id } => {
            match platform::external::find::<Contact>(conn, ctx, source_system, external_id)? {
                Some(id) => living.filter(contacts::id.eq(id)).load(conn)?,
                None => Vec::new(),
            }
        }
    })
}

/// The living contacts that are reached at one of these addresses, each with the address.
pub fn at_addresses(conn: &mut Conn, ctx: &Ctx, addresses: &[&str]) -> Result<Vec<(String, Contact)>> {
    let points: Vec<(String, ContactId)> = contact_points::table
        .filter(contact_points::tenant_id.eq(ctx.tenant))
        .filter(contact_points::kind.eq("email"))
        .filter(contact_points::value_norm.eq_any(addresses))
        .select((contact_points::value_norm, contact_points::contact_id))
        .limit(500)
        .load(conn)?;
    let ids: Vec<ContactId> = points.iter().map(|(_, id)| *id).collect();
    let seen = many(conn, ctx, &ids)?;
    let one = |(address, id): (String, ContactId)| Some((address, seen.iter().find(|one| one.id == id)?.clone()));
    Ok(points.into_iter().filter_map(one).collect())
}

pub(super) fn insert(conn: &mut Conn, ctx: &Ctx, new: &NewContact, words: Vec<String>) -> QueryResult<Contact> {
    let given = (
        contacts::tenant_id.eq(ctx.tenant),
        contacts::id.eq(new.id.unwrap_or_else(ContactId::new)),
        contacts::owner_id.eq(new.owner_id.unwrap_or(ctx.actor.user)),
        contacts::display_name.eq(new.name().unwrap_or_default()),
        contacts::lifecycle_stage.eq(new.lifecycle_stage.as_deref().unwrap_or(BEGINNING)),
        contacts::do_not_contact.eq(new.do_not_contact.unwrap_or_default()),
        contacts::created_at.eq(ctx.now),
        contacts::updated_at.eq(ctx.now),
        contacts::created_by.eq(ctx.actor.user),
        contacts::updated_by.eq(ctx.actor.user),
        contacts::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(contacts::table)
        .values((given, new))
        .returning(Contact::as_returning())
        .recorded_with::<Contact, _>(ctx, Verb::Created, Beside::of(ctx, new))
        .get_result(conn)
}

/// Nothing comes back where the contact may not be changed, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContactId,
    base: Option<i32>,
    patch: &ContactPatch,
    verb: Verb,
) -> QueryResult<Option<Contact>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx, Action::Update)
        .filter(contacts::deleted_at.is_null())
        .filter(contacts::id.eq(id))
        .filter(contacts::version.between(oldest, newest));
    let moved = (
        contacts::version.eq(contacts::version + 1),
        contacts::updated_at.eq(ctx.now),
        contacts::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(Contact::as_returning())
        .recorded::<Contact>(ctx, verb)
        .get_result(conn)
        .optional()
}

/// What the contact has said is of another state now: told by a version of its own.
pub(super) fn consent_changed(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> QueryResult<Option<Contact>> {
    let moved = (
        contacts::version.eq(contacts::version + 1),
        contacts::updated_at.eq(ctx.now),
        contacts::updated_by.eq(ctx.actor.user),
    );
    diesel::update(scope(ctx, Action::Update).filter(contacts::id.eq(id)))
        .set(moved)
        .returning(Contact::as_returning())
        .recorded::<Contact>(ctx, Verb::ConsentChanged)
        .get_result(conn)
        .optional()
}

/// Locks the contact, if the actor may change it. Whoever only refers to it does not wait.
pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> QueryResult<Option<Contact>> {
    scope(ctx, Action::Update)
        .filter(contacts::deleted_at.is_null())
        .filter(contacts::id.eq(id))
        .for_no_key_update()
        .select(Contact::as_select())
        .first(conn)
        .optional()
}

/// Locks the contact, living or archived, whoever sees it: who purges it is asked as it goes.
pub(crate) fn lock_any(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> QueryResult<usize> {
    let one = contacts::table.find((ctx.tenant, id)).for_update().select(contacts::id);
    Ok(one.load::<ContactId>(conn)?.len())
}

/// Locks those of them that the actor may change, in the order of their ids.
pub(super) fn lock_all(conn: &mut Conn, ctx: &Ctx, ids: &[ContactId]) -> QueryResult<Vec<Contact>> {
    let living = scope(ctx, Action::Update).filter(contacts::deleted_at.is_null()).filter(contacts::id.eq_any(ids));
    living.order(contacts::id).for_update().select(Contact::as_select()).load(conn)
}

/// What is searched follows every change; who changed it may see it no longer.
pub(super) fn set_words(conn: &mut Conn, ctx: &Ctx, id: ContactId, words: Vec<String>) -> QueryResult<usize> {
    diesel::update(contacts::table.find((ctx.tenant, id)))
        .set(contacts::search.eq(array_to_tsvector(words)))
        .execute(conn)
}

/// Archives a living contact, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContactId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<Contact>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx, Action::Delete)
        .filter(contacts::deleted_at.is_null().eq(archived))
        .filter(contacts::id.eq(id))
        .filter(contacts::version.between(oldest, newest));
    let moved = (
        contacts::deleted_at.eq(at),
        contacts::version.eq(contacts::version + 1),
        contacts::updated_at.eq(ctx.now),
        contacts::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(Contact::as_returning())
        .recorded::<Contact>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> QueryResult<Option<Contact>> {
    diesel::delete(scope(ctx, Action::Purge).filter(contacts::id.eq(id)))
        .returning(Contact::as_returning())
        .recorded::<Contact>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The contact whether living or archived, as far as the caller may see it.
pub(crate) fn find_any(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> QueryResult<Contact> {
    scope(ctx, Action::Read).filter(contacts::id.eq(id)).select(Contact::as_select()).first(conn)
}

/// Living contacts that share one of these, whoever may see them; few are enough to know.
pub(super) fn alike(conn: &mut Conn, ctx: &Ctx, email: Option<&str>, phone: Option<&str>) -> QueryResult<Vec<Contact>> {
    let living = scope(ctx, Action::Read).filter(contacts::deleted_at.is_null());
    living
        .filter(contacts::email.eq(email).or(contacts::phone.eq(phone)))
        .limit(20)
        .select(Contact::as_select())
        .load(conn)
}

/// The points of contacts that were asked for through `scope`.
pub(super) fn points(conn: &mut Conn, ctx: &Ctx, ids: &[ContactId]) -> QueryResult<Vec<ContactPoint>> {
    contact_points::table
        .filter(contact_points::tenant_id.eq(ctx.tenant))
        .filter(contact_points::contact_id.eq_any(ids))
        .order((contact_points::is_primary.desc(), contact_points::id))
        .select(ContactPoint::as_select())
        .load(conn)
}

/// The points of all contacts that the actor may see: a part's `Listing` asks for its whole.
pub fn list_points(conn: &mut Conn, ctx: &Ctx, listing: &Listing<contact_points::table>) -> Result<Page<ContactPoint>> {
    let all = || contact_points::table.filter(contact_points::tenant_id.eq(ctx.tenant));
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = all().filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((ContactPoint::as_select(), ask.keys())).load(conn)
        },
        |ask| all().filter(ask.matching()).select(contact_points::id),
        |one| &one.value,
    )
}

pub(super) fn point(conn: &mut Conn, ctx: &Ctx, id: ContactPointId) -> QueryResult<Option<ContactPoint>> {
    contact_points::table.find((ctx.tenant, id)).select(ContactPoint::as_select()).first(conn).optional()
}

/// Adds a point that is not primary yet, or finds the one with this value.
pub(super) fn add_point(
    conn: &mut Conn,
    ctx: &Ctx,
    contact: ContactId,
    new: &NewContactPoint,
) -> QueryResult<ContactPoint> {
    let row = (
        contact_points::tenant_id.eq(ctx.tenant),
        contact_points::id.eq(ContactPointId::new()),
        contact_points::contact_id.eq(contact),
        contact_points::kind.eq(&new.kind),
        contact_points::value.eq(&new.value),
        contact_points::value_norm.eq(new.norm()),
        contact_points::label.eq(&new.label),
        contact_points::is_primary.eq(false),
        contact_points::created_at.eq(ctx.now),
        contact_points::updated_at.eq(ctx.now),
    );
    diesel::insert_into(contact_points::table)
        .values(row)
        .on_conflict((
            contact_points::tenant_id,
            contact_points::contact_id,
            contact_points::kind,
            contact_points::value_norm,
        ))
        .do_update()
        .set(contact_points::updated_at.eq(ctx.now))
        .returning(ContactPoint::as_returning())
        .get_result(conn)
}

/// Writes a number as it was given last.
pub(super) fn respell(conn: &mut Conn, ctx: &Ctx, point: ContactPoint, text: &str) -> QueryResult<ContactPoint> {
    if point.kind != "phone" || point.value == text {
        return Ok(point);
    }
    let moved = (contact_points::version.eq(contact_points::version + 1), contact_points::updated_at.eq(ctx.now));
    diesel::update(contact_points::table.find((ctx.tenant, point.id)))
        .set((contact_points::value.eq(text), moved))
        .returning(ContactPoint::as_returning())
        .get_result(conn)
}

pub(super) fn update_point(
    conn: &mut Conn,
    ctx: &Ctx,
    id: ContactPointId,
    patch: &ContactPointPatch,
) -> QueryResult<Option<ContactPoint>> {
    let moved = (contact_points::version.eq(contact_points::version + 1), contact_points::updated_at.eq(ctx.now));
    diesel::update(contact_points::table.find((ctx.tenant, id)))
        .set((patch, moved))
        .returning(ContactPoint::as_returning())
        .get_result(conn)
        .optional()
}

pub(super) fn verify_point(conn: &mut Conn, ctx: &Ctx, id: ContactPointId) -> QueryResult<usize> {
    let moved = (contact_points::version.eq(contact_points::version + 1), contact_points::updated_at.eq(ctx.now));
    diesel::update(contact_points::table.find((ctx.tenant, id)))
        .set((contact_points::verified_at.eq(ctx.now), contact_points::status.eq("valid"), moved))
        .execute(conn)
}

pub(super) fn remove_point(conn: &mut Conn, ctx: &Ctx, id: ContactPointId) -> QueryResult<usize> {
    diesel::delete(contact_points::table.find((ctx.tenant, id))).execute(conn)
}

/// No point of this kind is primary any more.
pub(super) fn demote(conn: &mut Conn, ctx: &Ctx, contact: ContactId, kind: &str) -> QueryResult<usize> {
    let primary = contact_points::table
        .filter(contact_points::tenant_id.eq(ctx.tenant))
        .filter(contact_points::contact_id.eq(contact))
        .filter(contact_points::kind.eq(kind))
        .filter(contact_points::is_primary);
    diesel::update(primary).set(contact_points::is_primary.eq(false)).execute(conn)
}

/// The point with this value becomes the primary one.
pub(super) fn promote(conn: &mut Conn, ctx: &Ctx, contact: ContactId, kind: &str, value: &str) -> QueryResult<usize> {
    let point = contact_points::table
        .filter(contact_points::tenant_id.eq(ctx.tenant))
        .filter(contact_points::contact_id.eq(contact))
        .filter(contact_points::kind.eq(kind))
        .filter(contact_points::value_norm.eq(value));
    diesel::update(point).set(contact_points::is_primary.eq(true)).execute(conn)
}

/// Removes the primary point of this kind.
pub(super) fn remove_primary(conn: &mut Conn, ctx: &Ctx, contact: ContactId, kind: &str) -> QueryResult<usize> {
    let primary = contact_points::table
        .filter(contact_points::tenant_id.eq(ctx.tenant))
        .filter(contact_points::contact_id.eq(contact))
        .filter(contact_points::kind.eq(kind))
        .filter(contact_points::is_primary);
    diesel::delete(primary).execute(conn)
}

impl Batch for Contact {
    fn find(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[ContactId]) -> Result<Vec<Self>> {
        Ok(contacts::table
            .filter(contacts::tenant_id.eq(tenant))
            .filter(contacts::deleted_at.is_null())
            .filter(contacts::id.eq_any(ids))
            .select(Contact::as_select())
            .load(conn)?)
    }
}
