//! The board of a pipeline: for each stage the first cards, how many there are, and what they come to. However many stages
//! there are, it costs the same few statements; a column is gone on with by its cursor.
//!
//! Cards, counts and sums are of the opportunities that the caller sees and the filter holds. Counts and sums of all
//! that somebody sees are kept ([`sums`]).
mod store;

use super::{Opportunity, Table, sums};
use crate::pipeline::stage::{self, Stage};
use crate::pipeline::{self, Pipeline};
use kernel::{Ctx, Error, Fault, Money, OpportunityId, PipelineId, Result, StageId, error, text};
use platform::visible::By;
use platform::{Conn, Listing};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The board of a pipeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct Board {
    pub pipeline: Pipeline,
    /// one a stage, in their order
    pub columns: Vec<BoardColumn>,
}

/// A stage on the board.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardColumn {
    pub stage: Stage,
    /// by their rank
    pub cards: Vec<Opportunity>,
    /// how many there are in all
    #[schema(minimum = 0, example = 12)]
    pub count: i64,
    /// how many of them have lain here for too long
    #[schema(minimum = 0, example = 2)]
    pub rotten_count: i64,
    /// what all of them come to, by currency
    pub totals: Vec<Money>,
    /// the same in the tenant's own currency, as far as rates were known
    pub base_totals: Vec<Money>,
    /// the `cursor` that this column goes on with; null where these are all
    #[schema(required)]
    pub next_cursor: Option<String>,
    pub has_more: bool,
}

/// One column alone, behind a card.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub stage: StageId,
    pub after: Option<(i64, OpportunityId)>,
}

/// The whole board, or one column of it. `seal` makes the cursor of a column out of its last card.
pub fn of(
    conn: &mut Conn,
    ctx: &Ctx,
    id: PipelineId,
    column: Option<Column>,
    listing: &Listing<Table>,
    seal: impl Fn(StageId, &Opportunity) -> String,
) -> Result<Board> {
    let pipeline = pipeline::find(conn, ctx, id)?;
    let mut stages = stage::of_all(conn, ctx, &[id])?;
    if let Some(column) = column {
        stages.retain(|stage| stage.id == column.stage);
        if stages.is_empty() {
            let fault = Fault::new("?stage_id", "unknown_reference", text!("the pipeline has no such stage"));
            return Err(Error::from(error::UNKNOWN_PARAMETER).fault(fault));
        }
    }
    let ids: Vec<StageId> = stages.iter().map(|stage| stage.id).collect();
    let limit = usize::from(listing.limit());
    let mut cards = match column.and_then(|column| Some((column.stage, column.after?))) {
        Some((stage, after)) => store::behind(conn, ctx, stage, after, listing)?,
        None => store::first(conn, ctx, &ids, listing)?,
    };
    let mut sums = by_stage(counted(conn, ctx, &ids, listing)?);
    let columns = stages.into_iter().map(|stage| {
        let mut own: Vec<Opportunity> = Vec::new();
        cards.retain(|card| {
            let here = card.stage_id == stage.id;
            own.extend(here.then(|| card.clone()));
            !here
        });
        let has_more = own.len() > limit;
        own.truncate(limit);
        let next_cursor = own.last().filter(|_| has_more).map(|last| seal(stage.id, last));
        let Sums { count, rotten_count, totals, base } = sums.remove(&stage.id).unwrap_or_default();
        let (totals, base_totals) = (money(totals), money(base));
        BoardColumn { stage, cards: own, count, rotten_count, totals, base_totals, next_cursor, has_more }
    });
    Ok(Board { columns: columns.collect(), pipeline })
}

#[derive(Default)]
struct Sums {
    count: i64,
    rotten_count: i64,
    totals: BTreeMap<String, Decimal>,
    base: BTreeMap<String, Decimal>,
}

/// What the stages come to: out of what is kept, where that says it, else out of all opportunities.
fn counted(conn: &mut Conn, ctx: &Ctx, stages: &[StageId], listing: &Listing<Table>) -> Result<Vec<store::Sum>> {
    if !listing.is_everything() || !sums::tell(ctx) {
        return Ok(store::sums(conn, ctx, stages, listing, By::Anything)?);
    }
    if sums::is_whole(ctx) {
        return Ok(store::kept(conn, ctx, stages)?);
    }
    sums::at_once(conn, |conn| {
        let lent = store::sums(conn, ctx, stages, listing, By::Share)?;
        Ok([store::kept(conn, ctx, stages)?, lent].concat())
    })
}

fn by_stage(counted: Vec<store::Sum>) -> BTreeMap<StageId, Sums> {
    let mut all: BTreeMap<StageId, Sums> = BTreeMap::new();
    for (stage, currency, base_currency, count, rotten, total, base) in counted {
        let sums = all.entry(stage).or_default();
        sums.count += count;
        sums.rotten_count += rotten;
        for (into, currency, sum) in [(&mut sums.totals, currency, total), (&mut sums.base, base_currency, base)] {
            if let Some(sum) = sum {
                *into.entry(currency).or_default() += sum;
            }
        }
    }
    all
}

fn money(sums: BTreeMap<String, Decimal>) -> Vec<Money> {
    sums.into_iter().map(|(currency, sum)| Money::new(sum, currency)).collect()
}
