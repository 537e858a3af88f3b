//! Records that come into a segment, and that leave it, many by one statement, with the events that tell of it.
mod store;

use super::{Standing, standing};
use crate::Conn;
use diesel::result::QueryResult;
use kernel::event::Verb;
use kernel::{Ctx, SegmentMemberId};
use std::collections::HashMap;
use store::{Made, Moved, Of, run};
use uuid::Uuid;

/// Which segment, of what, and whether who comes and goes is told.
#[derive(Clone, Copy, Debug)]
pub(in crate::segment) struct Door<'a> {
    pub segment: Uuid,
    pub resource: &'a str,
    pub is_told: bool,
}

/// These records are in it from now on; how many were not. Whoever calls it is the only one who does, for this segment.
pub(in crate::segment) fn enter(conn: &mut Conn, ctx: &Ctx, door: Door, records: &[Uuid]) -> QueryResult<usize> {
    if records.is_empty() {
        return Ok(0);
    }
    let known: HashMap<Uuid, Standing> = standing(conn, ctx.tenant, door.segment, records)?;
    let fresh: Vec<Uuid> = records.iter().filter(|id| !known.contains_key(id)).copied().collect();
    let ids: Vec<SegmentMemberId> = fresh.iter().map(|_| SegmentMemberId::new()).collect();
    let back: Vec<SegmentMemberId> = known.values().filter(|one| !one.is_in).map(|one| one.id).collect();
    let of = Of { tenant: ctx.tenant.0, segment: door.segment, now: ctx.now };
    let made = Made { of, resource: door.resource.to_owned(), ids: ids.clone(), records: fresh };
    let came = run(conn, ctx, (Verb::Entered, door.is_told), ids, made)?;
    Ok(came + run(conn, ctx, (Verb::Entered, door.is_told), back.clone(), Moved { of, ids: back, is_in: true })?)
}

/// These records are in it no more; how many were.
pub(in crate::segment) fn leave(conn: &mut Conn, ctx: &Ctx, door: Door, records: &[Uuid]) -> QueryResult<usize> {
    if records.is_empty() {
        return Ok(0);
    }
    let known = standing(conn, ctx.tenant, door.segment, records)?;
    let ids: Vec<SegmentMemberId> = known.values().filter(|one| one.is_in).map(|one| one.id).collect();
    let of = Of { tenant: ctx.tenant.0, segment: door.segment, now: ctx.now };
    run(conn, ctx, (Verb::Left, door.is_told), ids.clone(), Moved { of, ids, is_in: false })
}
