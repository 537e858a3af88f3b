//! What may be done with a business calendar.
use super::{BusinessCalendar, BusinessCalendarPatch, NewBusinessCalendar, store, terms};
use diesel::Connection;
use kernel::{BusinessCalendarId, Ctx, Result, error};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, untouched};
use platform::search::Words;

/// A new default takes the place of the one before.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewBusinessCalendar) -> Result<BusinessCalendar> {
    terms::sound(&new.time_zone, &new.weekly, &new.holidays)?;
    conn.transaction(|conn| {
        if new.is_default {
            store::no_other_default(conn, ctx, None)?;
        }
        Ok(store::insert(conn, ctx, new, words(&new.name))?)
    })
}

/// With a `base`, only if the calendar is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: BusinessCalendarId,
    base: Option<i32>,
    patch: &BusinessCalendarPatch,
) -> Result<BusinessCalendar> {
    conn.transaction(|conn| {
        let before = store::lock(conn, ctx, id)?;
        let zone = patch.time_zone.as_ref().unwrap_or(&before.time_zone);
        let weekly = patch.weekly.as_ref().unwrap_or(&before.weekly.0);
        terms::sound(zone, weekly, patch.holidays.as_ref().unwrap_or(&before.holidays.0))?;
        if patch.is_default == Some(true) {
            store::no_other_default(conn, ctx, Some(id))?;
        }
        match store::update(conn, ctx, id, base, patch, patch.name.as_deref().map(words))? {
            Some(calendar) => Ok(calendar),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// The calendar with this name is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewBusinessCalendar, BusinessCalendarPatch>,
) -> Result<Upserted<BusinessCalendar>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewBusinessCalendar { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// What runs by it goes by the default from then on.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: BusinessCalendarId, base: Option<i32>) -> Result<BusinessCalendar> {
    match store::set_archived(conn, ctx, id, base, true)? {
        Some(calendar) => Ok(calendar),
        None => Err(untouched(conn, ctx, store::find, id, base)),
    }
}

/// A calendar that is not archived is answered as it is. One that was the default is so again.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: BusinessCalendarId) -> Result<BusinessCalendar> {
    conn.transaction(|conn| {
        let found = store::find_any(conn, ctx, id)?;
        if found.deleted_at.is_none() {
            return Ok(found);
        }
        if found.is_default {
            store::no_other_default(conn, ctx, Some(id))?;
        }
        store::set_archived(conn, ctx, id, None, false)?.ok_or_else(|| error::FORBIDDEN.into())
    })
}

/// Gone for good; refused while a policy names it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: BusinessCalendarId, base: Option<i32>) -> Result<()> {
    deed::purge(conn, ctx, id, base, store::find_any, store::delete)
}

fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}
