//! Which cases are looked at: those of which a filter holds, and of these so many of a hundred, by a hash of their ids. The
//! same are chosen whenever it is asked, and a larger sample holds every smaller one.
mod store;

use crate::case::{Case, Table as Cases};
use crate::qa::scorecard::{self, QaScorecard};
use kernel::{Ctx, Error, QaScorecardId, Result, error};
use platform::filter::{Filter, Seen};
use platform::{Conn, custom};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// What a sample is drawn by, where it is not what the scorecard says.
#[derive(Clone, Debug, Default)]
pub struct Draw {
    pub filter: Option<String>,
    pub percent: Option<Decimal>,
    pub limit: i64,
}

/// The newest cases of the sample that the caller sees and that nobody has judged by the scorecard yet.
pub fn of(conn: &mut Conn, ctx: &Ctx, id: QaScorecardId, draw: &Draw) -> Result<Vec<Case>> {
    let all = custom::catalogues().ok_or_else(|| Error::internal("the catalogues are not open"))?;
    let compiled = |text: &str| {
        Filter::<Cases>::compile(text, all, &Seen(&ctx.grants)).map_err(|refusal| {
            let error = Error::from(refusal.under("?filter"));
            Error::from(error::INVALID).faults(error.faults)
        })
    };
    // what is asked is looked at before whether there is such a card
    let asked = draw.filter.as_deref().map(&compiled).transpose()?;
    let card: QaScorecard = scorecard::find(conn, ctx, id)?;
    let filter = match asked {
        Some(asked) => Some(asked),
        None => card.filter.as_deref().map(compiled).transpose()?,
    };
    let percent = draw.percent.unwrap_or(card.sample_percent);
    Ok(store::drawn(conn, ctx, id, filter.as_ref(), (below(percent), draw.limit))?)
}

/// The highest hash of so many of a hundred: hashes are spread over all whole numbers of 64 bits. Nothing, where there are
/// none.
fn below(percent: Decimal) -> Option<i64> {
    let all = Decimal::from(u64::MAX);
    let part = (all * percent / Decimal::ONE_HUNDRED).trunc().to_i128()?;
    if part <= 0 {
        return None;
    }
    i64::try_from(i128::from(i64::MIN) + part).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_is_all_and_nothing_is_none() {
        assert_eq!(below(Decimal::ONE_HUNDRED), Some(i64::MAX));
        assert_eq!(below(Decimal::ZERO), None);
        assert_eq!(below(Decimal::from(50)), Some(-1));
        assert!(below(Decimal::from(10)) < below(Decimal::from(11)));
    }
}
