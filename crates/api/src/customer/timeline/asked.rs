//! What they have asked for: cases, step by step.
use super::TimelineEntry;
use super::sorts::{Place, Subject, below, entry, rows, seen};
use ::service::case::milestone::{self, About, Below};
use kernel::Ctx;
use platform::Conn;

pub fn cases(
    conn: &mut Conn,
    ctx: &Ctx,
    of: &Subject,
    place: Place,
    limit: usize,
) -> kernel::Result<Vec<TimelineEntry>> {
    let Some(about) = About::of(of.noun.noun, of.id) else { return Ok(Vec::new()) };
    let found = milestone::of(conn, ctx, about, lower(place), rows(limit))?;
    let entries = found.into_iter().map(|(case, step)| {
        let told = entry("case", step.occurred_at, case.id.0, seen(ctx, "case", &case)?);
        let place = format!("{} {}", told.place, step.position);
        Ok(TimelineEntry { step: Some(step.step), place, ..told })
    });
    entries.collect()
}

fn lower(place: Place) -> Below {
    let (moment, position) = place?.rsplit_once(' ')?;
    let (at, id) = below(Some(moment))?;
    Some((at, id, position.parse().ok()?))
}
