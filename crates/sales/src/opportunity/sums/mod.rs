//! Sums of opportunities that are kept, so that a board and a forecast cost the same however many there are. By how
//! much they change is written down by triggers, in the statement that writes the opportunities; whoever writes waits
//! for nobody. A worker folds that into the sums. Whoever reads adds up what is kept and what waits, in one statement:
//! that is what all opportunities come to at that moment.
//!
//! Sums are of an owner in a team, and of all. So they say what somebody sees who sees all of it, or sees by owner and
//! team; what is shared with them beyond that is counted by itself, at the same moment. Where much is shared with
//! somebody, and where anything in particular is asked for, all opportunities are looked at.
mod store;

use super::Opportunity;
use super::schema::{board_figures, forecast_figures};
use diesel::Connection;
use kernel::catalogue::{Catalogue, Owned};
use kernel::{Ctx, Noun, Result};
use platform::filter::Listed;
use platform::{Conn, crash, visible};

/// What waits to be folded.
pub(crate) const WAITING: &str = "waiting";
/// Of all opportunities of a stage.
pub(crate) const ALL: &str = "all";
/// Of an owner in a team.
pub(crate) const SELLER: &str = "seller";
/// Of an owner in a team, and of a forecast category.
pub(crate) const PART: &str = "part";
/// Of a team, with all owners.
pub(crate) const TEAM: &str = "team";
/// Of a forecast category.
pub(crate) const CATEGORY: &str = "category";

/// How many changes are folded in one go.
const SLICE: i32 = 10_000;

static BOARD: Catalogue = kept("board_figures");
static FORECAST: Catalogue = kept("forecast_figures");

/// Rows that each stand for opportunities of one owner in one team: they are seen as those are.
const fn kept(table: &'static str) -> Catalogue {
    let owned = Owned::Rows { owner: "owner_id", team: "team_id" };
    Catalogue { noun: Opportunity::NAME, table, fields: &[], relations: &[], custom: None, owned }
}

impl Listed for board_figures::table {
    const CATALOGUE: &'static Catalogue = &BOARD;
    const ENDURES: bool = true;
}
impl Listed for forecast_figures::table {
    const CATALOGUE: &'static Catalogue = &FORECAST;
    const ENDURES: bool = true;
}

/// Whether the actor sees all opportunities.
pub(crate) fn is_whole(ctx: &Ctx) -> bool {
    visible::is_whole(ctx, Opportunity::NAME)
}

/// Whether what is kept says what the actor sees, but for the little that is shared with them.
pub(crate) fn tell(ctx: &Ctx) -> bool {
    is_whole(ctx) || !ctx.grants.has_many_shares()
}

/// Reads by several statements what is of one moment.
pub(crate) fn at_once<R>(conn: &mut Conn, read: impl FnOnce(&mut Conn) -> Result<R>) -> Result<R> {
    conn.build_transaction().repeatable_read().read_only().run(read)
}

/// Folds what waits into the sums, of all tenants; how much that was. What another worker folds at the moment is left to
/// it.
pub fn fold(conn: &mut Conn) -> Result<usize> {
    let mut all = 0;
    loop {
        let folded = conn.transaction(|conn| -> Result<i64> {
            let folded = store::fold(conn, SLICE)?;
            crash::point("opportunity_sums_folded");
            Ok(folded)
        })?;
        all += usize::try_from(folded).unwrap_or_default();
        if folded < i64::from(SLICE) {
            return Ok(all);
        }
    }
}

/// Takes sums away that have come to be of nothing; how many there were.
pub fn tidy(conn: &mut Conn) -> Result<usize> {
    Ok(usize::try_from(store::tidy(conn)?).unwrap_or_default())
}
