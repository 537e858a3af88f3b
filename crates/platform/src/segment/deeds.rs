//! What may be done with a segment. Whoever says what is in one does so in turn, of a tenant: what segments are made of each
//! other is looked at as a whole, so that none comes to be made of itself.
use super::says::{self, Says};
use super::{
    BEYOND_SIGHT, BUILDING, CIRCULAR, DYNAMIC, FAILED, IN_USE, NOT_DYNAMIC, NewSegment, STATIC, Segment, SegmentPatch,
    store,
};
use crate::deed::{self, ByName, Upsert, Upserted, attempt, in_turn, may_own, untouched};
use crate::filter::{Seen, Whole};
use crate::visible::veil;
use crate::{Conn, audit};
use diesel::Connection;
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::{Action, Ctx, Error, Fault, Noun, Result, SegmentId, TenantId, error, text};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub fn create(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, new: &NewSegment) -> Result<Segment> {
    may_own::<Segment>(ctx, new.owner_id)?;
    let noun = says::noun(all, &new.resource)?;
    ctx.must_all(noun.noun, &[Action::Read])?;
    conn.transaction(|conn| {
        take_turn(conn, ctx.tenant)?;
        let filter = new.filter.as_deref().filter(|_| new.kind == DYNAMIC);
        let says = filter.map(|text| said(conn, ctx, all, noun, text, &new.exclude_ids)).transpose()?;
        let segment = attempt(conn, |conn| store::insert(conn, ctx, new, says.as_ref()))?;
        store::begin(conn, ctx.tenant)?;
        if says.is_some() {
            store::ask_anew(conn, ctx.tenant, segment.id.0)?;
        }
        Ok(segment)
    })
}

/// With a `base`, only if the segment is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    id: SegmentId,
    base: Option<i32>,
    patch: &SegmentPatch,
) -> Result<Segment> {
    may_own::<Segment>(ctx, patch.owner_id)?;
    if patch.filter.is_none() && patch.exclude_ids.is_none() {
        return match store::update(conn, ctx, (id, base), patch, None)? {
            Some(segment) => Ok(segment),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        };
    }
    conn.transaction(|conn| {
        take_turn(conn, ctx.tenant)?;
        let before = store::find(conn, ctx, id)?;
        if before.kind == STATIC {
            return Err(Error::invalid(
                "/filter",
                "kind",
                text!("a static segment has no filter and excludes nothing"),
            ));
        }
        let text = patch.filter.clone().or(before.filter).unwrap_or_default();
        let excludes = patch.exclude_ids.as_ref().unwrap_or(&before.exclude_ids);
        let says = said(conn, ctx, all, says::noun(all, &before.resource)?, &text, excludes)?;
        if is_made_of(conn, ctx.tenant, &says.uses, id.0)? {
            return Err(CIRCULAR.into());
        }
        let Some(segment) = store::update(conn, ctx, (id, base), patch, Some(&says))? else {
            return Err(untouched(conn, ctx, store::find, id, base));
        };
        store::ask_anew(conn, ctx.tenant, id.0)?;
        spread_needs(conn, ctx, all)?;
        Ok(segment)
    })
}

/// The segment with this name is changed, or made where there is none.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    name: &ByName,
    ask: &Upsert<NewSegment, SegmentPatch>,
) -> Result<Upserted<Segment>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, all, &NewSegment { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, all, found.id, ask.base, patch),
    )
}

/// Whoever was in it stays, out of sight; what is made of it is so no more.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: SegmentId, base: Option<i32>) -> Result<Segment> {
    conn.transaction(|conn| match store::set_archived(conn, ctx, (id, base), true, None)? {
        Some(segment) => {
            ask_those_made_of(conn, ctx.tenant, id)?;
            Ok(segment)
        }
        None => Err(untouched(conn, ctx, store::find, id, base)),
    })
}

/// One that is not archived is answered as it is. Of a dynamic one all records are asked anew.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: SegmentId) -> Result<Segment> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    conn.transaction(|conn| {
        let status = (found.kind == DYNAMIC).then_some(BUILDING);
        let segment = store::set_archived(conn, ctx, (id, None), false, status)?.ok_or(error::FORBIDDEN)?;
        if status.is_some() {
            store::ask_anew(conn, ctx.tenant, id.0)?;
        }
        ask_those_made_of(conn, ctx.tenant, id)?;
        Ok(segment)
    })
}

/// Gone for good, with who was in it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: SegmentId, base: Option<i32>) -> Result<()> {
    conn.transaction(|conn| {
        take_turn(conn, ctx.tenant)?;
        deed::purge(conn, ctx, id, base, store::find_any, |conn, ctx, id| {
            match store::is_used(conn, ctx.tenant, id.0)? {
                true => Err(Error::from(IN_USE)),
                false => Ok(store::delete(conn, ctx, id)?),
            }
        })
    })
}

