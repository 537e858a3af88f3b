//! The statement of a tally, put together of pieces: rows that the caller sees, grouped, and cut.
use super::{Bound, Bucket, Comparison, Cut, Group, Op, Place, Shift, Tally, Within};
use crate::filter::{self, Part, Refusal, Value};
use crate::visible::{self, predicate};
use chrono_tz::Tz;
use kernel::catalogue::{Kind, Owned};
use kernel::{Action, Ctx};

static GROUPS: [&str; 24] = [
    "g0", "g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8", "g9", "g10", "g11", "g12", "g13", "g14", "g15", "g16", "g17",
    "g18", "g19", "g20", "g21", "g22", "g23",
];
static VALUES: [&str; 16] =
    ["v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15"];
static MEASURES: [&str; 16] =
    ["m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12", "m13", "m14", "m15"];
/// A place that no query opens makes an error, never another's value.
const NOWHERE: &str = "nowhere";

/// What stands behind `SELECT`: each row an array of texts.
pub(super) fn statement(tally: &Tally, ctx: &Ctx, cut: &Cut) -> Result<Vec<Part>, Refusal> {
    let mut out = vec![Part::Sql("ARRAY[")];
    let places = cut.by.iter().map(|at| Place::Group(*at)).chain((0..tally.measures.len()).map(Place::Measure));
    for (at, place) in places.enumerate() {
        out.push(Part::Sql(if at == 0 { "" } else { ", " }));
        out.extend(told(tally, place));
    }
    out.push(Part::Sql("] FROM (SELECT "));
    out.extend(grouped(tally, cut));
    out.push(Part::Sql(" FROM (SELECT TRUE"));
    out.extend(values(tally, ctx, cut));
    out.extend(rows(tally, ctx)?);
    out.push(Part::Sql(") AS r"));
    for (at, group) in cut.by.iter().enumerate() {
        out.push(Part::Sql(if at == 0 { " GROUP BY " } else { ", " }));
        out.extend(of("r", GROUPS.get(*group)));
    }
    out.push(Part::Sql(") AS q"));
    out.extend(having(cut));
    out.extend(order(cut));
    out.push(Part::Sql(" LIMIT "));
    out.push(Part::Bind(Value::Int(i64::from(cut.limit))));
    Ok(out)
}

fn of(row: &'static str, name: Option<&&'static str>) -> [Part; 3] {
    [Part::Name(row), Part::Sql("."), Part::Name(name.copied().unwrap_or(NOWHERE))]
}

fn place(place: Place) -> [Part; 3] {
    match place {
        Place::Group(at) => of("q", GROUPS.get(at)),
        Place::Measure(at) => of("q", MEASURES.get(at)),
    }
}

/// A value as text; a moment by the clock of UTC, whatever the server's is.
fn told(tally: &Tally, at: Place) -> Vec<Part> {
    let is_moment = match at {
        Place::Group(at) => tally.groups.get(at).is_some_and(Group::is_moment),
        Place::Measure(at) => tally.measures.get(at).is_some_and(|measure| {
            !measure.op.counts() && measure.term.as_ref().is_some_and(|term| term.holds() == Kind::Instant)
        }),
    };
    let (open, close) = match is_moment {
        true => ("to_char(", " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"),
        false => ("CAST(", " AS text)"),
    };
    [vec![Part::Sql(open)], place(at).to_vec(), vec![Part::Sql(close)]].concat()
}

impl Group {
    /// Whether its values are moments: buckets are days, but for hours.
    pub fn is_moment(&self) -> bool {
        match self.bucket {
            Some((bucket, _)) => bucket == Bucket::Hour,
            None => self.term.holds() == Kind::Instant,
        }
    }
}

