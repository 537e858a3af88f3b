//! What a run does. Customers are read one by one and kept as little as will do; what they are is written some at a
//! time, each a transaction with how far it has come.
use super::fit::{Fitted, How, Row, Verdict, fit};
use super::model::{Model, row};
use super::{ClassCounts, ClassTransition, SegmentationRun, store};
use crate::classification::{self, Labelling, Moved};
use crate::facts::{self, Look};
use crate::segmentation::{self, Segmentation, TOO_MANY, UNREADABLE};
use crate::{accounts, rules};
use chrono::{DateTime, Duration, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use diesel::Connection;
use kernel::{Actor, Code, Ctx, Error, Result, SegmentationRunId, clock};
use platform::job::{self, Held};
use platform::segment::engine;
use platform::{Conn, crash};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

/// Customers that are written at once.
const WRITTEN: usize = 5_000;
/// How many one run holds in its memory.
const MOST: usize = 5_000_000;

#[derive(Deserialize)]
struct Payload {
    run: SegmentationRunId,
}

/// What is at hand while a run goes on.
struct Run<'a> {
    held: &'a Held,
    ctx: Ctx,
    of: Segmentation,
    run: SegmentationRun,
    is_stopping: &'a dyn Fn() -> bool,
}

/// Does a run; `is_stopping`: the worker is about to end, and the job goes back to the queue.
pub fn run(conn: &mut Conn, held: &Held, is_stopping: &dyn Fn() -> bool) -> Result<()> {
    let Payload { run: id } = serde_json::from_value(held.payload.clone()).map_err(Error::internal)?;
    let found = store::held(conn, held.tenant_id, id)?;
    let eyes = engine::eyes(conn, accounts::catalogues()?, held.tenant_id)?;
    let ctx = Ctx { actor: Actor { user: found.created_by, key: None }, ..eyes };
    let of = segmentation::store::find_any(conn, &ctx, found.segmentation_id)?;
    if found.finished_at.is_some() || of.deleted_at.is_some() {
        return job::end(conn, held, "succeeded", None);
    }
    store::start(conn, held.tenant_id, id, clock::now())?;
    let work = Run { held, ctx, of, run: found, is_stopping };
    match work.sort(conn)? {
        Ended::Sorted => job::end(conn, held, "succeeded", None),
        Ended::Stopped => job::release(conn, held),
        Ended::Cancelled => {
            super::give_up(conn, held.tenant_id, id, clock::now())?;
            job::end(conn, held, "cancelled", None)
        }
        Ended::Refused(code) => conn.transaction(|conn| {
            let failed = ("failed", Some(code.name));
            store::end(conn, held.tenant_id, id, failed, ClassCounts::default(), clock::now())?;
            job::end(conn, held, "failed", Some(code.meaning))
        }),
    }
}

enum Ended {
    Sorted,
    Stopped,
    Cancelled,
    Refused(Code),
}

