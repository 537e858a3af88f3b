//! The clocks of a case are reckoned anew, by what has happened to it and what its policy says now.
use super::CaseSla;
use super::facts::Facts;
use super::policy::{Calendars, Chosen, choose};
use super::store;
use super::terms::{State, Terms};
use crate::promise::{Entry, Metric};
use crate::sla_policy::METRICS;
use kernel::event::Verb;
use kernel::{CaseId, Ctx, Result};
use platform::Conn;

/// Settles a case that is locked. What runs goes by the policy of now, what is over stays as it ended: by the terms that it
/// ended with. What begins is promised by a policy that was there then.
pub fn settle(conn: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<()> {
    let mut calendars = Calendars::default();
    let held = store::held(conn, ctx, id)?;
    let rows = store::all_of(conn, ctx, id)?;
    let chosen = choose(conn, ctx, id, &mut calendars)?;
    let facts = store::facts(conn, ctx, &held)?;
    for name in METRICS {
        for (round, _) in (1..).zip(rounds(&facts, name, &[])) {
            let row = rows.iter().find(|row| row.metric == *name && row.round == round);
            let clock = Clock { case: id, facts: &facts, name, round, row };
            clock.settle(
                conn,
                ctx,
                chosen.as_ref().and_then(|one| Some((one, one.terms(name, &held.priority)?))),
                &mut calendars,
            )?;
        }
    }
    Ok(())
}

/// The rounds of a metric, in their order; how many there are does not depend on when they pause.
fn rounds(facts: &Facts, name: &str, pausing_statuses: &[String]) -> Vec<Vec<Entry>> {
    match crate::sla_policy::metric(name) {
        Some(Metric::FirstResponse) => vec![facts.first_response(pausing_statuses)],
        Some(Metric::Resolution) => vec![facts.resolution(pausing_statuses)],
        _ => facts.next_responses(pausing_statuses),
    }
}

/// One clock of a case.
struct Clock<'a> {
    case: CaseId,
    facts: &'a Facts,
    name: &'a str,
    round: i32,
    row: Option<&'a CaseSla>,
}

impl Clock<'_> {
    fn settle(
        &self,
        conn: &mut Conn,
        ctx: &Ctx,
        now: Option<(&Chosen, Terms)>,
        calendars: &mut Calendars,
    ) -> Result<()> {
        if let Some(row) = self.row {
            let terms = Terms::of_row(row);
            if let Some(state) = self.state(conn, ctx, &terms, calendars)?.filter(State::is_over) {
                return self.put(conn, ctx, &terms, &state);
            }
        }
        match (now, self.row) {
            (Some((chosen, terms)), row) => {
                let Some(state) = self.state(conn, ctx, &terms, calendars)? else { return Ok(()) };
                match row.is_some() || chosen.was_there(state.started_at) {
                    true => self.put(conn, ctx, &terms, &state),
                    false => Ok(()),
                }
            }
            (None, Some(row)) => self.put(conn, ctx, &Terms::of_row(row), &State::cancelled(row, ctx.now)),
            (None, None) => Ok(()),
        }
    }

    /// How it stands by these terms.
    fn state(&self, conn: &mut Conn, ctx: &Ctx, terms: &Terms, calendars: &mut Calendars) -> Result<Option<State>> {
        let Some(metric) = crate::sla_policy::metric(self.name) else { return Ok(None) };
        let at = usize::try_from(self.round - 1).unwrap_or_default();
        let Some(entries) = rounds(self.facts, self.name, &terms.pausing_statuses.0).into_iter().nth(at) else {
            return Ok(None);
        };
        let calendar = calendars.get(conn, ctx, terms.calendar_id)?;
        Ok(terms.state(metric, calendar, &entries, ctx.now))
    }

    /// Writes down how it stands, where that is news, and tells what it has come to.
    fn put(&self, conn: &mut Conn, ctx: &Ctx, terms: &Terms, state: &State) -> Result<()> {
        let news = match self.row {
            Some(row) => store::update(conn, ctx, row, terms, state)?,
            None => store::insert(conn, ctx, (self.case, self.name, self.round), terms, state)?,
        };
        let Some(news) = news else { return Ok(()) };
        if state.breached_at.is_some() && !news.is_told {
            store::told(conn, ctx, news.id, Verb::SlaBreached)?;
            store::tell(conn, ctx, self.case, Verb::SlaBreached)?;
        } else if state.warns && !news.is_warned {
            store::told(conn, ctx, news.id, Verb::SlaWarned)?;
            store::tell(conn, ctx, self.case, Verb::SlaWarned)?;
        }
        Ok(())
    }
}
