//! Packs: figures that most businesses ask for, as queries like any other, of a stretch of days. Each is asked as whoever
//! looks; what they may not ask is its own fault.
mod customer;
mod sales;

use crate::query::{self, Figures, FiguresDimension, FiguresMeasure, FiguresQuery};
use chrono::{DateTime, Months, NaiveDate, SecondsFormat, Utc};
use chrono_tz::Tz;
use diesel::Connection;
use kernel::catalogue::Catalogues;
use kernel::{Ctx, Error, Fault, Result, error, text};
use platform::Conn;
use platform::tally::{self, Bucket, Op, midnight};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// The most days that a pack is of.
const MOST_DAYS: i64 = 3_660;

/// Which pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pack {
    Sales,
    Customer,
}

/// Of which days, by whose clock.
#[derive(Clone, Debug)]
pub struct Span {
    pub from: NaiveDate,
    /// the day after the last
    pub until: NaiveDate,
    pub zone: Tz,
}

impl Span {
    /// The twelve months up to today, where nothing else is said.
    pub fn of(now: DateTime<Utc>, from: Option<&str>, until: Option<&str>, zone: Option<&str>) -> Result<Self> {
        let mut faults = Vec::new();
        let zone = zone.map_or(Ok(Tz::UTC), str::parse::<Tz>).unwrap_or_else(|_| {
            faults.push(Fault::new("?time_zone", "time_zone", text!("is no time zone like Asia/Shanghai")));
            Tz::UTC
        });
        let mut day = |name: &str, said: Option<&str>, otherwise: NaiveDate| match said.map(str::parse::<NaiveDate>) {
            None => otherwise,
            Some(Ok(day)) if (1900..=9000).contains(&chrono::Datelike::year(&day)) => day,
            Some(_) => {
                faults.push(Fault::new(format!("?{name}"), "date", text!("is no day like 2026-01-31")));
                otherwise
            }
        };
        let today = now.with_timezone(&zone).date_naive();
        let until = day("until", until, today.succ_opt().unwrap_or(today));
        let from = day("from", from, until.checked_sub_months(Months::new(12)).unwrap_or(until));
        if faults.is_empty() && !(1..=MOST_DAYS).contains(&(until - from).num_days()) {
            faults.push(Fault::new(
                "?until",
                "range",
                text!("is from one day to {most} days behind", most = MOST_DAYS),
            ));
        }
        if faults.is_empty() {
            Ok(Self { from, until, zone })
        } else {
            Err(Error::from(error::UNKNOWN_PARAMETER).faults(faults))
        }
    }

    /// A condition on a moment: that it falls into these days.
    fn holds(&self, field: &str) -> String {
        format!("{field} >= {} && {field} < {}", self.moment(self.from), self.moment(self.until))
    }

    /// When a day begins, as filters have it.
    fn moment(&self, day: NaiveDate) -> String {
        let at = midnight(day, self.zone).unwrap_or_else(|| day.and_time(chrono::NaiveTime::MIN).and_utc());
        format!("timestamp(\"{}\")", at.to_rfc3339_opts(SecondsFormat::Secs, true))
    }

    /// The month of a moment.
    fn month(&self, field: &str) -> FiguresDimension {
        let (bucket, time_zone) = (Some(Bucket::Month), Some(self.zone.name().to_owned()));
        FiguresDimension { field: field.to_owned(), bucket, time_zone, name: None }
    }
}

/// Figures of a pack, under their name.
#[derive(Debug)]
pub struct Part {
    pub name: &'static str,
    pub figures: Result<Figures>,
}

/// What is asked, and a figure that is made of all parts: a share of won deals, of those who came back.
#[derive(Debug)]
pub struct Packed {
    pub parts: Vec<Part>,
    pub rates: Map<String, Value>,
}

pub fn pack(conn: &mut Conn, ctx: &Ctx, all: &'static Catalogues, pack: Pack, span: &Span) -> Result<Packed> {
    let queries = match pack {
        Pack::Sales => sales::queries(span),
        Pack::Customer => customer::queries(span),
    };
    let parts: Vec<Part> = tally::snapshot(conn, |conn| {
        let one = |(name, query): (&'static str, FiguresQuery)| {
            // in a savepoint, so that the next can be asked where this one fails
            Part { name, figures: conn.transaction(|conn| query::run(conn, ctx, all, &query)) }
        };
        Ok(queries.into_iter().map(one).collect())
    })?;
    let rates = match pack {
        Pack::Sales => sales::rates(&parts),
        Pack::Customer => customer::rates(&parts),
    };
    Ok(Packed { parts, rates })
}

fn query(resource: &str, measures: &[(Op, Option<&str>, &str)], dimensions: Vec<FiguresDimension>) -> FiguresQuery {
    let measure = |(op, field, name): &(Op, Option<&str>, &str)| FiguresMeasure {
        op: *op,
        field: field.map(str::to_owned),
        name: Some((*name).to_owned()),
    };
    let measures = measures.iter().map(measure).collect();
    FiguresQuery { resource: resource.to_owned(), measures, dimensions, ..FiguresQuery::default() }
}

fn by(field: &str) -> FiguresDimension {
    FiguresDimension { field: field.to_owned(), bucket: None, time_zone: None, name: None }
}

fn figures<'a>(parts: &'a [Part], name: &str) -> Option<&'a Figures> {
    parts.iter().find(|part| part.name == name).and_then(|part| part.figures.as_ref().ok())
}

/// What share one number is of another; none of nothing.
fn share(of: Decimal, all: Decimal) -> Value {
    of.checked_div(all).map_or(Value::Null, |share| share.round_dp(6).normalize().to_string().into())
}

fn number(row: &Map<String, Value>, name: &str) -> Decimal {
    row.get(name).and_then(query::number).unwrap_or_default()
}
