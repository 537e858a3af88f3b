//! What may be done with a pipeline.
use super::stage::{self, NewStage};
use super::{DEFAULT_STAYS, NAME_TAKEN, NewPipeline, Pipeline, PipelinePatch, furnish, store};
use diesel::Connection;
use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Sql};
use kernel::{Ctx, Error, PipelineId, Result, error};
use platform::Conn;
use platform::deed::{self, ByName, Upsert, Upserted, in_turn, untouched};
use platform::search::Words;

/// With its stages: those that are said, or the usual ones.
pub fn create(conn: &mut Conn, ctx: &Ctx, new: &NewPipeline) -> Result<Pipeline> {
    let usual: Vec<NewStage>;
    let stages = match &new.stages {
        Some(stages) => stages,
        None => {
            usual = furnish::usual();
            &usual
        }
    };
    stage::fit(ctx, stages)?;
    conn.transaction(|conn| {
        let is_default = takes_over(conn, ctx, new.is_default == Some(true))?;
        let pipeline = store::insert(conn, ctx, new, is_default, words(&new.name)).map_err(named)?;
        stage::insert(conn, ctx, pipeline.id, stages)?;
        Ok(pipeline)
    })
}

/// With a `base`, only if the pipeline is still at that version; without, on whatever is there now.
pub fn update(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PipelineId,
    base: Option<i32>,
    patch: &PipelinePatch,
) -> Result<Pipeline> {
    conn.transaction(|conn| {
        let mut patch = patch.clone();
        match patch.is_default {
            Some(true) if !store::find(conn, ctx, id)?.is_default => drop(takes_over(conn, ctx, true)?),
            Some(false) if store::find(conn, ctx, id)?.is_default => return Err(DEFAULT_STAYS.into()),
            _ => patch.is_default = None,
        }
        let words = patch.name.as_deref().map(words);
        match store::update(conn, ctx, id, base, &patch, words).map_err(named)? {
            Some(pipeline) => Ok(pipeline),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// The pipeline with this name is changed, or made where there is none, with its stages.
pub fn upsert(
    conn: &mut Conn,
    ctx: &Ctx,
    name: &ByName,
    ask: &Upsert<NewPipeline, PipelinePatch>,
) -> Result<Upserted<Pipeline>> {
    deed::upsert(
        conn,
        ctx,
        name,
        ask,
        (store::find_by, store::find_any),
        |conn, new| create(conn, ctx, &NewPipeline { name: name.0.clone(), ..new.clone() }),
        |conn, found, patch| update(conn, ctx, found.id, ask.base, patch),
    )
}

/// Where a pipeline is to be the default, the one that was is no more; the first one is it whatever it says.
fn takes_over(conn: &mut Conn, ctx: &Ctx, wanted: bool) -> Result<bool> {
    default_in_turn(conn, ctx)?;
    match store::default(conn, ctx)? {
        None => Ok(true),
        Some(before) if wanted => {
            let patch = PipelinePatch { is_default: Some(false), ..PipelinePatch::default() };
            store::update(conn, ctx, before, None, &patch, None)?.ok_or(error::INTERNAL)?;
            Ok(true)
        }
        Some(_) => Ok(false),
    }
}

/// What is in it stays there, and goes on.
pub fn archive(conn: &mut Conn, ctx: &Ctx, id: PipelineId, base: Option<i32>) -> Result<Pipeline> {
    conn.transaction(|conn| {
        default_in_turn(conn, ctx)?;
        if store::find(conn, ctx, id)?.is_default {
            return Err(DEFAULT_STAYS.into());
        }
        match store::set_archived(conn, ctx, id, base, true)? {
            Some(pipeline) => Ok(pipeline),
            None => Err(untouched(conn, ctx, store::find, id, base)),
        }
    })
}

/// A pipeline that is not archived is answered as it is.
pub fn restore(conn: &mut Conn, ctx: &Ctx, id: PipelineId) -> Result<Pipeline> {
    let found = store::find_any(conn, ctx, id)?;
    if found.deleted_at.is_none() {
        return Ok(found);
    }
    let done = store::set_archived(conn, ctx, id, None, false).map_err(named)?;
    done.ok_or_else(|| error::FORBIDDEN.into())
}

/// Gone for good, with its stages; refused while there are opportunities in it.
pub fn purge(conn: &mut Conn, ctx: &Ctx, id: PipelineId, base: Option<i32>) -> Result<()> {
    conn.transaction(|conn| {
        default_in_turn(conn, ctx)?;
        deed::purge(conn, ctx, id, base, store::find_any, |conn, ctx, id| {
            if store::find_any(conn, ctx, id)?.is_default {
                return Err(Error::from(DEFAULT_STAYS));
            }
            Ok(store::delete(conn, ctx, id)?)
        })
    })
}

/// Until the transaction ends, nobody else changes which is the default.
fn default_in_turn(conn: &mut Conn, ctx: &Ctx) -> Result<()> {
    in_turn(conn, &format!("{} default pipeline", ctx.tenant))
}

pub(super) fn words(name: &str) -> Vec<String> {
    Words::new().name(name).lexemes()
}

/// The constraints of the table, by the codes of the room.
pub(super) fn named(error: Sql) -> Error {
    match &error {
        Sql::DatabaseError(UniqueViolation, info) if info.constraint_name() == Some("pipelines_name_key") => {
            Error::from(NAME_TAKEN).source(error)
        }
        _ => error.into(),
    }
}
