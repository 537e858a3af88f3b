//! A tally, asked.
use super::pieces::statement;
use super::{Cut, Tally};
use crate::Conn;
use crate::filter::Question;
use crate::listing::Explained;
use diesel::RunQueryDsl;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::sql_types::{Array, Nullable, Text};
use kernel::{Ctx, Error, Result, error, text};

/// A row, each of its values as text.
pub type Row = Vec<Option<String>>;

/// What the planner may expect a statement to cost.
const DEAREST: f64 = 30_000_000.0;

/// The rows of a cut: the values of its groups, and those of all measures behind them.
pub fn rows(conn: &mut Conn, ctx: &Ctx, tally: &Tally, cut: &Cut) -> Result<Vec<Row>> {
    Ok(question(ctx, tally, cut)?.load(conn)?)
}

/// Refused where the planner expects it to take too long.
pub fn affordable(conn: &mut Conn, ctx: &Ctx, tally: &Tally, cut: &Cut) -> Result<()> {
    let cost = Explained(question(ctx, tally, cut)?).cost(conn)?;
    if cost > DEAREST {
        return Err(Error::from(error::QUERY_TOO_COSTLY)
            .detail(text!("so many records are looked at that it would take too long: narrow the filter")));
    }
    Ok(())
}

/// Several looks at one state of the database; inside of a transaction, at what that sees.
pub fn snapshot<R>(conn: &mut Conn, look: impl FnOnce(&mut Conn) -> Result<R>) -> Result<R> {
    let depth = AnsiTransactionManager::transaction_manager_status_mut(conn).transaction_depth();
    if depth.ok().flatten().is_some() {
        return look(conn);
    }
    conn.build_transaction().repeatable_read().read_only().run(look)
}

fn question(ctx: &Ctx, tally: &Tally, cut: &Cut) -> Result<Question<Array<Nullable<Text>>>> {
    Ok(Question::new(statement(tally, ctx, cut)?).uncached())
}
