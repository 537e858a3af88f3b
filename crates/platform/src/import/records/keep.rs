//! What the rows of a wave come to is written: records that change, records that are new, and what they are called.
use super::{Change, Room};
use crate::import::{Outcome, Work, Written, many};
use crate::{Conn, external};
use kernel::event::Verb;
use kernel::{Ctx, Result};
use uuid::Uuid;

/// With the statements that the room writes beside them. What is called as another record is already, is refused.
pub fn keep<R: Room>(
    conn: &mut Conn,
    ctx: &Ctx,
    work: &Work,
    mut new: Vec<Change>,
    mut changed: Vec<Change>,
    mut names: Vec<(String, Uuid)>,
    written: &mut Written,
) -> Result<()> {
    R::beside(conn, ctx, &mut changed)?;
    change_all::<R>(conn, ctx, &changed)?;
    many::insert(conn, ctx, R::CATALOGUE, new.iter().map(|one| one.after.clone()).collect())?;
    R::beside(conn, ctx, &mut new)?;
    names.extend(new.iter().filter_map(|one| Some((one.draft.external_id.clone()?, one.id))));
    if !names.is_empty() && external::put_all::<R::Record>(conn, ctx, work.plan.source_system(), &names)? < names.len()
    {
        return Err(external::EXTERNAL_ID_TAKEN.into());
    }
    for one in &changed {
        written.came(one.draft.row, Outcome::Updated, one.id);
    }
    for one in &new {
        written.came(one.draft.row, Outcome::Created, one.id);
        written.created.push((R::CATALOGUE.noun, one.id));
    }
    Ok(())
}

/// A statement for each thing that happens to some of them.
fn change_all<R: Room>(conn: &mut Conn, ctx: &Ctx, changed: &[Change]) -> Result<()> {
    let mut verbs: Vec<Verb> = Vec::new();
    for verb in changed.iter().map(R::verb) {
        if !verbs.contains(&verb) {
            verbs.push(verb);
        }
    }
    for verb in verbs {
        let rows = changed.iter().filter(|one| R::verb(one) == verb).map(|one| one.after.clone()).collect();
        many::update(conn, ctx, R::CATALOGUE, verb, rows)?;
    }
    Ok(())
}
