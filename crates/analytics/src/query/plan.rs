//! A query, looked through for whoever asks: what it names is there for them and makes sense, or all its faults.
use super::{FiguresColumn, FiguresDimension, FiguresMeasure, FiguresQuery, MOST_ROWS, ROWS, Role, earlier, value};
use chrono_tz::Tz;
use kernel::catalogue::{Catalogue, Catalogues, Kind};
use kernel::{Action, Ctx, Error, Fault, Result, text};
use platform::tally::{self, Bucket, Cut, Group, Measure, NOT_ASKABLE, Op, Shift, Tally, Term};
use std::collections::BTreeSet;

/// A query that can be asked.
#[derive(Clone, Debug)]
pub struct Plan {
    pub tally: Tally,
    /// the same of the time that it is compared with
    pub earlier: Option<Tally>,
    /// of the groups, and of the measures behind them
    pub columns: Vec<FiguresColumn>,
    /// how many groups were asked for: those behind them are currencies
    pub dimensions: usize,
    pub cut: Cut,
    pub has_order: bool,
}

/// The noun of a query, if the caller may look at such records, and take them out where they are.
pub fn noun(ctx: &Ctx, all: &'static Catalogues, resource: &str, is_out: bool) -> Result<&'static Catalogue> {
    let Some(noun) = all.get(resource).filter(|noun| tally::is_askable(noun)) else {
        let fault = Fault::new("/resource", "choice", text!("is no noun whose records are looked at"));
        return Err(Error::from(NOT_ASKABLE).fault(fault));
    };
    let object = all.permission(noun.noun).unwrap_or(noun.noun);
    let actions: &[Action] = if is_out { &[Action::Read, Action::Export] } else { &[Action::Read] };
    ctx.must_all(object, actions)?;
    Ok(noun)
}

impl Plan {
    pub fn of(ctx: &Ctx, all: &'static Catalogues, query: &FiguresQuery, is_out: bool) -> Result<Self> {
        let noun = noun(ctx, all, &query.resource, is_out)?;
        let mut reader =
            Reader { ctx, noun, all, is_out, faults: Vec::new(), taken: BTreeSet::new(), columns: Vec::new() };
        let plan = reader.plan(query);
        match plan.filter(|_| reader.faults.is_empty()) {
            Some(plan) => Ok(plan),
            None => Err(Error::from(NOT_ASKABLE).faults(reader.faults)),
        }
    }

    /// Cuts by fewer groups: by the first ones, and by each one alone. Currencies stay.
    pub fn subtotals(&self) -> Vec<Vec<usize>> {
        let firsts = (1..self.dimensions).map(|count| (0..count).collect::<Vec<_>>());
        let alone = (1..self.dimensions).map(|at| vec![at]);
        firsts.chain(alone).map(|by| self.with_currencies(by)).collect()
    }

    /// And what money is in.
    pub fn with_currencies(&self, mut by: Vec<usize>) -> Vec<usize> {
        let currencies = self.tally.measures.iter().filter_map(|measure| measure.currency);
        let missing: BTreeSet<usize> = currencies.filter(|at| !by.contains(at)).collect();
        by.extend(missing);
        by
    }
}

pub(super) struct Reader<'a> {
    ctx: &'a Ctx,
    noun: &'static Catalogue,
    all: &'static Catalogues,
    is_out: bool,
    faults: Vec<Fault>,
    taken: BTreeSet<String>,
    pub(super) columns: Vec<FiguresColumn>,
}

