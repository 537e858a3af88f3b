//! The one rule of stages. Whatever writes an opportunity comes through here: what follows from its stage is settled before
//! it is written ([`settle`]), what the stage demands is asked of what was written ([`demand`]), in one transaction.
//!
//! Whoever enters a stage has all that it demands; whoever is in it takes nothing of that away. Another stage brings its
//! own probability and forecast category, unless something else is said with it; in a stage that is won or lost they are
//! what they are.
use super::worth::{self, Worth};
use super::{Opportunity, TRANSITION_REFUSED, moving, rotting};
use crate::pipeline::{self, Pipeline, stage};
use chrono::{DateTime, Utc};
use kernel::event::Verb;
use kernel::{Access, Action, Ctx, Error, Fault, Noun, PipelineId, Reach, Result, StageId, error, text};
use platform::Conn;
use platform::custom::option_set;
use rust_decimal::Decimal;
use serde_json::Value;
use stage::Stage;

/// Fields that a stage may demand: the others are there anyway.
pub const DEMANDED: &[&str] = &[
    "team_id",
    "account_id",
    "amount",
    "base_amount",
    "expected_close_on",
    "opportunity_type",
    "source",
    "next_step",
    "lost_reason",
    "competitors",
];
/// Where a tenant has choices of this name, a reason is one of them.
const REASONS: &str = "lost_reasons";

/// What is asked of an opportunity's way.
#[derive(Clone, Debug, Default)]
pub struct Wish<'a> {
    pub pipeline: Option<PipelineId>,
    pub stage: Option<StageId>,
    pub probability: Option<i32>,
    pub category: Option<&'a str>,
    pub closed_at: Option<DateTime<Utc>>,
    /// its place among the others, where it has been chosen
    pub rank: Option<i64>,
}

/// The columns that follow.
#[derive(Clone, Debug)]
pub struct Settled {
    pub pipeline_id: PipelineId,
    pub stage_id: StageId,
    pub currency: String,
    pub amount: Option<Decimal>,
    pub base_amount: Option<Decimal>,
    pub base_currency: String,
    pub exchange_rate: Option<Decimal>,
    pub probability: i32,
    pub expected_amount: Option<Decimal>,
    pub forecast_category: String,
    pub closed_at: Option<DateTime<Utc>>,
    pub stage_entered_at: DateTime<Utc>,
    pub rots_at: Option<DateTime<Utc>>,
    pub is_rotten: bool,
    /// whether another stay in a stage begins
    pub enters: bool,
    pub rank: i64,
}

/// The stage that an opportunity comes to, or is in, and the one that it comes from.
pub struct Step {
    pub from: Option<Stage>,
    pub to: Stage,
}

impl Step {
    pub fn enters(&self) -> bool {
        self.from.as_ref().is_none_or(|from| from.id != self.to.id)
    }

    /// It was won or lost, and is open again.
    pub fn reopens(&self) -> bool {
        self.to.is_open() && self.from.as_ref().is_some_and(|from| !from.is_open())
    }

    /// What has happened to one that was there.
    pub fn verb(&self) -> Verb {
        match self.to.kind.as_str() {
            _ if !self.enters() => Verb::Updated,
            "won" => Verb::Won,
            "lost" => Verb::Lost,
            _ if self.reopens() => Verb::Reopened,
            _ => Verb::StageChanged,
        }
    }
}

/// What follows from the stage that is wished for, or from the one it is in.
pub fn settle(
    conn: &mut Conn,
    ctx: &Ctx,
    before: Option<&Opportunity>,
    wish: &Wish,
    worth: &Worth,
) -> Result<(Settled, Step)> {
    let step = step(conn, ctx, before, wish)?;
    let (to, enters) = (&step.to, step.enters());
    let here = before.filter(|_| !enters);
    let (probability, category) = certainty(here, to, wish)?;
    let closed_at = match to.is_open() {
        true if wish.closed_at.is_some() => {
            return Err(Error::invalid("/closed_at", "open", text!("it is open: nothing has closed it")));
        }
        true => None,
        false => wish.closed_at.or(here.and_then(|one| one.closed_at)).or(Some(ctx.now)),
    };
    let rots_at = match here {
        Some(one) => one.rots_at,
        None => rotting::due(conn, ctx, before.map(|one| one.id), to, ctx.now)?,
    };
    // what stays open, or closed as it was, keeps its rate
    let kept = before.filter(|one| one.currency == worth.currency);
    let stays = kept.is_some_and(|one| one.closed_at == closed_at);
    let day = (!stays).then(|| closed_at.unwrap_or(ctx.now).date_naive());
    let based = worth::based(conn, ctx, worth, kept, day)?;
    let settled = Settled {
        pipeline_id: to.pipeline_id,
        stage_id: to.id,
        currency: worth.currency.clone(),
        amount: worth.amount,
        base_amount: based.amount,
        base_currency: based.currency,
        exchange_rate: based.rate,
        probability,
        expected_amount: worth::expected(worth, probability),
        forecast_category: category,
        closed_at,
        stage_entered_at: here.map_or(ctx.now, |one| one.stage_entered_at),
        rots_at,
        is_rotten: here.is_some_and(|one| one.is_rotten),
        enters,
        rank: wish.rank.or(here.map(|one| one.rank)).unwrap_or_else(|| moving::last(ctx)),
    };
    Ok((settled, step))
}

