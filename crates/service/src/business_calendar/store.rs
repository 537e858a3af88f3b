//! The queries of a business calendar. `scope` is the only way in.
use super::schema::business_calendars;
use super::{BusinessCalendar, BusinessCalendarPatch, Holidays, NewBusinessCalendar, Weekly};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{BusinessCalendarId, Ctx, Page, Result, TenantId};
use platform::deed::{ByName, in_turn};
use platform::search::array_to_tsvector;
use platform::{Batch, Conn, Listing, Record};

/// The calendars of the tenant, archived ones too: they belong to nobody, so the permission at the door is enough.
#[auto_type]
fn scope(ctx: &Ctx) -> _ {
    let tenant: TenantId = ctx.tenant;
    business_calendars::table.filter(business_calendars::tenant_id.eq(tenant))
}

pub fn find(conn: &mut Conn, ctx: &Ctx, id: BusinessCalendarId) -> Result<BusinessCalendar> {
    let living = scope(ctx).filter(business_calendars::deleted_at.is_null());
    Ok(living.filter(business_calendars::id.eq(id)).select(BusinessCalendar::as_select()).first(conn)?)
}

/// The calendar whether living or archived.
pub(crate) fn find_any(conn: &mut Conn, ctx: &Ctx, id: BusinessCalendarId) -> QueryResult<BusinessCalendar> {
    scope(ctx).filter(business_calendars::id.eq(id)).select(BusinessCalendar::as_select()).first(conn)
}

/// The living calendars with this name; several may share one, and few are enough to know.
pub(super) fn find_by(conn: &mut Conn, ctx: &Ctx, name: &ByName) -> Result<Vec<BusinessCalendar>> {
    let living = scope(ctx).filter(business_calendars::deleted_at.is_null());
    Ok(living
        .filter(business_calendars::name.eq(&name.0))
        .limit(10)
        .select(BusinessCalendar::as_select())
        .load(conn)?)
}

pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    listing: &Listing<business_calendars::table>,
) -> Result<Page<BusinessCalendar>> {
    listing.page(
        conn,
        ctx,
        |conn, ask| {
            let page = scope(ctx).filter(ask.matching()).order(ask.order()).limit(ask.limit());
            page.select((BusinessCalendar::as_select(), ask.keys())).load(conn)
        },
        |ask| scope(ctx).filter(ask.matching()).select(business_calendars::id),
        |calendar| &calendar.name,
    )
}

pub(super) fn lock(conn: &mut Conn, ctx: &Ctx, id: BusinessCalendarId) -> QueryResult<BusinessCalendar> {
    let living = scope(ctx).filter(business_calendars::deleted_at.is_null());
    living.filter(business_calendars::id.eq(id)).for_update().select(BusinessCalendar::as_select()).first(conn)
}

pub(super) fn insert(
    conn: &mut Conn,
    ctx: &Ctx,
    new: &NewBusinessCalendar,
    words: Vec<String>,
) -> QueryResult<BusinessCalendar> {
    let given = (
        business_calendars::tenant_id.eq(ctx.tenant),
        business_calendars::id.eq(new.id.unwrap_or_else(BusinessCalendarId::new)),
        business_calendars::created_at.eq(ctx.now),
        business_calendars::updated_at.eq(ctx.now),
        business_calendars::created_by.eq(ctx.actor.user),
        business_calendars::updated_by.eq(ctx.actor.user),
        business_calendars::weekly.eq(Weekly(new.weekly.clone())),
        business_calendars::holidays.eq(Holidays(new.holidays.clone())),
        business_calendars::search.eq(array_to_tsvector(words)),
    );
    diesel::insert_into(business_calendars::table)
        .values((given, new))
        .returning(BusinessCalendar::as_returning())
        .recorded::<BusinessCalendar>(ctx, Verb::Created)
        .get_result(conn)
}

