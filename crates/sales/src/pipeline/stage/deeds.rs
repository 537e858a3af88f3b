//! What may be done with the stages of a pipeline. Each deed locks the pipeline, and is a change of it: one version, one
//! event.
use super::{KEY_TAKEN, KINDS, KINDS_MISSING, NewStage, Stage, StagePatch, store};
use crate::opportunity;
use crate::pipeline::{self, Pipeline, PipelinePatch};
use kernel::existing::conflict;
use kernel::{Access, Ctx, Error, Existing, Fault, Noun, PipelineId, Result, StageId, error, text};
use platform::Conn;
use platform::deed::untouched;

/// The stages of a pipeline, in their order.
pub fn of(conn: &mut Conn, ctx: &Ctx, pipeline: PipelineId) -> Result<Vec<Stage>> {
    pipeline::find(conn, ctx, pipeline)?;
    store::of_all(conn, ctx, &[pipeline])
}

/// A stage of a living pipeline.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: StageId) -> Result<Stage> {
    Ok(store::meant(conn, ctx, id)?.ok_or(error::NOT_FOUND)?)
}

/// Adds a stage; with a `base`, only if the pipeline is still at that version.
pub fn add(conn: &mut Conn, ctx: &Ctx, pipeline: PipelineId, base: Option<i32>, new: &NewStage) -> Result<Stage> {
    lock(conn, ctx, pipeline, base)?;
    let there = store::of_all(conn, ctx, &[pipeline])?;
    if let Some(other) = there.iter().find(|stage| stage.key == new.key) {
        return Err(conflict(KEY_TAKEN, &[Existing::new(other.id, "key", 100)]));
    }
    let keys: Vec<&str> = there.iter().map(|stage| stage.key.as_str()).chain([new.key.as_str()]).collect();
    let mut faults = terms(&new.kind, new.probability, "");
    faults.extend(known(ctx, &new.required_fields, &new.transitions, &keys, ""));
    refuse(faults)?;
    let made = store::insert(conn, ctx, pipeline, std::slice::from_ref(new))?.pop().ok_or(error::INTERNAL)?;
    touch(conn, ctx, pipeline)?;
    Ok(made)
}

/// Changes a stage; with a `base`, only if it is still at that version.
pub fn update(conn: &mut Conn, ctx: &Ctx, id: StageId, base: Option<i32>, patch: &StagePatch) -> Result<Stage> {
    let stage = changeable(conn, ctx, id, base)?;
    let there = store::of_all(conn, ctx, &[stage.pipeline_id])?;
    let keys: Vec<&str> = there.iter().map(|stage| stage.key.as_str()).collect();
    let mut faults = terms(&stage.kind, patch.probability, "");
    let (required, transitions) = (patch.required_fields.as_deref(), patch.transitions.as_deref());
    faults.extend(known(ctx, required.unwrap_or_default(), transitions.unwrap_or_default(), &keys, ""));
    refuse(faults)?;
    let changed = store::update(conn, ctx, id, patch)?;
    touch(conn, ctx, stage.pipeline_id)?;
    Ok(changed)
}

/// Takes a stage away. Its opportunities go to `move_to`, where what is demanded there is demanded of them; without, there
/// may be none.
pub fn remove(conn: &mut Conn, ctx: &Ctx, id: StageId, base: Option<i32>, move_to: Option<StageId>) -> Result<()> {
    let stage = changeable(conn, ctx, id, base)?;
    let left = store::of_all(conn, ctx, &[stage.pipeline_id])?.into_iter().filter(|other| other.id != id);
    let kinds: Vec<String> = left.map(|other| other.kind).collect();
    if !KINDS.iter().all(|kind| kinds.iter().any(|other| other == kind)) {
        return Err(KINDS_MISSING.into());
    }
    if let Some(target) = move_to {
        let found = store::find(conn, ctx, target)?;
        if found.is_none_or(|other| other.id == id || other.pipeline_id != stage.pipeline_id) {
            let message = text!("the pipeline has no other stage of this id");
            return Err(Error::from(error::UNKNOWN_REFERENCE).fault(Fault::new(
                "?move_to",
                "unknown_reference",
                message,
            )));
        }
        opportunity::carry(conn, ctx, id, target)?;
    }
    store::forget(conn, ctx, &stage)?;
    store::delete(conn, ctx, id)?;
    touch(conn, ctx, stage.pipeline_id)
}

