//! Comparisons: two sides, of one kind, and the atom they make.
use super::check::{Checked, Checker, MAX_LIST};
use super::literal::{self, Literal};
use super::path::Place;
use super::refusal::{FILTER_LIST_TOO_LONG, FILTER_NEEDS_MACRO, Refusal};
use super::syntax::{Expr, What as Syntax};
use super::tree::{Atom, Depth, Hop, Math, Op, Operand, Tree, Value};
use kernel::catalogue::{Field, Kind};
use kernel::text;

/// One side of a comparison, and the hops that lead to it.
pub struct Term {
    pub hops: Vec<Hop>,
    pub what: Side,
}

pub enum Side {
    Field(Operand, Kind),
    Literal(Literal),
    Row,
}

impl Checker<'_> {
    pub fn compare(&mut self, e: &Expr, a: &Expr, op: Op, b: &Expr, next: Depth) -> Checked<Tree> {
        match (op, &a.what, &b.what) {
            (Op::Eq, Syntax::Null, Syntax::Null) => {}
            (Op::Eq, _, Syntax::Null) => return Ok(self.present(a, next)?.negate()),
            (Op::Eq, Syntax::Null, _) => return Ok(self.present(b, next)?.negate()),
            _ => {}
        }
        self.spend_term(e)?;
        let mut free = next;
        let (left, right) = (self.term(a, &mut free)?, self.term(b, &mut free)?);
        let mut hops = left.hops;
        hops.extend(right.hops);
        let (left, right, kind) = match (left.what, right.what) {
            (Side::Field(x, kind), Side::Literal(y)) => (x, Operand::Value(self.value(b, &y, kind)?), kind),
            (Side::Literal(x), Side::Field(y, kind)) => (Operand::Value(self.value(a, &x, kind)?), y, kind),
            (Side::Field(x, kind), Side::Field(y, other))
                if same(kind, other) && x.stored_as_text() == y.stored_as_text() =>
            {
                (x, y, kind)
            }
            // what builders write for "everything": 1 == 1
            (Side::Literal(Literal::Number(x)), Side::Literal(Literal::Number(y))) if op == Op::Eq => {
                return Ok(Tree::Const(x == y));
            }
            (Side::Literal(_), Side::Literal(_)) => return Err(self.mismatch(e, text!("no field in this comparison"))),
            _ => return Err(self.mismatch(e, text!("these two cannot be compared"))),
        };
        if op != Op::Eq && !ordered(kind) {
            return Err(self.mismatch(e, text!("only numbers and times have an order here")));
        }
        if kind == Kind::Tags {
            return Err(self.mismatch(e, text!("use \"tag\" in tags")));
        }
        Ok(Tree::through(hops, Tree::Atom(Atom::Compare { left, op, right })))
    }

    pub fn member(&mut self, e: &Expr, item: &Expr, list: &Expr, next: Depth) -> Checked<Tree> {
        self.spend_term(e)?;
        let mut free = next;
        let item_term = self.term(item, &mut free)?;
        if let Syntax::List(elements) = &list.what {
            if elements.len() > MAX_LIST {
                return Err(self.refuse(list, FILTER_LIST_TOO_LONG, text!("at most {most}", most = MAX_LIST)));
            }
            let Side::Field(left, kind) = item_term.what else {
                return Err(self.mismatch(item, text!("a field is expected here")));
            };
            let values = elements.iter().map(|element| self.value(element, &self.constant(element)?, kind));
            let values = values.collect::<Checked<Vec<_>>>()?;
            let list =
                literal::list(kind, values).ok_or_else(|| self.mismatch(e, text!("no such list for this field")))?;
            return Ok(Tree::through(item_term.hops, Tree::Atom(Atom::OneOf { left, list })));
        }
        self.among(e, (item, item_term.what), list, &mut free)
    }

    /// `"vip" in tags`: of a field with tags, and of a relation whose records go by a name, where it is
    /// `tags.exists(t, t.name == "vip")`.
    fn among(&mut self, e: &Expr, (item, what): (&Expr, Side), set: &Expr, free: &mut Depth) -> Checked<Tree> {
        let no_set = |checker: &Self| checker.mismatch(e, text!("`in` takes a list of values, or tags"));
        if !set.is_path() {
            self.term(set, free)?;
            return Err(no_set(self));
        }
        let (hops, place) = self.place(set, free)?;
        let atom = match (what, place) {
            (Side::Literal(literal), Place::Field(tags, Kind::Tags)) => {
                Atom::Tagged { tags, tag: self.value(item, &literal, Kind::Tags)? }
            }
            (Side::Literal(literal), Place::Rows(catalogue)) => {
                let seen = |field: &&Field| field.names && !self.customs.hides(catalogue.noun, field.name);
                let name = catalogue.fields.iter().find(seen).ok_or_else(|| self.many(set))?;
                let (depth, column) = (*free - 1, name.column);
                let left = Operand::Column { depth, column, nullable: name.nullable };
                Atom::Compare { left, op: Op::Eq, right: Operand::Value(self.value(item, &literal, name.kind)?) }
            }
            (_, Place::Rows(_)) => return Err(self.many(set)),
            _ => return Err(no_set(self)),
        };
        Ok(Tree::through(hops, Tree::Atom(atom)))
    }

    fn many(&self, e: &Expr) -> Refusal {
        self.refuse(e, FILTER_NEEDS_MACRO, text!("these are many: .exists(x, …) or .all(x, …)"))
    }

    pub fn like(&mut self, e: &Expr, text: &Expr, needle: &Expr, shape: Shape, next: Depth) -> Checked<Tree> {
        self.spend_term(e)?;
        let mut free = next;
        let term = self.term(text, &mut free)?;
        let (Side::Field(left, Kind::Text), Literal::Text(needle)) = (term.what, self.constant(needle)?) else {
            return Err(self.mismatch(e, text!("text is expected here")));
        };
        let escaped = needle.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let any = |open: bool| if open { "%" } else { "" };
        let pattern = Value::Text(format!("{}{escaped}{}", any(shape.before), any(shape.after)));
        Ok(Tree::through(term.hops, Tree::Atom(Atom::Like { left, pattern, fold: shape.fold })))
    }

    pub fn term(&mut self, e: &Expr, free: &mut Depth) -> Checked<Term> {
        match &e.what {
            _ if e.is_path() => {}
            Syntax::Math { op, left, right } => return self.math(e, left, *op, right, free),
            _ => return Ok(Term { hops: Vec::new(), what: Side::Literal(self.constant(e)?) }),
        }
        let (hops, place) = self.place(e, free)?;
        let what = match place {
            Place::Field(operand, kind) => Side::Field(operand, kind),
            Place::Row => Side::Row,
            Place::Rows(_) => return Err(self.many(e)),
        };
        Ok(Term { hops, what })
    }

    /// Sums are exact: everything is numeric, nothing overflows or divides.
    fn math(&mut self, e: &Expr, a: &Expr, op: Math, b: &Expr, free: &mut Depth) -> Checked<Term> {
        if let Ok(folded) = self.constant(e) {
            return Ok(Term { hops: Vec::new(), what: Side::Literal(folded) });
        }
        self.spend_term(e)?;
        let (left, right) = (self.term(a, free)?, self.term(b, free)?);
        let mut hops = left.hops;
        hops.extend(right.hops);
        let side = |what: Side, at: &Expr| match what {
            Side::Field(operand, kind) if number(kind) => Ok(operand),
            Side::Literal(literal @ Literal::Number(_)) => {
                Ok(Operand::Value(self.value(at, &literal, Kind::Decimal)?))
            }
            _ => Err(self.mismatch(at, text!("only numbers can be reckoned with"))),
        };
        let (left, right) = (Box::new(side(left.what, a)?), Box::new(side(right.what, b)?));
        Ok(Term { hops, what: Side::Field(Operand::Math { op, left, right }, Kind::Decimal) })
    }
}

/// Where a pattern is open, and whether case matters.
#[derive(Clone, Copy)]
pub struct Shape {
    before: bool,
    after: bool,
    fold: bool,
}

pub fn like(function: &str) -> Option<Shape> {
    let shape = |before, after, fold| Some(Shape { before, after, fold });
    match function {
        "contains" => shape(true, true, false),
        "startsWith" => shape(false, true, false),
        "endsWith" => shape(true, false, false),
        "icontains" => shape(true, true, true),
        "istartsWith" => shape(false, true, true),
        "iendsWith" => shape(true, false, true),
        "iequals" => shape(false, false, true),
        _ => None,
    }
}

fn number(kind: Kind) -> bool {
    matches!(kind, Kind::Int | Kind::Decimal | Kind::Money { .. })
}

fn ordered(kind: Kind) -> bool {
    number(kind) || matches!(kind, Kind::Date | Kind::Instant)
}

fn same(a: Kind, b: Kind) -> bool {
    let text = |kind| matches!(kind, Kind::Text | Kind::Choice(_));
    (number(a) && number(b)) || (text(a) && text(b)) || (a == b && a != Kind::Tags)
}
