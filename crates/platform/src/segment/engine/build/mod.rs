//! A look at everybody: all records of the noun, in the order of their ids, a chunk at a time. Between two chunks it stands
//! still and what happens is followed, for those who were asked and for those who are to be; so it may take as long as it
//! likes, and goes on where it stood.
mod store;

use super::store::{Build, holding, lock};
use super::{Live, Work, guarded, settle, status};
use crate::Conn;
use crate::segment::store as segments;
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use kernel::Result;
use uuid::Uuid;

/// Records in one chunk.
const CHUNK: i64 = 5_000;

/// A chunk of one that is under way, and those that are due begin; whether there is more. One at a time, for the order of
/// events waits for a transaction that writes.
pub(super) fn go_on(conn: &mut Conn, work: &Work, live: &[Live]) -> Result<bool> {
    let due: Vec<Uuid> = live.iter().filter(|one| one.is_due(work.ctx.now)).map(|one| one.row.id).collect();
    ask_again(conn, work, &due)?;
    let under_way = live.iter().filter(|one| one.says.is_some()).find_map(|one| Some((one, one.row.build.as_ref()?)));
    if let Some((one, build)) = under_way {
        guarded(conn, work, one, |conn| chunk(conn, work, one, build))?;
    }
    Ok(store::is_building(conn, work.ctx.tenant)?)
}

/// All are to be asked once more.
pub(super) fn ask_again(conn: &mut Conn, work: &Work, ids: &[Uuid]) -> Result<()> {
    if !ids.is_empty() {
        segments::ask_again(conn, work.ctx.tenant, ids)?;
    }
    Ok(())
}

fn chunk(conn: &mut Conn, work: &Work, one: &Live, build: &Build) -> Result<()> {
    let tenant = work.ctx.tenant;
    let ids = store::some(conn, tenant, one.noun, build.after_id, CHUNK)?;
    let is_last = i64::try_from(ids.len()).is_ok_and(|many| many < CHUNK);
    let upto = ids.last().copied().filter(|_| !is_last);
    let holds = holding(conn, work, one, &ids)?;
    let members = store::members(conn, tenant, one.row.id, (build.after_id, upto))?;
    settle(conn, work, one, &holds, &members)?;
    let begun_at = build.begun_at.unwrap_or(work.ctx.now);
    if is_last {
        return end(conn, work, one, build, begun_at);
    }
    let total = match build.begun_at {
        Some(_) => build.total,
        None => store::count(conn, tenant, one.noun)?,
    };
    let many = i64::try_from(ids.len()).unwrap_or_default();
    store::advance(
        conn,
        tenant,
        one.row.id,
        &Build { after_id: upto, looked: build.looked + many, total, begun_at: Some(begun_at), ..*build },
    )?;
    Ok(())
}

/// Unless it was begun anew, or is to be, everybody was asked.
fn end(conn: &mut Conn, work: &Work, one: &Live, build: &Build, begun_at: DateTime<Utc>) -> Result<()> {
    let (tenant, id) = (work.ctx.tenant, one.row.id);
    // whoever says something else of it takes this row first, too
    let Some(status) = lock(conn, tenant, id)? else { return Ok(()) };
    if !store::end(conn, tenant, id, build.run_id)? {
        return Ok(());
    }
    store::set_refreshed(conn, tenant, id, work.ctx.now, one.row.is_hourly().then(|| next_hour(work.ctx.now)))?;
    if status == crate::segment::BUILDING {
        let took = (kernel::clock::now() - begun_at).num_milliseconds();
        status::ready(conn, work, &one.row, took)?;
    }
    if one.row.built_at.is_none() {
        // who was there from the beginning was told to nobody, nor to those that are made of it
        let those = segments::made_of(conn, tenant, &[id])?;
        ask_again(conn, work, &those)?;
    }
    crate::crash::point("segment_built");
    Ok(())
}

fn next_hour(now: DateTime<Utc>) -> DateTime<Utc> {
    let hour = TimeDelta::hours(1);
    now.duration_trunc(hour).unwrap_or(now) + hour
}