/// All records are asked anew; of one that has failed, as if it were said anew.
pub fn refresh(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, id: SegmentId) -> Result<Segment> {
    conn.transaction(|conn| {
        let segment = store::lock(conn, ctx, id)?;
        let Some(segment) = segment else { return Err(untouched(conn, ctx, store::find, id, None)) };
        if segment.kind == STATIC {
            return Err(NOT_DYNAMIC.into());
        }
        if segment.status == FAILED {
            let same = SegmentPatch { filter: segment.filter, ..SegmentPatch::default() };
            return update(conn, ctx, all, id, None, &same);
        }
        store::ask_again(conn, ctx.tenant, &[id.0])?;
        audit::note(conn, ctx, "segment.refresh_asked", Segment::NAME, id, None)?;
        Ok(segment)
    })
}

fn take_turn(conn: &mut Conn, tenant: TenantId) -> Result<()> {
    in_turn(conn, &format!("{tenant} segments"))
}

fn ask_those_made_of(conn: &mut Conn, tenant: TenantId, id: SegmentId) -> Result<()> {
    let those = store::made_of(conn, tenant, &[id.0])?;
    store::ask_again(conn, tenant, &those)?;
    Ok(())
}

/// What somebody says of a segment, looked through in their eyes: all that it asks is theirs to see.
fn said(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    noun: &'static Catalogue,
    text: &str,
    excludes: &[SegmentId],
) -> Result<Says> {
    let ids: Vec<Uuid> = excludes.iter().map(|id| id.0).collect();
    let read = says::read(all, noun, text, &ids, &Seen(&ctx.grants));
    let mut says = read.map_err(|refusal| Error::from(refusal.under("/filter")))?;
    let named: Vec<SegmentId> = says.uses.iter().copied().map(SegmentId).collect();
    let others = store::many(conn, ctx, &named)?;
    let excluded = |id: &SegmentId| others.iter().any(|one| one.id == *id && one.resource == noun.noun);
    let unknown = |place: String| {
        Fault::new(place, error::UNKNOWN_REFERENCE.name, text!("there is no such segment of these records"))
    };
    let wrong = excludes.iter().enumerate().filter(|(_, id)| !excluded(id));
    let mut faults: Vec<Fault> = wrong.map(|(at, _)| unknown(format!("/exclude_ids/{at}"))).collect();
    if named.iter().any(|id| !excludes.contains(id) && !others.iter().any(|one| one.id == *id)) {
        faults.push(unknown("/filter".to_owned()));
    }
    if !faults.is_empty() {
        return Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults));
    }
    let lacks = veil::lacks(ctx);
    let lacking: Vec<&str> = says.needs.iter().filter(|need| lacks.contains(need)).map(String::as_str).collect();
    if !lacking.is_empty() {
        let detail = text!("needs to see all of these: {nouns}", nouns = lacking.join(", "));
        return Err(Error::from(BEYOND_SIGHT).detail(detail));
    }
    says.needs.extend(others.into_iter().flat_map(|one| one.needs));
    Ok(says)
}

/// Whether one of these is, in the end, made of it.
fn is_made_of(conn: &mut Conn, tenant: TenantId, uses: &BTreeSet<Uuid>, id: Uuid) -> Result<bool> {
    let made: BTreeMap<Uuid, Vec<Uuid>> =
        store::made(conn, tenant)?.into_iter().map(|one| (one.id, one.uses)).collect();
    let (mut open, mut seen): (Vec<Uuid>, BTreeSet<Uuid>) = (uses.iter().copied().collect(), BTreeSet::new());
    while let Some(one) = open.pop() {
        if one == id {
            return Ok(true);
        }
        if seen.insert(one) {
            open.extend(made.get(&one).into_iter().flatten());
        }
    }
    Ok(false)
}

/// What a segment needs is needed by all that is made of it.
fn spread_needs(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues) -> Result<()> {
    let made = store::made(conn, ctx.tenant)?;
    let own = ctx.grants.own();
    let mut needs: BTreeMap<Uuid, BTreeSet<String>> = BTreeMap::new();
    for one in &made {
        let read = says::noun(all, &one.resource).ok().zip(one.filter.as_deref());
        let read = read.and_then(|(noun, text)| says::read(all, noun, text, &one.exclude_ids, &Whole(&own)).ok());
        // what can be read no more keeps what it needed
        needs.insert(one.id, read.map_or_else(|| one.needs.iter().cloned().collect(), |says| says.needs));
    }
    let mut grows = true;
    while grows {
        grows = false;
        for one in &made {
            let more: BTreeSet<String> = one.uses.iter().filter_map(|id| needs.get(id)).flatten().cloned().collect();
            let its = needs.entry(one.id).or_default();
            let before = its.len();
            its.extend(more);
            grows |= its.len() > before;
        }
    }
    for one in made {
        let now: Vec<String> = needs.remove(&one.id).into_iter().flatten().collect();
        if now != one.needs {
            store::set_needs(conn, ctx.tenant, one.id, &now)?;
        }
    }
    Ok(())
}
