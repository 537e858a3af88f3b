//! The places of cards on the board. A card has a rank, which is a whole number; what is put between two others gets one
//! half way, so that nothing else moves. Where no number is left between them, the cards behind make room.
//!
//! Whoever puts a card into a stage waits for whoever does so at that moment. Rank and id together are a total order,
//! whatever comes in beside that.
mod store;

use super::deeds::{changeable, write};
use super::settle::Wish;
use super::{CardMove, Opportunity, OpportunityPatch};
use kernel::{Ctx, Error, Fault, OpportunityId, Result, StageId, error, text};
use platform::Conn;
use platform::deed::in_turn;
use std::sync::atomic::{AtomicU32, Ordering};

/// Between cards that are put at an end: about a second.
const STEP: i64 = 1 << 23;
/// 2020-01-01: a rank is less than 2⁵³, which is as far as JavaScript counts, until 2055.
const BEGINNING: i64 = 1_577_836_800_000;
/// Of one millisecond.
const COUNTED: i64 = 1 << 13;
/// How many cards make room at first.
const WINDOW: i64 = 32;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A rank behind all that were given before.
pub fn last(ctx: &Ctx) -> i64 {
    let count = i64::from(COUNT.fetch_add(1, Ordering::Relaxed)).rem_euclid(COUNTED);
    (ctx.now.timestamp_millis() - BEGINNING).saturating_mul(COUNTED).saturating_add(count)
}

/// Puts a card into a stage, between others; in a transaction. Another stage is a transition, with all that it demands.
pub fn place(conn: &mut Conn, ctx: &Ctx, id: OpportunityId, base: Option<i32>, card: &CardMove) -> Result<Opportunity> {
    ctx.may_write::<Opportunity>("rank")?;
    in_turn(conn, &format!("{} board {}", ctx.tenant, card.stage_id))?;
    let before = changeable(conn, ctx, id, base)?;
    let rank = rank(conn, ctx, id, card)?;
    let patch = OpportunityPatch { stage_id: Some(card.stage_id), ..OpportunityPatch::default() };
    write(conn, ctx, &before, &patch, Wish { rank: Some(rank), ..Wish::default() })
}

fn rank(conn: &mut Conn, ctx: &Ctx, id: OpportunityId, card: &CardMove) -> Result<i64> {
    let (neighbour, pointer) = match (card.after, card.before) {
        (Some(one), _) => (one, "/after"),
        (None, Some(one)) => (one, "/before"),
        (None, None) => return Ok(last(ctx)),
    };
    let found = super::many(conn, ctx, &[neighbour])?.pop();
    let found = found.filter(|one| one.stage_id == card.stage_id && one.id != id).ok_or_else(|| {
        let message = text!("there is no such card in the stage");
        Error::from(error::UNKNOWN_REFERENCE).fault(Fault::new(pointer, error::UNKNOWN_REFERENCE.name, message))
    })?;
    let stage = card.stage_id;
    let low = match card.after {
        Some(_) => (found.rank, found.id),
        None => match store::card_before(conn, ctx, stage, id, (found.rank, found.id))? {
            Some(low) => low,
            // the first of all
            None => return Ok(found.rank.saturating_sub(STEP)),
        },
    };
    match store::cards_behind(conn, ctx, stage, id, low, 1)?.first() {
        None => Ok(last(ctx).max(low.0.saturating_add(STEP))),
        Some((high, _)) if high - low.0 >= 2 => Ok(between(low.0, *high)),
        Some(_) => make_room(conn, ctx, stage, id, low),
    }
}

fn between(low: i64, high: i64) -> i64 {
    low + (high - low) / 2
}

/// Spreads the cards behind `low` over the room that they have among themselves, or more of them, until there is a place
/// before the first.
fn make_room(conn: &mut Conn, ctx: &Ctx, stage: StageId, id: OpportunityId, low: (i64, OpportunityId)) -> Result<i64> {
    let mut window = WINDOW;
    loop {
        let mut cards = store::cards_behind(conn, ctx, stage, id, low, window + 1)?;
        let there = i64::try_from(cards.len()).unwrap_or(i64::MAX);
        let high = match there > window {
            true => cards.pop().map(|(rank, _)| rank).unwrap_or_default(),
            // behind the last there is room without end
            false => low.0.saturating_add(STEP.saturating_mul(there + 2)),
        };
        let places = i64::try_from(cards.len()).unwrap_or(i64::MAX).saturating_add(2);
        let step = (high - low.0) / places;
        if step >= 2 {
            for ((_, card), place) in cards.into_iter().zip(2..) {
                store::set_rank(conn, ctx, card, low.0 + step * place)?;
            }
            return Ok(low.0 + step);
        }
        window = window.saturating_mul(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{TenantId, UserId};

    #[test]
    fn what_comes_later_stands_behind() {
        let at = |seconds: i64| {
            let now = chrono::DateTime::from_timestamp(1_767_225_600 + seconds, 0).unwrap();
            Ctx::powerless(TenantId::new(), UserId::new(), now)
        };
        let (first, second, later) = (last(&at(0)), last(&at(0)), last(&at(1)));
        assert!(first < second && second < later);
        assert!(last(&at(900_000_000)) < 1 << 53, "JavaScript counts that far");
        assert_eq!((between(4, 6), between(-3, 4)), (5, 0));
    }
}