/// Nothing comes back where the calendar is not there, or is no longer at version `base`.
pub(super) fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: BusinessCalendarId,
    base: Option<i32>,
    patch: &BusinessCalendarPatch,
    words: Option<Vec<String>>,
) -> QueryResult<Option<BusinessCalendar>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let target = scope(ctx)
        .filter(business_calendars::deleted_at.is_null())
        .filter(business_calendars::id.eq(id))
        .filter(business_calendars::version.between(oldest, newest));
    let moved = (
        business_calendars::version.eq(business_calendars::version + 1),
        business_calendars::updated_at.eq(ctx.now),
        business_calendars::updated_by.eq(ctx.actor.user),
        patch.weekly.clone().map(|weekly| business_calendars::weekly.eq(Weekly(weekly))),
        patch.holidays.clone().map(|holidays| business_calendars::holidays.eq(Holidays(holidays))),
        words.map(|words| business_calendars::search.eq(array_to_tsvector(words))),
    );
    diesel::update(target)
        .set((patch, moved))
        .returning(BusinessCalendar::as_returning())
        .recorded::<BusinessCalendar>(ctx, Verb::Updated)
        .get_result(conn)
        .optional()
}

/// Archives a living calendar, or restores an archived one.
pub(super) fn set_archived(
    conn: &mut Conn,
    ctx: &Ctx,
    id: BusinessCalendarId,
    base: Option<i32>,
    archived: bool,
) -> QueryResult<Option<BusinessCalendar>> {
    let (oldest, newest) = base.map_or((i32::MIN, i32::MAX), |version| (version, version));
    let (verb, at) = if archived { (Verb::Deleted, Some(ctx.now)) } else { (Verb::Restored, None) };
    let target = scope(ctx)
        .filter(business_calendars::deleted_at.is_null().eq(archived))
        .filter(business_calendars::id.eq(id))
        .filter(business_calendars::version.between(oldest, newest));
    let moved = (
        business_calendars::deleted_at.eq(at),
        business_calendars::version.eq(business_calendars::version + 1),
        business_calendars::updated_at.eq(ctx.now),
        business_calendars::updated_by.eq(ctx.actor.user),
    );
    diesel::update(target)
        .set(moved)
        .returning(BusinessCalendar::as_returning())
        .recorded::<BusinessCalendar>(ctx, verb)
        .get_result(conn)
        .optional()
}

pub(super) fn delete(conn: &mut Conn, ctx: &Ctx, id: BusinessCalendarId) -> QueryResult<Option<BusinessCalendar>> {
    diesel::delete(scope(ctx).filter(business_calendars::id.eq(id)))
        .returning(BusinessCalendar::as_returning())
        .recorded::<BusinessCalendar>(ctx, Verb::Purged)
        .get_result(conn)
        .optional()
}

/// The living ones among `ids`, in no order.
pub fn many(conn: &mut Conn, ctx: &Ctx, ids: &[BusinessCalendarId]) -> Result<Vec<BusinessCalendar>> {
    let living = scope(ctx).filter(business_calendars::deleted_at.is_null());
    Ok(living.filter(business_calendars::id.eq_any(ids)).select(BusinessCalendar::as_select()).load(conn)?)
}

/// The one that holds where nobody names another.
pub(crate) fn default(conn: &mut Conn, ctx: &Ctx) -> QueryResult<Option<BusinessCalendar>> {
    let living = scope(ctx).filter(business_calendars::deleted_at.is_null());
    living.filter(business_calendars::is_default).select(BusinessCalendar::as_select()).first(conn).optional()
}

/// The default that there is gives way, unless it is this one. In a transaction, until whose end nobody else makes one.
pub(super) fn no_other_default(conn: &mut Conn, ctx: &Ctx, but: Option<BusinessCalendarId>) -> Result<()> {
    in_turn(conn, &format!("{} default business calendar", ctx.tenant))?;
    let Some(other) = default(conn, ctx)?.filter(|one| Some(one.id) != but) else { return Ok(()) };
    let patch = BusinessCalendarPatch { is_default: Some(false), ..BusinessCalendarPatch::default() };
    update(conn, ctx, other.id, None, &patch, None)?;
    Ok(())
}

impl Batch for BusinessCalendar {
    fn find(conn: &mut Conn, ctx: &Ctx, id: BusinessCalendarId) -> Result<Self> {
        find(conn, ctx, id)
    }
    fn batch(conn: &mut Conn, tenant: TenantId, ids: &[BusinessCalendarId]) -> Result<Vec<Self>> {
        Ok(business_calendars::table
            .filter(business_calendars::tenant_id.eq(tenant))
            .filter(business_calendars::deleted_at.is_null())
            .filter(business_calendars::id.eq_any(ids))
            .select(BusinessCalendar::as_select())
            .load(conn)?)
    }
}