/// From where to where, if one leads to the other.
fn step(conn: &mut Conn, ctx: &Ctx, before: Option<&Opportunity>, wish: &Wish) -> Result<Step> {
    let from = match before {
        Some(before) => Some(stage::many(conn, ctx, &[before.stage_id])?.pop().ok_or(error::INTERNAL)?),
        None => None,
    };
    let stays = |from: &Stage| wish.stage.is_none_or(|id| id == from.id);
    if let Some(here) = from.clone().filter(stays) {
        return Ok(Step { from, to: here });
    }
    let to = target(conn, ctx, wish)?;
    match &from {
        Some(here) if !here.leads_to(&to) => Err(TRANSITION_REFUSED.into()),
        _ => Ok(Step { from, to }),
    }
}

/// The stage that is named, or the first one of the pipeline that is named or is the default.
fn target(conn: &mut Conn, ctx: &Ctx, wish: &Wish) -> Result<Stage> {
    let unknown = |pointer: &str| {
        let fault = Fault::new(pointer, error::UNKNOWN_REFERENCE.name, text!("there is no such record"));
        Error::from(error::UNKNOWN_REFERENCE).fault(fault)
    };
    let sees = ctx.reach::<Pipeline>(Action::Read) > Reach::None;
    if let Some(id) = wish.stage {
        let found = stage::meant(conn, ctx, id)?.filter(|_| sees).ok_or_else(|| unknown("/stage_id"))?;
        return match wish.pipeline {
            Some(pipeline) if pipeline != found.pipeline_id => Err(unknown("/stage_id")),
            _ => Ok(found),
        };
    }
    let pipeline = match wish.pipeline.filter(|_| sees) {
        Some(pipeline) => pipeline,
        None if wish.pipeline.is_some() => return Err(unknown("/pipeline_id")),
        None => pipeline::default(conn, ctx)?.ok_or_else(|| unknown("/pipeline_id"))?,
    };
    stage::begun(conn, ctx, pipeline)?.ok_or_else(|| unknown("/pipeline_id"))
}

/// `here` is the opportunity, where it stays in its stage.
fn certainty(here: Option<&Opportunity>, to: &Stage, wish: &Wish) -> Result<(i32, String)> {
    let probability = wish.probability.or(here.map(|one| one.probability)).unwrap_or(to.probability);
    if !to.is_open() && probability != to.probability {
        let message = text!("is {fixed} in a stage of this kind", fixed = to.probability);
        return Err(Error::invalid("/probability", "range", message));
    }
    let category = wish.category.or(here.map(|one| one.forecast_category.as_str())).unwrap_or(&to.forecast_category);
    Ok((probability, category.to_owned()))
}

/// Whether what was written has what its stage demands: all that is missing, at once.
pub fn demand(ctx: &Ctx, step: &Step, before: Option<&Opportunity>, after: &Opportunity) -> Result<()> {
    if step.to.required_fields.is_empty() {
        return Ok(());
    }
    // who is there already may lack what was demanded later
    let lacked = match before.filter(|_| !step.enters()) {
        Some(before) => missing(&step.to, before)?,
        None => Vec::new(),
    };
    let missing = missing(&step.to, after)?;
    let mut faults: Vec<Fault> =
        missing.iter().filter(|name| !lacked.contains(name)).map(|name| missed(ctx, &step.to, name)).collect();
    faults.dedup();
    if faults.is_empty() { Ok(()) } else { Err(Error::from(error::INVALID).faults(faults)) }
}

/// What is hidden from the caller is not named.
fn missed(ctx: &Ctx, stage: &Stage, name: &str) -> Fault {
    if ctx.grants.access(Opportunity::NAME, name) == Access::Hidden {
        return Fault::new("/stage_id", "required", text!("the stage demands what is held back from the caller"));
    }
    let pointer = format!("/{}", name.replace('.', "/"));
    Fault::new(pointer, "required", text!("is needed in the stage \"{stage}\"", stage = stage.name))
}

fn missing<'a>(stage: &'a Stage, record: &Opportunity) -> Result<Vec<&'a str>> {
    let record = serde_json::to_value(record).map_err(Error::internal)?;
    let lacks = |name: &&str| {
        let value = match kernel::custom::key(name) {
            Some(key) => record.get("custom").and_then(|custom| custom.get(key)),
            None => record.get(*name),
        };
        match value {
            None | Some(Value::Null) => true,
            Some(Value::String(text)) => text.trim().is_empty(),
            Some(Value::Array(items)) => items.is_empty(),
            Some(_) => false,
        }
    };
    Ok(stage.required_fields.iter().map(String::as_str).filter(lacks).collect())
}

/// A reason is one of those that the tenant has listed, if it has listed any.
pub fn is_reason(conn: &mut Conn, ctx: &Ctx, reason: Option<&str>) -> Result<()> {
    let Some(reason) = reason else { return Ok(()) };
    let Some(listed) = option_set::called(conn, ctx, REASONS)? else { return Ok(()) };
    if listed.offered().any(|key| key == reason) {
        return Ok(());
    }
    let choices = listed.offered().collect::<Vec<_>>().join(", ");
    Err(Error::invalid("/lost_reason", "choice", text!("is none of {choices}", choices)))
}
