//! What came of it: leads, deals, offers, contracts and money, step by step.
use super::TimelineEntry;
use super::sorts::{Place, Subject, below, entry, rows, seen};
use ::sales::milestone::{self, Below, Step};
use ::sales::order;
use chrono::{DateTime, Utc};
use kernel::{Ctx, OrderId, Record};
use platform::Conn;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

type Found = kernel::Result<Vec<TimelineEntry>>;

pub fn orders(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> Found {
    let Some(whose) = of.whose() else { return Ok(Vec::new()) };
    let below = below(place).map(|(at, id)| (at, OrderId(id)));
    let found = order::newest(conn, ctx, whose, below, rows(limit))?;
    found.iter().map(|one| Ok(entry("order", one.placed_at, one.id.0, seen(ctx, "order", one)?))).collect()
}

pub fn leads(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> Found {
    let Some(about) = of.about() else { return Ok(Vec::new()) };
    steps(ctx, milestone::leads(conn, ctx, about, lower(place), rows(limit))?)
}

pub fn quotes(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> Found {
    let Some(about) = of.about() else { return Ok(Vec::new()) };
    steps(ctx, milestone::quotes(conn, ctx, about, lower(place), rows(limit))?)
}

pub fn contracts(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> Found {
    let Some(about) = of.about() else { return Ok(Vec::new()) };
    steps(ctx, milestone::contracts(conn, ctx, about, lower(place), rows(limit))?)
}

pub fn payments(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> Found {
    let Some(about) = of.about() else { return Ok(Vec::new()) };
    steps(ctx, milestone::payments(conn, ctx, about, lower(place), rows(limit))?)
}

/// Each with its contract.
pub fn installments(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> Found {
    let Some(about) = of.about() else { return Ok(Vec::new()) };
    let found = milestone::installments(conn, ctx, about, lower(place), rows(limit))?;
    let entries = found.into_iter().map(|(one, contract, step)| {
        let record = with(seen(ctx, "installment", &one)?, "contract", seen(ctx, "contract", &contract)?);
        Ok(stepped("installment", one.id.0, record, step))
    });
    entries.collect()
}

/// Where it has been, each time with the opportunity.
pub fn opportunities(conn: &mut Conn, ctx: &Ctx, of: &Subject, place: Place, limit: usize) -> Found {
    let Some(about) = of.about() else { return Ok(Vec::new()) };
    let found = milestone::opportunities(conn, ctx, about, below(place), rows(limit))?;
    let entries = found.iter().map(|(change, deal)| {
        let record = with(seen(ctx, "stage_change", change)?, "opportunity", seen(ctx, "opportunity", deal)?);
        let told = entry("opportunity", change.changed_at, change.id.0, record);
        Ok(TimelineEntry { step: Some(change.step().to_owned()), ..told })
    });
    entries.collect()
}

fn steps<R: Record + Serialize>(ctx: &Ctx, found: Vec<(R, Step)>) -> Found {
    found
        .into_iter()
        .map(|(one, step)| Ok(stepped(R::NAME, one.id().into(), seen(ctx, R::NAME, &one)?, step)))
        .collect()
}

/// Of one record and one moment, by which of its steps it is.
fn stepped(kind: &'static str, id: Uuid, record: Value, step: Step) -> TimelineEntry {
    let told = entry(kind, step.occurred_at, id, record);
    TimelineEntry { step: Some(step.step), place: format!("{} {}", told.place, step.position), ..told }
}

fn lower(place: Place) -> Below {
    let (moment, position) = place?.rsplit_once(' ')?;
    let (at, id): (DateTime<Utc>, Uuid) = below(Some(moment))?;
    Some((at, id, position.parse().ok()?))
}

fn with(mut record: Value, name: &str, other: Value) -> Value {
    if let Some(members) = record.as_object_mut() {
        members.insert(name.to_owned(), other);
    }
    record
}