fn grouped(tally: &Tally, cut: &Cut) -> Vec<Part> {
    let mut out = Vec::new();
    for group in &cut.by {
        out.extend(of("r", GROUPS.get(*group)));
        out.push(Part::Sql(", "));
    }
    for (at, measure) in tally.measures.iter().enumerate() {
        out.push(Part::Sql(if at == 0 { "" } else { ", " }));
        let (open, close) = match measure.op {
            Op::Count => ("count(", ")"),
            Op::CountDistinct => ("count(DISTINCT ", ")"),
            Op::Sum => ("sum(", ")"),
            Op::Avg => ("round(avg(", "), 6)"),
            Op::Min => ("min(", ")"),
            Op::Max => ("max(", ")"),
        };
        out.push(Part::Sql(open));
        match &measure.term {
            Some(_) => out.extend(of("r", VALUES.get(at))),
            None => out.push(Part::Sql("*")),
        }
        out.extend([Part::Sql(close), Part::Sql(" AS ")]);
        out.push(Part::Name(MEASURES.get(at).copied().unwrap_or(NOWHERE)));
    }
    out
}

/// What of each row is looked at.
fn values(tally: &Tally, ctx: &Ctx, cut: &Cut) -> Vec<Part> {
    let mut out = Vec::new();
    for (at, group) in tally.groups.iter().enumerate().filter(|(at, _)| cut.by.contains(at)) {
        out.push(Part::Sql(", "));
        out.extend(bucketed(group, ctx));
        out.extend([Part::Sql(" AS "), Part::Name(GROUPS.get(at).copied().unwrap_or(NOWHERE))]);
    }
    for (at, measure) in tally.measures.iter().enumerate() {
        let Some(term) = &measure.term else { continue };
        out.push(Part::Sql(", "));
        out.extend(term.parts(ctx));
        out.extend([Part::Sql(" AS "), Part::Name(VALUES.get(at).copied().unwrap_or(NOWHERE))]);
    }
    out
}

/// The beginning of the stretch that a value falls in, as a day there; of an hour the moment, for one is there twice when
/// clocks are put back.
fn bucketed(group: &Group, ctx: &Ctx) -> Vec<Part> {
    let Some((bucket, zone)) = group.bucket else { return group.term.parts(ctx) };
    let local = local(group, ctx, zone);
    let name = Part::Bind(Value::Text(zone.name().to_owned()));
    let open = match bucket {
        Bucket::Hour if group.shift == Shift::default() => {
            let open = vec![Part::Sql("date_trunc('hour', ")];
            return [open, group.term.parts(ctx), vec![Part::Sql(", "), name, Part::Sql(")")]].concat();
        }
        Bucket::Hour => {
            let (open, between) = (vec![Part::Sql("date_trunc('hour', ")], Part::Sql(" AT TIME ZONE "));
            return [open, local, vec![between, name.clone(), Part::Sql(", "), name, Part::Sql(")")]].concat();
        }
        Bucket::Day => "CAST(date_trunc('day', ",
        Bucket::Week => "CAST(date_trunc('week', ",
        Bucket::Month => "CAST(date_trunc('month', ",
        Bucket::Quarter => "CAST(date_trunc('quarter', ",
        Bucket::Year => "CAST(date_trunc('year', ",
    };
    [vec![Part::Sql(open)], local, vec![Part::Sql(") AS date)")]].concat()
}

/// What a clock on the wall shows, moved as far as what is compared is earlier.
fn local(group: &Group, ctx: &Ctx, zone: Tz) -> Vec<Part> {
    let value = group.term.parts(ctx);
    let mut out = match group.term.holds() {
        Kind::Date => [vec![Part::Sql("(CAST(")], value, vec![Part::Sql(" AS timestamp)")]].concat(),
        _ => {
            let zone = vec![Part::Sql(" AT TIME ZONE "), Part::Bind(Value::Text(zone.name().to_owned()))];
            [vec![Part::Sql("(")], value, zone].concat()
        }
    };
    let Shift { months, days } = group.shift;
    if group.shift != Shift::default() {
        out.push(Part::Sql(" + make_interval(months => CAST("));
        out.push(Part::Bind(Value::Int(months.into())));
        out.push(Part::Sql(" AS int), days => CAST("));
        out.push(Part::Bind(Value::Int(days.into())));
        out.push(Part::Sql(" AS int))"));
    }
    out.push(Part::Sql(")"));
    out
}

