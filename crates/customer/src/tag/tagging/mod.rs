//! That a record has a tag: given and taken by whoever may change the record, and told as an event of it.
mod store;

pub(in crate::tag) use store::move_all;
pub use store::{Tagged, of_all};

use super::{MANUAL, RULE, TagAssignment, TagsAssigned, store as tags};
use crate::link::RecordLink;
use kernel::catalogue::Catalogue;
use kernel::event::Verb;
use kernel::{Action, Ctx, Error, Fault, Result, TagId, error, text};
use platform::import::many;
use platform::{Conn, custom, visible};
use uuid::Uuid;

/// Gives records a tag; all of them, or none. In a transaction.
pub fn assign(conn: &mut Conn, ctx: &Ctx, id: TagId, asked: &TagAssignment) -> Result<TagsAssigned> {
    let (noun, ids) = changeable(conn, ctx, id, asked)?;
    let source = asked.source.as_deref().unwrap_or(MANUAL);
    let new = store::put(conn, ctx, id, noun.noun, &ids, source)?;
    many::touch(conn, ctx, noun, Verb::Tagged, &new)?;
    Ok(counted(&new))
}

/// A record is given a tag by a rule of the house, if the tag is there still; whether the record did not have it. In a
/// transaction.
pub fn say(conn: &mut Conn, ctx: &Ctx, tag: TagId, resource: &'static str, record: Uuid) -> Result<bool> {
    if tags::many(conn, ctx, &[tag])?.is_empty() {
        return Ok(false);
    }
    let new = store::put(conn, ctx, tag, resource, &[record], RULE)?;
    many::retold(conn, ctx, noun(resource)?, Verb::Tagged, &new)?;
    Ok(!new.is_empty())
}

/// Takes it from them. In a transaction.
pub fn unassign(conn: &mut Conn, ctx: &Ctx, id: TagId, asked: &TagAssignment) -> Result<TagsAssigned> {
    let (noun, ids) = changeable(conn, ctx, id, asked)?;
    let gone = store::take(conn, ctx, id, noun.noun, &ids)?;
    many::touch(conn, ctx, noun, Verb::Untagged, &gone)?;
    Ok(counted(&gone))
}

/// A record has the tags of another too; those that it did not have. In a transaction.
pub fn copy(conn: &mut Conn, ctx: &Ctx, from: &RecordLink, to: &RecordLink) -> Result<Vec<TagId>> {
    let new = store::copy(conn, ctx, from, to)?;
    if !new.is_empty() {
        many::touch(conn, ctx, noun(&to.resource)?, Verb::Tagged, &[to.record_id])?;
    }
    Ok(new)
}

/// A record has a tag that was copied no more. In a transaction.
pub fn drop_copy(conn: &mut Conn, ctx: &Ctx, tag: TagId, resource: &'static str, record: Uuid) -> Result<()> {
    let gone = store::take(conn, ctx, tag, resource, &[record])?;
    many::touch(conn, ctx, noun(resource)?, Verb::Untagged, &gone)?;
    Ok(())
}

fn noun(resource: &str) -> Result<&'static Catalogue> {
    let all = custom::catalogues().ok_or_else(|| Error::internal("the catalogues are not open"))?;
    all.get(resource).ok_or_else(|| Error::internal("a tag of no noun"))
}

fn counted(ids: &[Uuid]) -> TagsAssigned {
    TagsAssigned { changed_count: i64::try_from(ids.len()).unwrap_or(i64::MAX) }
}

/// The tag is there, and all of the records are the actor's to change.
fn changeable(conn: &mut Conn, ctx: &Ctx, id: TagId, asked: &TagAssignment) -> Result<(&'static Catalogue, Vec<Uuid>)> {
    tags::find(conn, ctx, id)?;
    let all = custom::catalogues().ok_or_else(|| Error::internal("the catalogues are not open"))?;
    let noun = visible::ordinary(all, &asked.resource).filter(|noun| all.relation(noun.noun, "tags").is_some());
    let Some(noun) = noun else {
        return Err(Error::invalid("/resource", "choice", text!("is no noun whose records have tags")));
    };
    ctx.must_all(noun.noun, &[Action::Read, Action::Update])?;
    let seen = visible::among(conn, ctx, noun, &asked.ids, Action::Read)?;
    let missing = asked.ids.iter().enumerate().filter(|(_, id)| !seen.iter().any(|(one, _)| one == *id));
    let missing = missing.map(|(at, _)| {
        Fault::new(format!("/ids/{at}"), error::UNKNOWN_REFERENCE.name, text!("there is no such record"))
    });
    let faults: Vec<Fault> = missing.collect();
    if !faults.is_empty() {
        return Err(Error::from(error::UNKNOWN_REFERENCE).faults(faults));
    }
    let reached = visible::among(conn, ctx, noun, &asked.ids, Action::Update)?;
    match seen.len() == reached.len() {
        true => Ok((noun, reached.into_iter().map(|(id, _)| id).collect())),
        false => Err(error::FORBIDDEN.into()),
    }
}
