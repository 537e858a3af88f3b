//! Putting records into a static segment by hand, and taking them out.
use super::change::{Door, enter, leave};
use super::{SegmentMembersChange, SegmentMembersChanged};
use crate::deed::{in_turn, untouched};
use crate::filter::{self, Refusal};
use crate::segment::{self, NOT_STATIC, STATIC, Segment, preview};
use crate::{Conn, visible};
use kernel::catalogue::{Catalogue, Catalogues};
use kernel::{Action, Ctx, Error, Fault, Result, SegmentId, error, text};
use uuid::Uuid;

/// How many a filter moves at once.
const AT_ONCE: i64 = 10_000;

/// In a transaction. Each has to be there for the caller.
pub fn change(
    conn: &mut Conn,
    ctx: &Ctx,
    all: &'static Catalogues,
    id: SegmentId,
    asked: &SegmentMembersChange,
) -> Result<SegmentMembersChanged> {
    let Some(found) = segment::store::lock(conn, ctx, id)? else {
        return Err(untouched::<Segment>(conn, ctx, segment::find, id, None));
    };
    if found.kind != STATIC {
        return Err(NOT_STATIC.into());
    }
    let noun = segment::noun_of(all, &found)?;
    ctx.must_all(noun.noun, &[Action::Read])?;
    // who is in it already is looked at before who comes
    in_turn(conn, &format!("{} segment {id}", ctx.tenant))?;
    let is_added = asked.op == "add";
    let (records, has_more) = match (&asked.ids, &asked.filter) {
        (Some(ids), _) => (there(conn, ctx, noun, ids)?, false),
        (None, text) => {
            let text = text.as_deref().unwrap_or_default();
            let parts = filter::parts(text, noun, all, ctx).map_err(under)?;
            let wanted = preview::Wanted { noun, parts, members: Some((id.0, !is_added)) };
            let mut records = preview::ids(conn, ctx, &wanted, AT_ONCE + 1)?;
            let has_more = i64::try_from(records.len()).is_ok_and(|many| many > AT_ONCE);
            records.truncate(usize::try_from(AT_ONCE).unwrap_or_default());
            (preview::hold(conn, ctx, noun, &records)?, has_more)
        }
    };
    let door = Door { segment: id.0, resource: noun.noun, is_told: true };
    let changed = match is_added {
        true => enter(conn, ctx, door, &records)?,
        false => leave(conn, ctx, door, &records)?,
    };
    Ok(SegmentMembersChanged { changed_count: i64::try_from(changed).unwrap_or(i64::MAX), has_more })
}

fn under(refusal: Refusal) -> Error {
    refusal.under("/filter").into()
}

/// All of these, or none. They stay as they are until this is over: whoever archives one comes after.
fn there(conn: &mut Conn, ctx: &Ctx, noun: &'static Catalogue, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let held = preview::hold(conn, ctx, noun, ids)?;
    let seen = visible::among(conn, ctx, noun, &held, Action::Read)?;
    let missing = ids.iter().enumerate().filter(|(_, id)| !seen.iter().any(|(one, _)| one == *id));
    let faults: Vec<Fault> = missing
        .map(|(at, _)| {
            Fault::new(format!("/ids/{at}"), error::UNKNOWN_REFERENCE.name, text!("there is no such record"))
        })
        .collect();
    match faults.is_empty() {
        true => Ok(seen.into_iter().map(|(id, _)| id).collect()),
        false => Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults)),
    }
}