/// ` FROM … WHERE …`: the tenant's rows in use that the caller sees, and may take out where that is asked.
fn rows(tally: &Tally, ctx: &Ctx) -> Result<Vec<Part>, Refusal> {
    let noun = tally.noun;
    let mut out = vec![Part::Sql(" FROM "), Part::Name(noun.table), Part::Sql(" WHERE ")];
    out.extend(of(noun.table, Some(&"tenant_id")));
    out.extend([Part::Sql(" = "), Part::Bind(Value::Id(ctx.tenant.into())), Part::Sql(" AND ")]);
    let seen = match noun.owned {
        Owned::Part { .. } => visible::listed(ctx, tally.catalogues, noun, tally.is_out),
        _ if tally.is_out => predicate(ctx, noun, noun.table, Action::Export),
        _ => predicate(ctx, noun, noun.table, Action::Read),
    };
    out.extend(seen);
    if let Some(archived) = noun.field("deleted_at") {
        out.push(Part::Sql(" AND "));
        out.extend(of(noun.table, Some(&archived.column)));
        out.push(Part::Sql(" IS NULL"));
    }
    if let Some(text) = &tally.filter {
        out.push(Part::Sql(" AND ("));
        out.extend(filter::parts(text, noun, tally.catalogues, ctx)?);
        out.push(Part::Sql(")"));
    }
    if let Some(within) = &tally.within {
        out.extend(between(within, ctx));
    }
    Ok(out)
}

fn between(within: &Within, ctx: &Ctx) -> Vec<Part> {
    let (from, until) = match within.term.holds() {
        Kind::Date => (Value::Date(within.days.0), Value::Date(within.days.1)),
        _ => (Value::Instant(within.moments.0), Value::Instant(within.moments.1)),
    };
    let value = within.term.parts(ctx);
    let mut out = vec![Part::Sql(" AND ")];
    out.extend(value.iter().cloned());
    out.extend([Part::Sql(" >= "), Part::Bind(from), Part::Sql(" AND ")]);
    out.extend(value);
    out.extend([Part::Sql(" < "), Part::Bind(until)]);
    out
}

fn having(cut: &Cut) -> Vec<Part> {
    let mut out = Vec::new();
    for (at, (measure, comparison, bound)) in cut.having.iter().enumerate() {
        out.push(Part::Sql(if at == 0 { " WHERE " } else { " AND " }));
        out.extend(place(Place::Measure(*measure)));
        out.push(Part::Sql(match comparison {
            Comparison::Eq => " = ",
            Comparison::Ne => " IS DISTINCT FROM ",
            Comparison::Lt => " < ",
            Comparison::Le => " <= ",
            Comparison::Gt => " > ",
            Comparison::Ge => " >= ",
        }));
        out.push(Part::Bind(match bound {
            Bound::Number(number) => Value::Decimal(*number),
            Bound::Day(day) => Value::Date(*day),
            Bound::Moment(at) => Value::Instant(*at),
        }));
    }
    out
}

/// As asked, and by all groups behind that, so that the same rows come in the same order.
fn order(cut: &Cut) -> Vec<Part> {
    let rest = cut.by.iter().map(|at| (Place::Group(*at), false));
    let rest = rest.filter(|(group, _)| !cut.order.iter().any(|(asked, _)| asked == group));
    let mut out = Vec::new();
    for (at, (by, down)) in cut.order.iter().copied().chain(rest).enumerate() {
        out.push(Part::Sql(if at == 0 { " ORDER BY " } else { ", " }));
        out.extend(place(by));
        out.push(Part::Sql(if down { " DESC NULLS LAST" } else { " ASC NULLS LAST" }));
    }
    out
}