impl Reader<'_> {
    fn plan(&mut self, query: &FiguresQuery) -> Option<Plan> {
        let filter = query.filter.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let fault = filter.and_then(|text| tally::fault_of(self.ctx, self.noun, self.all, text, "/filter"));
        self.faults.extend(fault);
        let mut groups: Vec<Group> = Vec::new();
        for (at, dimension) in query.dimensions.iter().enumerate() {
            groups.extend(self.group(at, dimension));
        }
        let measures: Vec<(Measure, FiguresColumn)> =
            query.measures.iter().enumerate().filter_map(|(at, measure)| self.measure(at, measure)).collect();
        let dimensions = groups.len();
        let measures = self.with_currencies(&mut groups, measures);
        let having = query.having.iter().enumerate().filter_map(|(at, bound)| self.bound(at, bound, &measures));
        let having: Vec<_> = having.collect();
        let order = self.order(query.sort.as_deref(), groups.len());
        let compared = query.compare.as_ref().map(|compare| self.compared(compare));
        let (within, before) = match compared {
            None => (None, None),
            Some(compared) => compared.map(|(within, before)| (Some(within), Some(before)))?,
        };
        let tally = Tally {
            noun: self.noun,
            catalogues: self.all,
            groups,
            measures,
            filter: filter.map(str::to_owned),
            within,
            is_out: self.is_out,
        };
        let by = (0..tally.groups.len()).collect();
        let limit = query.limit.unwrap_or(ROWS).clamp(1, MOST_ROWS) + 1;
        Some(Plan {
            earlier: before.map(|(within, shift)| earlier::moved(self.ctx, &tally, within, shift)),
            columns: std::mem::take(&mut self.columns),
            dimensions,
            has_order: !order.is_empty(),
            cut: Cut { by, having, order, limit },
            tally,
        })
    }

    pub(super) fn refuse(&mut self, pointer: String, code: &str, message: kernel::Text) {
        self.faults.push(Fault::new(pointer, code, message));
    }

    pub(super) fn term(&mut self, path: &str, pointer: &str) -> Option<Term> {
        match tally::term(self.ctx, self.noun, self.all, path, self.is_out) {
            Ok(term) => Some(term),
            Err(fault) => {
                self.faults.push(Fault { pointer: pointer.to_owned(), ..fault });
                None
            }
        }
    }

    pub(super) fn zone(&mut self, name: Option<&str>, pointer: &str) -> Option<Tz> {
        let zone = name.map_or(Ok(Tz::UTC), str::parse);
        if zone.is_err() {
            self.refuse(pointer.to_owned(), "time_zone", text!("is no time zone like Asia/Shanghai"));
        }
        zone.ok()
    }

    /// A name of a column, which no other has.
    fn name(&mut self, asked: Option<&str>, otherwise: String, pointer: String) -> String {
        let name = asked.map_or(otherwise, str::to_owned);
        let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
        let is_plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if asked.is_some() && (!begins || !is_plain || name.len() > 60) {
            self.refuse(pointer, "name", text!("is no name of small letters, digits and underscores"));
        } else if !self.taken.insert(name.clone()) {
            self.refuse(pointer, "twice", text!("another column is called so"));
        }
        name
    }

    fn group(&mut self, at: usize, asked: &FiguresDimension) -> Option<Group> {
        let term = self.term(&asked.field, &format!("/dimensions/{at}/field"));
        let zone = self.zone(asked.time_zone.as_deref(), &format!("/dimensions/{at}/time_zone"));
        let plain = asked.field.replace('.', "_");
        let otherwise = asked.bucket.map_or(plain.clone(), |bucket| format!("{plain}_{}", bucket.name()));
        let name = self.name(asked.name.as_deref(), otherwise, format!("/dimensions/{at}/as"));
        let (term, zone) = (term?, zone?);
        let fits = match (asked.bucket, term.holds()) {
            (None, _) | (Some(_), Kind::Instant) => true,
            (Some(bucket), Kind::Date) => bucket != Bucket::Hour,
            (Some(_), _) => false,
        };
        if !fits {
            self.refuse(
                format!("/dimensions/{at}/bucket"),
                "bucket",
                text!("only days and moments fall into stretches of time, and only moments into hours"),
            );
        }
        let group = Group { term, bucket: asked.bucket.map(|bucket| (bucket, zone)), shift: Shift::default() };
        let holds = match asked.bucket {
            Some(Bucket::Hour) => Kind::Instant,
            Some(_) => Kind::Date,
            None => group.term.holds(),
        };
        self.columns.push(FiguresColumn {
            bucket: asked.bucket,
            time_zone: asked.bucket.map(|_| zone.name().to_owned()),
            ..column(name, Role::Dimension, holds, Some(&asked.field))
        });
        Some(group)
    }

    fn measure(&mut self, at: usize, asked: &FiguresMeasure) -> Option<(Measure, FiguresColumn)> {
        let pointer = format!("/measures/{at}/field");
        let term = match &asked.field {
            Some(path) => Some(self.term(path, &pointer)),
            None if asked.op == Op::Count => None,
            None => {
                self.refuse(pointer.clone(), "required", text!("{op} is made of a field", op = asked.op.name()));
                return None;
            }
        };
        let plain = asked.field.as_deref().map(|path| path.replace('.', "_"));
        let otherwise = plain.map_or(asked.op.name().to_owned(), |path| format!("{}_{path}", asked.op.name()));
        let name = self.name(asked.name.as_deref(), otherwise, format!("/measures/{at}/as"));
        let term = match term {
            Some(term) => Some(term?),
            None => None,
        };
        let holds = term.as_ref().map_or(Kind::Int, Term::holds);
        if !suits(asked.op, holds) {
            self.refuse(
                pointer,
                "op",
                text!("{op} cannot be made of {what}", op = asked.op.name(); what = holds.word()),
            );
            return None;
        }
        let made = match asked.op {
            Op::Count | Op::CountDistinct => Kind::Int,
            Op::Avg if holds == Kind::Int => Kind::Decimal,
            _ => holds,
        };
        let column = FiguresColumn { op: Some(asked.op), ..column(name, Role::Measure, made, asked.field.as_deref()) };
        Some((Measure { op: asked.op, term, currency: None }, column))
    }

    /// What money is in becomes a group, unless it is one already.
    fn with_currencies(&mut self, groups: &mut Vec<Group>, measures: Vec<(Measure, FiguresColumn)>) -> Vec<Measure> {
        let mut done = Vec::new();
        let mut columns = Vec::new();
        for (mut measure, mut column) in measures {
            let money = measure.term.as_ref().filter(|_| !measure.op.counts()).and_then(Term::currency);
            if let Some(currency) = money {
                let known =
                    groups.iter().position(|group| group.bucket.is_none() && group.term.is(&currency, self.ctx));
                let at = known.unwrap_or_else(|| {
                    let name = self.free(&currency.path.replace('.', "_"));
                    self.columns.push(self::column(name, Role::Currency, Kind::Text, Some(&currency.path)));
                    groups.push(Group { term: currency, bucket: None, shift: Shift::default() });
                    groups.len() - 1
                });
                measure.currency = Some(at);
                column.currency = self.columns.get(at).map(|column| column.name.clone());
            }
            done.push(measure);
            columns.push(column);
        }
        self.columns.extend(columns);
        done
    }

    fn free(&mut self, name: &str) -> String {
        let tries = (1..=64).map(|count| if count == 1 { name.to_owned() } else { format!("{name}_{count}") });
        let free = tries.into_iter().find(|one| !self.taken.contains(one)).unwrap_or_default();
        self.taken.insert(free.clone());
        free
    }
}

fn column(name: String, role: Role, holds: Kind, field: Option<&str>) -> FiguresColumn {
    let field = field.map(str::to_owned);
    let holds = value::word(holds).to_owned();
    FiguresColumn { name, role, holds, field, op: None, bucket: None, time_zone: None, currency: None }
}

fn suits(op: Op, holds: Kind) -> bool {
    match op {
        Op::Count | Op::CountDistinct => true,
        Op::Sum | Op::Avg => matches!(holds, Kind::Int | Kind::Decimal | Kind::Money { .. }),
        Op::Min | Op::Max => {
            matches!(holds, Kind::Int | Kind::Decimal | Kind::Money { .. } | Kind::Date | Kind::Instant)
        }
    }
}