impl Run<'_> {
    fn sort(&self, conn: &mut Conn) -> Result<Ended> {
        let started = clock::now();
        facts::fold(conn)?;
        let (zone, _) = facts::zone(conn, self.ctx.tenant)?;
        let (look, is_net) = (self.look(zone), self.is_net());
        let Some(rows) = self.rows(conn, &look, is_net)? else { return Ok(Ended::Refused(TOO_MANY)) };
        let Fitted { sorter, classes, verdicts, metrics } = match self.fitted(conn, &rows)? {
            Ok(fitted) => fitted,
            Err(code) => return Ok(Ended::Refused(code)),
        };
        let Look { currency, zone, from, until, .. } = look;
        let model = Model { sorter, classes, as_of_on: self.run.as_of_on, currency, zone, is_net, from, until };
        let count = i32::try_from(rows.len()).unwrap_or(i32::MAX);
        store::set_model(conn, self.ctx.tenant, self.run.id, &model, (&metrics, count))?;
        let labels = self.labels(conn, &model)?;
        let mut tally = Tally::of(&self.run);
        let both: Vec<(Row, Verdict)> = rows.into_iter().zip(verdicts).collect();
        for (at, some) in both.chunks(WRITTEN).enumerate() {
            if (self.is_stopping)() {
                return Ok(Ended::Stopped);
            }
            let done = (at * WRITTEN + some.len(), both.len());
            if !self.write(conn, some, &model, &labels, &mut tally, done)? {
                return Ok(Ended::Cancelled);
            }
        }
        self.end(conn, &mut tally, started)?;
        Ok(Ended::Sorted)
    }

    /// Which orders are looked at: those of the window, up to the day that was asked for.
    fn look(&self, zone: String) -> Look {
        let tz: Tz = zone.parse().unwrap_or(Tz::UTC);
        let begin = |days: i64| {
            let day = self.run.as_of_on.checked_add_signed(Duration::days(days))?;
            let at = tz.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest();
            Some(at.map_or_else(|| day.and_time(NaiveTime::MIN).and_utc(), |at| at.with_timezone(&Utc)))
        };
        let from = self.of.window_days.and_then(|days| begin(1 - i64::from(days)));
        let until = self.run.is_dated.then(|| begin(1)).flatten();
        Look { tenant: self.ctx.tenant, currency: self.run.currency.clone(), zone, from, until }
    }

    fn is_net(&self) -> bool {
        self.of.value.as_ref().is_some_and(|value| value.0.measure == "net_revenue")
    }

    /// All customers; nothing where they are too many.
    fn rows(&self, conn: &mut Conn, look: &Look, is_net: bool) -> Result<Option<Vec<Row>>> {
        let mut rows: Vec<Row> = Vec::new();
        facts::each(conn, look, |base| {
            rows.push(row(base, is_net));
            rows.len() <= MOST
        })?;
        Ok((rows.len() <= MOST).then_some(rows))
    }

    fn fitted(&self, conn: &mut Conn, rows: &[Row]) -> Result<std::result::Result<Fitted, Code>> {
        let how = match (&self.of.rfm, &self.of.value, &self.of.clusters, &self.of.rules) {
            (Some(rfm), ..) => How::Rfm(&rfm.0),
            (_, Some(value), ..) => How::Value(&value.0),
            (_, _, Some(clusters), _) => How::Clusters(&clusters.0),
            (.., Some(rules)) => return self.ruled(conn, rows, &rules.0),
            _ => return Ok(Err(UNREADABLE)),
        };
        Ok(fit(&how, rows, self.run.as_of_on))
    }

    fn ruled(
        &self,
        conn: &mut Conn,
        rows: &[Row],
        settings: &segmentation::RuleSettings,
    ) -> Result<std::result::Result<Fitted, Code>> {
        let (sorter, classes) = rules::sorter(settings);
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let Some(verdicts) = rules::sort(conn, &self.ctx, &sorter, &ids)? else { return Ok(Err(UNREADABLE)) };
        Ok(Ok(Fitted { sorter, classes, verdicts, metrics: json!({}) }))
    }

    /// The labels of the classes, each by its place; none where accounts are given none.
    fn labels(&self, conn: &mut Conn, model: &Model) -> Result<Labelling> {
        conn.transaction(|conn| classification::labelling(conn, &self.ctx, &self.of, &model.classes))
    }

    /// `false` where it is to end.
    fn write(
        &self,
        conn: &mut Conn,
        some: &[(Row, Verdict)],
        model: &Model,
        labels: &Labelling,
        tally: &mut Tally,
        (done, total): (usize, usize),
    ) -> Result<bool> {
        let next = conn.transaction(|conn| {
            let all: Vec<_> = some.iter().map(|(row, verdict)| (row.id, *verdict)).collect();
            let moved = classification::write(conn, &self.ctx, &self.of, (self.run.id, model), labels, &all)?;
            let mut next = tally.clone();
            next.add(moved);
            store::set_moved(conn, self.ctx.tenant, self.run.id, next.told())?;
            crash::point("segmentation_written");
            let progress = json!({"done": done, "total": total, "unit": "customers"});
            Ok::<_, Error>((!job::keep(conn, self.held, Some(&progress))?).then_some(next))
        })?;
        match next {
            Some(next) => {
                *tally = next;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Who is no customer any more is of no class; whom the run before has sorted meanwhile is sorted anew.
    fn end(&self, conn: &mut Conn, tally: &mut Tally, started: DateTime<Utc>) -> Result<()> {
        conn.transaction(|conn| {
            let tenant = self.ctx.tenant;
            tally.add(classification::end_gone(conn, &self.ctx, &self.of)?);
            store::set_moved(conn, tenant, self.run.id, tally.told())?;
            let counts = classification::store::counts(conn, tenant, self.of.id)?;
            let counts = ClassCounts(counts.into_iter().collect());
            store::end(conn, tenant, self.run.id, ("succeeded", None), counts, clock::now())?;
            segmentation::store::set_last(conn, &self.ctx, self.of.id, self.run.id)?;
            classification::store::ask_again(conn, tenant, self.of.id, self.run.id, started)?;
            crash::point("segmentation_ended");
            Ok(())
        })
    }
}

/// Who came from where so far.
#[derive(Clone, Default)]
struct Tally {
    changed: i32,
    moves: BTreeMap<(Option<String>, Option<String>), i64>,
}

impl Tally {
    /// What was written before the run was stopped is written still.
    fn of(run: &SegmentationRun) -> Self {
        let one = |one: &ClassTransition| ((one.from.clone(), one.to.clone()), one.count);
        Self { changed: run.changed_count, moves: run.transitions.0.iter().map(one).collect() }
    }

    fn add(&mut self, moved: Vec<Moved>) {
        for Moved { was, is, .. } in moved {
            self.changed = self.changed.saturating_add(1);
            *self.moves.entry((was, is)).or_default() += 1;
        }
    }

    fn told(&self) -> (i32, Vec<ClassTransition>) {
        let one = |((from, to), count): (&(Option<String>, Option<String>), &i64)| ClassTransition {
            from: from.clone(),
            to: to.clone(),
            count: *count,
        };
        (self.changed, self.moves.iter().map(one).collect())
    }
}
