//! Values written without a field: literals, and the few functions that make one.
use super::check::{Checked, Checker};
use super::literal::{self, Bad, Literal};
use super::refusal::{FILTER_TYPE_MISMATCH, FILTER_UNKNOWN_FUNCTION};
use super::syntax::{Expr, What};
use super::time;
use super::tree::Math;
use chrono::TimeDelta;
use chrono_tz::Tz;
use kernel::text;
use rust_decimal::Decimal;

/// What a constant expression is worth. A span of time is none of the literals: it stands beside a moment only.
enum Made {
    Literal(Literal),
    Span(TimeDelta),
}

impl Checker<'_> {
    pub fn constant(&self, e: &Expr) -> Checked<Literal> {
        match self.made(e)? {
            Made::Literal(literal) => Ok(literal),
            Made::Span(_) => Err(self.mismatch(e, text!("a duration stands beside a moment only"))),
        }
    }

    fn made(&self, e: &Expr) -> Checked<Made> {
        let nonsense = || self.mismatch(e, text!("these values do not go together"));
        Ok(Made::Literal(match &e.what {
            What::Null => Literal::Null,
            What::Bool(b) => Literal::Bool(*b),
            What::Text(s) => Literal::Text(s.clone()),
            What::Number(n) => Literal::Number(*n),
            What::Negative(inner) => match self.constant(inner)? {
                Literal::Number(n) => Literal::Number(-n),
                _ => return Err(nonsense()),
            },
            What::Math { op, left, right } => {
                let moved = match (op, self.made(left)?, self.made(right)?) {
                    (op, Made::Literal(Literal::Number(a)), Made::Literal(Literal::Number(b))) => {
                        reckon(*op, a, b).map(Literal::Number)
                    }
                    (Math::Add, Made::Literal(at), Made::Span(by)) => moved(&at, by),
                    (Math::Sub, Made::Literal(at), Made::Span(by)) => moved(&at, -by),
                    _ => None,
                };
                moved.ok_or_else(nonsense)?
            }
            What::Call { on: None, name, args } => return self.function(e, name, args),
            What::Call { name, .. } => return Err(self.unknown_function(e, name)),
            _ => return Err(self.refuse(e, FILTER_TYPE_MISMATCH, text!("a value is expected here"))),
        }))
    }

    fn function(&self, e: &Expr, name: &str, args: &[Expr]) -> Checked<Made> {
        let refuse = |(code, detail): Bad| self.refuse(e, code, detail);
        let args = args.iter().map(|arg| self.constant(arg)).collect::<Checked<Vec<_>>>()?;
        Ok(Made::Literal(match (name, args.as_slice()) {
            ("now", []) => Literal::FromNow(TimeDelta::zero()),
            ("today", []) => Literal::FromToday(TimeDelta::zero(), Tz::UTC),
            ("today", [Literal::Text(s)]) => Literal::FromToday(TimeDelta::zero(), time::zone(s).map_err(refuse)?),
            ("me", []) => Literal::Me,
            ("days_ago", [Literal::Number(n)]) => Literal::FromNow(-time::days(*n).map_err(refuse)?),
            ("timestamp", [Literal::Text(s)]) => Literal::Instant(time::instant(s).map_err(refuse)?),
            ("date", [Literal::Text(s)]) => Literal::Date(time::date(s).map_err(refuse)?),
            ("decimal", [Literal::Text(s)]) => Literal::Number(literal::number(s).map_err(refuse)?),
            ("duration", [Literal::Text(s)]) => return time::duration(s).map(Made::Span).map_err(refuse),
            _ => {
                return Err(self.refuse(e, FILTER_UNKNOWN_FUNCTION, text!("there is no {name} of these values", name)));
            }
        }))
    }
}

fn reckon(op: Math, a: Decimal, b: Decimal) -> Option<Decimal> {
    match op {
        Math::Add => a.checked_add(b),
        Math::Sub => a.checked_sub(b),
        Math::Mul => a.checked_mul(b),
    }
}

fn moved(at: &Literal, by: TimeDelta) -> Option<Literal> {
    match at {
        Literal::FromNow(delta) => time::sum(*delta, by).map(Literal::FromNow),
        Literal::FromToday(delta, zone) => time::sum(*delta, by).map(|delta| Literal::FromToday(delta, *zone)),
        Literal::Instant(t) => t.checked_add_signed(by).map(Literal::Instant),
        Literal::Date(d) => time::moved(*d, by).map(Literal::Date),
        _ => None,
    }
}