/// Whether these can be the stages of a new pipeline.
pub fn fit(ctx: &Ctx, stages: &[NewStage]) -> Result<()> {
    let keys: Vec<&str> = stages.iter().map(|stage| stage.key.as_str()).collect();
    let mut faults = Vec::new();
    for (at, stage) in stages.iter().enumerate() {
        let place = format!("/stages/{at}");
        if keys.iter().take(at).any(|key| *key == stage.key) {
            faults.push(Fault::new(format!("{place}/key"), "twice", text!("is the key of another stage too")));
        }
        faults.extend(terms(&stage.kind, stage.probability, &place));
        faults.extend(known(ctx, &stage.required_fields, &stage.transitions, &keys, &place));
    }
    if !KINDS.iter().all(|kind| stages.iter().any(|stage| stage.kind == *kind)) {
        let message = text!("one stage has to be open, one won, one lost");
        faults.push(Fault::new("/stages", "required", message));
    }
    refuse(faults)
}

/// What is won is certain, and what is lost is certain too.
fn terms(kind: &str, probability: Option<i32>, place: &str) -> Vec<Fault> {
    let fixed = match kind {
        "won" => Some(100),
        "lost" => Some(0),
        _ => None,
    };
    let wrong = fixed.zip(probability).filter(|(fixed, given)| fixed != given);
    let fault = |(fixed, _)| {
        let message = text!("is {fixed} in a stage of this kind", fixed);
        Fault::new(format!("{place}/probability"), "range", message)
    };
    wrong.map(fault).into_iter().collect()
}

/// Fields and stages that are there.
fn known(ctx: &Ctx, required: &[String], transitions: &[String], keys: &[&str], place: &str) -> Vec<Fault> {
    let fields = required.iter().enumerate().filter(|(_, name)| !is_field(ctx, name)).map(|(at, name)| {
        let pointer = format!("{place}/required_fields/{at}");
        Fault::new(pointer, "unknown_field", text!("unknown field `{name}`", name))
    });
    let stages = transitions.iter().enumerate().filter(|(_, key)| !keys.contains(&key.as_str())).map(|(at, key)| {
        let pointer = format!("{place}/transitions/{at}");
        Fault::new(pointer, "unknown_reference", text!("the pipeline has no stage {key}", key))
    });
    fields.chain(stages).collect()
}

/// Fields that somebody can fill in: what is always there need not be asked for, and what is hidden is not there.
fn is_field(ctx: &Ctx, name: &str) -> bool {
    let noun = opportunity::Opportunity::NAME;
    let there = match kernel::custom::key(name) {
        Some(key) => ctx.grants.own().get(noun, key).is_some(),
        None => opportunity::DEMANDED.contains(&name),
    };
    there && ctx.grants.access(noun, name) > Access::Hidden
}

fn refuse(faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

fn lock(conn: &mut Conn, ctx: &Ctx, id: PipelineId, base: Option<i32>) -> Result<Pipeline> {
    let pipeline = pipeline::store::lock(conn, ctx, id)?;
    match base.is_none_or(|version| version == pipeline.version) {
        true => Ok(pipeline),
        false => Err(untouched(conn, ctx, pipeline::find, id, base)),
    }
}

/// Locks the pipeline of a stage, and answers the stage as it is then.
fn changeable(conn: &mut Conn, ctx: &Ctx, id: StageId, base: Option<i32>) -> Result<Stage> {
    let stage = find(conn, ctx, id)?;
    lock(conn, ctx, stage.pipeline_id, None)?;
    match store::find(conn, ctx, id)? {
        Some(stage) if base.is_none_or(|version| version == stage.version) => Ok(stage),
        _ => Err(untouched(conn, ctx, find, id, base)),
    }
}

fn touch(conn: &mut Conn, ctx: &Ctx, id: PipelineId) -> Result<()> {
    let touched = pipeline::store::update(conn, ctx, id, None, &PipelinePatch::default(), None)?;
    touched.map(drop).ok_or_else(|| error::INTERNAL.into())
}
